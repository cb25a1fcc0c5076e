"""`python -m bench`: measure in interleaved rounds, check the books after each, print one table and keep it.

`python -m bench estimates` scores the estimates of waiting times instead, on made-up days, without a server.
"""

import argparse
import asyncio
import json
import os
import platform
import re
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import asyncpg

from app import embedded
from app.migrating import migrate
from bench import books, estimates, stage
from bench.limit import THREADS, Limit
from bench.smallest import beside_hello
from tests.given import Json
from tests.servers import ROOT

README = Path(__file__).parent / "README.md"
CALLS_PER_SECOND = 5
"""What goes on in the mall whose board is read: ten writes a second, each ticket goes again; no real mall does more."""


@dataclass
class Row:
    """One line of the table: how it is measured, what was seen in each round, and what it shall reach."""

    name: str
    ours: Callable[[], Awaitable[Json]]
    limit: Callable[[], Awaitable[float]]
    goal: float
    steady: bool = True
    """Whether p99 / p50 has a goal too."""
    rates: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios: what loads the machine for a while loads both sides of a round."""
        return median(ours / limit for ours, limit in zip(self.rates, self.limits, strict=True))

    def line(self) -> str:
        """As the table shows it."""
        cuts = quantiles(self.latencies, n=100)
        p50, p99 = cuts[49] * 1000, cuts[98] * 1000
        spread = f"{p99 / p50:.1f}{'' if not self.steady or p99 <= 3 * p50 else ' (goal ≤ 3)'}"
        reached = "yes" if self.ratio >= self.goal else "no"
        return (
            f"| {self.name} | {median(self.rates):,.0f} | {median(self.limits):,.0f} | {self.ratio:.2f} |"
            f" {self.goal} | {reached} | {p50:.1f} | {p99:.1f} | {spread} |"
        )


class Bench:
    """One run."""

    def __init__(self, url: str, base: str, folder: Path, made: stage.Stage, options: argparse.Namespace) -> None:
        self.url, self.base, self.folder, self.made, self.options = url, base, folder, made, options
        self.issued: dict[str, list[Json]] = {}
        self.called: list[Json] = []

    async def load(self, **plan: object) -> Json:
        """Let a load process play a plan; anything but success ends the bench."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.load"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate(json.dumps({"base": self.base, **plan}).encode())
        seen: Json = json.loads(said)
        assert not seen["refused"], seen["refused"]
        return seen

    async def issue(self, clients: int, malls: int) -> Json:
        """Tickets from so many malls' kiosks."""
        kiosks = self.made.kiosks[:malls]
        seen = await self.load(what="issue", clients=clients, seconds=self.options.seconds, kiosks=kiosks)
        for each in seen["acknowledged"]:
            self.issued.setdefault(each["mall"], []).append(each)
        return seen

    async def call(self, what: str, **how: object) -> Json:
        """Calls at the counters of one mall."""
        seen = await self.load(what=what, counters=self.made.counters, **how)
        self.called += seen["acknowledged"]
        return seen

    async def read(self, path: str) -> Json:
        """Reads by 32 clients, while calls go on in the mall."""
        seconds = self.options.seconds
        seen, _ = await asyncio.gather(
            self.load(what="get", clients=32, seconds=seconds, path=path),
            self.call("pace", seconds=seconds, per_second=CALLS_PER_SECOND),
        )
        return seen

    async def hello(self) -> float:
        """The smallest JSON of the same stack, a second."""
        seen = await self.read("/health/live")
        return len(seen["latencies"]) / float(seen["seconds"])

    async def send_home(self) -> None:
        """Clear the malls for issuing, ours and pgbench's: what an issue costs grows with who waits."""
        ours = [self.made.malls[each["mall"]] for each in self.made.kiosks]
        await stage.send_home(self.url, [*ours, *self.made.limit_malls])

    async def check(self) -> None:
        """The books, after everything that was measured so far."""
        connection = await asyncpg.connect(self.url)
        try:
            for mall, acknowledged in self.issued.items():
                await books.check_issued(connection, self.made.malls[mall], acknowledged)
            await books.check_called(connection, self.made.malls[self.made.counters[0]["mall"]], self.called)
        finally:
            await connection.close()

    def rows(self) -> list[Row]:
        """What is measured."""
        limit, made, options = Limit(self.url), self.made, self.options
        first, for_seconds = made.limit_malls[0], ("-T", str(options.limit_seconds))

        async def issues(clients: int, malls: int) -> float:
            return await limit.run("issue.sql", clients, *for_seconds, first=first, malls=malls, day=made.today)

        async def calls() -> float:
            times = ("-t", str(options.times))
            rate = await limit.run("call.sql", stage.COUNTERS, *times, mall=made.limit_calls, day=made.today, n=0)
            await stage.send_away(self.url, made.limit_calls)
            return rate

        board = f"{made.counters[0]['mall']}/board"
        return [
            Row("issue, one mall, 8 clients", lambda: self.issue(8, 1), lambda: issues(8, 1), 0.25),
            Row("issue, one mall, 32 clients", lambda: self.issue(32, 1), lambda: issues(32, 1), 0.25),
            Row("issue, 20 malls, 32 clients", lambda: self.issue(32, 20), lambda: issues(32, 20), 0.12, steady=False),
            Row(
                f"call next, {stage.COUNTERS} counters of one mall, {options.backlog:,} waiting",
                lambda: self.call("call", times=options.times),
                calls,
                0.2,
                steady=False,
            ),
            Row("board beside hello, 32 clients", lambda: self.read(board), self.hello, 1.0, steady=False),
        ]


async def measure(url: str, folder: Path, options: argparse.Namespace) -> str:
    """Build, measure, check; returns the table with what it was measured on."""
    say(f"Building {2 * stage.MALLS + 2} malls …")
    await embedded.create_database(url)
    await migrate(url)
    made = await stage.build(url, options.backlog)
    await Limit(url).run(
        "issue.sql", 8, "-t", str(options.backlog // 8), first=made.limit_calls, malls=1, day=made.today
    )
    await stage.furnish_limit(url, made, options.times)
    async with stage.serving(url, folder) as base, beside_hello(base) as smallest:
        bench = Bench(url, base, folder, made, options)
        rows = [row for row in bench.rows() if re.search(options.only, row.name)]
        await bench.issue(8, 20)  # not counted: connections, plans and caches
        await bench.send_home()
        for number in range(1, options.rounds + 1):
            for row in rows:
                seen = await row.ours()
                row.rates.append(len(seen["latencies"]) / seen["seconds"])
                row.latencies += seen["latencies"]
                row.limits.append(await row.limit())
                say(f"round {number}: {row.name}: {row.rates[-1]:,.0f} / {row.limits[-1]:,.0f}")
                await bench.check()
                await bench.send_home()
            await books.check_journals(url, folder)
            await smallest.round(options.seconds)
    return "\n".join([*await machine(url, options), "", *HEAD, *(row.line() for row in rows), smallest.line()])


HEAD = (
    "| measure | ours /s | limit /s | ratio | goal ≥ | reached | p50 ms | p99 ms | p99 / p50 |",
    "|---|---|---|---|---|---|---|---|---|",
)


async def machine(url: str, options: argparse.Namespace) -> list[str]:
    """What it ran on."""
    connection = await asyncpg.connect(url)
    try:
        names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        settings = {name: await connection.fetchval(f"SHOW {name}") for name in names}
    finally:
        await connection.close()
    lasting = " and ".join(f"{name} {settings[name]}" for name in names[1:3])
    version = settings["server_version"].split()[0]
    load = os.getloadavg()[1]
    ran_on = (
        f"{os.cpu_count()} cores for all of it ({platform.machine()}), load average {load:.1f} over five minutes,"
        f" others' work included. Python {platform.python_version()}, PostgreSQL {version} (embedded, {lasting},"
        f" {settings['shared_buffers']} buffers)."
    )
    how = (
        f"One server process, one load process (board and hello: another calls {CALLS_PER_SECOND} times a second),"
        f" pgbench with {THREADS} threads and as many clients. {options.rounds} interleaved rounds: {options.seconds} s"
        f" ours, then {options.limit_seconds} s pgbench; {options.times} calls of each counter a round."
        " Medians; p50 and p99 over all requests. The smallest answer is asked by wrk, one thread."
    )
    return [ran_on, how]


def say(text: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(text, file=sys.stderr, flush=True)


def keep(table: str, place: str) -> None:
    """Put the table where it belongs in the README."""
    text = re.sub(
        rf"(<!-- {place} -->\n).*(<!-- /{place} -->)",
        lambda found: f"{found[1]}\n{table}\n\n{found[2]}",
        README.read_text(),
        flags=re.DOTALL,
    )
    README.write_text(text)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("speed", "estimates"), default="speed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each measure of ours")
    parser.add_argument("--limit-seconds", type=int, default=2, help="of each run of pgbench")
    parser.add_argument("--times", type=int, default=20, help="how often each counter calls in a round")
    parser.add_argument("--backlog", type=int, default=6000, help="how many wait to be called")
    parser.add_argument("--only", default="", help="only the measures whose name has this (a regular expression)")
    options = parser.parse_args()
    if options.what == "estimates":
        table = estimates.table()
        print(table)
        keep(table, "estimates")
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # told to end, it ends what it started
    with tempfile.TemporaryDirectory(prefix="mpp-bench-") as folder, embedded.server(Path(folder)) as url:
        table = asyncio.run(measure(url, Path(folder), options))
    print(table)
    if options.rounds >= 5 and not options.only:
        keep(table, "measured")


if __name__ == "__main__":
    main()
