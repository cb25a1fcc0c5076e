"""One press for an officer: this visitor is done, the next one please."""

from uuid import uuid4

from tests.given import Given, must_refuse, must_show

NEXT = {"call_next": True}


async def test_the_next_visitor_is_called_with_the_completion(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    first, second, third = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    await officer.handles(await officer.calls(counter), "start")
    done = await officer.does(f"/tickets/{first['id']}/completion", NEXT)
    must_show(done, id=first["id"], status="completed", next_refusal=None)
    must_show(done["next_ticket"], id=second["id"], status="called", counter_id=counter, chosen="first_in_line")
    assert done["next_ticket"]["call_reason"]["id"] == "menunggu 0 menit"
    must_show(await officer.sees(f"/counters/{counter}"), waiting=1)
    told = [(each["type"], str(each["subject"]["id"])) for each in (await mall.entries())[-2:]]
    assert told == [("ticket.completed", first["id"]), ("ticket.called", second["id"])]
    await officer.handles(second, "start")
    must_show(await officer.does(f"/tickets/{second['id']}/completion"), next_ticket=None, next_refusal=None)
    assert (await officer.calls(counter))["id"] == third["id"]


async def test_where_nobody_waits_the_completion_stands_and_says_so(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), "start")
    done = await officer.does(f"/tickets/{ticket['id']}/completion", NEXT)
    must_show(done, status="completed", next_ticket=None, next_refusal="nobody_waiting")
    must_show(await officer.sees(f"/tickets/{ticket['id']}"), status="completed", closed_by="officer")
    must_refuse(await officer.post(f"/tickets/{ticket['id']}/completion", NEXT), 409, "illegal_transition")


async def test_who_waits_and_is_at_another_counter_is_not_called(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(agency)
    elsewhere, there = await mall.open_counter(other)
    await mall.kiosk.takes(agency.service)
    in_hand = await officer.handles(await officer.calls(counter), "start")
    waits = await mall.kiosk.takes(agency.service)
    await mall.kiosk.takes(other.service, visit_id=waits["visit_id"])
    await elsewhere.calls(there)
    done = await officer.does(f"/tickets/{in_hand['id']}/completion", NEXT)
    must_show(done, status="completed", next_ticket=None, next_refusal="waiting_elsewhere")


async def test_a_closing_counter_calls_who_is_left_and_closes_behind_the_last(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    for _ in range(2):
        await mall.kiosk.takes(agency.service)
    first = await officer.handles(await officer.calls(counter), "start")
    await mall.interrupt(agency.agreement_id, "suspension")
    last = (await officer.does(f"/tickets/{first['id']}/completion", NEXT))["next_ticket"]
    must_show(await officer.sees(f"/counters/{counter}"), status="closing")
    await officer.handles(last, "start")
    done = await officer.does(f"/tickets/{last['id']}/completion", NEXT)
    must_show(done, status="completed", next_ticket=None, next_refusal="counter_not_open")
    must_show(await officer.sees(f"/counters/{counter}"), status="closed")


async def test_a_closure_that_keeps_who_waits_lets_the_completion_stand(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    for _ in range(2):
        await mall.kiosk.takes(agency.service)
    ticket = await officer.handles(await officer.calls(counter), "start")
    closing = {"agency_id": agency.id, "reason": {"id": "Listrik padam", "en": "No power"}, "waiting_tickets": "keep"}
    await mall.manager.does("/closures", closing)
    done = await officer.does(f"/tickets/{ticket['id']}/completion", NEXT)
    must_show(done, status="completed", next_ticket=None, next_refusal="counter_closed")


async def test_a_repeat_under_the_same_key_gives_the_same_next_ticket(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    for _ in range(3):
        await mall.kiosk.takes(agency.service)
    ticket = await officer.handles(await officer.calls(counter), "start")
    key = {"Idempotency-Key": str(uuid4())}
    first, again = [await officer.post(f"/tickets/{ticket['id']}/completion", NEXT, headers=key) for _ in range(2)]
    assert first.json() == again.json()
    assert again.json()["next_ticket"]["status"] == "called"
    must_show(await officer.sees(f"/counters/{counter}"), waiting=1)
