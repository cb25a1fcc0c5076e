"""A mall whose part of the database is away, as where malls lie on several servers: the others do not notice."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import httpx
import pytest

from app.across_malls import across_malls
from app.database import Clock
from app.feed import LOOK_SECONDS
from app.main import create_app
from app.queries import journals
from app.settings import Settings
from app.workers.day_end import end_overdue
from app.workers.following import follow
from app.workers.service_day_counts import SERVICE_DAY_COUNTS
from tests.contract import Contract
from tests.databases import connected, own_database
from tests.given import Given, Mall, code_of
from tests.lively_day import by_follower, by_tickets
from tests.races.books import are_the_journals, followed
from tests.servers import SERVER_KEY

_PARTS = """
    CREATE TABLE away (mall_id smallint, part text);
    CREATE FUNCTION answers(of_mall smallint, of_part text) RETURNS boolean STABLE LANGUAGE plpgsql AS '
    BEGIN
        IF (of_mall, of_part) IN (SELECT mall_id, part FROM away) THEN
            RAISE EXCEPTION ''could not connect'' USING ERRCODE = ''08006'';
        END IF;
        RETURN true;
    END';
    ALTER TABLE entries RENAME TO entries_of_all;
    CREATE VIEW entries AS
        SELECT mall_id, sequence, at, service_day, type, subject_id, agency_id,
            CASE WHEN answers(mall_id, 'contents') THEN content END AS content, hash
        FROM entries_of_all WHERE answers(mall_id, 'all');
    CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS '
    BEGIN
        INSERT INTO entries_of_all (mall_id, sequence, at, service_day, type, subject_id, agency_id, content, hash)
            VALUES (NEW.mall_id, NEW.sequence, NEW.at, NEW.service_day, NEW.type, NEW.subject_id, NEW.agency_id,
                NEW.content, NEW.hash);
        RETURN NEW;
    END';
    ALTER TABLE grants RENAME TO grants_of_all;
    CREATE VIEW grants AS
        SELECT CASE WHEN answers(mall_id, 'all') THEN account_id END AS account_id, role, granted_at, agency_id,
            revoked_at, mall_id, id
        FROM grants_of_all;
    CREATE FUNCTION keep_grant() RETURNS trigger LANGUAGE plpgsql AS '
    BEGIN
        INSERT INTO grants_of_all (account_id, role, granted_at, agency_id, revoked_at, mall_id, id) SELECT NEW.*;
        RETURN NEW;
    END';
    CREATE TRIGGER keep_grant INSTEAD OF INSERT ON grants FOR EACH ROW EXECUTE FUNCTION keep_grant();
    CREATE TRIGGER keep INSTEAD OF INSERT ON entries FOR EACH ROW EXECUTE FUNCTION keep();
"""
"""The heads of a mall can be read without the contents of its entries; whose a grant is, with all of the mall only."""


class Parts:
    """Two malls of one program, each of which can be away."""

    def __init__(self, near: Mall, far: Mall, outside: asyncpg.Connection) -> None:
        self.near, self.far, self._outside = near, far, outside

    def forget_callers(self) -> None:
        """Let nobody be known from a moment ago."""
        self.near.context.authentication._callers.clear()  # noqa: SLF001  # the program forgets after five seconds

    @asynccontextmanager
    async def far_is_away(self, part: str = "all") -> AsyncIterator[None]:
        """Nothing of the far mall's journal and grants can be read meanwhile; or not the `contents` of its entries."""
        await self._outside.execute("INSERT INTO away VALUES ($1, $2)", self.far.ref.id, part)
        yield
        await self._outside.execute("DELETE FROM away")


@pytest.fixture
async def parts(
    anyio_backend: object, server_url: str, template: str, settings: Settings, contract: Contract
) -> AsyncIterator[Parts]:
    async with own_database(server_url, template) as url, connected(url) as outside:
        await outside.execute(_PARTS)
        app = create_app(settings, url, SERVER_KEY.encode(), clock=Clock())
        async with app.router.lifespan_context(app), contract.client(app) as http:
            given = Given(app, http)
            near, far = [await given.mall(at="2027-03-01T09:00") for _ in range(2)]
            yield Parts(near, far, outside)


async def board_becomes(mall: Mall, status: int) -> None:
    """Wait until the board is answered so: what is known is believed for a moment."""
    async with asyncio.timeout(10):
        while (answer := await mall.public.get("/board")).status_code != status:
            await asyncio.sleep(0.05)
    assert code_of(answer) == ((503, "busy") if status == httpx.codes.SERVICE_UNAVAILABLE else (200, ""))


async def test_the_board_of_another_mall_goes_on_and_its_own_comes_back(parts: Parts) -> None:
    near, far = parts.near, parts.far
    agencies = [await mall.agency() for mall in (near, far)]
    officer, counter = await near.open_counter(agencies[0])
    for mall in (near, far):
        await mall.public.sees("/board")
    async with parts.far_is_away():
        await board_becomes(far, 503)
        assert far.context.feed._malls[far.ref.id].away  # noqa: SLF001  # so the others are asked in one statement again
        for _ in range(3):
            assert code_of(await far.kiosk.issue(agencies[1].service)) == (503, "busy")
            ticket = await near.kiosk.takes(agencies[0].service)
            called = await officer.calls(counter)
            assert called["id"] == ticket["id"]
            board = await near.public.sees("/board")
            assert [each["number"] for each in board["now_serving"]] == [ticket["number"]]
            await officer.handles(called, "start", "completion")
            assert (await near.public.get("//health/ready")).status_code == 200
        assert code_of(await far.public.get("/board")) == (503, "busy")
    await board_becomes(far, 200)
    await far.kiosk.takes(agencies[1].service)
    assert [each["waiting"] for each in (await far.public.sees("/board"))["services"]] == [1]


async def test_officers_of_another_mall_work_on_and_its_own_are_asked_to_come_again(parts: Parts) -> None:
    near, far = parts.near, parts.far
    (officer, counter), (other, _) = [await mall.open_counter(await mall.agency()) for mall in (near, far)]
    async with parts.far_is_away():
        parts.forget_callers()
        assert (await officer.sees(f"/counters/{counter}"))["status"] == "open"
        assert code_of(await officer.post(f"/counters/{counter}/calls")) == (409, "nobody_waiting")
        await officer.does(f"/counters/{counter}/closing")
        await officer.does(f"/counters/{counter}/opening")  # for which its roles are read again
        assert code_of(await other.get("/counters")) == (503, "busy")
        assert code_of(await officer.get(f"/{far.path}/counters")) == (503, "busy")  # as whom, nobody knows
        assert code_of(await officer.get("//v1/me")) == (503, "busy")
    assert [each["mall"] for each in (await officer.sees("//v1/me"))["grants"]] == [near.slug]
    assert code_of(await other.get("/counters")) == (200, "")


async def test_who_follows_entries_that_cannot_be_read_for_a_while_gets_them_when_they_can(
    parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    malls = (parts.near, parts.far)
    agencies = {mall: await mall.agency() for mall in malls}
    feed = parts.near.context.feed
    begun = {mall: await feed.head(mall.ref.id) for mall in malls}
    near, far = [asyncio.create_task(followed(feed, each, begun[each], begun[each] + 3)) for each in malls]
    await asyncio.sleep(0)  # both follow
    async with parts.far_is_away("contents"):
        for mall in malls:
            for _ in range(3):
                await mall.kiosk.takes(agencies[mall].service)
        late = asyncio.create_task(followed(feed, parts.far, 0, begun[parts.far] + 3))
        await are_the_journals(await near, parts.near, begun[parts.near])
        await asyncio.sleep(5 * LOOK_SECONDS)
        assert await feed.head(parts.far.ref.id) == begun[parts.far] + 3
        assert not far.done()
        assert not late.done()
    await are_the_journals(await far, parts.far, begun[parts.far])
    await are_the_journals(await late, parts.far)
    assert [each.levelname for each in caplog.records if each.name == "mpp.feed"] == ["WARNING"]  # said once


async def test_what_runs_beside_the_requests_goes_on_for_the_others(
    parts: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    malls = {mall.ref.id: mall for mall in (parts.near, parts.far)}
    for mall in malls.values():
        await mall.kiosk.takes((await mall.agency()).service)
        mall.pass_time(timedelta(days=1))
    near, far = malls
    database = parts.near.database

    async def rounds() -> list[int]:
        """One of each; returns in which malls both were done."""
        caplog.clear()
        await end_overdue(database)
        await follow(database, SERVICE_DAY_COUNTS, lambda *_: None)
        done = []
        async with database.reading() as reading:
            for mall_id in malls:
                counts = await by_follower(reading.session, mall_id)
                if counts and counts == await by_tickets(reading.session, mall_id):
                    done.append(mall_id)
        return done

    async with parts.far_is_away():
        answers, failures = await across_malls(database, [near, far], journals.sequences)
        assert (list(answers), list(failures)) == ([near], [far])
        assert await rounds() == [near]
        assert malls[far].slug in caplog.text
        assert max(each.levelno for each in caplog.records) == logging.WARNING
    assert await rounds() == [near, far]


async def test_who_asks_for_a_stream_of_a_mall_that_is_away_is_told_to_come_again(parts: Parts) -> None:
    far, as_a_browser = parts.far.public, {"Accept": "text/event-stream"}
    async with parts.far_is_away():
        assert code_of(await far.get("/board/stream")) == (503, "busy")
        answer = await far.get("/board/stream", headers=as_a_browser)
        assert answer.status_code == httpx.codes.OK  # anything else, and a browser never comes again
        assert answer.text.startswith("retry: ")
        assert '"code":"busy"' in answer.text
        assert code_of(await parts.near.public.get("/board/stream", headers=as_a_browser)) == (200, "")
    assert "event: board" in (await far.get("/board/stream", headers=as_a_browser)).text
