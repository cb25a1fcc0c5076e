"""`python -m app …` as an operator uses it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.databases import connected
from tests.servers import ROOT, free_port


@dataclass
class Said:
    """What a command has said, and with which code it ended."""

    code: int
    out: str
    err: str


class Running:
    """A server that was started by the command line."""

    def __init__(self, process: asyncio.subprocess.Process, base: str, file: Path) -> None:
        self.process, self.base, self._file = process, base, file

    async def until(self, happened: Callable[[], Awaitable[object]]) -> None:
        """Wait for it while the server goes on, as long as a busy machine needs."""
        async with asyncio.timeout(120):
            while not await happened():
                assert self.process.returncode is None, self.said()
                await asyncio.sleep(0.05)

    async def is_ready(self) -> bool:
        with suppress(httpx.TransportError):
            return (await self.ask("/health/ready")).status_code == httpx.codes.OK
        return False

    async def ask(self, path: str, **form: str) -> httpx.Response:
        """What it answers to a form, or to a GET where there is none."""
        async with httpx.AsyncClient(base_url=self.base, timeout=60) as client:
            return await (client.post(path, data=form) if form else client.get(path))

    async def ended_by(self, number: signal.Signals) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return await self.process.wait()

    def said(self) -> str:
        return self._file.read_text("utf-8")


@dataclass
class Line:
    """The command line with settings of its own."""

    url: str
    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {"MPP_DATABASE_URL": self.url, "MPP_DATA_DIR": str(self.folder), "MPP_QUICK_PASSWORDS": "true"}
        return {**os.environ, **own, **self.more}

    async def run(self, *words: str) -> Said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app", *words),
            env=self.environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Said(process.returncode or 0, out.decode(), err.decode())

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[Running]:
        """A server until the block ends; it may have been ended before."""
        port, file = free_port(), self.folder / "said"
        with file.open("w") as said:
            words = ("-m", "app", "serve", "--port", str(port))
            process = await asyncio.create_subprocess_exec(
                sys.executable, *words, env=self.environment, cwd=ROOT, stderr=said
            )
        try:
            yield Running(process, f"http://127.0.0.1:{port}", file)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def count(self, table: str) -> int:
        """How many rows a table has, asked behind the program's back."""
        async with connected(self.url) as connection:
            found: int = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608  # ours
            return found

    async def counts(self) -> list[int]:
        return [await self.count(each) for each in ("malls", "agencies", "accounts")]
