"""Durable followers: what is done for an entry is done once, whoever dies and however many try."""

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app import models
from app.actions import day_end
from app.database import Clock, Database
from app.domain.statistics import Count, Figures, Span
from app.main import create_app
from app.queries import followers
from app.settings import Settings
from app.workers.following import follow
from app.workers.service_day_counts import SERVICE_DAY_COUNTS
from tests.contract import Contract
from tests.databases import execute, own_database
from tests.given import Given
from tests.lively_day import Counts, LivelyDays, by_follower, by_tickets
from tests.races.lone_worker import BATCH, LEASE_SECONDS, line, lone_worker
from tests.servers import SERVER_KEY


@dataclass
class Past:
    """A mall that has had its days; nobody serves it now."""

    url: str
    mall_id: int
    database: Database

    async def forget(self) -> None:
        """Nobody has counted anything."""
        # locked in the followers' order
        await execute(self.url, "TRUNCATE followers, service_day_counts, service_figures, leases")

    async def behind(self) -> int:
        """How many entries are not counted."""
        async with self.database.reading() as reading:
            found = await followers.behind(reading.session, [self.mall_id], name=SERVICE_DAY_COUNTS.name)
            return found[self.mall_id]

    async def counts(self) -> Counts:
        """What was counted, when nothing is left to count."""
        async with asyncio.timeout(60):
            while await self.behind():
                await asyncio.sleep(0.02)
        async with self.database.reading() as reading:
            return await by_follower(reading.session, self.mall_id)

    async def figures(self) -> dict[Span, int]:
        """How many arrivals are kept, by day and by month."""
        row, found = models.ServiceFigures, dict.fromkeys(Span, 0)
        async with self.database.reading() as reading:
            for each in await reading.session.scalars(select(row).where(row.mall_id == self.mall_id)):
                found[each.span] += Figures.read(each.service[""]).arrivals
        return found

    async def truth(self) -> Counts:
        """What the tickets say."""
        async with self.database.reading() as reading:
            return await by_tickets(reading.session, self.mall_id)


@pytest.fixture(scope="module")
async def past(
    anyio_backend: object, server_url: str, template: str, settings: Settings, contract: Contract
) -> AsyncIterator[Past]:
    async with own_database(server_url, template) as url:
        app = create_app(settings, url, SERVER_KEY.encode(), clock=Clock())
        async with app.router.lifespan_context(app), contract.client(app) as http:
            mall = await Given(app, http).mall(at="2027-03-01T09:00")
            days = LivelyDays(mall, seed=4)
            await days.prepare()
            await days.pass_one()
        database = Database(url, before_write=day_end.end_overdue, pooler=settings.database_pooler)
        yield Past(url, mall.ref.id, database)
        await database.close()


async def test_two_that_do_the_same_entries_at_once_and_one_that_is_killed_count_each_once(past: Past) -> None:
    await past.forget()
    async with lone_worker(past.url, "advancing") as dying, lone_worker(past.url, "advancing") as living:
        assert {await line(each) for each in (dying, living)} == {"ready"}
        await past.forget()  # again: the first may have done all of it before the other began
        for _ in range(3):  # both are at work
            await asyncio.gather(line(dying), line(living))
        dying.kill()
        assert await past.counts() == await past.truth()
        came = sum(each[Count.ISSUED] for each in (await past.truth()).values())
        assert await past.figures() == {Span.DAY: came, Span.MONTH: came}


async def test_the_next_one_goes_on_where_a_killed_one_stopped(past: Past) -> None:
    await past.forget()
    behind = await past.behind()
    for killed in (1, 2, 3):
        async with lone_worker(past.url, "following") as process:
            assert await process.wait() == -signal.SIGKILL
        assert await past.behind() == behind - killed * 3 * BATCH  # of four transactions the last was not committed
    async with asyncio.timeout(60):
        while await past.behind():
            await follow(past.database, SERVICE_DAY_COUNTS, lambda *_: None, lease_seconds=LEASE_SECONDS)
    assert await past.counts() == await past.truth()
