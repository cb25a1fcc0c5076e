"""A ticket: one number for its whole life, whoever calls it and however often it comes back."""

from datetime import timedelta
from itertools import pairwise

from app.domain.tickets import TicketStatus
from tests.given import Asker, Given, Json, Mall, code_of

VERBS = {
    "recall": ("recall", {"called"}),
    "start": ("start", {"called"}),
    "hold": ("hold", {"serving"}),
    "completion": ("complete", {"serving"}),
    "no-show": ("mark_no_show", {"called"}),
    "return": ("return", {"called", "serving", "on_hold", "no_show"}),
    "cancellation": ("cancel", {"waiting", "called", "on_hold"}),
}
"""What a path calls a verb, and from where it leads somewhere."""


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
    assert code_of(await mall.kiosk.issue(one, channel="web")) == (403, "forbidden")
    assert (await mall.kiosk.takes(one))["number"] == f"{a}-004"


async def test_a_counter_calls_by_place_across_its_services_or_whom_the_officer_names(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=3)
    one, two, third = agency.services.values()
    both = await mall.counter(agency, [one, two])
    officer, _ = await mall.open_counter(agency, both)
    tickets = [await mall.kiosk.takes(each) for each in (two, third, one, two, one)]
    foreign = await mall.kiosk.takes((await mall.agency("TAX")).service)

    async def refused(ticket: Json) -> tuple[int, str]:
        return code_of(await officer.post(f"/counters/{both}/calls", {"ticket_id": ticket["id"]}))

    assert await refused(tickets[1]) == (409, "service_not_served")
    assert await refused(foreign) == (404, "not_found")
    order = [(await officer.calls(both, tickets[3]))["id"]]
    for _ in range(3):
        await officer.handles({"id": order[-1]}, "start", "completion")
        order.append((await officer.calls(both))["id"])
    assert order == [tickets[each]["id"] for each in (3, 0, 2, 4)]
    chosen = [each["data"]["chosen"] for each in await mall.entries() if each["type"] == "ticket.called"]
    assert chosen == ["by_officer", "first_in_line", "first_in_line", "first_in_line"]


async def test_a_visitor_is_called_three_times_before_being_marked_absent(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service)
    ticket = await officer.calls(counter)
    for count in (1, 2):
        assert ticket["call_count"] == count
        refused = (await officer.post(f"/tickets/{ticket['id']}/no-show")).json()
        facts = {"code": "no_show_too_early", "call_count": count, "required": 3}
        assert facts.items() <= refused.items()
        before = ticket["called_at"]
        ticket = await officer.handles(ticket, "recall")
        assert ticket["called_at"] > before
    missed = await officer.handles(ticket, "no-show")
    assert (missed["status"], missed["call_count"], missed["closed_by"]) == ("no_show", 3, None)
    assert missed["ended_at"]
    assert (await officer.sees(f"/counters/{counter}"))["ticket"] is None
    mall.pass_time(timedelta(days=1))
    refused = await officer.post(f"/tickets/{ticket['id']}/return")
    assert (code_of(refused), refused.json()["state"]) == ((409, "illegal_transition"), "no_show")


async def test_an_absent_visitor_who_reports_is_three_places_later_or_behind_all(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    a, b, c, d, e = [each["number"] for each in await queue(mall.kiosk, agency.service, 5)]

    async def missed() -> Json:
        return await officer.handles(await officer.calls(counter), "recall", "recall", "no-show")

    absent = await missed()
    back = await officer.handles(absent, "return")
    assert (back["number"], back["status"], back["position"], back["ended_at"]) == (a, "waiting", 4, None)
    assert await standing(mall) == [b, c, d, a, e]
    absent = await missed()
    f = (await mall.kiosk.takes(agency.service))["number"]
    await officer.handles(absent, "return")
    assert await standing(mall) == [c, d, a, b, e, f]
    for number in (c, d, a):
        served = await officer.handles(await officer.calls(counter), "start", "completion")
        assert served["number"] == number
    absent = await missed()
    await officer.handles(absent, "return")
    g = (await mall.kiosk.takes(agency.service))["number"]
    assert await standing(mall) == [e, f, b, g]


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
    agency = await mall.agency(services=2, counters=2)
    one, two = agency.services.values()
    here, there = agency.counters
    elsewhere = await mall.counter(agency, [two])
    officer, _ = await mall.open_counter(agency, here)
    colleague, _ = await mall.open_counter(agency, there)
    unfit, _ = await mall.open_counter(agency, elsewhere)
    stranger, foreign = await mall.open_counter(await mall.agency("TAX"))
    held, other = [await mall.kiosk.takes(one) for _ in range(2)]
    await officer.handles(await officer.calls(here), "start", "hold")

    assert (await colleague.calls(there))["id"] == other["id"]
    await colleague.handles(other, "start", "completion")
    assert code_of(await colleague.post(f"/counters/{there}/calls")) == (409, "nobody_waiting")
    body = {"ticket_id": held["id"]}
    assert code_of(await unfit.post(f"/counters/{elsewhere}/calls", body)) == (409, "service_not_served")
    assert code_of(await stranger.post(f"/counters/{foreign}/calls", body)) == (404, "not_found")
    back = await colleague.calls(there, held)
    assert (back["number"], back["status"], back["counter_id"]) == (held["number"], "called", there)
    assert (back["officer_id"], back["call_count"]) == (str(colleague.id), 2)
    await colleague.handles(back, "start", "completion")


async def test_whatever_leads_nowhere_from_a_state_is_a_conflict_that_names_it(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    colleague, other = await mall.open_counter(agency, agency.counters[1])
    ways = {
        "called": [],
        "serving": ["start"],
        "on_hold": ["start", "hold"],
        "completed": ["start", "completion"],
        "no_show": ["recall", "recall", "no-show"],
        "cancelled": ["cancellation"],
    }

    async def tried(ticket: Json, status: str) -> None:
        answers = {
            verb: await officer.post(f"/tickets/{ticket['id']}/{noun}")
            for noun, (verb, sources) in VERBS.items()
            if status not in sources
        }
        if status not in ("waiting", "on_hold"):
            answers["call"] = await colleague.post(f"/counters/{other}/calls", {"ticket_id": ticket["id"]})
        for verb, answer in answers.items():
            facts = {"status": 409, "code": "illegal_transition", "thing": "ticket", "state": status, "verb": verb}
            assert facts.items() <= answer.json().items()
        assert (await officer.sees(f"/tickets/{ticket['id']}"))["status"] == status

    waiting = await mall.kiosk.takes(agency.service)
    await tried(waiting, "waiting")
    for status, way in ways.items():
        ticket = await mall.kiosk.takes(agency.service)
        await officer.handles(await officer.calls(counter, ticket), *way)
        await tried(ticket, status)
        if status in ("called", "serving"):
            await officer.handles(ticket, "return")
            await officer.handles(ticket, "cancellation")
    mall.pass_time(timedelta(days=1))
    await colleague.does(f"/counters/{other}/opening")
    await tried(waiting, "expired")
    assert {"waiting", "expired", *ways} == set(TicketStatus)


async def test_a_visitor_is_never_called_to_two_counters_at_once(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    inspector, desk = await mall.open_counter(tax)
    first = await mall.kiosk.takes(civil.service)
    second = await mall.kiosk.takes(tax.service, visit_id=first["visit_id"])
    assert second["visit_id"] == first["visit_id"]
    other = await mall.kiosk.takes(tax.service)
    assert other["visit_id"] != first["visit_id"]

    await officer.calls(counter)
    refused = await inspector.post(f"/counters/{desk}/calls", {"ticket_id": second["id"]})
    assert (code_of(refused), refused.json()["ticket_id"]) == ((409, "visit_busy"), first["id"])
    assert (await inspector.calls(desk))["id"] == other["id"]
    await inspector.handles(other, "start", "completion")
    await officer.handles(first, "start")
    assert code_of(await inspector.post(f"/counters/{desk}/calls")) == (409, "waiting_elsewhere")
    await officer.handles(first, "hold")
    assert (await inspector.calls(desk))["id"] == second["id"]
    refused = await officer.post(f"/counters/{counter}/calls", {"ticket_id": first["id"]})
    assert (code_of(refused), refused.json()["ticket_id"]) == ((409, "visit_busy"), second["id"])
    await inspector.handles(second, "start", "completion")
    await officer.calls(counter, first)

    elsewhere = await given.mall()
    foreign = await elsewhere.kiosk.takes((await elsewhere.agency()).service)
    unknown = await mall.kiosk.issue(civil.service, visit_id=foreign["visit_id"])
    assert (code_of(unknown), unknown.json()["errors"][0]["pointer"]) == ((422, "unknown_reference"), "/visit_id")
    mall.pass_time(timedelta(days=1))
    late = await mall.kiosk.issue(civil.service, visit_id=first["visit_id"])
    assert code_of(late) == (409, "visit_over")


async def test_a_ticket_at_another_officers_counter_is_that_officers_and_the_managers(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    colleague, _ = await mall.open_counter(agency, agency.counters[1])
    manager = await mall.agency_manager(agency)
    strangers = [
        await make(await mall.agency(code)) for make, code in ((mall.officer, "A"), (mall.agency_manager, "B"))
    ]
    await mall.kiosk.takes(agency.service)
    ticket = await officer.calls(counter)
    for noun in VERBS:
        path = f"/tickets/{ticket['id']}/{noun}"
        assert code_of(await colleague.post(path)) == (409, "not_your_counter")
        for one in strangers:
            assert code_of(await one.post(path)) == (404, "not_found")
        for machine in (mall.kiosk, mall.display, mall.auditor):
            assert code_of(await machine.post(path)) == (403, "forbidden")
    await manager.handles(ticket, "start", "hold")
    await manager.handles(await manager.calls(counter, ticket), "recall", "start")
    done = await mall.manager.handles(ticket, "completion")
    assert (done["status"], done["officer_id"]) == ("completed", str(officer.id))


async def test_a_tickets_life_is_stretches_that_touch_each_with_one_outcome(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)

    async def life() -> list[tuple[str, str | None, bool]]:
        """Kind, outcome and whether it was at the counter, after seeing that the stretches touch."""
        stretches = await mall.intervals(ticket)
        for one, two in pairwise(stretches):
            assert one.ended_at == two.started_at or one.outcome == "mark_no_show"
        at_counter = {(str(each.counter_id), str(each.officer_id)) for each in stretches if each.counter_id}
        assert at_counter <= {(counter, str(officer.id))}
        return [(each.kind.value, each.outcome, each.counter_id is not None) for each in stretches]

    for verbs in ([], ["return"], ["start", "hold"], ["start", "return"], ["recall", "recall", "no-show"]):
        await officer.handles(await officer.calls(counter, ticket), *verbs)
        unfinished = [outcome for _, outcome, _ in await life() if outcome is None]
        assert len(unfinished) == (0 if "no-show" in verbs else 1)
        if not verbs:
            await officer.handles(ticket, "return")
    await officer.handles(ticket, "return")
    await officer.handles(await officer.calls(counter), "start", "completion")
    wait, call = ("waiting", "call", False), ("called", "start", True)
    assert await life() == [
        *(wait, ("called", "return", True)) * 2,
        *(wait, call, ("serving", "hold", True), ("on_hold", "call", True)),
        *(call, ("serving", "return", True)),
        *(wait, ("called", "mark_no_show", True)),
        *(wait, call, ("serving", "complete", True)),
    ]


async def test_a_service_says_how_often_it_calls_and_how_far_back_who_was_absent_returns(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "KTP", no_show_calls=1, return_places=1)
    counter = await mall.counter(agency)
    officer, _ = await mall.open_counter(agency, counter)
    late, first, second = [await mall.kiosk.takes(service) for _ in range(3)]
    await officer.calls(counter)
    await officer.handles(late, "no-show", "return")
    for expected in (first, late, second):
        called = await officer.calls(counter)
        assert called["id"] == expected["id"]
        await officer.handles(called, "start", "completion")

    changed = await mall.manager.edits(f"/services/{service}", {"no_show_calls": 2, "return_places": 4})
    assert (changed.json()["no_show_calls"], changed.json()["return_places"]) == (2, 4)
    ticket = await mall.kiosk.takes(service)
    await officer.calls(counter)
    assert code_of(await officer.post(f"/tickets/{ticket['id']}/no-show")) == (409, "no_show_too_early")
    for wrong in ({"no_show_calls": 0}, {"return_places": 0}, {"no_show_calls": 11}, {"return_places": 51}):
        refused = await mall.manager.edits(f"/services/{service}", wrong)
        assert code_of(refused) == (422, "invalid_request"), wrong
