"""The end of a service day: nobody is forgotten, and yesterday never blocks today."""

from datetime import timedelta

import pytest

from app.actions import day_end
from app.domain.calendar import last_instant
from app.domain.callers import SYSTEM
from app.workers.day_end import end_overdue
from tests.given import Given, code_of, held
from tests.races.books import journal

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


@pytest.mark.parametrize("zone", ZONES)
async def test_midnight_of_the_mall_ends_the_day_for_readers_at_once_and_for_the_books_with_the_next_act(
    given: Given, zone: str
) -> None:
    mall = await given.mall(at="2027-03-01T23:50", time_zone=zone)
    agency = await mall.agency(counters=3)
    officers = [await mall.open_counter(agency, each) for each in agency.counters]
    tickets = [await mall.kiosk.takes(agency.service) for _ in range(4)]
    (serving, first), (holding, second), (calling, third) = officers
    await serving.handles(await serving.calls(first), "start")
    await holding.handles(await holding.calls(second), "start", "hold")
    await calling.calls(third)
    yesterday = await mall.today()
    written = len(await mall.entries())

    async with held(mall.database, mall.ref):  # nobody ends the day while we look
        mall.pass_time(timedelta(minutes=11))
        assert await mall.today() == yesterday + timedelta(days=1)
        board = await mall.public.sees("/board")
        assert (board["now_serving"], [each["waiting"] for each in board["services"]]) == ([], [0])
        listed = await mall.manager.all("/tickets", service_day=str(yesterday))
        assert [each["status"] for each in listed] == ["expired"] * 4
        assert await mall.manager.all("/tickets", service_day=str(yesterday), status="waiting") == []
        own = await mall.public.sees(f"/claims/{tickets[2]['claim_code']}")
        assert (own["status"], own["counter"]) == ("expired", None)
        assert [each["status"] for each in await mall.manager.all("/counters")] == ["closed"] * 3
        assert len(await mall.entries()) == written

    # an act ends yesterday even when it is refused itself
    assert code_of(await calling.post(f"/counters/{third}/calls")) == (409, "counter_not_open")
    assert (await mall.entries())[-1]["type"] == "day.ended"
    again = await mall.kiosk.takes(agency.service)
    assert (again["number"], again["position"]) == (tickets[0]["number"], 1)
    assert again["service_day"] == str(await mall.today())
    await serving.does(f"/counters/{second}/opening")  # neither the officer nor the counter is bound by yesterday
    assert (await serving.calls(second))["id"] == again["id"]

    entries = (await journal(mall))[written:]
    ended = [each for each in entries if each["service_day"] == str(yesterday)]
    assert ended[-1]["type"] == "day.ended"
    assert [each["type"] for each in entries[len(ended) :]] == ["ticket.issued", "counter.opened", "ticket.called"]
    assert len({each["at"] for each in ended}) == 1
    assert all(each["by"]["kind"] == "system" for each in ended)
    listed = await mall.manager.all("/tickets", service_day=str(yesterday))
    assert [each["status"] for each in listed] == ["completed", "expired", "expired", "expired"]
    assert {each["closed_by"] for each in listed} == {"day_end"}
    for each in tickets:
        last = (await mall.intervals(each))[-1]
        assert last.ended_at == last_instant(yesterday, mall.ref.zone)
        assert last.outcome == ("complete" if each is tickets[0] else "expire")
    assert code_of(await calling.post(f"/tickets/{tickets[2]['id']}/recall")) == (409, "illegal_transition")


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
