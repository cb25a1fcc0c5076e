"""How long a call takes to all who read the board as a stream, and what each of them costs the program."""

import asyncio
import json
import re
import resource
import sys
import time
from collections.abc import Callable
from statistics import quantiles
from typing import cast
from urllib.parse import urlsplit

import aiohttp

from tests.given import Json
from tests.servers import ROOT

AT_ONCE = 100
"""So many connect at once."""
REST_SECONDS = 0.6
"""Between two calls: each is a change of its own."""
HEAD = (
    "| call → the last of so many | p50 ms | p99 ms | goal ≤ ms | reached | KiB a stream | goal ≤ KiB | reached |",
    "|---|---|---|---|---|---|---|---|",
)
KIB = 32
MEASURES = ((1_000, 0, 60), (5_000, 0, 150), (1_000, 1, 160), (5_000, 1, 250))
"""How many read at the first process, at which one is called, and the goal."""


async def table(bases: list[str], counters: list[Json], calls: int) -> list[str]:
    """Measure, each with readers of their own."""
    lines = [*HEAD]
    for readers, process, goal in MEASURES:
        plan = {"base": bases[0], "caller": bases[process], "counters": counters, "readers": readers, "calls": calls}
        seen = await _played(plan)
        cuts = quantiles(seen["seconds"], n=100)
        p50, p99 = cuts[49] * 1000, min(cuts[98], max(seen["seconds"])) * 1000
        where = "" if process == 0 else ", called at another process"
        kib = seen["bytes"] / readers / 1024
        lines.append(
            f"| {readers:,}{where} | {p50:.0f} | {p99:.0f} | {goal} | {'yes' if p99 <= goal else 'no'} |"
            f" {kib:.0f} | {KIB} | {'yes' if kib <= KIB else 'no'} |"
        )
    return lines


async def _played(plan: Json) -> Json:
    """Let a process of its own read and call."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.streams"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate(json.dumps(plan).encode())
    seen: Json = json.loads(said)
    return seen


def may_open_many() -> None:
    """Let this process, and those that it starts, have as many connections as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Crowd:
    """Everybody who reads, counted."""

    def __init__(self) -> None:
        self.boards = self.changes = 0
        self.last = 0.0
        self.transports: list[asyncio.BaseTransport] = []
        self.told = asyncio.Event()


class _Reader(asyncio.Protocol):
    """One who reads: as cheap as can be, for all of them run beside what is measured."""

    def __init__(self, crowd: _Crowd, request: bytes) -> None:
        self._crowd, self._request = crowd, request

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._crowd.transports.append(transport)
        cast("asyncio.Transport", transport).write(self._request)

    def data_received(self, data: bytes) -> None:
        self._crowd.boards += b"event: board" in data
        if b"event: change" in data:
            self._crowd.changes += 1
            self._crowd.last = time.monotonic()
        self._crowd.told.set()


async def _play(plan: Json) -> Json:
    """Open the streams, call again and again, and see when the last reader has it."""
    crowd, at = _Crowd(), urlsplit(plan["base"])
    first = plan["counters"][0]
    request = f"GET {first['mall']}/board/stream HTTP/1.1\r\nHost: {at.netloc}\r\nAccept: text/event-stream\r\n\r\n"
    async with aiohttp.ClientSession() as http:
        before = await _bytes(http, plan["base"])
        loop = asyncio.get_running_loop()
        for _ in range(plan["readers"] // AT_ONCE):
            connecting = [
                loop.create_connection(lambda: _Reader(crowd, request.encode()), at.hostname or "", at.port or 0)
                for _ in range(AT_ONCE)
            ]
            await asyncio.gather(*connecting)
        await _until(crowd, lambda: crowd.boards >= plan["readers"])
        memory = await _bytes(http, plan["base"]) - before
        seconds = []
        for counter in plan["counters"][: plan["calls"]]:
            await asyncio.sleep(REST_SECONDS)
            crowd.changes, began = 0, time.monotonic()
            called = await _post(http, plan["caller"], counter, f"/counters/{counter['id']}/calls")
            await _until(crowd, lambda: crowd.changes >= plan["readers"])
            seconds.append(crowd.last - began)
            await asyncio.sleep(REST_SECONDS)
            await _post(http, plan["caller"], counter, f"/tickets/{called['id']}/cancellation")
        for transport in crowd.transports:
            transport.close()
    return {"seconds": seconds, "bytes": memory}


async def _post(http: aiohttp.ClientSession, base: str, counter: Json, path: str) -> Json:
    """What the officer of a counter does."""
    shown = {"Authorization": f"Bearer {counter['token']}"}
    async with http.post(base + counter["mall"] + path, headers=shown) as answer:
        said: Json = await answer.json()
        assert answer.ok, said
        return said


async def _until(crowd: _Crowd, told: Callable[[], bool]) -> None:
    """Wait until all have been told."""
    async with asyncio.timeout(60):
        while not told():
            crowd.told.clear()
            await crowd.told.wait()


async def _bytes(http: aiohttp.ClientSession, base: str) -> float:
    """How much memory the program has."""
    async with http.get(f"{base}/metrics") as answer:
        found = re.search(r"^process_resident_memory_bytes (\S+)$", await answer.text(), re.MULTILINE)
    assert found
    return float(found[1])


if __name__ == "__main__":
    import uvloop

    may_open_many()
    print(json.dumps(uvloop.run(_play(json.loads(sys.stdin.read())))))
