"""Durable followers: what is done for an entry is done once, whoever dies and however many try."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.actions import day_end
from app.database import Clock, Database
from app.main import create_app
from app.queries import followers
from app.settings import Settings
from app.workers.following import follow
from app.workers.service_day_counts import SERVICE_DAY_COUNTS
from tests.conftest import SERVER_KEY, admin, with_name
from tests.contract import Contract
from tests.given import Given
from tests.lively_day import Counts, LivelyDays, by_follower, by_tickets
from tests.races.lone_worker import BATCH, LEASE_SECONDS, line, lone_worker


@dataclass
class Past:
    """A mall that has had its days; nobody serves it now."""

    url: str
    mall_id: int
    database: Database

    async def forget(self) -> None:
        """Nobody has counted anything."""
        connection = await asyncpg.connect(self.url)
        await connection.execute("TRUNCATE service_day_counts, followers, leases")
        await connection.close()

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

    async def truth(self) -> Counts:
        """What the tickets say."""
        async with self.database.reading() as reading:
            return await by_tickets(reading.session, self.mall_id)


@pytest.fixture(scope="module")
async def past(
    anyio_backend: object, server_url: str, template: str, settings: Settings, contract: Contract
) -> AsyncIterator[Past]:
    name = f"mpp_past_{uuid4().hex}"
    url = with_name(server_url, name)
    await admin(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    async with AsyncExitStack() as stack:
        app = create_app(settings, url, SERVER_KEY.encode(), clock=Clock())
        await stack.enter_async_context(app.router.lifespan_context(app))
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=("127.0.0.1", 50_000)),
            base_url="http://mall.test",
            event_hooks={"response": [contract.check]},
        )
        http = await stack.enter_async_context(client)
        mall = await Given(app, http).mall(at="2027-03-01T09:00")
        days = LivelyDays(mall, seed=4)
        await days.prepare()
        await days.pass_one()
        mall_id = mall.ref.id
    database = Database(url, before_write=day_end.end_overdue, pooler=settings.database_pooler)
    yield Past(url, mall_id, database)
    await database.close()
    await admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_two_that_do_the_same_entries_at_once_and_one_that_is_killed_count_each_once(past: Past) -> None:
    await past.forget()
    async with lone_worker(past.url, "advancing") as dying, lone_worker(past.url, "advancing") as living:
        for _ in range(5):  # both are at work
            await asyncio.gather(line(dying), line(living))
        dying.kill()
        assert await past.counts() == await past.truth()


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
