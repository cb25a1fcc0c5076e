"""Whatever stops, nobody is left waiting whom no counter may call: they are served today, or told why not."""

from collections.abc import Awaitable, Callable

import pytest

from app.actions import day_end
from app.domain.callers import SYSTEM
from app.domain.roles import Role
from tests.given import Agency, Asker, Given, Json, Mall, code_of, counted

MORNING = "2027-03-01T09:00"


async def stops(mall: Mall, agency: Agency, how: str, waiting: str) -> Json:
    """One of the ways in which everything that an agency does here stops today. Returns what is left to handle."""
    match how:
        case "suspended" | "terminated":
            noun = {"suspended": "suspension", "terminated": "termination"}[how]
            answer = await mall.interrupt(agency.agreement_id, noun, waiting)
        case "agency_retired":
            answer = await retires(mall, f"agencies/{agency.id}", waiting)
        case "service_retired":
            answer = await retires(mall, f"services/{agency.service}", waiting)
        case "counter_retired":
            answer = await retires(mall, f"counters/{agency.counter}", waiting)
    aftermath: Json = answer["aftermath"]
    return aftermath


async def retires(mall: Mall, what: str, waiting: str) -> Json:
    return await mall.manager.does(f"/{what}/retirement", {"waiting_tickets": waiting})


async def state(mall: Mall, counter: str) -> str:
    return str((await mall.public.sees(f"/counters/{counter}"))["status"])


async def own(mall: Mall, ticket: Json) -> tuple[str, str | None]:
    seen = await mall.public.sees(f"/claims/{ticket['claim_code']}")
    return seen["status"], seen["reason"]


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
    assert (left["waiting"], left["unattended"], left["in_hand"], left["ended"]) == (2, 2, 0, 0)
    assert (left["closing_counter_ids"], left["serve_until"]) == ([], mall.instant("2027-03-02T00:00"))
    refused = await mall.public.issue(agency.service)
    expected = "service_retired" if how == "agency_retired" else CLOSED_DOORS.get(how, "membership_not_in_force")
    assert code_of(refused) == (409, expected)

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
    assert (left["ended"], left["waiting"], left["unattended"], left["serve_until"]) == (2, 0, 0, None)
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
    assert (left["waiting"], left["unattended"], left["closing_counter_ids"]) == (2, 0, [counter])
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
    assert (left["ended"], left["in_hand"], left["closing_counter_ids"]) == (1, 1, [counter])
    assert left["serve_until"], "the visitor at the counter is served to the end"
    assert await own(mall, other) == ("cancelled", how)

    await leaves(mall, officer, counter, ticket)
    assert await own(mall, ticket) == ("cancelled", how)
    assert await state(mall, counter) == "closed", "nothing is left to serve"
    assert (await mall.intervals(ticket))[-1].outcome == "cancel"
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
    assert (code_of(refused), refused.json()["reason"]) == ((409, "queue_stopped"), "suspended")
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
    assert (ahead["in_force"], ahead["aftermath"]) == (True, None)
    assert (await state(mall, counter), await own(mall, ticket)) == ("open", ("waiting", None))
    await mall.public.takes(agency.service)

    mall.set_time("2027-03-02T09:00")
    assert code_of(await mall.public.issue(agency.service)) == (409, "membership_not_in_force")
    assert code_of(await officer.post(f"/counters/{counter}/opening")) == (409, "membership_not_in_force")
    assert (await own(mall, ticket))[0] == "expired"


async def test_what_is_said_for_a_later_day_does_not_touch_visitors_who_are_served_today(given: Given) -> None:
    mall = await given.mall(at=MORNING)
    agency = await mall.agency()
    ticket = await mall.public.takes(agency.service)
    await stops(mall, agency, "suspended", "serve")
    ended = await mall.interrupt(agency.agreement_id, "termination", "cancel", from_on="2027-04-01")
    assert ended["aftermath"] is None
    assert await own(mall, ticket) == ("waiting", None)


async def test_a_retired_counter_opens_only_today_and_only_where_no_other_counter_may_call(given: Given) -> None:
    mall = await given.mall(at=MORNING)
    agency = await mall.agency(counters=2)
    retired, staying = agency.counters
    await mall.public.takes(agency.service)
    left = (await retires(mall, f"counters/{retired}", "serve"))["aftermath"]
    assert (left["waiting"], left["serve_until"]) == (0, None), "others serve them"
    officer = await mall.officer(agency)
    assert code_of(await officer.post(f"/counters/{retired}/opening")) == (409, "counter_retired")

    left = (await retires(mall, f"counters/{staying}", "serve"))["aftermath"]
    assert (left["waiting"], left["unattended"]) == (1, 1)
    await officer.does(f"/counters/{retired}/opening")
    assert await state(mall, retired) == "closing"
    mall.set_time("2027-03-02T09:00")
    for each in (retired, staying):
        assert code_of(await officer.post(f"/counters/{each}/opening")) == (409, "counter_retired")


async def test_where_the_last_counter_goes_at_once_visitors_who_were_to_be_served_are_told(given: Given) -> None:
    """Suspended with `serve` in the morning; at noon the only counter is taken away."""
    mall = await given.mall()
    agency = await mall.agency(services=2)
    tickets = [await mall.public.takes(each) for each in agency.services.values()]
    await stops(mall, agency, "suspended", "serve")
    left = await stops(mall, agency, "counter_retired", "cancel")
    assert left["ended"] == 2
    assert [await own(mall, each) for each in tickets] == [("cancelled", "counter_retired")] * 2


async def test_a_service_that_waits_for_its_first_counter_gives_tickets(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=0)
    ticket = await mall.public.takes(agency.service)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    assert (await officer.calls(counter))["id"] == ticket["id"]


async def test_a_service_whose_counters_are_all_gone_gives_no_tickets_and_says_so(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await stops(mall, agency, "counter_retired", "cancel")
    assert code_of(await mall.public.issue(agency.service)) == (409, "no_counter")
    [offer] = await mall.public.sees("/availability", channel="web")
    assert (offer["can_issue"], offer["code"]) == (False, "no_counter")
    [line] = (await mall.public.sees("/board"))["services"]
    assert line["closed_code"] == "no_counter"
    await mall.counter(agency)
    await mall.public.takes(agency.service)


async def test_a_counter_keeps_the_service_that_visitors_wait_for_until_another_has_it(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    ticket = await mall.public.takes(two)
    path = f"/counters/{agency.counter}"
    version = (await mall.public.sees(path))["version"]
    refused = await mall.manager.edits(path, {"service_ids": [one]})
    assert (code_of(refused), refused.json()["service_id"]) == ((409, "last_counter"), two)
    seen = await mall.public.sees(path)
    assert (sorted(seen["service_ids"]), seen["version"]) == (sorted([one, two]), version)
    other = await mall.counter(agency, [two])
    assert (await mall.manager.edits(path, {"service_ids": [one]})).is_success
    officer, _ = await mall.open_counter(agency, other)
    assert (await officer.calls(other))["id"] == ticket["id"]


async def test_a_closing_counter_whose_queue_is_given_to_another_closes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    await mall.open_counter(agency)
    await mall.public.takes(two)
    await stops(mall, agency, "suspended", "serve")
    assert await state(mall, agency.counter) == "closing"
    await mall.counter(agency, [two])
    await mall.manager.edits(f"/counters/{agency.counter}", {"service_ids": [one]})
    assert await state(mall, agency.counter) == "closed"


async def test_a_closing_counter_closes_when_the_queue_that_kept_it_is_cancelled(given: Given) -> None:
    """Suspended with `serve`; then the one service that somebody waits for is retired with `cancel`."""
    mall = await given.mall()
    agency = await mall.agency(services=2)
    await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    await stops(mall, agency, "suspended", "serve")
    assert await state(mall, agency.counter) == "closing"
    left = await stops(mall, agency, "service_retired", "cancel")
    assert (left["ended"], left["closing_counter_ids"]) == (1, [])
    assert (await state(mall, agency.counter), (await own(mall, ticket))[0]) == ("closed", "cancelled")


@pytest.mark.parametrize("hand_over", ["return", "hold"])
async def test_a_counter_closes_by_itself_whichever_way_its_last_visitor_goes(given: Given, hand_over: str) -> None:
    """A second counter calls who came back or was on hold at the first; both close behind the last visitor."""
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    one, two = agency.counters
    officer, _ = await mall.open_counter(agency, one)
    colleague, _ = await mall.open_counter(agency, two)
    first, second = [await mall.public.takes(agency.service) for _ in range(2)]
    await officer.calls(one)
    await colleague.calls(two)
    await stops(mall, agency, "terminated", "serve")
    await officer.handles(first, "start", hand_over)
    await colleague.handles(second, "start", "completion")
    assert [await state(mall, each) for each in (one, two)] == [
        "closing",
        "closing" if hand_over == "return" else "closed",
    ]
    if hand_over == "hold":
        await officer.handles(await officer.calls(one, first), "start", "completion")
    else:
        await colleague.calls(two)
        assert [await state(mall, each) for each in (one, two)] == ["closed", "closing"]
        await colleague.handles(first, "start", "completion")
    assert [await state(mall, each) for each in (one, two)] == ["closed", "closed"]


async def test_at_an_open_counter_act_its_officer_and_managers_and_a_colleague_may_close_it_when_it_is_free(
    given: Given,
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    colleague, manager = await mall.officer(agency), await mall.agency_manager(agency)
    ticket = await mall.public.takes(agency.service)

    async def is_refused(path: str) -> None:
        refused = await colleague.post(path)
        assert (code_of(refused), refused.json()["counter_id"]) == ((409, "not_your_counter"), counter), path

    await is_refused(f"/counters/{counter}/calls")
    await is_refused(f"/counters/{counter}/break")
    await officer.does(f"/counters/{counter}/break")
    await is_refused(f"/counters/{counter}/resumption")
    await manager.does(f"/counters/{counter}/resumption")
    await manager.calls(counter)
    for noun in ("recall", "start", "completion", "return", "cancellation", "no-show", "hold"):
        await is_refused(f"/tickets/{ticket['id']}/{noun}")
    await is_refused(f"/counters/{counter}/closing")
    await manager.handles(ticket, "start", "completion")
    assert (await colleague.does(f"/counters/{counter}/closing"))["status"] == "closed"
    both = await mall.person(Role.OFFICER, agency)
    await mall.grant(both, Role.AGENCY_MANAGER, agency)
    await officer.does(f"/counters/{counter}/opening")
    await both.does(f"/counters/{counter}/closing")


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
        async with counted(mall.database) as statements:
            if end == "day":
                ended = await mall.database.write(mall.ref, SYSTEM, lambda held: day_end.end(held, held.today))
                assert ended == size
            else:
                await mall.interrupt(agency.agreement_id, "suspension", "cancel")
        seen.append(len(statements))
    assert seen[0] == seen[1]
