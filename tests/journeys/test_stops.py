"""Whatever stops, nobody is left waiting whom no counter may call: they are served today, or told why not."""

from collections.abc import Awaitable, Callable

import pytest

from app.actions import day_end
from app.domain.callers import SYSTEM
from app.texts.stops import why_stopped
from tests.given import Asker, Given, Json, Mall, code_of, counted, must_refuse, must_show
from tests.journeys.stopping import own, state, stops

MORNING = "2027-03-01T09:00"


WAYS = ["suspended", "terminated", "agency_retired", "service_retired", "counter_retired"]
CLOSED_DOORS = {"service_retired": "service_retired", "counter_retired": "no_counter"}
every_way = pytest.mark.parametrize("how", WAYS)


@every_way
async def test_stopped_while_no_counter_is_open_and_counters_open_for_visitors_who_wait(given: Given, how: str) -> None:
    """At noon everybody is at lunch: nobody is at a counter, and two visitors wait."""
    mall = await given.mall(at=MORNING)
    agency = await mall.agency()
    first, last = [await mall.public.takes(agency.service) for _ in range(2)]

    left = await stops(mall, agency, how, "serve")
    must_show(left, waiting=2, unattended=2, in_hand=0, ended=0)
    must_show(left, closing_counter_ids=[], serve_until=mall.instant("2027-03-02T00:00"))
    expected = "service_retired" if how == "agency_retired" else CLOSED_DOORS.get(how, "membership_not_in_force")
    must_refuse(await mall.public.issue(agency.service), 409, expected)

    officer, counter = await mall.open_counter(agency)
    only_for_them = how != "service_retired"  # its counter may get another service at any time
    assert await state(mall, counter) == ("closing" if only_for_them else "open")
    for ticket in (first, last):
        assert (await officer.calls(counter))["id"] == ticket["id"]
        await officer.handles(ticket, "start", "completion")
    assert await state(mall, counter) == ("closed" if only_for_them else "open")
    if only_for_them:
        again = await officer.post(f"/counters/{counter}/opening")
        assert code_of(again)[0] == 409, "nobody is left to open for"


@every_way
async def test_stopped_while_no_counter_is_open_and_visitors_who_wait_are_told_why(given: Given, how: str) -> None:
    mall = await given.mall(at=MORNING)
    agency = await mall.agency()
    tickets = [await mall.public.takes(agency.service) for _ in range(2)]
    left = await stops(mall, agency, how, "cancel")
    must_show(left, ended=2, waiting=0, unattended=0, serve_until=None)
    assert [await own(mall, each) for each in tickets] == [("cancelled", how)] * 2
    closed_by = (await mall.manager.sees(f"/tickets/{tickets[0]['id']}"))["closed_by"]
    assert closed_by == ("membership" if how in ("suspended", "terminated") else "retirement")
    if how != "service_retired":
        officer = await mall.officer(agency)
        assert code_of(await officer.post(f"/counters/{agency.counter}/opening"))[0] == 409


@every_way
async def test_a_counter_that_closes_early_leaves_visitors_whom_it_opens_for_again(given: Given, how: str) -> None:
    """Its officer goes home while two wait; a colleague comes and serves them."""
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    first, last = [await mall.public.takes(agency.service) for _ in range(2)]
    left = await stops(mall, agency, how, "serve")
    must_show(left, waiting=2, unattended=0, closing_counter_ids=[counter])
    await officer.does(f"/counters/{counter}/closing")
    assert [(await own(mall, each))[0] for each in (first, last)] == ["waiting", "waiting"]

    colleague, _ = await mall.open_counter(agency)
    for ticket in (first, last):
        assert (await colleague.calls(counter))["id"] == ticket["id"]
        await colleague.handles(ticket, "start", "completion")


async def closes(mall: Mall, officer: Asker, counter: str, ticket: Json) -> None:
    await officer.does(f"/counters/{counter}/closing")


async def is_closed_by_force(mall: Mall, officer: Asker, counter: str, ticket: Json) -> None:
    await officer.handles(ticket, "start")
    await mall.manager.does(f"/counters/{counter}/closing", {"force": True})


async def puts_back(mall: Mall, officer: Asker, counter: str, ticket: Json) -> None:
    await officer.handles(ticket, "start", "return")


async def loses_the_role(mall: Mall, officer: Asker, counter: str, ticket: Json) -> None:
    staff = await mall.manager.sees(f"/staff/{officer.id}")
    await mall.manager.does(f"/staff/{officer.id}/grants/{staff['grants'][0]['id']}/revocation")


async def is_shut_out(mall: Mall, officer: Asker, counter: str, ticket: Json) -> None:
    await officer.handles(ticket, "start")
    await mall.manager.does(f"/staff/{officer.id}/disabling")


Leaving = Callable[[Mall, Asker, str, Json], Awaitable[None]]
LEAVINGS: list[Leaving] = [closes, is_closed_by_force, puts_back, loses_the_role, is_shut_out]
PAIRS = [*((how, puts_back) for how in WAYS), *(("suspended", leaves) for leaves in LEAVINGS if leaves != puts_back)]
each_pair = pytest.mark.parametrize(("how", "leaves"), PAIRS, ids=lambda each: getattr(each, "__name__", each))
"""Every way to stop with one way to leave, and every way to leave with one way to stop."""


@each_pair
async def test_a_ticket_that_comes_back_to_a_queue_that_nobody_calls_is_cancelled(
    given: Given, how: str, leaves: Leaving
) -> None:
    """One visitor was at the counter when all others were cancelled; the officer does not finish."""
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket, other = [await mall.public.takes(agency.service) for _ in range(2)]
    await officer.calls(counter)
    left = await stops(mall, agency, how, "cancel")
    must_show(left, ended=1, in_hand=1, closing_counter_ids=[counter])
    assert left["serve_until"], "the visitor at the counter is served to the end"
    assert await own(mall, other) == ("cancelled", how)

    await leaves(mall, officer, counter, ticket)
    assert await own(mall, ticket) == ("cancelled", how)
    assert await state(mall, counter) == "closed", "nothing is left to serve"
    assert (await mall.intervals(ticket))[-1].outcome == "stop"
    assert await mall.manager.all("/tickets", status="waiting") == []


@each_pair
async def test_a_ticket_that_comes_back_where_visitors_are_served_waits_and_is_called_again(
    given: Given, how: str, leaves: Leaving
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    await officer.calls(counter)
    await stops(mall, agency, how, "serve")
    await leaves(mall, officer, counter, ticket)
    assert await own(mall, ticket) == ("waiting", None)
    if await state(mall, counter) == "closed":
        officer, _ = await mall.open_counter(agency)
    assert (await officer.calls(counter))["id"] == ticket["id"]


async def test_whoever_was_absent_reports_back_to_a_queue_that_has_stopped(given: Given) -> None:
    mall = await given.mall()
    told, served = await mall.agency("CIVIL"), await mall.agency("TAX")
    absent = {}
    for agency in (told, served):
        await mall.manager.edits(f"/services/{agency.service}", {"no_show_calls": 1})
        officer, counter = await mall.open_counter(agency)
        absent[agency.id] = await mall.public.takes(agency.service)
        await officer.handles(await officer.calls(counter), "no-show")
    await stops(mall, told, "suspended", "cancel")
    await stops(mall, served, "suspended", "serve")
    refused = await mall.manager.post(f"/tickets/{absent[told.id]['id']}/return")
    must_refuse(refused, 409, "queue_stopped", reason=why_stopped("suspended"))
    assert (await own(mall, absent[told.id]))[0] == "no_show"
    await mall.manager.handles(absent[served.id], "return")
    officer, counter = await mall.open_counter(served)
    assert (await officer.calls(counter))["id"] == absent[served.id]["id"]


async def test_a_stop_that_was_taken_back_the_same_day_cancels_nobody_who_comes_back(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    await officer.calls(counter)
    await stops(mall, agency, "suspended", "cancel")
    await mall.manager.does(f"/agreements/{agency.agreement_id}/reinstatement", {})
    await officer.handles(ticket, "return")
    assert await own(mall, ticket) == ("waiting", None)


async def test_of_two_stops_on_a_day_the_later_one_counts(given: Given) -> None:
    """Suspended with `cancel`, reinstated, and suspended again with `serve`, all while one visitor is at a counter."""
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    await officer.calls(counter)
    await stops(mall, agency, "suspended", "cancel")
    await mall.manager.does(f"/agreements/{agency.agreement_id}/reinstatement", {})
    await stops(mall, agency, "suspended", "serve")
    await officer.handles(ticket, "return")
    assert await own(mall, ticket) == ("waiting", None)
    assert (await officer.calls(counter))["id"] == ticket["id"]


async def test_a_day_that_is_still_to_come_stops_nothing_today(given: Given) -> None:
    """Suspended from tomorrow on, and tomorrow the counters and the kiosk know it by themselves."""
    mall = await given.mall(at=MORNING)
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    ahead = await mall.interrupt(agency.agreement_id, "suspension", "cancel", from_on="2027-03-02")
    must_show(ahead, in_force=True, aftermath=None)
    assert await state(mall, counter) == "open"
    assert await own(mall, ticket) == ("waiting", None)
    await mall.public.takes(agency.service)

    mall.set_time("2027-03-02T09:00")
    must_refuse(await mall.public.issue(agency.service), 409, "membership_not_in_force")
    must_refuse(await officer.post(f"/counters/{counter}/opening"), 409, "membership_not_in_force")
    assert (await own(mall, ticket))[0] == "expired"


async def test_what_is_said_for_a_later_day_does_not_touch_visitors_who_are_served_today(given: Given) -> None:
    mall = await given.mall(at=MORNING)
    agency = await mall.agency()
    ticket = await mall.public.takes(agency.service)
    await stops(mall, agency, "suspended", "serve")
    ended = await mall.interrupt(agency.agreement_id, "termination", "cancel", from_on="2027-04-01")
    assert ended["aftermath"] is None
    assert await own(mall, ticket) == ("waiting", None)


@pytest.mark.parametrize("end", ["suspension", "day"])
async def test_thirty_tickets_end_in_as_many_statements_as_three(given: Given, end: str) -> None:
    seen = []
    for size in (3, 30):
        mall = await given.mall()
        agency = await mall.agency(counters=2)
        officer, counter = await mall.open_counter(agency)
        for _ in range(size):
            await mall.kiosk.takes(agency.service)
        await officer.handles(await officer.calls(counter), "start")
        await mall.manager.sees("/agreements")  # on a slow machine it is looked up anew who that is
        async with counted(mall.database) as statements:
            if end == "day":
                ended = await mall.database.write(mall.ref, SYSTEM, lambda held: day_end.end(held, held.today))
                assert ended == size
            else:
                await mall.interrupt(agency.agreement_id, "suspension", "cancel")
        seen.append(len(statements))
    assert seen[0] == seen[1]
