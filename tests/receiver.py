"""`python -m tests.receiver`: a system that is sent events, as a process of its own; and what a test sees of it.

It writes its port, then a line for each request. How it answers is the first word of the path: `/ok/…`.
"""

import asyncio
import contextlib
import json
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
ENDLESS = b"a" * 65_536


def said(status: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def megabytes(writer: StreamWriter) -> None:
    """As much as somebody takes."""
    writer.write(b"HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(ENDLESS)
        await writer.drain()


async def drip(writer: StreamWriter) -> None:
    """An answer that never ends, byte by byte."""
    writer.write(b"HTTP/1.1 500 Internal Server Error\r\nX-Long: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.2)


async def silent(_: StreamWriter) -> None:
    """Nothing at all."""
    await asyncio.Event().wait()


async def heads(writer: StreamWriter) -> None:
    """Headers without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + ENDLESS[:1000] + b"\r\n")
        await writer.drain()


async def liar(writer: StreamWriter) -> None:
    """Less than it promises, and then it hangs up."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nok")
    await writer.drain()
    writer.close()


async def garbage(writer: StreamWriter) -> None:
    """No HTTP."""
    writer.write(b"220 smtp.example ESMTP\r\n")
    await writer.drain()


ODD = {each.__name__: each for each in (megabytes, drip, silent, heads, liar, garbage)}
PLAIN = {
    "ok": said("204 No Content"),
    "gone": said("410 Gone"),
    "elsewhere": said("302 Found", Location="/ok/elsewhere"),
    "refuses": said("400 Bad Request", b"no such agency here"),
    "later": said("503 Service Unavailable", b"busy", Retry_After="3600"),
    "fails": said("500 Internal Server Error", b"oh"),
    "gossips": said("500 Internal Server Error", b"no place for Kenari Tamu"),
}
seen: Counter[str] = Counter()
told: dict[str, bytes] = {}


async def talk(reader: StreamReader, writer: StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            _, path, _ = head[0].split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in head[1:-2])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            first = path.split("/")[1]
            if first == "tell":  # the test says how a path is answered from now on
                told[path.removeprefix("/tell")] = PLAIN[body.decode()]
                writer.write(PLAIN["ok"])
                continue
            print(json.dumps({"path": path, "headers": headers, "body": body.decode()}), flush=True)  # noqa: T201  # it is a command
            seen[path] += 1
            if first == "slow":
                await asyncio.sleep(2)
            if odd := ODD.get(first):
                await odd(writer)
                return
            writer.write(told.get(path) or PLAIN.get(first) or PLAIN["ok"])


async def main() -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201  # it is a command
    await server.serve_forever()


@dataclass
class Receiver:
    """Such a process, and what it was sent."""

    process: Process
    port: int
    requests: list[Json] = field(default_factory=list)
    more: asyncio.Condition = field(default_factory=asyncio.Condition)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def sent(self, path: str) -> list[Json]:
        """What came to a path so far."""
        return [each for each in self.requests if each["path"] == path]

    def events(self, path: str) -> list[Json]:
        """The events that came to a path so far."""
        return [json.loads(each["body"]) for each in self.sent(path)]

    async def got(self, path: str, wanted: int | Callable[[], bool] = 1, seconds: float = 30) -> list[Json]:
        """The events of a path, when so many have come."""
        enough = wanted if callable(wanted) else lambda: len(self.sent(path)) >= wanted
        try:
            async with asyncio.timeout(seconds), self.more:
                await self.more.wait_for(enough)
        except TimeoutError:
            raise AssertionError(f"{path}: {len(self.sent(path))} came") from None
        return self.events(path)

    async def answers(self, path: str, how: str) -> None:
        """Let a path be answered so from now on."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"POST /tell{path} HTTP/1.1\r\nContent-Length: {len(how)}\r\n\r\n{how}".encode())
        await reader.readline()
        writer.close()

    async def read(self) -> None:
        while self.process.stdout and (line := await self.process.stdout.readline()):
            async with self.more:
                self.requests.append(json.loads(line))
                self.more.notify_all()


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """One, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.receiver", stdout=PIPE, limit=1 << 20, cwd=Path(__file__).parent.parent
    )
    reading = None
    try:
        if process.stdout is None:
            raise AssertionError
        made = Receiver(process, int(await process.stdout.readline()))
        reading = asyncio.create_task(made.read())
        yield made
    finally:
        process.kill()
        await process.wait()
        if reading:
            await reading


if __name__ == "__main__":
    asyncio.run(main())
