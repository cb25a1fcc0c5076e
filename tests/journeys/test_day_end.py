"""The end of a service day: nobody is forgotten, and yesterday never blocks today."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from app.actions import day_end
from app.domain.calendar import last_instant
from app.domain.callers import SYSTEM
from app.workers.day_end import end_overdue
from tests.given import Agency, Asker, Given, Json, Mall, held, must_refuse, must_show
from tests.races.books import journal

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


@dataclass
class Evening:
    """Ten minutes before midnight: one ticket is served, one on hold, one called, one waits."""

    mall: Mall
    agency: Agency
    officers: list[tuple[Asker, str]]
    tickets: list[Json]
    day: str


async def evening(given: Given, zone: str = ZONES[0]) -> Evening:
    mall = await given.mall(at="2027-03-01T23:50", time_zone=zone)
    agency = await mall.agency(counters=3)
    officers = [await mall.open_counter(agency, each) for each in agency.counters]
    tickets = [await mall.kiosk.takes(agency.service) for _ in range(4)]
    for (officer, counter), verbs in zip(officers, (["start"], ["start", "hold"], []), strict=True):
        await officer.handles(await officer.calls(counter), *verbs)
    return Evening(mall, agency, officers, tickets, str(await mall.today()))


@pytest.mark.parametrize("zone", ZONES)
async def test_midnight_of_the_mall_ends_the_day_for_readers_at_once(given: Given, zone: str) -> None:
    it = await evening(given, zone)
    mall, written = it.mall, len(await it.mall.entries())
    async with held(mall.database, mall.ref):  # nobody ends the day while we look
        mall.pass_time(timedelta(minutes=11))
        assert str(await mall.today()) == str(date.fromisoformat(it.day) + timedelta(days=1))
        board = await mall.public.sees("/board")
        assert board["now_serving"] == []
        assert [each["waiting"] for each in board["services"]] == [0]
        listed = await mall.manager.all("/tickets", service_day=it.day)
        assert [each["status"] for each in listed] == ["expired"] * 4
        assert await mall.manager.all("/tickets", service_day=it.day, status="waiting") == []
        own = await mall.public.sees(f"/claims/{it.tickets[2]['claim_code']}")
        must_show(own, status="expired", counter=None)
        assert [each["status"] for each in await mall.manager.all("/counters")] == ["closed"] * 3
        assert len(await mall.entries()) == written


@pytest.mark.parametrize("zone", ZONES)
async def test_the_next_act_ends_the_day_in_the_books_even_when_it_is_refused_itself(given: Given, zone: str) -> None:
    it = await evening(given, zone)
    mall, written = it.mall, len(await it.mall.entries())
    mall.pass_time(timedelta(minutes=11))
    calling, counter = it.officers[2]
    must_refuse(await calling.post(f"/counters/{counter}/calls"), 409, "counter_not_open")
    ended = (await journal(mall))[written:]
    assert ended[-1]["type"] == "day.ended"
    assert {each["service_day"] for each in ended} == {it.day}
    assert len({each["at"] for each in ended}) == 1
    assert all(each["by"]["kind"] == "system" for each in ended)


@pytest.mark.parametrize("zone", ZONES)
async def test_the_days_end_settles_every_ticket_at_its_last_instant(given: Given, zone: str) -> None:
    it = await evening(given, zone)
    mall = it.mall
    mall.pass_time(timedelta(minutes=11))
    await mall.kiosk.takes(it.agency.service)
    listed = await mall.manager.all("/tickets", service_day=it.day)
    assert [each["status"] for each in listed] == ["completed", "expired", "expired", "expired"]
    assert {each["closed_by"] for each in listed} == {"day_end"}
    for each, outcome in zip(it.tickets, ("complete", "expire", "expire", "expire"), strict=True):
        last = (await mall.intervals(each))[-1]
        assert last.ended_at == last_instant(date.fromisoformat(it.day), mall.ref.zone)
        assert last.outcome == outcome
    calling, _ = it.officers[2]
    must_refuse(await calling.post(f"/tickets/{it.tickets[2]['id']}/recall"), 409, "illegal_transition")


@pytest.mark.parametrize("zone", ZONES)
async def test_a_new_day_begins_with_the_first_number_and_is_not_bound_by_yesterday(given: Given, zone: str) -> None:
    it = await evening(given, zone)
    mall, written = it.mall, len(await it.mall.entries())
    mall.pass_time(timedelta(minutes=11))
    again = await mall.kiosk.takes(it.agency.service)
    must_show(again, number=it.tickets[0]["number"], position=1, service_day=str(await mall.today()))
    (officer, _), (_, other), _ = it.officers
    await officer.does(f"/counters/{other}/opening")  # yesterday it was another's, and the officer at another one
    assert (await officer.calls(other))["id"] == again["id"]
    today = [each for each in (await journal(mall))[written:] if each["service_day"] != it.day]
    assert [each["type"] for each in today] == ["ticket.issued", "counter.opened", "ticket.called"]


async def test_a_day_that_nobody_touches_ends_by_itself(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T16:00")
    agency = await mall.agency()
    await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service)
    await end_overdue(mall.database)
    assert [each["type"] for each in await mall.entries()].count("day.ended") == 0
    mall.pass_time(timedelta(days=3))
    await end_overdue(mall.database)
    ended = [each for each in await journal(mall) if each["type"] == "day.ended"]
    assert [(each["service_day"], each["data"]["tickets"]) for each in ended] == [("2027-03-01", 1)]
    await end_overdue(mall.database)
    assert len([each for each in await journal(mall) if each["type"] == "day.ended"]) == 1


async def test_a_day_ended_by_hand_is_no_closure_and_numbering_goes_on(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    first, second = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await officer.handles(await officer.calls(counter), "start")
    ended = await mall.database.write(mall.ref, SYSTEM, lambda today: day_end.end(today, today.today))
    assert ended == 2
    statuses = {each["id"]: each["status"] for each in await mall.manager.all("/tickets")}
    assert statuses == {first["id"]: "completed", second["id"]: "expired"}
    third = await mall.kiosk.takes(agency.service)
    assert third["number"].endswith("-003")
    await officer.does(f"/counters/{counter}/opening")
    assert (await officer.calls(counter))["id"] == third["id"]
    mall.pass_time(timedelta(days=1))
    assert (await mall.kiosk.takes(agency.service))["number"].endswith("-001")
    assert [each["type"] for each in await journal(mall)].count("day.ended") == 2
