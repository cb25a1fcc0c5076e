"""`python -m tests.races.lone_worker URL JOB`: a process that does one job of the program's, and is killed amid it.

It writes a line for each thing that it does.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from app.actions import day_end
from app.database import Database
from app.journal import Entry
from app.queries import malls
from app.workers.day_end import end_overdue
from app.workers.following import DurableFollower, advance, follow
from app.workers.leases import LeaseLost, do_alone
from app.workers.service_day_counts import SERVICE_DAY_COUNTS
from app.workers.service_figures import SERVICE_FIGURES

JOB = "a job of the tests'"
LEASE_SECONDS = 0.9
"""Of the jobs that are to be killed."""
BATCH = 2


def say(text: str) -> None:
    """Tell the test, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def _take(session: AsyncSession, mall_id: int, entries: Sequence[Entry]) -> None:
    for each in (SERVICE_DAY_COUNTS, SERVICE_FIGURES):
        await each.take(session, mall_id, entries)
    await session.flush()
    say(f"{entries[0].sequence}-{entries[-1].sequence}")  # and nothing is committed yet


async def following(database: Database) -> None:
    """Follow under the lease, as the program does, and die in the fourth transaction, with all of its work done."""
    left = 4

    async def take(session: AsyncSession, mall_id: int, entries: Sequence[Entry]) -> None:
        nonlocal left
        await _take(session, mall_id, entries)
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    while True:
        follower = DurableFollower(SERVICE_DAY_COUNTS.name, take)
        await follow(database, follower, lambda *_: None, batch=BATCH, lease_seconds=LEASE_SECONDS)
        await asyncio.sleep(0.01)


async def advancing(database: Database) -> None:
    """Go on without asking whether another does, too."""
    follower = DurableFollower(SERVICE_DAY_COUNTS.name, _take)
    async with database.reading() as reading:
        refs = await malls.refs(reading.session)
    say("ready")
    while True:
        for mall in refs:
            await advance(database, follower, mall.id, BATCH)


async def ending_days(database: Database) -> None:
    """End what is over and keep its figures, without asking whether another does, too."""
    say("ready")
    while True:
        await end_overdue(database)
        async with database.reading() as reading:
            refs = await malls.refs(reading.session)
        for mall in refs:
            while await advance(database, SERVICE_FIGURES, mall.id):
                pass
        say("done")


async def rounds(database: Database) -> None:
    """Do short rounds of one job, in turn with others."""

    async def work() -> None:
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(0.03)
        say(f"{began} {asyncio.get_running_loop().time()}")

    while True:
        await do_alone(database, JOB, work)
        await asyncio.sleep(0.01)


async def one_long_round(database: Database) -> None:
    """Work without end, until the lease is lost."""

    async def work() -> None:
        say("began")
        await asyncio.Event().wait()

    try:
        await do_alone(database, JOB, work, lease_seconds=LEASE_SECONDS)
    except LeaseLost:
        say("lost")


JOBS = {each.__name__: each for each in (following, advancing, ending_days, rounds, one_long_round)}


@asynccontextmanager
async def lone_worker(url: str, job: str) -> AsyncIterator[Process]:
    """Such a process, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.races.lone_worker",
        url,
        job,
        cwd=Path(__file__).parents[2],
        stdout=PIPE,
        env=dict(os.environ),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line(process: Process) -> str:
    """The next line that it writes."""
    if process.stdout is None:
        raise AssertionError
    async with asyncio.timeout(60):
        return (await process.stdout.readline()).decode().strip()


async def _main(url: str, job: str) -> None:
    database = Database(url, before_write=day_end.end_overdue, pooler="MPP_TEST_POOLER_URL" in os.environ)
    try:
        await JOBS[job](database)
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
