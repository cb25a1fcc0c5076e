"""The HTTP server, and how it ends: it says so first, finishes what was begun, then closes."""

import asyncio
import contextlib
import gc
import os
import socket
import time
from types import FrameType

import uvicorn
from fastapi import FastAPI

from app.web.connections import Connection
from app.web.context import context_of

LONGEST_SECONDS = 10
"""How long requests that were begun may still take after the last one was taken."""

PATIENCE_SECONDS = 1
"""How long somebody who has just come may take to say what for."""


def configured(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """How uvicorn serves."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Connection,
        ws="none",
        log_config=None,
        log_level=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `web/proxies.py` reads them
        timeout_graceful_shutdown=LONGEST_SECONDS,
    )


class Server(uvicorn.Server):
    """Told to end, it fails its readiness at once and tells each client to come on another connection.

    It goes on serving meanwhile, so that balancers and kept connections have left before the door closes. Told twice,
    it closes at once.
    """

    def __init__(self, app: FastAPI, *, host: str, port: int, drain_seconds: float) -> None:
        super().__init__(configured(app, host, port))
        self._app = app
        self._drain_seconds = drain_seconds
        self._closes_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve. What is there by then stays: no collection looks at it again and holds up requests."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Somebody told the process to end (a signal)."""
        if self._closes_at is not None or not self.started:
            super().handle_exit(sig, frame)
            return
        self._captured_signals.append(sig)
        context_of(self._app).stopping = True
        self._closes_at = time.monotonic() + self._drain_seconds

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether it is time to close. Streams end before: their readers go elsewhere meanwhile."""
        if self._closes_at is not None:
            context_of(self._app).streams.end_all()
        closing = self._closes_at is not None and time.monotonic() >= self._closes_at
        return await super().on_tick(counter) or closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let in who knocked before the door closed and hear what they came for, then end as uvicorn does.

        Closing a listening socket resets every connection that the kernel has taken and the program has not.
        """
        doors = [socket.socket(fileno=os.dup(door.fileno())) for server in self.servers for door in server.sockets]
        for server in self.servers:
            server.close()
        for door in doors:
            await self._let_in(door)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while self._somebody_has_not_spoken():  # noqa: ASYNC110  # uvicorn tells nobody when they have
                    await asyncio.sleep(0.02)
        await super().shutdown(sockets)

    async def _let_in(self, door: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        door.settimeout(0)
        with door, contextlib.suppress(BlockingIOError):  # nobody else has come
            while True:
                guest, _ = door.accept()
                await loop.connect_accepted_socket(self._protocol, guest)

    def _protocol(self) -> Connection:
        """What speaks with one connection, as uvicorn makes it."""
        return Connection(self.config, self.server_state, self.lifespan.state)

    def _somebody_has_not_spoken(self) -> bool:
        here = self.server_state.connections
        return any(each.cycle is None for each in here if isinstance(each, Connection))
