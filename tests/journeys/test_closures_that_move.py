"""A service closes, and whoever waits for it goes on to another one, told as with a transfer."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

from httpx import Response

from tests.given import Agency, Asker, Given, Json, Mall, must_refuse, must_show, names
from tests.servers import Servers

REASON = names("Printer broke")


async def hall(mall: Mall) -> tuple[Agency, str, str]:
    """An agency with two services, each with a counter of its own."""
    agency = await mall.agency(services=2, counters=0)
    one, two = agency.services.values()
    for each in (one, two):
        await mall.counter(agency, [each])
    return agency, one, two


def moving(to: str, **what: object) -> Json:
    """A closure to make."""
    return {"reason": REASON, "waiting_tickets": "move", "move_to_service_id": to, **what}


async def test_who_waits_and_who_is_on_hold_go_on_to_the_other_service(given: Given) -> None:
    mall = await given.mall()
    agency, one, two = await hall(mall)
    officer, counter = await mall.open_counter(agency)
    held, served, early = [await mall.kiosk.takes(one) for _ in range(3)]
    mall.pass_time(timedelta(minutes=5))
    there, last = await mall.kiosk.takes(two), await mall.kiosk.takes(one)
    await officer.handles(await officer.calls(counter), "start", "hold")
    await officer.handles(await officer.calls(counter), "start")
    made = await (await mall.agency_manager(agency)).does("/closures", moving(two, service_id=one))
    must_show(made, waiting_tickets="move", move_to_service_id=two)
    must_show(made["aftermath"], moved=3, ended=0, waiting=0, on_hold=0, in_hand=1)
    line = [await mall.manager.sees(f"/tickets/{each['id']}") for each in (held, early, there, last)]
    assert [each["position"] for each in line] == [1, 2, 3, 4], "as they came"
    assert {(each["status"], each["service_id"]) for each in line} == {("waiting", two)}
    assert [each["number"] for each in line[:2]] == [held["number"], early["number"]]
    must_show(await officer.handles(served, "completion"), service_id=one)
    told = [each for each in await mall.entries() if each["type"] == "ticket.transferred"]
    assert {each["data"]["from_service_id"] for each in told} == {one}
    assert all(each["data"]["kept_arrival"] for each in told)
    assert [each.outcome for each in await mall.intervals(held)] == ["call", "start", "hold", "transfer", None]
    must_refuse(await mall.kiosk.issue(one), 409, "service_closed", reason=REASON)


async def test_who_has_a_place_at_the_other_service_already_keeps_both(given: Given) -> None:
    mall = await given.mall()
    _, one, two = await hall(mall)
    first = await mall.kiosk.takes(one)
    await mall.kiosk.takes(two, visit_id=first["visit_id"])
    second = await mall.kiosk.takes(one)
    made = await mall.manager.does("/closures", moving(two, service_id=one))
    must_show(made["aftermath"], moved=1, waiting=1)
    must_show(await mall.manager.sees(f"/tickets/{first['id']}"), service_id=one, status="waiting")
    must_show(await mall.manager.sees(f"/tickets/{second['id']}"), service_id=two, position=2)
    await mall.manager.does(f"/closures/{made['id']}/ending")
    must_show(await mall.manager.sees(f"/tickets/{first['id']}"), service_id=one, position=1)
    must_show(await mall.manager.sees(f"/tickets/{second['id']}"), service_id=two)


async def test_a_counter_that_closes_moves_who_waits_for_what_nobody_else_serves(given: Given) -> None:
    mall = await given.mall()
    agency, one, two = await hall(mall)
    ticket = await mall.kiosk.takes(one)
    made = await mall.manager.does("/closures", moving(two, counter_id=agency.counter))
    must_show(made["aftermath"], moved=1)
    must_show(await mall.public.sees(f"/claims/{ticket['claim_code']}"), status="waiting", position=1)


async def test_a_target_is_another_open_service_of_the_same_agency(given: Given) -> None:
    mall = await given.mall()
    (agency, one, two), other = await hall(mall), await mall.agency("TAX")
    ticket = await mall.kiosk.takes(one)
    for wrong in (
        {"service_id": one, "move_to_service_id": None},
        {"service_id": one, "move_to_service_id": one},
        {"service_id": one, "move_to_service_id": other.service},
        {"agency_id": agency.id, "move_to_service_id": two},
        {"service_id": one, "waiting_tickets": "keep"},
        {},
    ):
        refused = await mall.manager.post("/closures", {**moving(two), **wrong})
        must_refuse(refused, 422, "closure_not_possible", member="move_to_service_id")
    refused = await mall.manager.post("/closures", moving(agency.id, service_id=one))
    must_refuse(refused, 422, "unknown_reference", pointer="/move_to_service_id")
    await mall.manager.does("/closures", {"reason": REASON, "waiting_tickets": "serve", "service_id": two})
    must_refuse(await mall.manager.post("/closures", moving(two, service_id=one)), 409, "service_closed")
    await mall.manager.does(f"/counters/{agency.counters[1]}/retirement", {"waiting_tickets": "cancel"})
    must_refuse(await mall.manager.post("/closures", moving(two, service_id=one)), 409, "no_counter")
    await mall.manager.does(f"/services/{two}/retirement", {"waiting_tickets": "cancel"})
    must_refuse(await mall.manager.post("/closures", moving(two, service_id=one)), 409, "service_retired")
    must_show(await mall.manager.sees(f"/tickets/{ticket['id']}"), status="waiting", service_id=one)


async def test_who_is_called_while_it_closes_is_served_and_all_others_have_moved(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency, one, two = await hall(mall)
    desks = [await mall.open_counter(agency, await mall.counter(agency, [one])) for _ in range(3)]
    tickets = [await mall.kiosk.takes(one) for _ in range(8)]
    here, there = two_servers.clients

    def call(officer: Asker, counter: str) -> Awaitable[Response]:
        return officer.at(there).post(f"/counters/{counter}/calls")

    closing = mall.manager.at(here).post("/closures", moving(two, service_id=one))
    made, *_ = await asyncio.gather(closing, *(call(*each) for each in desks))
    found = [await mall.manager.sees(f"/tickets/{each['id']}") for each in tickets]
    called = [each for each in found if each["status"] == "called"]
    moved = [each for each in found if each["status"] == "waiting" and each["service_id"] == two]
    assert {each["service_id"] for each in called} <= {one}
    assert len(called) + len(moved) == len(tickets)
    assert len(moved) == made.json()["aftermath"]["moved"]
    assert sorted(each["position"] for each in moved) == list(range(1, len(moved) + 1))
