"""The smallest answer beside a bare FastAPI program of one route: what our layers cost. Both are driven by wrk."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median

from bench.stage import started
from tests.servers import ROOT, free_port

CLIENTS = 32
GOAL = 0.7
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass
class Smallest:
    """What was seen in each round."""

    ours: str
    hello: str
    rates: list[tuple[float, float]] = field(default_factory=list)
    """Answers a second, ours and the bare program's."""
    spread: list[tuple[float, float]] = field(default_factory=list)
    """Milliseconds that half and that 99 of 100 of our answers took at the most."""

    async def round(self, seconds: float) -> None:
        """Drive both, one after the other."""
        rate, p50, p99 = await wrk(self.ours, seconds)
        bare, _, _ = await wrk(self.hello, seconds)
        self.rates.append((rate, bare))
        self.spread.append((p50, p99))

    def line(self) -> str:
        """As the table shows it."""
        ours, bare = (median(each) for each in zip(*self.rates, strict=True))
        p50, p99 = (median(each) for each in zip(*self.spread, strict=True))
        ratio = median(ours / bare for ours, bare in self.rates)
        return (
            f"| smallest answer beside bare hello, {CLIENTS} clients | {ours:,.0f} | {bare:,.0f} | {ratio:.2f} |"
            f" {GOAL} | {'yes' if ratio >= GOAL else 'no'} | {p50:.1f} | {p99:.1f} | {p99 / p50:.1f} |"
        )


async def wrk(url: str, seconds: float) -> tuple[float, float, float]:
    """Answers a second, and what half and 99 of 100 took at the most; any answer but success ends the bench."""
    process = await asyncio.create_subprocess_exec(
        *("wrk", "--latency", "-t1", f"-c{CLIENTS}", f"-d{max(1, round(seconds))}s", url),
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
async def beside_hello(base: str) -> AsyncIterator[Smallest]:
    """The measure, while the bare program runs."""
    port = free_port()
    hello = f"http://127.0.0.1:{port}/hello"
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.hello", str(port), cwd=ROOT)
    try:
        await started(hello)
        yield Smallest(f"{base}/health/live", hello)
    finally:
        process.terminate()
        await process.wait()
