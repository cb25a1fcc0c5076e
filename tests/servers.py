"""The program as processes of its own, for what only several processes or a killed one can show."""

import asyncio
import json
import os
import secrets
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import httpx

from app.commands.data_folder import DEMO_FILE
from app.settings import Settings
from tests.contract import Contract

ROOT = Path(__file__).parent.parent
SERVER_KEY = "a key for tests: 0123456789abcdefghijkl"


def free_port() -> int:
    """A port that nobody listens on now, below those that the machine gives to connections meanwhile."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _pooler(url: str) -> dict[str, str]:
    """What a program is told of the pooler that this address leads to, where it does."""
    pooler, server = (urlsplit(os.environ.get(f"MPP_TEST_{name}_URL", "")) for name in ("POOLER", "DATABASE"))
    if urlsplit(url).netloc != pooler.netloc:
        return {}
    direct = urlunsplit(server._replace(path=urlsplit(url).path))
    return {"MPP_DATABASE_POOLER": "true", "MPP_OWNER_DATABASE_URL": direct}


class Servers:
    """Some `python -m app serve` on one database."""

    def __init__(self, url: str, secret_key: str, contract: Contract) -> None:
        self._url, self._secret_key, self._contract = url, secret_key, contract
        self._folder = tempfile.TemporaryDirectory(prefix="mpp-servers-")
        self._processes: list[asyncio.subprocess.Process] = []
        self.folder = Path(self._folder.name)
        self.clients: list[httpx.AsyncClient] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, count: int = 1, **more: str) -> None:
        """Start so many more, with more settings, and wait until each answers."""
        await asyncio.gather(*(self._start(more) for _ in range(count)))

    async def start_demo(self) -> dict[str, Any]:
        """Start one that loads the demo into its empty database. Returns who plays in it, with passwords and keys."""
        await self.start(1, MPP_DEMO="true")
        assert (await self.clients[-1].get("/examples/")).is_success, "the demo comes with the screens to copy"
        cast: dict[str, Any] = json.loads((Path(self._folder.name) / DEMO_FILE).read_text("utf-8"))
        return cast

    async def _start(self, more: dict[str, str]) -> None:
        port = free_port()
        environment = {
            **os.environ,
            "MPP_DATABASE_URL": self._url,
            "MPP_SECRET_KEY": self._secret_key,
            "MPP_DATA_DIR": self._folder.name,
            "MPP_DEMO": "false",
            "MPP_ISSUER": Settings().issuer,  # one deployment, whichever process is asked
            "MPP_QUICK_PASSWORDS": "true",
            "MPP_PUBLIC_REQUESTS_PER_SECOND": "10000",
            "MPP_WEB_TICKETS_AT_ONCE": "1000",
            "MPP_WEB_TICKETS_PER_MINUTE": "100000",
            "MPP_WEB_TICKETS_WAITING": "10000",
            "MPP_KNOWN_RATE_PER_SECOND": "10000",
            "MPP_LOG_LEVEL": "WARNING",
            **_pooler(self._url),
            **more,
        }
        with (Path(self._folder.name) / f"said-{port}").open("w") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "app", "serve", "--port", str(port), env=environment, cwd=ROOT, stderr=said
            )
        self._processes.append(process)
        # let go of idle connections before the server does (5 s): a request must not meet one that is being closed
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=200, keepalive_expiry=1)
        client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            limits=limits,
            timeout=30,
            event_hooks={"response": [self._contract.check]},
        )
        self.clients.append(client)
        for _ in range(240):
            assert process.returncode is None, self.said(len(self.clients) - 1)
            try:
                if (await client.get("/health/live")).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.25)  # asking takes from what starts
        message = "the server did not start"
        raise AssertionError(message)

    def said(self, index: int) -> str:
        """What one has written of itself."""
        return (Path(self._folder.name) / f"said-{self.clients[index].base_url.port}").read_text("utf-8")

    async def told_to_end(self, index: int, how: signal.Signals = signal.SIGTERM) -> int:
        """Tell one to end, and wait until it has. Returns its exit code."""
        self._processes[index].send_signal(how)
        return await self._processes[index].wait()

    async def kill(self, index: int) -> None:
        """End one as a power cut would."""
        self._processes[index].send_signal(signal.SIGKILL)
        await self._processes[index].wait()

    async def stop(self) -> None:
        """End all that still run, gently."""
        for client in self.clients:
            await client.aclose()
        for process in self._processes:
            if process.returncode is None:
                process.terminate()
        await asyncio.gather(*(process.wait() for process in self._processes))
        self._folder.cleanup()


@dataclass
class Demo:
    """The demo mall on a server, and who plays there."""

    servers: Servers
    database_url: str
    cast: dict[str, Any]

    @property
    def http(self) -> httpx.AsyncClient:
        """A client of the server (the newest one, where it was started anew), nobody known."""
        return self.servers.clients[-1]

    @property
    def base(self) -> str:
        """Where the server is, without a slash at the end."""
        return str(self.http.base_url).rstrip("/")

    def account(self, part: str) -> dict[str, Any]:
        """The first account with a role (or of a name)."""
        return next(each for each in self.cast["accounts"] if part in (each["role"], each["username"]))

    async def credential(self, part: str) -> str | None:
        """What somebody of this part shows: a device its key, a person a fresh token, the public nothing."""
        if part == "public":
            return None
        keys: dict[str, str] = {each["kind"]: each["key"] for each in self.cast["devices"]}
        if part in keys:
            return keys[part]
        account = self.account(part)
        form = {"grant_type": "password", "username": account["username"], "password": account["password"]}
        answer = await self.http.post("/v1/oauth/token", data=form)
        token: str = answer.raise_for_status().json()["access_token"]
        return token
