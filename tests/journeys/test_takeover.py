"""A colleague goes on at an officer's counter."""

import asyncio
from collections import Counter

from app.domain.roles import Role
from tests.given import Given, code_of, must_refuse, must_show
from tests.servers import Servers


async def test_a_colleague_goes_on_with_the_ticket_in_hand_and_those_on_hold(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    colleague = await mall.officer(agency)
    held, in_hand = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await officer.handles(await officer.calls(counter), "start", "hold")
    await officer.calls(counter)
    taken = await colleague.does(f"/counters/{counter}/takeover")
    must_show(taken, status="open", officer_id=str(colleague.id))
    must_refuse(await officer.post(f"/tickets/{in_hand['id']}/start"), 409, "not_your_counter")
    done = await colleague.handles(in_hand, "start", "completion")
    must_show(done, officer_id=str(colleague.id), status="completed")
    must_show(await colleague.calls(counter, held), officer_id=str(colleague.id))
    await officer.does(f"/counters/{agency.counters[1]}/opening")
    told = [each for each in await mall.entries() if each["type"] == "counter.taken_over"]
    assert [each["before"]["officer_id"] for each in told] == [str(officer.id)]
    assert [each["data"]["officer_id"] for each in told] == [str(colleague.id)]


async def test_who_has_a_counter_open_takes_none_over_and_a_closed_one_is_opened(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(counters=2), await mall.agency("TAX")
    officer, counter = await mall.open_counter(agency)
    path = f"/counters/{counter}/takeover"
    must_refuse(await officer.post(path), 409, "officer_busy", counter_id=counter)
    busy, second = await mall.open_counter(agency, agency.counters[1])
    must_refuse(await busy.post(path), 409, "officer_busy", counter_id=second)
    must_refuse(await (await mall.officer(other)).post(path), 404, "not_found")
    await busy.does(f"/counters/{second}/closing")
    must_refuse(await officer.post(f"/counters/{second}/takeover"), 409, "illegal_transition", state="closed")


async def test_a_counter_on_a_break_is_open_again_when_it_is_taken_over(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    await officer.does(f"/counters/{counter}/break")
    colleague = await mall.person(Role.AGENCY_MANAGER, agency)
    must_show(await colleague.does(f"/counters/{counter}/takeover"), status="open", officer_id=str(colleague.id))


async def test_of_two_colleagues_at_once_the_last_has_it_and_each_was_there(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    _, counter = await mall.open_counter(agency)
    both = [await mall.officer(agency) for _ in range(2)]
    path = f"/counters/{counter}/takeover"
    asking = [one.at(two_servers.clients[at]).post(path) for at, one in enumerate(both)]
    answers = await asyncio.gather(*asking)
    assert Counter(code_of(each) for each in answers) == {(200, ""): 2}
    told = [each["data"]["officer_id"] for each in await mall.entries() if each["type"] == "counter.taken_over"]
    assert set(told) == {str(each.id) for each in both}
    assert (await mall.manager.sees(f"/counters/{counter}"))["officer_id"] == told[-1]
