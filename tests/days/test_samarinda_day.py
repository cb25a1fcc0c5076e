"""A whole day at Samarinda's mall, on the real data, through HTTP; and the books afterwards."""

import re
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

import httpx
import pytest
from sqlalchemy import select

from app import models
from app.demo import data
from app.demo.asking import Refused
from app.demo.day import CLOSED, CLOSED_FROM, INTERRUPTED, NOON, Plan, plan
from app.demo.player import Day
from app.domain.tickets import TICKET_LIFE, TicketStatus
from app.settings import Settings
from tests.contract import Contract
from tests.databases import own_database
from tests.given import Json, Mall
from tests.given.samarinda import Samarinda, samarinda
from tests.races.books import journal

LOOKS = (8 * 60 + 45, 10 * 60, NOON, 13 * 60 + 20, 14 * 60 + 59)
"""When somebody compares the board with the tickets."""


@pytest.fixture
async def town(
    server_url: str, template: str, settings: Settings, contract: Contract, request: pytest.FixtureRequest
) -> AsyncIterator[Samarinda]:
    """The demo, loaded now or as much later as the test says."""
    later: timedelta = getattr(request, "param", timedelta())
    async with own_database(server_url, template) as url, samarinda(url, settings, contract, later) as made:
        yield made


async def test_a_whole_day_of_a_thousand_visitors_and_every_book_is_right(
    town: Samarinda, record_property: Callable[[str, object], None]
) -> None:
    began = time.perf_counter()
    mall, of = town.mall, plan(data.samarinda()["agencies"], visitors=1000)
    on = await a_wednesday(mall)
    mall.set_time(f"{on}T07:50")
    day = Day(town.mall.http, "samarinda", of)
    await day.begin("manajer.mal", town.passwords["manajer.mal"], town.kiosk_key)
    await keep_the_real_hours(day)

    # 27 agencies are in force, and their 42 counters open; those of Telkom and of the one prospect that has any do not
    assert len(await day.public.all("/members")) == 27
    assert Counter(each["status"] for each in await day.public.all("/counters")) == {"open": 42, "closed": 2}
    assert day.told.refused == {("open", "membership_not_in_force"): 2}

    for minute in range(of.opens, of.closes + 5):
        mall.set_time(f"{on}T{minute // 60:02d}:{minute % 60:02d}")
        await day.minute(minute)
        if minute in LOOKS:
            await compare_the_board(day)
        if minute == CLOSED_FROM:
            await check_the_closure(day)
        if minute == NOON:
            await check_the_suspension(day)
    told = day.told
    assert (told.done["closed for a while"], told.done["opened again"]) == (1, 1)
    assert told.done["visit"] > 20
    assert all(told.done[f"by {way}"] > 40 for way in ("kiosk", "web", "desk"))
    assert min(told.done[what] for what in ("no-show", "hold", "return", "given up", "break", "recall")) > 20
    # nothing was refused but what must be: three visitors each of Telkom, BRI, and the agency that is suspended
    assert told.refused == {("open", "membership_not_in_force"): 2, ("issue", "membership_not_in_force"): 9}
    left = Counter(each["status"] for each in await day.manager.all("/tickets"))
    assert all(left[each] for each in ("waiting", "serving", "on_hold")), left

    mall.set_time(f"{on + timedelta(days=1)}T00:01")
    with pytest.raises(Refused, match="counter_not_open"):  # an act of the next day ends this one
        await day.manager.does(f"/counters/{day.agencies['SAMSAT'].desks[0].id}/calls")
    await check_the_books(mall, day, of, left, str(on))
    seconds = time.perf_counter() - began
    record_property("says", f"a day of {len(of.visitors)} visitors at Samarinda, played and checked in {seconds:.0f} s")


async def test_idle_counters_ask_nobody_and_still_find_a_newcomer_on_the_board(town: Samarinda) -> None:
    day = Day(town.mall.http, "samarinda", plan(data.samarinda()["agencies"], visitors=0))
    await day.begin("manajer.mal", town.passwords["manajer.mal"], town.kiosk_key)
    await day.minute(8 * 60)  # every counter has asked once, and knows of nobody now
    newcomer = await town.mall.public.takes(day.agencies["SAMSAT"].services["STNK-1TH"]["id"])

    async def status() -> str:
        return str((await day.manager.sees(f"/tickets/{newcomer['id']}"))["status"])

    for minute in range(8 * 60 + 1, 8 * 60 + 10):
        await day.minute(minute)
    assert await status() == "waiting"
    await day.minute(8 * 60 + 10)
    assert await status() == "called"


@pytest.mark.parametrize("town", [timedelta(days=365 * 3)], indirect=True)
async def test_in_any_year_the_demo_has_that_years_holidays_and_its_members_are_in_force(town: Samarinda) -> None:
    public, today = town.mall.public, await town.mall.today()
    assert today.year > 2028
    days = await public.all("/calendar/holidays")
    assert {f"{today.year}-{day}" for day in ("01-01", "05-01", "08-17", "12-25")} <= {each["date"] for each in days}
    assert {each["date"][:4] for each in days} == {str(today.year)}
    assert not [each for each in days if each["kind"] == "collective_leave"], "no decree says so yet"
    assert len(await public.all("/members")) == 27
    ended = [each for each in await public.all("/mou-status") if each["membership"] == "lapsed"]
    assert [(each["code"], each["ends_on"]) for each in ended] == [("TELKOM", "2025-11-30")]


async def a_wednesday(mall: Mall) -> date:
    """The first ordinary one that is still to come: the journal's time only ever goes forward."""
    closed = {each["date"] for each in await mall.public.all("/calendar/holidays")}
    periods = [(each["starts_on"], each["ends_on"]) for each in await mall.public.all("/calendar/periods")]
    day = await mall.today() + timedelta(days=1)
    while day.isoweekday() != 3 or str(day) in closed or any(a <= str(day) <= b for a, b in periods):
        day += timedelta(days=1)
    return day


async def keep_the_real_hours(day: Day) -> None:
    """Take the demo's exception away that keeps the mall open at any hour."""
    [exception] = await day.public.all("/calendar/exceptions")
    path = f"{day.public.path}/calendar/exceptions/{exception['id']}"
    tag = (await day.http.get(path)).headers["ETag"]
    headers = {"Authorization": f"Bearer {day.manager.credential}", "If-Match": tag}
    assert (await day.http.delete(path, headers=headers)).status_code == httpx.codes.NO_CONTENT


async def compare_the_board(day: Day) -> None:
    """The board shows what the tickets say."""
    board = await day.public.sees("/board")
    tickets = await day.manager.all("/tickets")
    served = {each["visit_id"] for each in tickets if each["status"] in ("called", "serving")}
    waiting = Counter(
        each["service_id"]
        for each in tickets
        if each["status"] == "waiting" and each["visit_id"] not in served and each["after_step"] is None
    )
    assert {each["service_id"]: each["waiting"] for each in board["services"] if each["waiting"]} == waiting
    facts = ("number", "status", "counter_id", "service_id", "call_count", "called_at")
    shown = {tuple(each[fact] for fact in facts) for each in board["now_serving"]}
    assert shown == {tuple(each[fact] for fact in facts) for each in tickets if each["status"] in ("called", "serving")}
    called = sorted((each for each in tickets if each["called_at"]), key=lambda each: str(each["called_at"]))
    assert [each["number"] for each in board["recently_called"]] == [each["number"] for each in called[:-11:-1]]
    counters = {each["id"]: each["ticket"] for each in await day.manager.all("/counters") if each["ticket"]}
    assert {each["number"] for each in counters.values()} == {each["number"] for each in board["now_serving"]}


async def check_the_closure(day: Day) -> None:
    """One counter calls nobody until it is repaired; its officer stays, and the agency's others go on."""
    [closure] = await day.public.all("/closures")
    counter = await day.manager.sees(f"/counters/{closure['counter_id']}")
    assert counter["agency_id"] == day.agencies[CLOSED].id
    with pytest.raises(Refused, match=r"counter_closed|counter_busy"):
        await day.manager.does(f"/counters/{counter['id']}/calls")
    services = await day.public.all("/availability", agency_id=day.agencies[CLOSED].id, channel="kiosk")
    assert any(each["can_issue"] for each in services)


async def check_the_suspension(day: Day) -> None:
    """Nobody waits for the suspended agency any more, and its counters close: one when it is done with its ticket."""
    agency = day.agencies[INTERRUPTED]
    tickets = await day.manager.all("/tickets", agency_id=agency.id)
    by_membership = [each["status"] for each in tickets if each["closed_by"] == "membership"]
    assert by_membership
    assert set(by_membership) == {"cancelled"}
    assert not [each for each in tickets if each["status"] in ("waiting", "on_hold")]
    counters = await day.manager.all("/counters", agency_id=agency.id)
    assert {each["status"] for each in counters} <= {"closed", "closing"}
    assert all((each["status"] == "closing") is bool(each["ticket"]) for each in counters)
    lines = [each for each in (await day.public.sees("/board"))["services"] if each["agency_id"] == agency.id]
    assert {each["closed_code"] for each in lines} == {"membership_not_in_force"}


async def check_the_books(mall: Mall, day: Day, of: Plan, left: Counter[str], on: str) -> None:
    tickets = {each["id"]: each for each in await day.manager.all("/tickets", service_day=on)}

    # every number of every series, without a gap or a double, and all of them given to somebody
    assert {each["id"]: each["number"] for each in tickets.values()} == day.told.tickets
    assert len(tickets) >= len(of.visitors) - 9
    series: dict[str, list[int]] = defaultdict(list)
    for each in tickets.values():
        prefix, ordinal = re.fullmatch(r"([A-Z]+)-(\d{3,})", each["number"]).groups()  # type: ignore[union-attr]
        series[prefix].append(int(ordinal))
    assert len(series) == 27
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in series.values())

    # the day's end settled all who were left
    ended = Counter(each["status"] for each in tickets.values() if each["closed_by"] == "day_end")
    assert ended == {"completed": left["serving"], "expired": left["waiting"] + left["on_hold"] + left["called"]}
    assert {each["status"] for each in tickets.values()} == {"completed", "expired", "no_show", "cancelled"}
    assert {each["status"] for each in await day.public.all("/counters")} == {"closed"}

    await check_the_intervals(mall, tickets)
    await check_the_journal(mall, tickets, on)
    await check_the_visits(mall, day, on)


async def check_the_intervals(mall: Mall, tickets: dict[str, Json]) -> None:
    """From issue to end without a gap (but for who was absent and came back), each ended by one verb that leads on."""
    interval = models.TicketInterval
    async with mall.database.reading(mall.ref) as reading:
        rows = await reading.session.scalars(
            select(interval).where(interval.mall_id == mall.ref.id).order_by(interval.started_at, interval.id)
        )
    lives: dict[str, list[models.TicketInterval]] = defaultdict(list)
    at_counters: dict[object, list[models.TicketInterval]] = defaultdict(list)
    for row in rows:
        lives[str(row.ticket_id)].append(row)
        if row.kind in ("called", "serving"):
            at_counters[row.counter_id].append(row)
    assert lives.keys() == tickets.keys()
    for ticket_id, life in lives.items():
        ticket = tickets[ticket_id]
        assert life[0].kind == "waiting"
        assert life[0].started_at == datetime.fromisoformat(ticket["issued_at"])
        assert life[-1].ended_at == datetime.fromisoformat(ticket["ended_at"])
        assert after(life[-1]) == ticket["status"]
        for one, next_ in pairwise(life):
            if one.outcome == "mark_no_show":
                assert next_.kind == "waiting"
                assert one.ended_at
                assert next_.started_at > one.ended_at
            else:
                assert next_.kind == after(one)
                assert next_.started_at == one.ended_at
    for stretches in at_counters.values():
        assert all(one.ended_at and one.ended_at <= next_.started_at for one, next_ in pairwise(stretches))


def after(interval: models.TicketInterval) -> str:
    """The state that an interval's outcome led to."""
    assert interval.outcome
    return TICKET_LIFE.after(TicketStatus(interval.kind), interval.outcome)


async def check_the_journal(mall: Mall, tickets: dict[str, Json], on: str) -> None:
    """The chain is whole, and telling it again leads to the tickets as they stand."""
    entries = [each for each in await journal(mall) if each["service_day"] == on]
    assert [each["type"] for each in entries].count("ticket.issued") == len(tickets)
    assert entries[-1]["type"] == "day.ended"
    assert entries[-1]["data"]["tickets"] == sum(each["closed_by"] == "day_end" for each in tickets.values())
    told: dict[str, str] = {}
    for each in entries:
        if each["type"].startswith("ticket."):
            ticket_id = each["subject"]["id"]
            assert (each["before"] or {}).get("status") == told.get(ticket_id), each
            told[ticket_id] = each["data"]["status"]
    assert told == {ticket_id: ticket["status"] for ticket_id, ticket in tickets.items()}
    opened = [each["type"] for each in entries if each["type"] in ("counter.opened", "counter.closed")]
    assert Counter(opened) == {"counter.opened": 42, "counter.closed": 42}


async def check_the_visits(mall: Mall, day: Day, on: str) -> None:
    """Both numbers of each came at once, of two agencies, and no second step was called before the first was over."""
    called: dict[str, int] = {}
    over: dict[str, int] = {}
    entries = [each for each in await journal(mall) if each["service_day"] == on]
    for each in entries:
        if each["type"] == "ticket.called":
            called.setdefault(each["subject"]["id"], each["sequence"])
        elif each["type"].startswith("ticket.") and each["data"]["status"] in ("completed", "no_show", "cancelled"):
            over.setdefault(each["subject"]["id"], each["sequence"])
    visits = [each["data"] for each in entries if each["type"] == "visit.planned"]
    assert len(visits) == day.told.done["visit"]
    seconds = [each["ticket_ids"] for each in visits if each["in_order"] and each["ticket_ids"][1] in called]
    assert len(seconds) > 5
    assert all(over[first] < called[second] for first, second in seconds)
