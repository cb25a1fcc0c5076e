"""Reads beside a bare FastAPI program of one route, as many clients on both: what our layers cost. wrk drives them."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median

import httpx

from bench.stage import Stage, started
from tests.servers import ROOT, free_port

CLIENTS = 32
HEAD = (
    "| read | ours /s | bare hello /s | ratio | goal ≥ | reached | p50 ms | p99 ms |",
    "|---|---|---|---|---|---|---|---|",
)
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass
class Read:
    """One line of the table, and what was seen in each round."""

    name: str
    path: str
    goal: float | None
    """None: it is only watched."""
    calls_go_on: bool = False
    known: bool = False
    """Whether the readers have it already: 304."""
    credential: str | None = None
    rates: list[tuple[float, float]] = field(default_factory=list)
    """Answers a second, ours and the bare program's."""
    spread: list[tuple[float, float]] = field(default_factory=list)
    """Milliseconds that half and that 99 of 100 of our answers took at the most."""

    async def play(self, base: str, hello: str, seconds: float, calls: Callable[[], Awaitable[object]]) -> None:
        """One round: ours, then the bare program's."""
        headers = {"Authorization": f"Bearer {self.credential}"} if self.credential else {}
        if self.known:
            async with httpx.AsyncClient() as http:
                headers["If-None-Match"] = (await http.get(base + self.path)).headers["ETag"]
        (rate, p50, p99), _ = await asyncio.gather(
            wrk(base + self.path, seconds, headers), calls() if self.calls_go_on else asyncio.sleep(0)
        )
        bare, _, _ = await wrk(hello, seconds)
        self.rates.append((rate, bare))
        self.spread.append((p50, p99))

    def line(self) -> str:
        """As the table shows it."""
        ours, bare = (median(each) for each in zip(*self.rates, strict=True))
        p50, p99 = (median(each) for each in zip(*self.spread, strict=True))
        ratio = median(ours / bare for ours, bare in self.rates)
        reached = "-" if self.goal is None else "yes" if ratio >= self.goal else "no"
        return (
            f"| {self.name} | {ours:,.0f} | {bare:,.0f} | {ratio:.2f} | {self.goal or '-'} | {reached} | "
            f"{p50:.1f} | {p99:.1f} |"
        )


def reads(made: Stage) -> list[Read]:
    """What is read."""
    busy, quiet, counter = made.counters[0]["mall"], made.catalogue, made.counters[-1]
    return [
        Read("smallest answer", "/health/live", 0.7),
        Read("board, while calls go on", f"{busy}/board", 0.5, calls_go_on=True),
        Read("board, known to its readers (304)", f"{busy}/board", 0.6, known=True),
        Read("20 services", f"{quiet}/services?limit=20", 0.2),
        Read("20 agencies", f"{quiet}/agencies?limit=20", 0.2),
        Read("8 services, while calls go on", f"{busy}/services?limit=20", 0.2, calls_go_on=True),
        Read("one service", f"{quiet}/services/{made.service}", 0.2),
        Read("a counter's queue", f"{busy}/counters/{counter['id']}/queue", 0.2, credential=counter["token"]),
        Read("a visitor's own ticket", f"{quiet}/claims/{made.claim_code}", None),
    ]


async def wrk(
    url: str, seconds: float, headers: dict[str, str] | None = None, *, clients: int = CLIENTS
) -> tuple[float, float, float]:
    """Answers a second, and what half and 99 of 100 took at the most; any answer but success ends the bench."""
    with_headers = [word for name, value in (headers or {}).items() for word in ("-H", f"{name}: {value}")]
    process = await asyncio.create_subprocess_exec(
        *("wrk", "--latency", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", *with_headers, url),
        stdout=asyncio.subprocess.PIPE,
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    assert "Non-2xx" not in said, said
    assert "Socket errors" not in said, said
    took = dict(re.findall(r"^ +(50|99)% +([\d.]+(?:us|ms|s))$", said, re.MULTILINE))
    [rate] = re.findall(r"^Requests/sec: +([\d.]+)$", said, re.MULTILINE)
    return float(rate), _milliseconds(took["50"]), _milliseconds(took["99"])


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()  # type: ignore[union-attr]  # wrk's own writing
    return float(number) * _UNITS[unit]


@asynccontextmanager
async def bare_hello() -> AsyncIterator[str]:
    """The bare program, while it runs."""
    port = free_port()
    hello = f"http://127.0.0.1:{port}/hello"
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.hello", str(port), cwd=ROOT)
    try:
        await started(hello)
        yield hello
    finally:
        process.terminate()
        await process.wait()
