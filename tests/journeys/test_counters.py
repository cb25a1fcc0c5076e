"""Counters: one officer, one session, and nobody who is lost when it ends."""

from app.domain.roles import Role
from tests.given import Given, code_of


async def test_a_counter_opens_pauses_resumes_and_closes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer = await mall.officer(agency)
    path = f"/counters/{agency.counter}"
    illegal = {
        "closed": {"break": "pause", "resumption": "resume", "closing": "close"},
        "open": {"opening": "open", "resumption": "resume"},
        "on_break": {"opening": "open", "break": "pause"},
    }

    async def is_now(status: str) -> None:
        assert (await mall.public.sees(path))["status"] == status
        for noun, verb in illegal[status].items():
            refused = (await officer.post(f"{path}/{noun}")).json()
            facts = {"code": "illegal_transition", "status": 409, "thing": "counter", "state": status, "verb": verb}
            assert facts.items() <= refused.items()

    await is_now("closed")
    assert (await officer.does(f"{path}/opening"))["officer_id"] == str(officer.id)
    await is_now("open")
    await officer.does(f"{path}/break")
    await is_now("on_break")
    await officer.does(f"{path}/resumption")
    await is_now("open")
    assert (await officer.does(f"{path}/closing"))["officer_id"] is None
    await is_now("closed")
    await officer.does(f"{path}/opening")
    await officer.does(f"{path}/break")
    await officer.does(f"{path}/closing")
    kinds = [each["type"] for each in await mall.entries() if str(each["subject"]["id"]) in path]
    session = ["counter.opened", "counter.paused", "counter.resumed", "counter.closed"]
    assert kinds == ["counter.created", *session, "counter.opened", "counter.paused", "counter.closed"]


async def test_an_officer_has_one_counter_and_a_counter_one_officer(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    one, other = agency.counters
    officer, _ = await mall.open_counter(agency, one)
    colleague = await mall.officer(agency)
    refused = await officer.post(f"/counters/{other}/opening")
    assert (code_of(refused), refused.json()["counter_id"]) == ((409, "officer_busy"), one)
    assert code_of(await colleague.post(f"/counters/{one}/opening")) == (409, "illegal_transition")

    stranger = await mall.officer(await mall.agency("TAX"))
    for noun in ("opening", "break", "resumption", "closing", "calls"):
        assert code_of(await stranger.post(f"/counters/{other}/{noun}")) == (404, "not_found")
        assert code_of(await mall.kiosk.post(f"/counters/{other}/{noun}")) == (403, "forbidden")
        assert code_of(await mall.public.post(f"/counters/{other}/{noun}")) == (401, "unauthenticated")

    await officer.does(f"/counters/{one}/closing")
    await officer.does(f"/counters/{other}/opening")
    await colleague.does(f"/counters/{one}/opening")


async def test_only_an_open_and_free_counter_calls(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    counter = agency.counter
    officer = await mall.officer(agency)
    for _ in range(2):
        await mall.kiosk.takes(agency.service)

    async def refusal() -> tuple[tuple[int, str], str | None]:
        answer = await officer.post(f"/counters/{counter}/calls")
        assert answer.json()["status"] == answer.status_code
        return code_of(answer), answer.json().get("state", answer.json().get("ticket_id"))

    assert await refusal() == ((409, "counter_not_open"), "closed")
    await officer.does(f"/counters/{counter}/opening")
    await officer.does(f"/counters/{counter}/break")
    assert await refusal() == ((409, "counter_not_open"), "on_break")
    await officer.does(f"/counters/{counter}/resumption")

    first = await officer.calls(counter)
    assert await refusal() == ((409, "counter_busy"), first["id"])
    await officer.handles(first, "start")
    assert await refusal() == ((409, "counter_busy"), first["id"])
    paused = await officer.post(f"/counters/{counter}/break")
    assert (code_of(paused), paused.json()["ticket_id"]) == ((409, "counter_busy"), first["id"])
    await officer.handles(first, "hold")
    second = await officer.calls(counter)
    await officer.handles(second, "start", "completion")
    assert await refusal() == ((409, "nobody_waiting"), None)


async def test_closing_puts_a_called_ticket_back_at_its_old_place(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    first, second = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await officer.calls(counter)
    assert (await officer.does(f"/counters/{counter}/closing"))["status"] == "closed"
    found = await officer.sees(f"/tickets/{first['id']}")
    assert (found["status"], found["position"], found["counter_id"]) == ("waiting", 1, None)
    assert (await officer.sees(f"/tickets/{second['id']}"))["position"] == 2
    returned, closed = (await mall.entries())[-2:]
    assert (returned["type"], returned["data"]["cause"]) == ("ticket.returned", "counter_closed")
    assert (closed["type"], closed["data"]["ended_by"]) == ("counter.closed", "officer")
    colleague, _ = await mall.open_counter(agency)
    assert (await colleague.calls(counter))["id"] == first["id"]


async def test_only_a_manager_closes_by_force_and_who_was_served_is_first_in_line(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    early, held, served = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    closing = f"/counters/{counter}/closing"

    await officer.handles(await officer.calls(counter, held), "start", "hold")
    refused = await officer.post(closing)
    assert (code_of(refused), refused.json()["ticket_id"]) == ((409, "counter_busy"), held["id"])
    await officer.handles(await officer.calls(counter, served), "start")
    refused = await officer.post(closing)
    assert (code_of(refused), refused.json()["ticket_id"]) == ((409, "counter_busy"), served["id"])
    assert code_of(await officer.post(closing, {"force": True})) == (403, "forbidden")
    stranger = await mall.agency_manager(await mall.agency("TAX"))
    assert code_of(await stranger.post(closing, {"force": True})) == (404, "not_found")

    manager = await mall.agency_manager(agency)
    assert code_of(await manager.post(closing)) == (409, "counter_busy")
    assert (await manager.does(closing, {"force": True}))["status"] == "closed"
    places = {each["id"]: each["position"] for each in await manager.all("/tickets", status="waiting")}
    assert {places[held["id"]], places[served["id"]]} == {1, 2}
    assert places[early["id"]] == 3
    forced = (await mall.entries())[-3:]
    assert {each["data"].get("cause") for each in forced[:2]} == {"counter_forced_to_close"}
    assert forced[2]["data"]["ended_by"] == "forced"

    await officer.does(f"/counters/{counter}/opening")
    await officer.calls(counter)
    assert (await mall.manager.does(closing, {"force": True}))["status"] == "closed"


async def test_a_counter_stands_on_a_floor_and_serves_its_own_agency_only(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    foreign = await elsewhere.agency()
    new = {"agency_id": agency.id, "location_id": mall.location_id, "code": "X-1", "name": {"id": "X", "en": "X"}}
    for service_id in (other.service, foreign.service):
        refused = await mall.manager.post("/counters", {**new, "floor": "1", "service_ids": [service_id]})
        assert code_of(refused) == (422, "foreign_service")
        assert refused.json()["errors"][0]["pointer"] == "/service_ids"
        refused = await mall.manager.edits(f"/counters/{agency.counter}", {"service_ids": [service_id]})
        assert code_of(refused) == (422, "foreign_service")
    refused = await mall.manager.post("/counters", {**new, "floor": "3"})
    assert (code_of(refused), refused.json()["errors"][0]["pointer"]) == ((422, "floor_unknown"), "/floor")
    refused = await mall.manager.edits(f"/counters/{agency.counter}", {"floor": "3"})
    assert code_of(refused) == (422, "floor_unknown")
    refused = await mall.manager.post("/counters", {**new, "floor": "1", "location_id": elsewhere.location_id})
    assert code_of(refused) == (422, "unknown_reference")
    codes = [each["code"] for each in await mall.public.all("/counters")]
    assert "X-1" not in codes
    found = await mall.public.sees(f"/counters/{agency.counter}")
    assert (found["service_ids"], found["floor"]) == ([agency.service], "1")


async def test_an_agencys_manager_changes_what_its_counter_serves_and_nothing_else(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    path, manager = f"/counters/{agency.counter}", await mall.agency_manager(agency)
    one, two = agency.services.values()
    await mall.counter(agency, [two])
    await mall.kiosk.takes(two)
    officer, counter = await mall.open_counter(agency)
    assert code_of(await manager.edits(path, {"floor": "2"})) == (403, "forbidden")
    assert code_of(await manager.edits(path, {"floor": "2", "service_ids": [one]})) == (403, "forbidden")
    assert code_of(await officer.edits(path, {"service_ids": [one]})) == (403, "forbidden")
    stranger = await mall.agency_manager(await mall.agency("TAX"))
    assert code_of(await stranger.edits(path, {"service_ids": []})) == (404, "not_found")
    before = await mall.public.sees(path)
    assert (before["floor"], sorted(before["service_ids"])) == ("1", sorted([one, two]))

    changed = (await manager.edits(path, {"service_ids": [one]})).json()
    assert (changed["service_ids"], changed["version"]) == ([one], before["version"] + 1)
    assert code_of(await officer.post(f"{path}/calls")) == (409, "nobody_waiting")
    changed = (await mall.manager.edits(path, {"floor": "2", "service_ids": [two]})).json()
    assert (changed["floor"], changed["service_ids"], changed["version"]) == ("2", [two], before["version"] + 2)
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
        assert (seen["ticket"], seen["officer_id"], seen["waiting"]) == (hand, str(officer.id), 2)
    stranger = await mall.person(Role.OFFICER, await mall.agency("TAX"))
    for one in (mall.public, mall.kiosk, mall.display, stranger):
        for seen in (await one.sees(f"/counters/{counter}"), (await one.all("/counters", agency_id=agency.id))[0]):
            assert (seen["ticket"], seen["officer_id"], seen["status"]) == (None, None, "open")
