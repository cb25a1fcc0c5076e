"""Leases: a job is done by one process at a time, and a process that has died or fallen silent loses it."""

import asyncio
import signal
from datetime import datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from app import models
from app.database import Database
from app.workers.leases import LeaseLost, do_alone
from app.workers.periodic import run_in_one_process
from tests.databases import connected
from tests.races.lone_worker import JOB, LEASE_SECONDS, line, lone_worker

HOUR = 3600


async def lease(database: Database) -> models.Lease:
    """How it stands."""
    async with database.reading() as reading:
        return (await reading.session.scalars(select(models.Lease).where(models.Lease.name == JOB))).one()


async def take_over(database: Database) -> datetime:
    """Try until the job is ours. Returns when it was, by the database's clock."""
    begun: list[datetime] = []

    async def work() -> None:
        async with database.reading() as reading:
            begun.append(reading.at)

    async with asyncio.timeout(30):
        while not await do_alone(database, JOB, work, lease_seconds=LEASE_SECONDS):
            await asyncio.sleep(0.01)
    return begun[0]


@pytest.fixture(autouse=True)
async def nobodys(database: Database, direct_url: str) -> None:
    """The job is nobody's at first."""
    async with connected(direct_url) as connection:
        await connection.execute("DELETE FROM leases WHERE name = $1", JOB)


async def test_two_processes_take_turns_and_never_work_at_once(database_url: str) -> None:
    async with lone_worker(database_url, "rounds") as one, lone_worker(database_url, "rounds") as other:
        lines = [[await line(each) for _ in range(10)] for each in (one, other)]
    rounds = sorted(tuple(map(float, each.split())) for each in (*lines[0], *lines[1]))
    assert len(rounds) == 20
    for (_, ended), (began, _) in pairwise(rounds):
        assert ended <= began


async def test_a_lease_is_renewed_while_its_holder_works_and_lost_when_it_is_killed(
    database: Database, database_url: str
) -> None:
    async with lone_worker(database_url, "one_long_round") as process:
        assert await line(process) == "began"
        first = await lease(database)
        async with asyncio.timeout(30):
            while (second := await lease(database)).leased_until == first.leased_until:
                await asyncio.sleep(0.01)
        assert second.holder == first.holder
        process.kill()
        await process.wait()
    left = await lease(database)
    assert await take_over(database) >= left.leased_until
    assert (await lease(database)).holder != left.holder


async def test_a_process_that_was_silent_for_too_long_gives_its_work_up(database: Database, database_url: str) -> None:
    async with lone_worker(database_url, "one_long_round") as process:
        assert await line(process) == "began"
        process.send_signal(signal.SIGSTOP)
        left = await lease(database)
        ours = asyncio.Event()

        async def work() -> None:
            ours.set()
            assert await line(process) == "lost"

        async def others() -> None:
            while not await do_alone(database, JOB, work, lease_seconds=LEASE_SECONDS):
                await asyncio.sleep(0.01)

        working = asyncio.create_task(others())
        async with asyncio.timeout(30):
            await ours.wait()
            assert (await lease(database)).holder != left.holder
            process.send_signal(signal.SIGCONT)
            await working


async def test_a_round_is_not_done_again_before_its_time(database: Database) -> None:
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1

    assert await do_alone(database, JOB, work)
    assert await do_alone(database, JOB, work, rest_seconds=HOUR)
    assert not await do_alone(database, JOB, work)
    assert done == 2


async def test_many_programs_do_not_do_a_round_many_times(database: Database) -> None:
    done = 0

    async def work(_: Database) -> None:
        nonlocal done
        done += 1

    every = 0.2
    began = asyncio.get_running_loop().time()
    programs = [asyncio.create_task(run_in_one_process(database, JOB, work, every)) for _ in range(5)]
    async with asyncio.timeout(30):
        while done < 4:
            await asyncio.sleep(0.01)
    for each in programs:
        each.cancel()
    await asyncio.gather(*programs, return_exceptions=True)
    assert asyncio.get_running_loop().time() - began >= (done - 1) * every * 0.95  # two clocks


async def test_what_the_work_says_is_told_and_the_lease_left(database: Database) -> None:
    async def breaks() -> None:
        message = "broken"
        raise ValueError(message)

    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            await do_alone(database, JOB, breaks, lease_seconds=HOUR)


async def test_work_ends_with_its_lease(database: Database) -> None:
    """A lease that was taken away amid the work: the work is given up, and the other's lease stays."""
    ended = asyncio.Event()

    async def robbed() -> None:
        async with database.without_journal() as unit:
            row = await unit.session.get_one(models.Lease, JOB)
            row.holder = models.new_id()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(LeaseLost):
        await do_alone(database, JOB, robbed, lease_seconds=LEASE_SECONDS)
    assert ended.is_set()
    assert not await do_alone(database, JOB, robbed, lease_seconds=LEASE_SECONDS)
