"""The feed: whoever follows a mall's journal gets each of its entries once and in order, whichever process wrote it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress

from sqlalchemy import event

from app.database import Busy, Database
from app.feed import ASKED_SECONDS, LOOK_SECONDS, Feed
from tests.databases import execute
from tests.given import Agency, Given, Mall
from tests.races.books import are_the_journals, crowd, followed, journal, spread
from tests.servers import Servers

LONG = 3600
"""Seconds between two looks: no test lives to see the second one."""
EACH_TIME = 40
"""Tickets between two cuts."""
_CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@asynccontextmanager
async def feeding(database: Database, look_seconds: float = LOOK_SECONDS, **how: int) -> AsyncIterator[Feed]:
    """A feed of a test's own."""
    feed = Feed(database, look_seconds=look_seconds, **how)
    running = asyncio.create_task(feed.run())
    try:
        yield feed
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def head(feed: Feed, mall: Mall) -> int:
    """How far the feed is, asked again where its connection was cut, too."""
    while True:
        with suppress(Busy):
            return await feed.head(mall.ref.id)


@contextmanager
def statements(database: Database, containing: str) -> Iterator[list[str]]:
    """The statements of this process's readers that contain a text, as they are sent to the driver."""
    seen: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        if containing in statement:
            seen.append(statement)

    engine = database.engines[1].sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_what_two_processes_write_comes_once_and_in_order_though_connections_are_lost(
    given: Given, two_servers: Servers, direct_url: str
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosks = spread(mall.kiosk, two_servers)
    begun = len(await journal(mall))
    until = begun + 3 * EACH_TIME
    async with feeding(mall.database) as feed:
        following = asyncio.create_task(followed(feed, mall, 0, until))
        for _ in range(3):
            issuing = asyncio.create_task(crowd(kiosks, agency.service, EACH_TIME))
            before = await head(feed, mall)
            while await head(feed, mall) < before + EACH_TIME // 3 and not issuing.done():
                await asyncio.sleep(0.01)
            await execute(direct_url, _CUT)
            assert {each.status_code for each in await issuing} == {201}
        got = await following
    await are_the_journals(got, mall)
    assert [each.type for each in got[begun:]] == ["ticket.issued"] * 3 * EACH_TIME


async def test_who_follows_the_one_mall_that_was_away_is_told_of_what_others_write_then(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    async with feeding(mall.database) as feed:
        before = await feed.head(mall.ref.id)
        following = asyncio.create_task(followed(feed, mall, before, before + 2))
        await asyncio.sleep(LOOK_SECONDS)
        feed._malls[mall.ref.id].away = True  # noqa: SLF001  # as after one question that had no answer
        await asyncio.sleep(3 * LOOK_SECONDS)  # nobody is left to keep up with
        await crowd(spread(mall.kiosk, two_servers), agency.service, 2)
        async with asyncio.timeout(10):
            await are_the_journals(await following, mall, before)


async def test_what_this_process_writes_is_not_waited_for(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    async with feeding(mall.database, LONG) as feed:
        before = await feed.head(mall.ref.id)
        following = asyncio.create_task(followed(feed, mall, before, before + 2))
        await asyncio.sleep(0)
        for ahead in (1, 2):
            await mall.kiosk.takes(agency.service)
            assert await feed.head(mall.ref.id) == before + ahead
        async with asyncio.timeout(10):
            await are_the_journals(await following, mall, before)


async def test_who_comes_late_or_reads_slowly_misses_nothing_and_holds_up_nobody(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    async with feeding(mall.database, recent=5) as feed, aclosing(feed.follow(mall.ref.id, 0)) as slowly:
        slow = list(await anext(slowly))
        middle = slow[-1].sequence
        for _ in range(3):  # the quick one is told of each while the slow one takes none
            quick = asyncio.create_task(followed(feed, mall, middle, middle + 7))
            for _ in range(7):
                await mall.kiosk.takes(agency.service)
            await are_the_journals(await quick, mall, middle)
            middle += 7
        async for entries in slowly:
            slow += entries
            if slow[-1].sequence == middle:
                break
        await are_the_journals(slow, mall)
        await are_the_journals(await followed(feed, mall, 3, middle), mall, 3)


async def test_a_crowd_of_followers_costs_one_question_and_one_reading(given: Given) -> None:
    malls = [await given.mall() for _ in range(3)]
    agencies: list[Agency] = [await mall.agency() for mall in malls]
    async with feeding(malls[0].database) as feed:
        heads = {mall: await feed.head(mall.ref.id) for mall in malls}
        loop = asyncio.get_running_loop()
        began = loop.time()
        with statements(malls[0].database, "clock_timestamp()") as readings:
            crowds = [
                asyncio.create_task(followed(feed, mall, heads[mall], heads[mall] + 5))
                for mall in malls
                for _ in range(50)
            ]
            for _ in range(5):
                for mall, agency in zip(malls, agencies, strict=True):
                    await mall.kiosk.takes(agency.service)
            for each in await asyncio.gather(*crowds):
                assert len(each) == 5
            seconds = loop.time() - began
        # at most one reading a mall and entry, one question a look, and those of the running program's own feed
        assert len(readings) < 15 + 4 * seconds / LOOK_SECONDS + 10


async def test_who_waits_for_the_journal_to_go_on_reads_no_entry(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    async with feeding(mall.database) as feed:
        for kiosk in (mall.kiosk, *spread(mall.kiosk, two_servers)):
            before = await feed.head(mall.ref.id)
            waiting = asyncio.create_task(feed.goes_beyond(mall.ref.id, before))
            await asyncio.sleep(0)
            await kiosk.takes(agency.service)
            async with asyncio.timeout(10):
                await waiting
        known = feed._malls[mall.ref.id]  # noqa: SLF001
        assert not known.recent
        assert known.watchers == 0, "nobody waits any more"


async def test_nobody_is_asked_when_nobody_follows(given: Given) -> None:
    mall = await given.mall()
    async with feeding(mall.database) as feed:
        assert await feed.head(mall.ref.id) > 0
        assert await followed(feed, mall, 0, 1)
        feed._malls[mall.ref.id].asked_at -= ASKED_SECONDS  # noqa: SLF001  # nobody waits for that to pass
        await asyncio.sleep(3 * LOOK_SECONDS)
        looked_at = feed._malls[mall.ref.id].looked_at  # noqa: SLF001
        await asyncio.sleep(3 * LOOK_SECONDS)
        assert feed._malls[mall.ref.id].looked_at == looked_at  # noqa: SLF001
        await feed.head(mall.ref.id)
        assert feed._malls[mall.ref.id].looked_at > looked_at  # noqa: SLF001
