"""An officer goes on at another counter, and takes the visitors along."""

import asyncio
from collections import Counter

from tests.given import Given, code_of, must_refuse, must_show
from tests.servers import Servers

MOVE = {"move": True}


async def test_an_officer_moves_with_whom_is_served_and_whom_is_on_hold(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    first, second = agency.counters
    officer, _ = await mall.open_counter(agency, first)
    held, served = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await officer.handles(await officer.calls(first), "start", "hold")
    await officer.handles(await officer.calls(first), "start")
    must_refuse(await officer.post(f"/counters/{second}/opening"), 409, "officer_busy", counter_id=first)
    moved = await officer.does(f"/counters/{second}/opening", MOVE)
    must_show(moved, status="open", officer_id=str(officer.id))
    assert moved["ticket"]["id"] == served["id"]
    must_show(await officer.sees(f"/counters/{first}"), status="closed", ticket=None)
    told = [(each["type"], str(each["subject"]["id"])) for each in (await mall.entries())[-2:]]
    assert told == [("counter.closed", first), ("counter.opened", second)]
    must_show(await officer.handles(served, "completion"), counter_id=second, status="completed")
    must_show(await officer.sees(f"/tickets/{held['id']}"), status="on_hold", counter_id=second)
    await officer.handles(await officer.calls(second, held), "start", "completion")
    assert [each.outcome for each in await mall.intervals(served)] == ["call", "start", "complete"]


async def test_a_called_visitor_is_called_again_to_the_new_counter(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    first, second = agency.counters
    officer, _ = await mall.open_counter(agency, first)
    ticket = await mall.kiosk.takes(agency.service)
    before = await officer.calls(first)
    await officer.does(f"/counters/{second}/opening", MOVE)
    [shown] = (await mall.public.sees("/board"))["now_serving"]
    must_show(shown, number=ticket["number"], counter_id=second, call_count=2)
    assert shown["called_at"] > before["called_at"], "displays say it again"
    told = [each["type"] for each in (await mall.entries())[-3:]]
    assert told == ["counter.closed", "counter.opened", "ticket.recalled"]
    must_show(await officer.handles(ticket, "start"), counter_id=second, status="serving")


async def test_where_the_new_counter_may_not_go_on_nothing_happens(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2, counters=0)
    one, two = agency.services.values()
    first, second = [await mall.counter(agency, [each]) for each in (one, two)]
    officer, _ = await mall.open_counter(agency, first)
    ticket = await mall.kiosk.takes(one)
    await officer.handles(await officer.calls(first), "start")
    opening = f"/counters/{second}/opening"
    must_refuse(await officer.post(opening, MOVE), 409, "service_not_served", service_id=one)
    must_show(await officer.sees(f"/counters/{first}"), status="open")
    await officer.handles(ticket, "completion")
    colleague, _ = await mall.open_counter(agency, second)
    must_refuse(await officer.post(opening, MOVE), 409, "not_your_counter", counter_id=second)
    must_refuse(await officer.post(f"/counters/{first}/opening", MOVE), 409, "illegal_transition", state="open")
    must_refuse(await officer.post(opening, {"move": 1}), 422, "invalid_request")
    await colleague.does(f"/counters/{second}/closing")
    must_show(await officer.does(opening, MOVE), status="open")
    must_show(await officer.does(f"/counters/{second}/closing"), status="closed")
    must_show(await officer.does(f"/counters/{first}/opening", MOVE), status="open")


async def test_of_two_who_move_to_a_counter_at_once_one_stays_where_it_was(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=3)
    *theirs, free = agency.counters
    officers = [(await mall.open_counter(agency, each))[0] for each in theirs]
    for officer, counter in zip(officers, theirs, strict=True):
        await mall.kiosk.takes(agency.service)
        await officer.handles(await officer.calls(counter), "start")
    path, clients = f"/counters/{free}/opening", two_servers.clients
    asking = [one.at(clients[at]).post(path, MOVE) for at, one in enumerate(officers)]
    answers = await asyncio.gather(*asking)
    assert Counter(code_of(each) for each in answers) == {(200, ""): 1, (409, "not_your_counter"): 1}
    loser = answers[0].is_success
    counters = [await mall.manager.sees(f"/counters/{each}") for each in (free, theirs[loser], theirs[not loser])]
    assert [each["status"] for each in counters] == ["open", "open", "closed"]
    assert all(each["ticket"] for each in counters[:2])
    assert counters[2]["ticket"] is None
