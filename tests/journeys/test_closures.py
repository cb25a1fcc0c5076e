"""Closures: one act closes something from now on and says why; ending it restores all of it."""

import pytest
from httpx import Response

from tests.given import Agency, Asker, Given, Json, Mall, must_refuse, must_show, names

REASON = names("Printer broke")


async def close(by: Asker, waiting: str = "serve", **what: object) -> Json:
    return await by.does("/closures", {"reason": REASON, "waiting_tickets": waiting, **what})


async def call(mall: Mall, agency: Agency) -> Response:
    return await mall.manager.post(f"/counters/{agency.counter}/calls")


async def test_an_agencys_manager_stops_the_intake_and_who_is_inside_is_served(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await mall.manager.does(f"/counters/{agency.counter}/opening")
    await mall.kiosk.takes(agency.service)
    manager = await mall.agency_manager(agency)
    made = await close(manager, service_id=agency.service)
    must_show(made, ends_at=None, ended_at=None, by_mall=False)
    must_show(made["aftermath"], ended=0, waiting=1)
    must_refuse(await mall.kiosk.issue(agency.service), 409, "service_closed", reason=REASON, next_opening_at=None)
    [line] = (await mall.public.get("/board")).json()["services"]
    assert REASON["id"] in line["closed_reason"]
    assert line["waiting"] == 1
    assert (await call(mall, agency)).status_code == 201
    ended = await manager.does(f"/closures/{made['id']}/ending")
    assert ended["ended_at"]
    await mall.kiosk.takes(agency.service)
    must_refuse(await manager.post(f"/closures/{made['id']}/ending"), 409, "closure_ended")
    kinds = [each["type"] for each in await mall.entries() if each["type"].startswith("closure.")]
    assert kinds == ["closure.created", "closure.ended"]


async def test_what_is_closed_altogether_calls_nobody_until_it_ends(given: Given) -> None:
    for what in ("mall", "floor", "agency_id", "service_id", "counter_id"):
        mall = await given.mall()
        agency = await mall.agency()
        await mall.manager.does(f"/counters/{agency.counter}/opening")
        ticket = await mall.kiosk.takes(agency.service)
        floor = (await mall.public.sees(f"/counters/{agency.counter}"))["floor"]
        bodies: dict[str, Json] = {
            "mall": {},
            "floor": {"location_id": mall.location_id, "floor": floor},
            "agency_id": {"agency_id": agency.id},
            "service_id": {"service_id": agency.service},
            "counter_id": {"counter_id": agency.counter},
        }
        made = await close(mall.manager, "keep", **bodies[what])
        must_refuse(await mall.kiosk.issue(agency.service), 409, "service_closed", reason=REASON)
        refused = await call(mall, agency)
        must_refuse(refused, 409, "service_closed" if what == "service_id" else "counter_closed")
        assert [each["text"] for each in refused.json()["reasons"]] == [REASON]
        await mall.manager.does(f"/closures/{made['id']}/ending")
        called = (await call(mall, agency)).json()
        assert called["id"] == ticket["id"], what


async def test_a_closure_may_cancel_who_waits_and_tells_why(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    tickets = [await mall.kiosk.takes(each.service) for each in (agency, other)]
    made = await close(mall.manager, "cancel", agency_id=agency.id)
    must_show(made["aftermath"], ended=1, waiting=0)
    seen = [await mall.manager.sees(f"/tickets/{each['id']}") for each in tickets]
    assert [each["status"] for each in seen] == ["cancelled", "waiting"]
    must_show(seen[0], closed_by="closure")
    told = [each for each in await mall.entries() if each["type"] in ("closure.created", "ticket.cancelled")]
    assert [each["type"] for each in told] == ["closure.created", "ticket.cancelled"]
    assert told[0]["data"]["reason"] == REASON
    must_refuse(await mall.manager.post(f"/counters/{agency.counter}/opening"), 409, "counter_closed")
    await mall.kiosk.takes(other.service)


async def test_a_closure_for_a_stretch_says_until_when_and_ends_by_itself(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency()
    until = mall.instant("2027-03-01T10:30")
    await close(mall.manager, "keep", ends_at=until)
    must_refuse(await mall.kiosk.issue(agency.service), 409, "service_closed", next_opening_at=until)
    offers = (await mall.public.get("/availability", params={"channel": "web"})).json()["data"]
    assert [(each["can_issue"], each["next_opening_at"]) for each in offers] == [(False, until)]
    mall.set_time("2027-03-01T10:30")
    await mall.kiosk.takes(agency.service)
    await mall.manager.does(f"/counters/{agency.counter}/opening")


async def test_a_closure_is_of_one_thing_that_its_maker_may_close(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    own, other = await mall.agency(), await mall.agency("TAX")
    manager = await mall.agency_manager(own)
    body: Json = {"reason": REASON, "waiting_tickets": "serve"}
    must_refuse(await manager.post("/closures", body), 403, "forbidden", member="agency_id")
    must_refuse(await manager.post("/closures", {**body, "service_id": other.service}), 404, "not_found")
    floor = {"location_id": mall.location_id, "floor": "1"}
    must_refuse(await manager.post("/closures", {**body, **floor}), 403, "forbidden", member="location_id")
    for wrong, member in (
        ({"agency_id": own.id, "service_id": own.service}, "service_id"),
        ({"floor": "1"}, "floor"),
        ({"ends_at": mall.instant("2027-03-01T08:00")}, "ends_at"),
        ({"ends_at": mall.instant("2029-03-01T08:00")}, "ends_at"),
        ({"starts_at": mall.instant("2027-02-28T23:00")}, "starts_at"),
        ({"starts_at": mall.instant("2027-03-02T08:00"), "ends_at": mall.instant("2027-03-02T08:00")}, "ends_at"),
        ({"starts_at": mall.instant("2027-03-02T08:00"), "waiting_tickets": "cancel"}, "waiting_tickets"),
    ):
        refused = await mall.manager.post("/closures", {**body, **wrong})
        must_refuse(refused, 422, "closure_not_possible", member=member)
    of_the_mall = await close(mall.manager, agency_id=own.id)
    must_refuse(await manager.post(f"/closures/{of_the_mall['id']}/ending"), 403, "forbidden")
    assert [each["id"] for each in await mall.public.all("/closures")] == [of_the_mall["id"]]


async def test_a_closure_to_come_begins_and_ends_by_the_clock(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency()
    await mall.manager.does(f"/counters/{agency.counter}/opening")
    first, second = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    stretch = {"starts_at": mall.instant("2027-03-01T10:00"), "ends_at": mall.instant("2027-03-01T11:00")}
    await close(mall.manager, "keep", agency_id=agency.id, **stretch)
    assert (await call(mall, agency)).json()["id"] == first["id"]
    await mall.manager.handles(first, "start", "completion")
    mall.set_time("2027-03-01T10:00")
    must_refuse(await call(mall, agency), 409, "counter_closed", next_opening_at=stretch["ends_at"])
    must_refuse(await mall.kiosk.issue(agency.service), 409, "service_closed", reason=REASON)
    mall.set_time("2027-03-01T11:00")
    assert (await call(mall, agency)).json()["id"] == second["id"]


async def test_a_closure_that_is_taken_back_before_it_begins_closes_nothing(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency()
    made = await close(mall.manager, starts_at=mall.instant("2027-03-01T10:00"))
    await mall.manager.does(f"/closures/{made['id']}/ending")
    mall.set_time("2027-03-01T10:00")
    await mall.kiosk.takes(agency.service)


async def test_one_closed_service_of_a_counter_is_passed_over(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    closed, other = agency.services.values()
    await mall.manager.does(f"/counters/{agency.counter}/opening")
    kept = await mall.kiosk.takes(closed)
    called = await mall.kiosk.takes(other)
    made = await close(mall.manager, "keep", service_id=closed)
    line = await mall.manager.sees(f"/counters/{agency.counter}/queue")
    assert line["next_ticket_id"] == called["id"]
    assert (await call(mall, agency)).json()["id"] == called["id"]
    named = {"ticket_id": kept["id"]}
    await mall.manager.handles(called, "start", "completion")
    must_refuse(await mall.manager.post(f"/counters/{agency.counter}/calls", named), 409, "service_closed")
    must_refuse(await call(mall, agency), 409, "service_closed")
    await mall.manager.does(f"/closures/{made['id']}/ending")
    assert (await call(mall, agency)).json()["id"] == kept["id"]


async def test_overlapping_closures_end_one_by_one(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    wide, narrow = await close(mall.manager), await close(mall.manager, service_id=agency.service)
    await mall.manager.does(f"/closures/{wide['id']}/ending")
    must_refuse(await mall.kiosk.issue(agency.service), 409, "service_closed")
    await mall.manager.does(f"/closures/{narrow['id']}/ending")
    await mall.kiosk.takes(agency.service)


async def test_who_is_told_reads_it_in_the_own_language(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    tickets = [await mall.public.takes(agency.service, language=each) for each in ("id", "en")]
    reason = {"id": "Listrik padam", "en": "Power failure"}
    await mall.manager.does("/closures", {"reason": reason, "waiting_tickets": "cancel"})
    told = [(await mall.public.sees(f"/claims/{each['claim_code']}"))["reason"] for each in tickets]
    assert told == ["Listrik padam", "Power failure"]


@pytest.mark.parametrize("what", ["mall", "floor", "agency_id", "service_id", "counter_id"])
async def test_nobody_goes_back_to_a_queue_that_was_closed_and_cancelled(given: Given, what: str) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await mall.manager.edits(f"/services/{agency.service}", {"no_show_calls": 1})
    await mall.manager.does(f"/counters/{agency.counter}/opening")
    absent, called = [await mall.public.takes(agency.service) for _ in range(2)]
    await mall.manager.calls(agency.counter)
    await mall.manager.handles(absent, "no-show")
    await mall.manager.calls(agency.counter)
    place: dict[str, Json] = {
        "mall": {},
        "floor": {"location_id": mall.location_id, "floor": "1"},
        "agency_id": {"agency_id": agency.id},
        "service_id": {"service_id": agency.service},
        "counter_id": {"counter_id": agency.counter},
    }
    made = await close(mall.manager, "cancel", **place[what])
    for verb in ("return", "reopening"):
        must_refuse(await mall.manager.post(f"/tickets/{absent['id']}/{verb}"), 409, "queue_stopped", reason=REASON)
    await mall.manager.handles(called, "return")
    must_show(await mall.public.sees(f"/claims/{called['claim_code']}"), status="cancelled", reason=REASON["id"])
    await mall.manager.does(f"/closures/{made['id']}/ending")
    assert (await mall.manager.handles(absent, "return"))["status"] == "waiting"


async def test_counters_that_close_one_after_another_take_with_them_what_none_serves_any_more(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    ticket = await mall.public.takes(agency.service)
    first, second = [await close(mall.manager, "cancel", counter_id=each) for each in agency.counters]
    must_show(first["aftermath"], ended=0)
    must_show(second["aftermath"], ended=1)
    assert (await mall.public.sees(f"/claims/{ticket['claim_code']}"))["status"] == "cancelled"
    must_refuse(await mall.public.issue(agency.service), 409, "service_closed", reason=REASON)
    await mall.manager.does(f"/closures/{first['id']}/ending")
    await mall.public.takes(agency.service)
    officer = await mall.officer(agency)
    must_refuse(await officer.post(f"/counters/{agency.counters[1]}/opening"), 409, "counter_closed")
    await officer.does(f"/counters/{agency.counter}/opening")


async def test_a_counter_that_opens_again_before_the_other_is_waited_for(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency(counters=2)
    one, other = agency.counters
    await close(mall.manager, "keep", counter_id=one, ends_at=mall.instant("2027-03-01T10:00"))
    must_show((await close(mall.manager, "cancel", counter_id=other))["aftermath"], ended=0)
    await mall.public.takes(agency.service)
