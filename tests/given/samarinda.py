"""The demo, running in this process on a database of its own."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI

from app.database import Clock
from app.demo import story
from app.main import create_app
from app.settings import Settings
from app.web.connections import Connection
from app.web.context import context_of
from tests.contract import Contract
from tests.given.malls import Mall
from tests.servers import SERVER_KEY

SLUG = "samarinda"
ZONE = ZoneInfo("Asia/Makassar")


@dataclass
class Samarinda:
    """The demo's first mall, with its accounts and devices."""

    app: FastAPI
    url: str
    mall: Mall
    cast: dict[str, Any]

    @property
    def passwords(self) -> dict[str, str]:
        """By user name."""
        return {each["username"]: each["password"] for each in self.cast["accounts"]}

    @property
    def kiosk_key(self) -> str:
        """What the mall's kiosk shows."""
        return next(str(each["key"]) for each in self.cast["devices"] if each["kind"] == "kiosk")


def till_ten_in_the_morning() -> timedelta:
    """How far the demo's time is moved on so that no midnight falls into a test."""
    now = datetime.now(tz=ZONE)  # noqa: TID251  # how far to move is a question to the real clock
    return (now + timedelta(days=1)).replace(hour=10, minute=0) - now


@asynccontextmanager
async def samarinda(
    url: str, settings: Settings, contract: Contract, later: timedelta = timedelta()
) -> AsyncIterator[Samarinda]:
    """The demo, loaded into an empty database so much later than now."""
    clock = Clock(dict.fromkeys(range(1, 10), later))
    app: FastAPI = create_app(settings, url, SERVER_KEY.encode(), clock=clock)
    async with app.router.lifespan_context(app):
        context = context_of(app)
        cast = await story.load(context.database, context.passwords, None, keep=lambda _: None, say=lambda _: None)
        assert cast
        async with contract.client(app) as http:
            yield Samarinda(app, url, Mall(app, http, await context.malls.named(SLUG), http), cast)


class _Server(uvicorn.Server):
    """One that leaves Ctrl-C to the tests."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """A program of this process at an address of the loopback, for other processes to ask."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # so that who comes before the server waits for it
        server = _Server(uvicorn.Config(app, http=Connection, lifespan="off", log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
