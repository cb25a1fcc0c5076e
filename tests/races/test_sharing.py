"""Writers in line share a transaction: what befalls one of them befalls no other."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain
from statistics import mean
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app import models
from app.domain.callers import SYSTEM
from app.domain.errors import NotThere
from app.domain.events import Event
from app.domain.holidays import HolidayKind
from app.domain.stops import Cause
from app.domain.tickets import AlreadyWaiting
from app.journal import Journal, lock_row
from tests.given import Agency, Given, Mall, code_of, held
from tests.races.books import comes, journal, kiosk_of, spread, tickets, together, transactions
from tests.servers import Servers

DAY = date(2027, 8, 17)


async def at_the_kiosk(mall: Mall, agency: Agency) -> Any:
    """Somebody takes a ticket, by the same act as over HTTP."""
    return await mall.database.write(mall.ref, kiosk_of(mall), partial(comes, mall, agency))


async def is_whole(mall: Mall, numbers: int, *, since: int) -> None:
    """So many tickets are there, in the order of the journal, written in one transaction, each at its own instant."""
    issued = await journal(mall, "ticket.issued")
    rows = await tickets(mall)
    assert [each.ordinal for each in rows] == list(range(1, numbers + 1))
    assert [each["subject"]["id"] for each in issued] == [each.id for each in rows]
    instants = [each["at"] for each in issued]
    assert instants == sorted(set(instants))
    assert await transactions(mall, since) == 1


async def test_one_who_is_refused_after_it_has_written_is_undone_alone(given: Given, app: FastAPI) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    since = len(await journal(mall))
    began: list[datetime] = []

    async def is_refused(journal: Journal) -> None:
        began.append(journal.at)
        ticket = await comes(mall, agency, journal)
        row = await journal.session.get_one(models.Ticket, (mall.ref.id, ticket["id"]))
        row.cancel(journal.at, Cause.OFFICER, None)  # written by the session, too
        await journal.session.flush()
        agency_row = await journal.session.get_one(models.Agency, (mall.ref.id, agency.id))
        agency_row.code = "GONE"  # and never written
        raise NotThere(thing="ticket")

    takes = [at_the_kiosk(mall, agency) for _ in range(4)]
    refusal = mall.database.write(mall.ref, kiosk_of(mall), is_refused)
    answers = await together(app, mall.ref, *takes[:2], refusal, *takes[2:])
    assert [type(each) for each in answers] == [dict, dict, NotThere, dict, dict]
    assert [each["position"] for each in answers if isinstance(each, dict)] == [1, 2, 3, 4]
    assert began
    await is_whole(mall, 4, since=since)
    assert (await mall.manager.sees(f"/agencies/{agency.id}"))["code"] == agency.code


async def duplicate(mall: Mall, journal: Journal) -> None:
    """Violate a constraint at once."""
    await journal.session.execute(text("INSERT INTO journals (mall_id) VALUES (:mall)"), {"mall": mall.ref.id})


async def two_holidays(mall: Mall, journal: Journal) -> None:
    """Violate a constraint that is looked at with the commit."""
    for name in ("One", "Other"):
        journal.session.add(
            models.Holiday(
                mall_id=mall.ref.id,
                date=DAY,
                kind=HolidayKind.NATIONAL_HOLIDAY,
                name={"id": name, "en": name},
                source="-",
                closes_mall=True,
                estimated=False,
            )
        )


async def divide(mall: Mall, journal: Journal) -> None:
    """Fail within the program."""
    journal.record(Event.DAY_ENDED, tickets=0)
    raise ZeroDivisionError(mall.slug)


@pytest.mark.parametrize("defect", [duplicate, two_holidays, divide])
async def test_a_defect_of_one_is_no_others(given: Given, app: FastAPI, defect: Any) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    since = len(await journal(mall))
    asking = [at_the_kiosk(mall, agency) for _ in range(6)]
    broken = mall.database.write(mall.ref, SYSTEM, partial(defect, mall))
    answers = await together(app, mall.ref, *asking[:4], broken, *asking[4:])
    failed = answers.pop(4)
    assert type(failed).__name__ in ("IntegrityError", "UniqueViolationError", "ZeroDivisionError")
    assert [each["ordinal"] for each in answers] == [1, 2, 3, 4, 5, 6]
    await is_whole(mall, 6, since=since)
    assert await mall.manager.all("/calendar/holidays") == []


@pytest.mark.parametrize("writes", [False, True])
async def test_only_who_shares_with_one_that_fails_after_it_has_written_is_done_again(
    given: Given, app: FastAPI, *, writes: bool
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    since = len(await journal(mall))
    ran: Counter[str] = Counter()

    async def takes(journal: Journal) -> Any:
        ran["takes"] += 1
        return await comes(mall, agency, journal)

    async def fails(journal: Journal) -> None:
        ran["fails"] += 1
        await journal.session.get_one(models.Agency, (mall.ref.id, agency.id))
        if writes:
            await comes(mall, agency, journal)
        raise NotThere(thing="ticket")

    line = [mall.database.write(mall.ref, kiosk_of(mall), each) for each in (takes, takes, fails, takes)]
    answers = await together(app, mall.ref, *line)
    assert [type(each) for each in answers] == [dict, dict, NotThere, dict]
    assert ran == {"takes": 2 + 3 if writes else 3, "fails": 2 if writes else 1}
    await is_whole(mall, 3, since=since)


async def test_who_is_refused_for_what_another_has_done_is_told_what_stands_in_the_end(
    given: Given, app: FastAPI
) -> None:
    mall = await given.mall()
    agency = await mall.agency()

    async def takes(journal: Journal) -> Any:
        return await comes(mall, agency, journal)

    async def is_refused(journal: Journal) -> None:
        ticket = (await journal.session.scalars(journal.select(models.Ticket))).one()
        raise AlreadyWaiting(ticket_id=ticket.id, number=ticket.number)

    async def fails(journal: Journal) -> None:
        await comes(mall, agency, journal)
        raise NotThere(thing="ticket")

    line = [mall.database.write(mall.ref, kiosk_of(mall), each) for each in (takes, is_refused, fails)]
    ticket, refusal, _ = await together(app, mall.ref, *line)
    assert refusal.ticket_id == ticket["id"]


async def test_whoever_goes_away_leaves_the_line_or_is_carried_through(given: Given, app: FastAPI) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    since = len(await journal(mall))
    running, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(journal: Journal) -> Any:
        running.set()
        await go_on.wait()
        return await comes(mall, agency, journal)

    async def goes_away() -> None:
        await running.wait()
        for gone in (line[0], line[2]):  # one whose act is going on, and one whose turn comes next but one
            gone.cancel()
        await asyncio.sleep(0)
        go_on.set()

    async with held(mall.database, mall.ref):
        first = mall.database.write(mall.ref, kiosk_of(mall), slowly)
        line = [asyncio.ensure_future(each) for each in (first, *(at_the_kiosk(mall, agency) for _ in range(3)))]
        left = asyncio.ensure_future(at_the_kiosk(mall, agency))
        await asyncio.sleep(0)
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        going = asyncio.create_task(goes_away())
    answers = await asyncio.gather(*line, return_exceptions=True)
    await going
    assert [isinstance(each, asyncio.CancelledError) for each in answers] == [True, False, True, False]
    assert [each["ordinal"] for each in answers if isinstance(each, dict)] == [2, 4]
    await is_whole(mall, 4, since=since)


async def test_one_key_twice_in_a_group_is_one_act(given: Given, app: FastAPI) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    since = len(await journal(mall))
    kiosk = mall.kiosk
    answers: list[httpx.Response] = await together(
        app,
        mall.ref,
        kiosk.issue(agency.service, "one"),
        kiosk.issue(agency.service, "other"),
        kiosk.issue(agency.service, "one"),
        kiosk.issue(agency.service, "one", language="en"),
        kiosk.issue(mall.location_id, "third"),
        kiosk.issue(agency.service, "third"),
    )
    said = [(*code_of(each), each.headers.get("Idempotency-Replayed")) for each in answers]
    assert said == [
        (201, "", None),
        (201, "", None),
        (201, "", "true"),
        (422, "idempotency_key_reused", None),
        (422, "unknown_reference", None),
        (201, "", None),  # the key came before, but what was refused is not stored
    ]
    assert answers[0].json() == answers[2].json()
    await is_whole(mall, 3, since=since)
    for key in ("one", "other", "third"):
        assert (await kiosk.issue(agency.service, key)).headers["Idempotency-Replayed"] == "true"


async def test_a_quota_counts_what_the_group_itself_has_taken(given: Given, app: FastAPI) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    await mall.service(agency, "PASSPORT", daily_quota=2)
    since = len(await journal(mall))
    answers = await together(app, mall.ref, *(mall.kiosk.issue(agency.service) for _ in range(4)))
    assert [code_of(each) for each in answers] == [(201, "")] * 2 + [(409, "quota_exhausted")] * 2
    await is_whole(mall, 2, since=since)


async def test_a_day_that_is_over_is_ended_before_the_group_and_by_itself(given: Given, app: FastAPI) -> None:
    mall = await given.mall(at="2027-03-01T23:50")
    agency = await mall.agency()
    await mall.kiosk.takes(agency.service)
    since = len(await journal(mall))
    asking = [mall.kiosk.issue(agency.service) for _ in range(3)]

    async def midnight() -> None:
        mall.pass_time(timedelta(minutes=11))

    answers = await together(app, mall.ref, *asking, midnight())
    assert [each.json()["number"][-3:] for each in answers[:3]] == ["001", "002", "003"]
    entries = (await journal(mall))[since:]
    assert [each["type"] for each in entries] == ["ticket.expired", "day.ended", *["ticket.issued"] * 3]
    assert await transactions(mall, since) == 2


async def test_a_crowd_larger_than_a_group_goes_on_in_groups(given: Given, app: FastAPI) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    since = len(await journal(mall))
    answers = await together(app, mall.ref, *(at_the_kiosk(mall, agency) for _ in range(70)))
    assert [each["position"] for each in answers] == list(range(1, 71))
    assert await transactions(mall, since) == 3


async def test_two_malls_that_lock_accounts_crosswise_are_told_to_come_again_or_succeed(given: Given) -> None:
    malls = [await given.mall() for _ in range(2)]
    accounts = [each.manager.id for each in malls]
    both = asyncio.Barrier(2)

    async def crosswise(first: int, journal: Journal) -> None:
        await lock_row(journal.session, models.Account, accounts[first])
        await both.wait()
        await lock_row(journal.session, models.Account, accounts[1 - first])

    acts = [malls[n].database.write(malls[n].ref, SYSTEM, partial(crosswise, n)) for n in range(2)]
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    assert Counter(type(each).__name__ for each in outcomes) == {"NoneType": 1, "Busy": 1}


async def test_two_processes_take_turns(given: Given, two_servers: Servers) -> None:
    """Under the same load, neither waits more than twice as long as the other."""
    mall = await given.mall()
    agency = await mall.agency()
    kiosks = spread(mall.kiosk, two_servers)
    loop = asyncio.get_running_loop()
    until = loop.time() + 6

    async def crowd(index: int) -> list[float]:
        waited = []
        while loop.time() < until:
            began = loop.time()
            await kiosks[index].takes(agency.service)
            waited.append(loop.time() - began)
        return waited

    for index in range(2):
        await kiosks[index].takes(agency.service)
    crowds = await asyncio.gather(*(crowd(index) for index in (0, 1) * 16))
    waits = [mean(chain.from_iterable(crowds[index::2])) for index in range(2)]
    assert max(waits) < 2 * min(waits), waits
