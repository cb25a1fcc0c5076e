"""Transfers: to another service, of the same or another agency, with the same number."""

from datetime import timedelta
from typing import Any

import pytest

from tests.given import Agency, Asker, Given, Json, Mall, must_refuse, must_show, names

WAYS: dict[str, list[str]] = {"waiting": [], "called": [], "serving": ["start"], "on_hold": ["start", "hold"]}
"""What brings a ticket to a state, after its call; who waits is not called."""


async def allows(mall: Mall) -> None:
    """Let the mall's agencies transfer to each other."""
    await mall.manager.edits("", {"transfers_between_agencies": True})


async def transfers(officer: Asker, ticket: Json, service_id: str, **more: bool) -> Json:
    return await officer.does(f"/tickets/{ticket['id']}/transfer", {"service_id": service_id, **more})


@pytest.mark.parametrize("state", WAYS)
async def test_a_ticket_goes_on_to_another_service_with_its_number_and_code(given: Given, state: str) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(one)
    if state != "waiting":
        await officer.handles(await officer.calls(counter), *WAYS[state])
    before = await mall.kiosk.takes(two)
    moved = await transfers(officer, ticket, two)
    must_show(moved, id=ticket["id"], number=ticket["number"], status="waiting", service_id=two, position=2)
    must_show(moved, call_count=0, called_at=None, started_at=None, held_at=None, counter_id=None, officer_id=None)
    assert moved["arrived_at"] > before["issued_at"] > moved["issued_at"] == ticket["issued_at"]
    own = await mall.public.sees(f"/claims/{ticket['claim_code']}")
    must_show(own, position=2, status="waiting")
    assert own["service"]["id"] == two
    assert (await officer.calls(counter))["id"] == before["id"]
    await officer.handles(before, "start", "completion")
    must_show(await officer.calls(counter), id=ticket["id"], call_count=1)


async def test_each_service_has_its_own_wait_of_a_ticket_and_the_first_one_its_quota(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    await mall.manager.edits(f"/services/{two}", {"daily_quota": 0})
    ticket = await mall.kiosk.takes(one)
    await officer.handles(await officer.calls(counter), "start")
    await transfers(officer, ticket, two)
    await officer.calls(counter)
    life = [(each.kind, each.outcome, str(each.service_id)) for each in await mall.intervals(ticket)]
    first = [("waiting", "call", one), ("called", "start", one), ("serving", "transfer", one)]
    assert life == [*first, ("waiting", "call", two), ("called", None, two)]
    await mall.manager.edits(f"/services/{one}", {"daily_quota": 1})
    must_refuse(await mall.kiosk.issue(one), 409, "quota_exhausted")


async def test_the_new_services_head_start_counts_and_the_arrival_is_kept_where_the_officer_says_so(
    given: Given,
) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    officer, _ = await mall.open_counter(agency)
    await mall.manager.edits(f"/services/{two}", {"head_start_minutes": {"elderly": 30}})
    early, old = [await mall.kiosk.takes(one, priority_class=each) for each in ("none", "elderly")]
    mall.pass_time(timedelta(minutes=20))
    queue = [await mall.kiosk.takes(two)]
    mall.pass_time(timedelta(minutes=20))
    queue += [await mall.kiosk.takes(two)]
    must_show(await transfers(officer, old, two), position=2)
    must_show(await transfers(officer, early, two, keep_arrival=True), position=1, arrived_at=early["issued_at"])
    positions = [(await officer.sees(f"/tickets/{each['id']}"))["position"] for each in (early, old, *queue)]
    assert positions == [1, 2, 3, 4]


async def test_another_agency_serves_it_where_the_mall_allows_that(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    inspector, desk = await mall.open_counter(tax)
    ticket = await mall.kiosk.takes(civil.service, priority_class="disability", access_needs=["wheelchair"])
    await officer.handles(await officer.calls(counter), "start")
    path, wanted = f"/tickets/{ticket['id']}/transfer", {"service_id": tax.service}
    must_refuse(await officer.post(path, wanted), 409, "transfer_not_allowed", pointer="/service_id", agency_id=tax.id)
    await allows(mall)
    must_show(await officer.does(path, wanted), agency_id=tax.id, service_id=tax.service, officer_id=None)
    must_refuse(await officer.post(f"/counters/{counter}/calls", {"ticket_id": ticket["id"]}), 404, "not_found")
    called = await inspector.calls(desk)
    must_show(called, id=ticket["id"], number=ticket["number"], priority_class="disability")
    must_show(called, access_needs=["wheelchair"])
    await inspector.handles(called, "start", "completion")


async def test_the_first_agency_reads_where_its_visitor_is_and_no_more(given: Given) -> None:
    mall = await given.mall()
    await allows(mall)
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, stranger = await mall.officer(civil), await mall.officer(await mall.agency("BANK"))
    inspector, desk = await mall.open_counter(tax)
    ticket = await mall.kiosk.takes(civil.service, priority_class="disability", access_needs=["wheelchair"])
    await transfers(officer, ticket, tax.service)
    await inspector.calls(desk)
    seen, path = await officer.sees(f"/tickets/{ticket['id']}"), f"/tickets/{ticket['id']}"
    must_show(seen, status="called", agency_id=tax.id, counter_id=desk, officer_id=None, access_needs=[])
    must_show(seen, priority_class="unspecified")
    must_show(await inspector.sees(path), officer_id=str(inspector.id), priority_class="disability")
    must_refuse(await officer.post(f"{path}/recall"), 404, "not_found")
    must_refuse(await stranger.get(path), 404, "not_found")
    assert await officer.all("/tickets") == []
    await inspector.does(f"{path}/cancellation", {"reason": "No papers"})
    must_show(await officer.sees(path), status="cancelled", reason=None)


async def test_the_journal_says_from_where_to_where(given: Given) -> None:
    mall = await given.mall()
    await allows(mall)
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    ticket = await mall.kiosk.takes(civil.service)
    await officer.calls(counter)
    await transfers(officer, ticket, tax.service, keep_arrival=True)
    last = (await mall.entries())[-1]
    must_show(last, type="ticket.transferred", before={"status": "called", "service_id": civil.service})
    must_show(last["data"], from_agency_id=civil.id, from_service_id=civil.service, service_id=tax.service)
    must_show(last["data"], kept_arrival=True, status="waiting", call_count=0)
    assert last["agency_id"] == tax.id


async def stays(mall: Mall, ticket: Json, refusals: dict[str, tuple[str, dict[str, Any]]]) -> None:
    """Insist that these services refuse the ticket so, and that it stands where it stood."""
    before = len(await mall.entries())
    for service_id, (code, facts) in refusals.items():
        answer = await mall.manager.post(f"/tickets/{ticket['id']}/transfer", {"service_id": service_id})
        must_refuse(answer, 422 if code == "unknown_reference" else 409, code, **facts)
    assert len(await mall.entries()) == before
    now = await mall.manager.sees(f"/tickets/{ticket['id']}")
    must_show(now, service_id=ticket["service_id"], status="waiting", position=1)


async def test_it_goes_to_no_service_where_its_visitor_has_a_place(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    ticket = await mall.kiosk.takes(one)
    other = await mall.kiosk.takes(two, visit_id=ticket["visit_id"])
    there = ("already_waiting", {"ticket_id": other["id"], "number": other["number"]})
    await stays(mall, ticket, {one: ("same_service", {"service_id": one}), two: there})
    await mall.manager.does(f"/tickets/{other['id']}/cancellation")
    await transfers(mall.manager, ticket, two)


async def test_it_goes_to_no_service_that_is_closed_or_gone_or_has_no_counter(given: Given) -> None:
    mall = await given.mall()
    await allows(mall)
    agency, bare = await mall.agency(services=2), await mall.agency("BARE", counters=0)
    lapsed, shut = await mall.newcomer("LAPSED"), await mall.agency("SHUT")
    one, two = agency.services.values()
    await mall.service(lapsed, "LAPSED-1")
    await mall.manager.does(f"/services/{two}/retirement", {"waiting_tickets": "serve"})
    today = str(await mall.today())
    closed = {"kind": "closed", "agency_id": shut.id, "starts_on": today, "ends_on": today, "reason": names("Repairs")}
    await mall.manager.does("/calendar/exceptions", closed)
    refusals: dict[str, tuple[str, dict[str, Any]]] = {
        two: ("service_retired", {}),
        bare.service: ("no_counter", {}),
        lapsed.service: ("membership_not_in_force", {"agency_id": lapsed.id}),
        shut.service: ("service_closed", {}),
        agency.id: ("unknown_reference", {}),
    }
    await stays(mall, await mall.kiosk.takes(one), refusals)


async def test_who_may_transfer_is_who_handles_the_ticket(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2, counters=2)
    _, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    colleague, _ = await mall.open_counter(agency, agency.counters[1])
    ticket = await mall.kiosk.takes(agency.service)
    await officer.calls(counter)
    path, wanted = f"/tickets/{ticket['id']}/transfer", {"service_id": two}
    must_refuse(await colleague.post(path, wanted), 409, "not_your_counter", counter_id=counter)
    must_refuse(await mall.kiosk.post(path, wanted), 403, "forbidden")
    await (await mall.agency_manager(agency)).does(path, wanted)
    await transfers(colleague, ticket, agency.service)
    done = await officer.handles(await officer.calls(counter), "start", "completion")
    refused = await officer.post(path, wanted)
    must_refuse(refused, 409, "illegal_transition", state="completed", verb="transfer")
    assert done["id"] == ticket["id"]


async def partners_ticket(mall: Mall, agency: Agency) -> tuple[Asker, Json]:
    partner = await mall.partner(agency)
    return partner, await partner.takes(agency.service)


async def test_a_partners_system_still_reads_and_cancels_what_it_issued(given: Given) -> None:
    mall = await given.mall()
    await allows(mall)
    civil, tax = await mall.agency(), await mall.agency("TAX")
    partner, ticket = await partners_ticket(mall, civil)
    await transfers(mall.manager, ticket, tax.service)
    assert [each["agency_id"] for each in await partner.all("/tickets")] == [tax.id]
    must_show(await partner.does(f"/tickets/{ticket['id']}/cancellation"), status="cancelled", closed_by="visitor")


async def test_a_counter_that_closes_behind_its_last_visitor_closes_when_that_one_goes_on(given: Given) -> None:
    mall = await given.mall()
    await allows(mall)
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    ticket = await mall.kiosk.takes(civil.service)
    await officer.handles(await officer.calls(counter), "start")
    await mall.manager.does(
        f"/agreements/{civil.agreement_id}/suspension", {"waiting_tickets": "serve", "reason": "Audit"}
    )
    assert (await officer.sees(f"/counters/{counter}"))["status"] == "closing"
    await transfers(officer, ticket, tax.service)
    assert (await officer.sees(f"/counters/{counter}"))["status"] == "closed"


async def test_boards_estimates_and_counts_follow_a_ticket(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(one)
    await officer.calls(counter)

    async def waiting() -> list[int]:
        lines = {each["service_id"]: each["waiting"] for each in (await mall.public.sees("/board"))["services"]}
        return [lines[one], lines[two]]

    assert await waiting() == [0, 0]
    assert len((await mall.public.sees("/board"))["now_serving"]) == 1
    await transfers(officer, ticket, two)
    assert await waiting() == [0, 1]
    must_show(await mall.public.sees("/board"), now_serving=[], recently_called=[])
    assert (await officer.sees(f"/tickets/{ticket['id']}"))["estimate"]["people_ahead"] == 0
    shown = await officer.sees(f"/counters/{counter}/queue")
    assert [each["id"] for each in shown["waiting"]] == [ticket["id"]]


async def test_a_call_says_how_long_it_waited_at_its_service(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    _, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    mall.pass_time(timedelta(minutes=41))
    await transfers(officer, ticket, two)
    mall.pass_time(timedelta(minutes=5))
    assert (await officer.calls(counter))["call_reason"]["en"] == "waited 5 min"
