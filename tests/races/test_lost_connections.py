"""A connection that is lost, at whichever exchange: who asked is told that nothing was done, or that nobody knows.

Nobody knows where it was the commit's; then the key tells.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import AdaptedConnection, event, func, select

from app import models
from app.actions.day_end import end_overdue
from app.database import Clock, Database, OutcomeUnknown
from app.database.journals import locked_journal
from app.domain.callers import SYSTEM
from app.domain.errors import NotThere
from app.domain.stops import Cause
from app.errors import MallError
from app.journal import Journal, Known
from app.main import create_app
from app.queries.board import BoardFilter, board
from app.settings import Settings
from app.web.context import context_of
from tests.contract import Contract
from tests.given import Agency, Given, Json, Mall, code_of, must_refuse
from tests.races.books import comes, journal, kiosk_of, tickets, together
from tests.races.wire import Cut, Wire
from tests.servers import SERVER_KEY


@dataclass
class Far:
    """The program at the other end of a wire."""

    app: FastAPI
    http: httpx.AsyncClient
    wire: Wire


@pytest.fixture
async def far(app: FastAPI, settings: Settings, database_url: str, contract: Contract) -> AsyncIterator[Far]:
    """A program that reaches the database over a wire, and knows the same time as the one beside it."""
    wire = Wire(database_url)
    async with wire.laid() as url:
        made = create_app(settings, url, SERVER_KEY.encode(), clock=context_of(app).database.clock)
        async with made.router.lifespan_context(made), contract.client(made) as http:
            yield Far(made, http, wire)


async def test_a_commit_whose_answer_is_lost_is_told_as_unknown_and_its_key_tells(given: Given, far: Far) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosk = mall.kiosk.at(far.http)
    assert (await kiosk.issue(agency.service, "first")).status_code == 201
    far.wire.loses_the_next_commit_of = mall.ref.id
    unknown = await kiosk.issue(agency.service, "second")
    must_refuse(unknown, 503, "outcome_unknown")
    assert unknown.headers["Retry-After"]
    again = await kiosk.issue(agency.service, "second")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert [each.ordinal for each in await tickets(mall)] == [1, 2]


async def test_all_who_share_a_lost_commit_are_told_so_also_who_is_refused_for_what_another_has_done(
    given: Given, far: Far
) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "PASSPORT", daily_quota=3)
    kiosk, database = mall.kiosk.at(far.http), context_of(far.app).database
    keys = ["first", "second", "third", "one too many"]
    await kiosk.sees("/board")  # its key is known from now on

    async def breaks(journal: Journal) -> None:
        far.wire.loses_the_next_commit_of = mall.ref.id

    answers = await together(
        far.app, mall.ref, database.write(mall.ref, SYSTEM, breaks), *(kiosk.issue(service, key) for key in keys)
    )
    assert isinstance(answers[0], OutcomeUnknown)
    assert {code_of(each) for each in answers[1:]} == {(503, "outcome_unknown")}
    again = [await kiosk.issue(service, key) for key in keys]
    assert [code_of(each) for each in again] == [(201, "")] * 3 + [(409, "quota_exhausted")]
    assert [each.headers.get("Idempotency-Replayed") for each in again] == ["true"] * 3 + [None]
    assert [each.json()["id"] for each in again[:3]] == [each.id for each in await tickets(mall)]
    assert len(await journal(mall, "ticket.issued")) == 3


class Line:
    """A mall, written and read over a wire that is cut. What came of it is said in a word: done, or the refusal."""

    def __init__(self, mall: Mall, agency: Agency, wire: Wire, connect: Callable[[], Database]) -> None:
        self.mall, self.agency, self.wire, self._connect = mall, agency, wire, connect
        self.database = connect()
        self._attempts: list[bytes] = []

    async def _write(self, act: Callable[[Journal], Awaitable[Any]]) -> str:
        return await told(self.database.write(self.mall.ref, kiosk_of(self.mall), act))

    async def _comes(self, journal: Journal) -> Json:
        return await comes(self.mall, self.agency, journal)

    async def _comes_and_goes(self, journal: Journal) -> None:
        """The driver's statements and the session's."""
        ticket = await self._comes(journal)
        row = await journal.session.get_one(models.Ticket, (self.mall.ref.id, ticket["id"]))
        row.cancel(journal.at, Cause.OFFICER, None)

    async def _is_refused(self, journal: Journal) -> None:
        await self._comes(journal)
        raise NotThere(thing="ticket")

    async def writes(self) -> list[str]:
        """One act that is alone."""
        return [await self._write(self._comes_and_goes)]

    async def shares(self) -> list[str]:
        """Two acts in one transaction, of which one is undone."""
        return list(await asyncio.gather(self._write(self._is_refused), self._write(self._comes)))

    async def writes_without_journal(self) -> list[str]:
        """What belongs to no mall's history."""

        async def attempt() -> None:
            async with self.database.without_journal() as unit:
                unit.session.add(models.Attempt(key=key, next_allowed_at=unit.at))

        self._attempts.append(key := uuid4().bytes)
        return [await told(attempt())]

    async def reads(self) -> list[str]:
        """A picture made of several reads."""

        async def picture() -> None:
            async with self.database.reading(self.mall.ref, snapshot=True) as reading:
                await board(reading, BoardFilter(), None)

        return [await told(picture())]

    async def connects(self) -> list[str]:
        """A first look."""

        async def look() -> None:
            async with new.reading():
                pass

        new = self._connect()
        said = [await told(look())]
        await new.close()
        return said

    async def kept(self) -> int:
        """How much of it is there."""
        issued = [each["subject"]["id"] for each in await journal(self.mall, "ticket.issued")]
        assert issued == [each.id for each in await tickets(self.mall)]
        attempt = models.Attempt
        async with self.mall.database.reading() as reading:
            found = select(func.count()).where(attempt.key.in_(self._attempts))
            return len(issued) + (await reading.session.scalar(found) or 0)


async def told(asking: Awaitable[object]) -> str:
    """What somebody is told."""
    try:
        await asking
    except MallError as refusal:
        return refusal.code
    return "done"


@pytest.fixture
async def line(given: Given, settings: Settings, database_url: str) -> AsyncIterator[Line]:
    mall = await given.mall()
    agency = await mall.agency()
    wire = Wire(database_url)
    async with wire.laid() as url:
        made = Line(
            mall,
            agency,
            wire,
            lambda: Database(url, before_write=end_overdue, clock=mall.database.clock, pooler=settings.database_pooler),
        )
        yield made
        await made.database.close()
    gc.collect()  # a connection that nobody has closed is found here


Ask = Callable[[Line], Awaitable[list[str]]]
CUTS = [Cut.BEFORE, Cut.AMID, Cut.AFTER, Cut.GOODBYE]
ASKING: dict[Ask, int] = {
    Line.writes: 1,
    Line.shares: 1,
    Line.writes_without_journal: 1,
    Line.reads: 0,
    Line.connects: 0,
}
"""What is asked, and how much of it is kept."""
DONE_AGAIN = (Line.writes, Line.shares)
"""What is done again by itself, as long as nothing can have been done: nobody is told of a connection that was lost."""


@pytest.mark.parametrize("how", CUTS, ids=str)
@pytest.mark.parametrize("ask", ASKING, ids=lambda ask: ask.__name__)
async def test_whatever_exchange_is_lost_nothing_is_half_done_and_the_next_one_is_served(
    line: Line, ask: Ask, how: Cut
) -> None:
    usual = await ask(line)
    done, unknown = 1, 0
    for exchange in count(1):
        line.wire.cut(how, exchange)
        said = await ask(line)
        done += said == usual
        if not line.wire.is_cut:
            break
        assert said == usual or set(said) == {"outcome_unknown"} or (set(said) == {"busy"} and ask not in DONE_AGAIN)
        unknown += "outcome_unknown" in said
        served = await ask(line)
        if how is Cut.GOODBYE and "busy" in served:  # it was said on a connection that nobody used by then
            served = await ask(line)
        assert served == usual
        done += 1
    assert exchange > 4
    assert unknown == ASKING[ask]
    assert await line.kept() == ASKING[ask] * (done + (unknown if how is Cut.AMID else 0))


@pytest.mark.parametrize("ask", [each for each in ASKING if each is not Line.connects], ids=lambda ask: ask.__name__)
async def test_a_connection_that_is_closed_as_soon_as_it_is_made_is_no_defect(line: Line, ask: Ask) -> None:
    def close(connection: AdaptedConnection, _: object) -> None:
        connection.driver_connection.terminate()

    for engine in line.database.engines:
        event.listen(engine.sync_engine, "connect", close)
    assert set(await ask(line)) == {"busy"}


async def test_whoever_gives_up_amid_a_commit_that_fails_has_given_up(line: Line) -> None:
    await line.writes_without_journal()
    line.wire.cut(Cut.SILENCE, 4)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await line.writes_without_journal()
    assert await line.kept() == 1
    assert await line.writes_without_journal() == ["done"]


@pytest.mark.parametrize("how", [Cut.AMID, Cut.GOODBYE], ids=str)
async def test_whatever_exchange_of_a_request_is_lost_it_may_be_repeated(given: Given, far: Far, how: Cut) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosk, manager, context = mall.kiosk.at(far.http), mall.manager.at(far.http), context_of(far.app)
    may_be = {(200, ""), (201, ""), (503, "busy"), (503, "outcome_unknown")}

    def cut(exchange: int) -> None:
        """From now on; who asks and where is looked up anew."""
        context.authentication._callers.clear()  # noqa: SLF001
        context.malls._known.clear()  # noqa: SLF001
        far.wire.cut(how, exchange)

    for exchange in count(1):
        cut(exchange)
        first = await kiosk.issue(agency.service, f"number {exchange}")
        assert code_of(first) in may_be
        if first.is_success and not far.wire.is_cut:
            break
        for _ in range(2):  # the server may have said goodbye on a connection that nobody used by then
            again = await kiosk.issue(agency.service, f"number {exchange}")
            if again.is_success:
                break
        assert again.status_code == 201
        assert ("Idempotency-Replayed" in again.headers) == first.is_success or code_of(first)[1] == "outcome_unknown"
    assert [each.ordinal for each in await tickets(mall)] == list(range(1, exchange + 1))
    for exchange in count(1):
        cut(exchange)
        answer = await manager.get("/agencies")
        assert code_of(answer) in may_be
        if answer.is_success and not far.wire.is_cut:
            break


@pytest.mark.parametrize(("error", "given_up"), [(NotThere(thing="ticket"), False), (ValueError(), True)])
async def test_a_connection_that_behaved_as_nobody_expects_serves_nobody_else(
    given: Given, error: Exception, given_up: bool
) -> None:
    mall = await given.mall()
    journals = given.context.database._journals  # noqa: SLF001
    with suppress(type(error)):
        async with locked_journal(journals, mall.ref, Clock(), Known()) as locked:
            driver = locked._driver  # noqa: SLF001
            raise error
    assert driver.is_closed() is given_up
    await mall.agency()
