"""A request that is given up while its commit is under way: what was begun is finished, and known."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from tests.databases import connected
from tests.given import Given, Mall
from tests.races.books import journal, tickets

_SLOW = """
    CREATE FUNCTION slow_{0}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow_{0} AFTER INSERT ON entries DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.mall_id = {0}) EXECUTE FUNCTION slow_{0}();
"""
_USUAL = "DROP TRIGGER slow_{0} ON entries; DROP FUNCTION slow_{0}();"
_COMMITTING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'COMMIT%' AND wait_event = 'PgSleep'
"""


@asynccontextmanager
async def slow_commits(mall: Mall, url: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Let each commit of this mall take a second. Gives a way to wait until one is under way."""
    async with connected(url) as outside:

        async def under_way() -> None:
            while not await outside.fetchval(_COMMITTING):  # the database tells nobody when it begins
                await asyncio.sleep(0.01)

        await outside.execute(_SLOW.format(mall.ref.id))
        try:
            yield under_way
        finally:
            await outside.execute(_USUAL.format(mall.ref.id))


async def test_whoever_gives_up_amid_the_commit_undoes_nothing(given: Given, database_url: str) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    async with slow_commits(mall, database_url) as under_way:
        given_up = asyncio.create_task(mall.kiosk.issue(agency.service, "given up"))
        async with asyncio.timeout(10):
            await under_way()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        assert [each.ordinal for each in await tickets(mall)] == [1]
    again = await mall.kiosk.issue(agency.service, "given up")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await mall.kiosk.takes(agency.service))["position"] == 2
    assert len(await journal(mall, "ticket.issued")) == 2
