"""Counters: one officer, one session, and nobody who is lost when it ends."""

import pytest

from app.domain.roles import Role
from tests.given import Agency, Given, Json, Mall, must_refuse, must_show


def new(mall: Mall, agency: Agency) -> Json:
    """A counter to create."""
    where = {"location_id": mall.location_id, "floor": "1"}
    return {"agency_id": agency.id, "code": "X-1", "name": {"id": "X", "en": "X"}, **where}


async def test_a_counter_opens_pauses_resumes_and_closes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, path = await mall.officer(agency), f"/counters/{agency.counter}"
    for noun, status in (
        ("opening", "open"),
        ("break", "on_break"),
        ("resumption", "open"),
        ("closing", "closed"),
        ("opening", "open"),
        ("break", "on_break"),
        ("closing", "closed"),
    ):
        done = await officer.does(f"{path}/{noun}")
        must_show(done, status=status, officer_id=None if status == "closed" else str(officer.id))
        assert (await mall.public.sees(path))["status"] == status
    kinds = [each["type"] for each in await mall.entries() if str(each["subject"]["id"]) in path]
    session = ["counter.opened", "counter.paused", "counter.resumed", "counter.closed"]
    assert kinds == ["counter.created", *session, "counter.opened", "counter.paused", "counter.closed"]


@pytest.mark.parametrize(
    ("way", "state", "illegal"),
    [
        ([], "closed", {"break": "pause", "resumption": "resume", "closing": "close"}),
        (["opening"], "open", {"opening": "open", "resumption": "resume"}),
        (["opening", "break"], "on_break", {"opening": "open", "break": "pause"}),
    ],
)
async def test_a_verb_that_leads_nowhere_from_a_counters_state_is_a_conflict_that_names_it(
    given: Given, way: list[str], state: str, illegal: dict[str, str]
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, path = await mall.officer(agency), f"/counters/{agency.counter}"
    for noun in way:
        await officer.does(f"{path}/{noun}")
    for noun, verb in illegal.items():
        refused = await officer.post(f"{path}/{noun}")
        must_refuse(refused, 409, "illegal_transition", thing="counter", state=state, verb=verb)
    assert (await mall.public.sees(path))["status"] == state


async def test_an_officer_has_one_counter_and_a_counter_one_officer(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    one, other = agency.counters
    officer, _ = await mall.open_counter(agency, one)
    colleague = await mall.officer(agency)
    refused = await officer.post(f"/counters/{other}/opening")
    must_refuse(refused, 409, "officer_busy", counter_id=one)
    must_refuse(await colleague.post(f"/counters/{one}/opening"), 409, "not_your_counter", counter_id=one)

    await officer.does(f"/counters/{one}/closing")
    await officer.does(f"/counters/{other}/opening")
    await colleague.does(f"/counters/{one}/opening")


async def test_nobody_but_its_agencys_people_works_at_a_counter(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    stranger = await mall.officer(await mall.agency("TAX"))
    for noun in ("opening", "break", "resumption", "closing", "calls"):
        path = f"/counters/{agency.counter}/{noun}"
        must_refuse(await stranger.post(path), 404, "not_found")
        must_refuse(await mall.kiosk.post(path), 403, "forbidden")
        must_refuse(await mall.public.post(path), 401, "unauthenticated")


async def test_at_an_open_counter_act_only_its_officer_and_managers(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    colleague, manager = await mall.officer(agency), await mall.agency_manager(agency)
    ticket = await mall.public.takes(agency.service)

    async def is_refused(path: str) -> None:
        must_refuse(await colleague.post(path), 409, "not_your_counter", counter_id=counter)

    for way in ("break", "resumption"):
        for noun in ("calls", "opening", "break", "resumption"):
            await is_refused(f"/counters/{counter}/{noun}")
        await officer.does(f"/counters/{counter}/{way}")
    await officer.does(f"/counters/{counter}/break")
    await manager.does(f"/counters/{counter}/resumption")
    await manager.calls(counter)
    for noun in ("recall", "start", "completion", "return", "cancellation", "no-show", "hold"):
        await is_refused(f"/tickets/{ticket['id']}/{noun}")
    await is_refused(f"/counters/{counter}/closing")


async def test_a_colleague_closes_a_counter_that_is_free(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    colleague, manager = await mall.officer(agency), await mall.agency_manager(agency)
    ticket = await mall.public.takes(agency.service)
    await manager.calls(counter)
    await manager.handles(ticket, "start", "completion")
    assert (await colleague.does(f"/counters/{counter}/closing"))["status"] == "closed"
    both = await mall.person(Role.OFFICER, agency)
    await mall.grant(both, Role.AGENCY_MANAGER, agency)
    await officer.does(f"/counters/{counter}/opening")
    await both.does(f"/counters/{counter}/closing")


async def test_only_an_open_counter_calls(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, path = await mall.officer(agency), f"/counters/{agency.counter}"
    await mall.kiosk.takes(agency.service)
    must_refuse(await officer.post(f"{path}/calls"), 409, "counter_not_open", state="closed")
    await officer.does(f"{path}/opening")
    await officer.does(f"{path}/break")
    must_refuse(await officer.post(f"{path}/calls"), 409, "counter_not_open", state="on_break")


async def test_a_counter_with_a_ticket_in_hand_neither_calls_nor_takes_a_break(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    for _ in range(2):
        await mall.kiosk.takes(agency.service)
    first = await officer.calls(counter)
    busy = await officer.post(f"/counters/{counter}/calls")
    must_refuse(busy, 409, "counter_busy", ticket_id=first["id"], number=first["number"])
    await officer.handles(first, "start")
    must_refuse(await officer.post(f"/counters/{counter}/calls"), 409, "counter_busy", ticket_id=first["id"])
    must_refuse(await officer.post(f"/counters/{counter}/break"), 409, "counter_busy", ticket_id=first["id"])
    await officer.handles(first, "hold")
    await officer.handles(await officer.calls(counter), "start", "completion")
    must_refuse(await officer.post(f"/counters/{counter}/calls"), 409, "nobody_waiting")


async def test_closing_puts_a_called_ticket_back_at_its_old_place(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    first, second = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await officer.calls(counter)
    assert (await officer.does(f"/counters/{counter}/closing"))["status"] == "closed"
    found = await officer.sees(f"/tickets/{first['id']}")
    must_show(found, status="waiting", position=1, counter_id=None)
    assert (await officer.sees(f"/tickets/{second['id']}"))["position"] == 2
    returned, closed = (await mall.entries())[-2:]
    assert returned["type"] == "ticket.returned"
    assert returned["data"]["cause"] == "officer"
    assert closed["type"] == "counter.closed"
    assert closed["data"]["ended_by"] == "officer"
    colleague, _ = await mall.open_counter(agency)
    assert (await colleague.calls(counter))["id"] == first["id"]


async def test_an_officer_does_not_close_while_somebody_is_held_or_served(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    held, served = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    closing = f"/counters/{counter}/closing"
    await officer.handles(await officer.calls(counter, held), "start", "hold")
    must_refuse(await officer.post(closing), 409, "counter_busy", ticket_id=held["id"])
    await officer.handles(await officer.calls(counter, served), "start")
    must_refuse(await officer.post(closing), 409, "counter_busy", ticket_id=served["id"])


async def test_only_a_manager_closes_by_force(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    closing, force = f"/counters/{counter}/closing", {"force": True}
    await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), "start")
    must_refuse(
        await officer.post(closing, force),
        403,
        "forbidden",
        member="force",
        required=["agency_manager", "mall_manager"],
    )
    stranger = await mall.agency_manager(await mall.agency("TAX"))
    must_refuse(await stranger.post(closing, force), 404, "not_found")
    manager = await mall.agency_manager(agency)
    must_refuse(await manager.post(closing), 409, "counter_busy")
    assert (await manager.does(closing, force))["status"] == "closed"

    await officer.does(f"/counters/{counter}/opening")
    await officer.calls(counter)
    assert (await mall.manager.does(closing, force))["status"] == "closed"


async def test_visitors_served_at_a_counter_that_is_closed_by_force_are_first_in_line(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    early, held, served = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    await officer.handles(await officer.calls(counter, held), "start", "hold")
    await officer.handles(await officer.calls(counter, served), "start")
    await mall.manager.does(f"/counters/{counter}/closing", {"force": True})
    places = {each["id"]: each["position"] for each in await mall.manager.all("/tickets", status="waiting")}
    assert {places[held["id"]], places[served["id"]]} == {1, 2}
    assert places[early["id"]] == 3
    *returned, closed = (await mall.entries())[-3:]
    assert {each["data"].get("cause") for each in returned} == {"forced"}
    assert closed["data"]["ended_by"] == "forced"


async def test_a_counter_serves_its_own_agencys_services_only(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other, foreign = await mall.agency(), await mall.agency("TAX"), await elsewhere.agency()
    for service_id in (other.service, foreign.service):
        made = await mall.manager.post("/counters", {**new(mall, agency), "service_ids": [service_id]})
        must_refuse(made, 422, "foreign_service", pointer="/service_ids")
        changed = await mall.manager.edits(f"/counters/{agency.counter}", {"service_ids": [service_id]})
        must_refuse(changed, 422, "foreign_service")
    assert "X-1" not in [each["code"] for each in await mall.public.all("/counters")]
    assert (await mall.public.sees(f"/counters/{agency.counter}"))["service_ids"] == [agency.service]


async def test_a_counter_stands_on_a_floor_that_there_is(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency = await mall.agency()
    made = await mall.manager.post("/counters", {**new(mall, agency), "floor": "3"})
    must_refuse(made, 422, "floor_unknown", pointer="/floor")
    changed = await mall.manager.edits(f"/counters/{agency.counter}", {"floor": "3"})
    must_refuse(changed, 422, "floor_unknown")
    foreign = await mall.manager.post("/counters", {**new(mall, agency), "location_id": elsewhere.location_id})
    must_refuse(foreign, 422, "unknown_reference")
    assert "X-1" not in [each["code"] for each in await mall.public.all("/counters")]
    assert (await mall.public.sees(f"/counters/{agency.counter}"))["floor"] == "1"


async def test_counters_are_found_by_how_they_stand_today(given: Given) -> None:
    mall = await given.mall()
    agency, tax, post = [await mall.agency(code) for code in ("CIVIL", "TAX", "POST")]
    officer, open_ = await mall.open_counter(agency)
    paused, resting = await mall.open_counter(tax)
    await paused.does(f"/counters/{resting}/break")

    async def found(*status: str) -> set[str]:
        return {each["id"] for each in await mall.public.all("/counters", status=list(status))}

    assert await found("open") == {open_}
    assert await found("open", "on_break") == {open_, resting}
    assert await found("closed") == {post.counter}
    assert await found("closed", "on_break") == {post.counter, resting}
    assert await found("closing") == set()
    await officer.does(f"/counters/{open_}/closing")
    assert await found("closed") == {post.counter, open_}


async def test_an_agencys_manager_changes_what_its_counter_serves_and_nothing_else(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    path, manager = f"/counters/{agency.counter}", await mall.agency_manager(agency)
    one, two = agency.services.values()
    beyond: Json = {"required": ["mall_manager"], "member": "floor", "pointer": "/floor"}
    must_refuse(await manager.edits(path, {"floor": "2"}), 403, "forbidden", **beyond)
    must_refuse(await manager.edits(path, {"floor": "2", "service_ids": [one]}), 403, "forbidden", **beyond)
    officer = await mall.officer(agency)
    must_refuse(await officer.edits(path, {"service_ids": [one]}), 403, "forbidden")
    stranger = await mall.agency_manager(await mall.agency("TAX"))
    must_refuse(await stranger.edits(path, {"service_ids": []}), 404, "not_found")
    seen = await mall.public.sees(path)
    must_show(seen, floor="1", version=1)
    assert sorted(seen["service_ids"]) == sorted([one, two])
    changed = await manager.edits(path, {"service_ids": [one]})
    must_show(changed.json(), service_ids=[one], version=2)


async def test_a_counter_calls_for_what_it_serves_now(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    path = f"/counters/{agency.counter}"
    await mall.counter(agency, [two])
    await mall.kiosk.takes(two)
    officer, counter = await mall.open_counter(agency)
    await mall.manager.edits(path, {"service_ids": [one]})
    must_refuse(await officer.post(f"{path}/calls"), 409, "nobody_waiting")
    changed = await mall.manager.edits(path, {"floor": "2", "service_ids": [two]})
    must_show(changed.json(), floor="2", service_ids=[two], version=3)
    assert (await officer.calls(counter))["service_id"] == two


async def test_the_ticket_in_hand_is_shown_to_its_own_people_only(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    for _ in range(3):
        await mall.kiosk.takes(agency.service)
    ticket = await officer.calls(counter)
    hand = {name: ticket[name] for name in ("id", "number", "status", "service_id", "call_count")}
    for one in (officer, await mall.agency_manager(agency), mall.manager, mall.auditor):
        seen = await one.sees(f"/counters/{counter}")
        must_show(seen, ticket=hand, officer_id=str(officer.id), waiting=2)
    stranger = await mall.person(Role.OFFICER, await mall.agency("TAX"))
    for one in (mall.public, mall.kiosk, mall.display, stranger):
        for seen in (await one.sees(f"/counters/{counter}"), (await one.all("/counters", agency_id=agency.id))[0]):
            must_show(seen, ticket=None, officer_id=None, status="open")
