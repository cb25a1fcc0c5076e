"""`python -m bench`: measure in interleaved rounds, check the books, print the tables and keep them.

`python -m bench writes`, `reads`, `streams` and `million` do a part of it.

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
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import asyncpg

from app import embedded
from app.migrating import migrate
from bench import books, estimates, million, reads, routes, stage, starting, streams
from bench.limit import THREADS, Limit
from tests.given import Json
from tests.servers import ROOT

README = Path(__file__).parent / "README.md"
FIRST_RUNS = 3
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
        spread = f"{p99 / p50:.1f}{'' if not self.steady or p99 <= 2.5 * p50 else ' (goal ≤ 2.5)'}"
        reached = "yes" if self.ratio >= self.goal else "no"
        return (
            f"| {self.name} | {median(self.rates):,.0f} | {median(self.limits):,.0f} | {self.ratio:.2f} |"
            f" {self.goal} | {reached} | {p50:.1f} | {p99:.1f} | {spread} |"
        )


class Bench:
    """One run."""

    def __init__(
        self, url: str, bases: list[str], folder: Path, made: stage.Stage, options: argparse.Namespace
    ) -> None:
        """`bases`: where two processes serve; all is measured on the first of them, but for what two are for."""
        self.url, self.bases, self.folder, self.made, self.options = url, bases, folder, made, options
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
        said, _ = await process.communicate(json.dumps({"bases": self.bases[:1], **plan}).encode())
        seen: Json = json.loads(said)
        assert not seen["refused"], seen["refused"]
        return seen

    async def issue(self, clients: int, malls: int, processes: int = 1) -> Json:
        """Tickets from so many malls' kiosks."""
        kiosks, seconds = self.made.kiosks[:malls], self.options.seconds
        plan = {"what": "issue", "clients": clients, "seconds": seconds, "kiosks": kiosks}
        seen = await self.load(bases=self.bases[:processes], **plan)
        for each in seen["acknowledged"]:
            self.issued.setdefault(each["mall"], []).append(each)
        return seen

    async def call(self, what: str, **how: object) -> Json:
        """Calls at the counters of one mall."""
        seen = await self.load(what=what, counters=self.made.counters, **how)
        self.called += seen["acknowledged"]
        return seen

    async def calls_go_on(self) -> None:
        """What goes on in a mall while it is read."""
        await self.call("pace", seconds=self.options.seconds, per_second=CALLS_PER_SECOND)

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

        async def issues_of_one() -> float:
            seen = await self.issue(32, 20)
            return float(len(seen["latencies"]) / seen["seconds"])

        async def calls() -> float:
            times = ("-t", str(options.times))
            rate = await limit.run("call.sql", stage.COUNTERS, *times, mall=made.limit_calls, day=made.today, n=0)
            await stage.send_away(self.url, made.limit_calls)
            return rate

        return [
            Row("issue, one mall, 8 clients", lambda: self.issue(8, 1), lambda: issues(8, 1), 0.4),
            Row("issue, one mall, 32 clients", lambda: self.issue(32, 1), lambda: issues(32, 1), 0.6),
            Row("issue, 20 malls, 32 clients", lambda: self.issue(32, 20), lambda: issues(32, 20), 0.3),
            Row("the same, two processes beside one", lambda: self.issue(32, 20, 2), issues_of_one, 1.5),
            Row(
                f"call next, {stage.COUNTERS} counters of one mall, {options.backlog:,} waiting",
                lambda: self.call("call", times=options.times),
                calls,
                0.45,
            ),
        ]

    async def writes(self) -> list[str]:
        """Issuing and calling beside pgbench."""
        rows = [row for row in self.rows() if re.search(self.options.only, row.name)]
        await self.issue(8, 20, 2)  # not counted: connections, plans and caches
        await self.send_home()
        for number in range(1, self.options.rounds + 1):
            for row in rows:
                seen = await row.ours()
                row.rates.append(len(seen["latencies"]) / seen["seconds"])
                row.latencies += seen["latencies"]
                row.limits.append(await row.limit())
                say(f"round {number}: {row.name}: {row.rates[-1]:,.0f} / {row.limits[-1]:,.0f}")
                await self.check()
                await self.send_home()
            await books.check_journals(self.url, self.folder)
        return [*HEAD, *(row.line() for row in rows)]

    async def reads(self) -> list[str]:
        """Reading beside a bare hello, and starting."""
        rows = [row for row in reads.reads(self.made) if re.search(self.options.only, row.name)]
        again = starting.Start("on a database that is there", 2)
        first = starting.Start("first run: database, schema and demo are made", 10)
        async with reads.bare_hello() as hello:
            for number in range(1, self.options.rounds + 1):
                for row in rows:
                    await row.play(self.bases[0], hello, self.options.seconds, self.calls_go_on)
                    say(f"round {number}: {row.name}: {row.rates[-1][0]:,.0f} / {row.rates[-1][1]:,.0f}")
                await again.play(self.url, self.folder)
                await self.check()
        for number in range(FIRST_RUNS):
            empty = self.folder / f"first-{number}"
            empty.mkdir(mode=0o755)
            await first.play(None, empty)
        started = [*starting.HEAD, again.line(), first.line()]
        found = [*routes.HEAD, routes.line(self.options.rounds)]
        lines = [*reads.HEAD, *(row.line() for row in rows), "", *found, "", *started]
        await books.check_journals(self.url, self.folder)
        return lines


async def measure(url: str, folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """Build, measure, check; returns the tables, each with what it was measured on."""
    say(f"Building {2 * stage.MALLS + 2} malls …")
    await embedded.create_database(url)
    await migrate(url)
    made = await stage.build(url, options.backlog)
    await Limit(url).run(
        "issue.sql", 8, "-t", str(options.backlog // 8), first=made.limit_calls, malls=1, day=made.today
    )
    await stage.furnish_limit(url, made, options.times)
    tables = {}
    async with stage.serving(url, folder) as first, stage.serving(url, folder) as second:
        bench = Bench(url, [first, second], folder, made, options)
        if options.what in ("speed", "writes"):
            tables["writes"] = await bench.writes()
        if options.what in ("speed", "reads"):
            tables["reads"] = await bench.reads()
        if options.what in ("speed", "streams"):
            tables["streams"] = await streams.table([first, second], made.counters, options.calls)
        if options.what in ("speed", "million"):
            say(f"Filling a mall with {million.TICKETS:,} tickets …")
            async with million.crowded(url, folder) as crowd:
                tables["million"] = await million.table(crowd, made, bench.load, options.rounds, options.seconds)
    ran_on = await machine(url, options)
    return {part: "\n".join([*ran_on, "", *lines]) for part, lines in tables.items()}


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
        f"{time.strftime('%Y-%m-%d')}. {os.cpu_count()} cores for all of it ({platform.machine()}),"
        f" load average {load:.1f} over five minutes,"
        f" others' work included. Python {platform.python_version()}, PostgreSQL {version} (embedded, {lasting},"
        f" {settings['shared_buffers']} buffers)."
    )
    how = (
        "One server process (a second one only where it says so), one load process,"
        f" pgbench with {THREADS} threads and as many clients; reads by"
        f" {reads.CLIENTS} clients of wrk, one thread; calls that go on: {CALLS_PER_SECOND} a second."
        f" {options.rounds} interleaved"
        f" rounds: {options.seconds:g} s ours, then {options.limit_seconds} s pgbench or as long hello; {options.times}"
        " calls of each counter a round. Medians; p50 and p99 of writes over all requests."
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
    parser.add_argument(
        "what", nargs="?", choices=("speed", "writes", "reads", "streams", "million", "estimates"), default="speed"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each measure of ours")
    parser.add_argument("--limit-seconds", type=int, default=2, help="of each run of pgbench")
    parser.add_argument("--times", type=int, default=20, help="how often each counter calls in a round")
    parser.add_argument("--backlog", type=int, default=6000, help="how many wait to be called")
    parser.add_argument("--only", default="", help="only the measures whose name has this (a regular expression)")
    parser.add_argument("--calls", type=int, default=stage.COUNTERS, help="how many calls are told to the streams")
    options = parser.parse_args()
    if options.what == "estimates":
        table = estimates.table()
        print(table)
        keep(table, "estimates")
        return
    streams.may_open_many()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # told to end, it ends what it started
    with tempfile.TemporaryDirectory(prefix="mpp-bench-") as folder, embedded.server(Path(folder)) as url:
        Path(folder).chmod(0o755)  # the embedded server is another user where root runs it
        tables = asyncio.run(measure(url, Path(folder), options))
    for part, table in tables.items():
        print(table)
        if options.rounds >= 5 and not options.only:
            keep(table, part)


if __name__ == "__main__":
    main()
