"""A ticket: one number for its whole life, whoever calls it and however often it comes back."""

from datetime import timedelta
from itertools import pairwise

import pytest

from app.domain.tickets import TicketStatus
from tests.given import Agency, Asker, Given, Json, Mall, code_of, must_refuse, must_show

VERBS = {
    "recall": ("recall", {"called"}),
    "start": ("start", {"called"}),
    "hold": ("hold", {"serving"}),
    "completion": ("complete", {"serving"}),
    "no-show": ("mark_no_show", {"called"}),
    "return": ("return", {"called", "serving", "on_hold", "no_show"}),
    "cancellation": ("cancel", {"waiting", "called", "serving", "on_hold"}),
    "reopening": ("reopen", {"completed", "cancelled", "no_show"}),
}
"""What a path calls a verb, and from where it leads somewhere."""
WAYS = {
    "called": [],
    "serving": ["start"],
    "on_hold": ["start", "hold"],
    "completed": ["start", "completion"],
    "no_show": ["recall", "recall", "no-show"],
    "cancelled": ["cancellation"],
}
"""What brings a called ticket there."""


async def queue(asker: Asker, service_id: str, count: int) -> list[Json]:
    return [await asker.takes(service_id) for _ in range(count)]


async def standing(mall: Mall) -> list[str]:
    """The numbers that wait, in order of their positions."""
    waiting = await mall.manager.all("/tickets", status="waiting")
    return [each["number"] for each in sorted(waiting, key=lambda each: int(each["position"]))]


async def test_services_of_one_series_share_its_numbers_and_another_series_has_its_own(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(services=2), await mall.agency("TAX")
    one, two = civil.services.values()
    issued = [await mall.kiosk.takes(each) for each in (one, two, tax.service, one)]
    prefixes = {each["id"]: each["prefix"] for each in await mall.manager.all("/number-series")}
    a, b = prefixes[civil.series_id], prefixes[tax.series_id]
    assert [each["number"] for each in issued] == [f"{a}-001", f"{a}-002", f"{b}-001", f"{a}-003"]
    assert [each["position"] for each in issued] == [1, 2, 1, 3]
    must_refuse(await mall.kiosk.issue(one, channel="web"), 422, "channel_not_yours")
    assert (await mall.kiosk.takes(one))["number"] == f"{a}-004"


async def test_a_counter_calls_by_place_across_its_services_or_whom_the_officer_names(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    tickets = [await mall.kiosk.takes(each) for each in (two, one, two, one)]
    order = [(await officer.calls(counter, tickets[2]))["id"]]
    for _ in range(3):
        await officer.handles({"id": order[-1]}, "start", "completion")
        order.append((await officer.calls(counter))["id"])
    assert order == [tickets[each]["id"] for each in (2, 0, 1, 3)]
    chosen = [each["data"]["chosen"] for each in await mall.entries() if each["type"] == "ticket.called"]
    assert chosen == ["by_officer", "first_in_line", "first_in_line", "first_in_line"]


async def test_a_counter_calls_only_for_services_that_it_serves(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2, counters=0)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency, await mall.counter(agency, [one]))
    await mall.counter(agency, [two])
    other = await mall.kiosk.takes(two)
    foreign = await mall.kiosk.takes((await mall.agency("TAX")).service)
    path = f"/counters/{counter}/calls"
    must_refuse(await officer.post(path, {"ticket_id": other["id"]}), 409, "service_not_served")
    must_refuse(await officer.post(path, {"ticket_id": foreign["id"]}), 404, "not_found")
    must_refuse(await officer.post(path), 409, "nobody_waiting")


async def test_a_visitor_is_called_three_times_before_being_marked_absent(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service)
    ticket = await officer.calls(counter)
    for count in (1, 2):
        assert ticket["call_count"] == count
        early = await officer.post(f"/tickets/{ticket['id']}/no-show")
        must_refuse(early, 409, "no_show_too_early", call_count=count, required=3)
        before = ticket["called_at"]
        ticket = await officer.handles(ticket, "recall")
        assert ticket["called_at"] > before
    missed = await officer.handles(ticket, "no-show")
    must_show(missed, status="no_show", call_count=3, closed_by=None)
    assert missed["ended_at"]
    assert (await officer.sees(f"/counters/{counter}"))["ticket"] is None


async def test_an_absent_visitor_does_not_come_back_on_another_day(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service)
    ticket = await missed(officer, counter)
    mall.pass_time(timedelta(days=1))
    late = await officer.post(f"/tickets/{ticket['id']}/return")
    must_refuse(late, 409, "illegal_transition", state="no_show")


async def missed(officer: Asker, counter: str) -> Json:
    """The next visitor, called three times in vain."""
    return await officer.handles(await officer.calls(counter), "recall", "recall", "no-show")


async def test_an_absent_visitor_who_reports_is_three_places_later(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    a, b, c, d, e = [each["number"] for each in await queue(mall.kiosk, agency.service, 5)]
    back = await officer.handles(await missed(officer, counter), "return")
    must_show(back, number=a, status="waiting", position=4, ended_at=None)
    assert await standing(mall) == [b, c, d, a, e]

    absent = await missed(officer, counter)
    f = (await mall.kiosk.takes(agency.service))["number"]
    await officer.handles(absent, "return")
    assert await standing(mall) == [c, d, a, b, e, f]
    for number in (c, d, a):
        served = await officer.handles(await officer.calls(counter), "start", "completion")
        assert served["number"] == number


async def test_an_absent_visitor_is_behind_all_where_fewer_wait_and_before_all_who_come_after(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    a, b, c = [each["number"] for each in await queue(mall.kiosk, agency.service, 3)]
    await officer.handles(await missed(officer, counter), "return")
    d = (await mall.kiosk.takes(agency.service))["number"]
    assert await standing(mall) == [b, c, a, d]


async def test_a_called_ticket_goes_back_to_its_old_place_or_first_or_later(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    tickets = await queue(mall.kiosk, agency.service, 5)
    a, b, c, d, e = [each["number"] for each in tickets]

    async def back(index: int, place: str | None) -> list[str]:
        await officer.calls(counter, tickets[index])
        await officer.does(f"/tickets/{tickets[index]['id']}/return", {"place": place} if place else None)
        return await standing(mall)

    assert await back(1, "old_place") == [a, b, c, d, e]
    assert await back(3, "first") == [d, a, b, c, e]
    assert await back(0, "later") == [d, b, c, a, e]
    assert await back(3, None) == [b, c, a, d, e]
    assert await back(1, None) == [c, a, d, b, e]


async def test_who_is_put_first_is_before_all_and_who_comes_back_to_the_old_place_is_next(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    colleague, other = await mall.open_counter(agency, agency.counters[1])
    a, b, c = await queue(mall.kiosk, agency.service, 3)
    await officer.calls(counter)
    await colleague.calls(other, c)
    await colleague.does(f"/tickets/{c['id']}/return", {"place": "first"})
    await officer.does(f"/tickets/{a['id']}/return", {"place": "old_place"})
    assert await standing(mall) == [c["number"], a["number"], b["number"]]
    assert [each["position"] for each in await mall.manager.all("/tickets")] == [2, 3, 1]
    assert (await officer.calls(counter))["id"] == c["id"]


async def test_a_held_ticket_is_called_back_by_name_at_any_counter_of_its_agency(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, here = await mall.open_counter(agency)
    colleague, there = await mall.open_counter(agency, agency.counters[1])
    held = await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(here), "start", "hold")

    must_refuse(await colleague.post(f"/counters/{there}/calls"), 409, "nobody_waiting")
    back = await colleague.calls(there, held)
    must_show(back, number=held["number"], status="called", counter_id=there)
    must_show(back, officer_id=str(colleague.id), call_count=2)
    await colleague.handles(back, "start", "completion")


async def test_a_held_ticket_is_not_called_where_it_is_not_served(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    held = await mall.kiosk.takes(one)
    await officer.handles(await officer.calls(counter), "start", "hold")
    unfit, elsewhere = await mall.open_counter(agency, await mall.counter(agency, [two]))
    stranger, foreign = await mall.open_counter(await mall.agency("TAX"))
    body = {"ticket_id": held["id"]}
    must_refuse(await unfit.post(f"/counters/{elsewhere}/calls", body), 409, "service_not_served")
    must_refuse(await stranger.post(f"/counters/{foreign}/calls", body), 404, "not_found")


async def brought_to(mall: Mall, status: TicketStatus, officer: Asker, agency: Agency) -> Json:
    """A ticket of the agency in this state, called by the officer where it was called."""
    ticket = await mall.kiosk.takes(agency.service)
    if status is TicketStatus.EXPIRED:
        mall.pass_time(timedelta(days=1))
    elif status is not TicketStatus.WAITING:
        await officer.handles(await officer.calls(agency.counter), *WAYS[status])
    return ticket


@pytest.mark.parametrize("status", TicketStatus)
async def test_a_verb_that_leads_nowhere_from_a_state_is_a_conflict_that_names_it(
    given: Given, status: TicketStatus
) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, _ = await mall.open_counter(agency)
    ticket = await brought_to(mall, status, officer, agency)
    colleague, other = await mall.open_counter(agency, agency.counters[1])
    for noun, (verb, sources) in VERBS.items():
        if status not in sources:
            answer = await officer.post(f"/tickets/{ticket['id']}/{noun}")
            must_refuse(answer, 409, "illegal_transition", thing="ticket", state=status, verb=verb)
    if status not in ("waiting", "called", "serving", "on_hold"):
        answer = await colleague.post(f"/counters/{other}/calls", {"ticket_id": ticket["id"]})
        must_refuse(answer, 409, "illegal_transition", thing="ticket", state=status, verb="call")
    assert (await officer.sees(f"/tickets/{ticket['id']}"))["status"] == status


async def test_managers_handle_a_ticket_at_an_officers_counter_and_it_stays_the_officers(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    manager = await mall.agency_manager(agency)
    await mall.kiosk.takes(agency.service)
    ticket = await officer.calls(counter)
    await manager.handles(ticket, "start", "hold")
    await manager.handles(await manager.calls(counter, ticket), "recall", "start")
    done = await mall.manager.handles(ticket, "completion")
    must_show(done, status="completed", officer_id=str(officer.id))


WAIT, CALL = ("waiting", "call", False), ("called", "start", True)


@pytest.mark.parametrize(
    ("verbs", "stretches"),
    [
        ([], [WAIT, ("called", None, True)]),
        (["return"], [WAIT, ("called", "return", True), ("waiting", None, False)]),
        (["recall", "recall", "no-show"], [WAIT, ("called", "mark_no_show", True)]),
        (["recall", "recall", "no-show", "return"], [WAIT, ("called", "mark_no_show", True), ("waiting", None, False)]),
        (["start", "hold"], [WAIT, CALL, ("serving", "hold", True), ("on_hold", None, True)]),
        (["start", "return"], [WAIT, CALL, ("serving", "return", True), ("waiting", None, False)]),
        (["start", "completion"], [WAIT, CALL, ("serving", "complete", True)]),
    ],
)
async def test_a_tickets_life_is_stretches_that_touch_each_with_one_outcome(
    given: Given, verbs: list[str], stretches: list[tuple[str, str | None, bool]]
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), *verbs)
    life = await mall.intervals(ticket)
    assert [(each.kind.value, each.outcome, each.counter_id is not None) for each in life] == stretches
    for one, two in pairwise(life):
        assert one.ended_at == two.started_at or one.outcome == "mark_no_show"
    assert {str(each.counter_id) for each in life if each.counter_id} == {counter}
    assert {str(each.officer_id) for each in life if each.counter_id} == {str(officer.id)}


async def test_a_ticket_that_comes_back_goes_on_with_the_same_life(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    for verbs in (["return"], ["start", "hold"], ["start", "return"], ["start", "completion"]):
        await officer.handles(await officer.calls(counter, ticket), *verbs)
    outcomes = [each.outcome for each in await mall.intervals(ticket)]
    assert outcomes == [
        "call",
        "return",
        "call",
        "start",
        "hold",
        "call",
        "start",
        "return",
        "call",
        "start",
        "complete",
    ]


async def test_a_service_says_how_often_it_calls_and_how_far_back_the_absent_return(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    service = await mall.service(agency, "KTP", no_show_calls=1, return_places=1)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    late, first, second = await queue(mall.kiosk, service, 3)
    await officer.calls(counter)
    await officer.handles(late, "no-show", "return")
    for expected in (first, late, second):
        called = await officer.calls(counter)
        assert called["id"] == expected["id"]
        await officer.handles(called, "start", "completion")


async def test_how_often_a_service_calls_is_changed_within_bounds_and_holds_from_the_next_call(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    service = await mall.service(agency, "KTP", no_show_calls=1, return_places=1)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    changed = await mall.manager.edits(f"/services/{service}", {"no_show_calls": 2, "return_places": 4})
    must_show(changed.json(), no_show_calls=2, return_places=4)
    ticket = await mall.kiosk.takes(service)
    await officer.calls(counter)
    must_refuse(await officer.post(f"/tickets/{ticket['id']}/no-show"), 409, "no_show_too_early")
    for wrong in ({"no_show_calls": 0}, {"return_places": 0}, {"no_show_calls": 11}, {"return_places": 51}):
        refused = await mall.manager.edits(f"/services/{service}", wrong)
        assert code_of(refused) == (422, "invalid_request"), wrong
