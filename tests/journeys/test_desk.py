"""Tickets at the desk: whose they are, where and since when, and how they are found."""

from datetime import timedelta

from tests.given import Given, must_refuse, must_show

VERBS = ("recall", "start", "hold", "completion", "no-show", "return", "cancellation")


async def test_a_ticket_at_another_officers_counter_is_that_officers(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(counters=2), await mall.agency("TAX")
    officer, counter = await mall.open_counter(agency)
    colleague, _ = await mall.open_counter(agency, agency.counters[1])
    strangers = [await mall.officer(other), await mall.agency_manager(other)]
    await mall.kiosk.takes(agency.service)
    ticket = await officer.calls(counter)
    for path in (f"/tickets/{ticket['id']}/{noun}" for noun in VERBS):
        must_refuse(await colleague.post(path), 409, "not_your_counter")
        for one in strangers:
            must_refuse(await one.post(path), 404, "not_found")
        for machine in (mall.kiosk, mall.display, mall.auditor):
            must_refuse(await machine.post(path), 403, "forbidden")


async def test_a_ticket_on_hold_is_its_officers_until_a_colleague_calls_it(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    colleague, other = await mall.open_counter(agency, agency.counters[1])
    await mall.kiosk.takes(agency.service)
    ticket = await officer.handles(await officer.calls(counter), "start", "hold")
    for noun in VERBS:
        must_refuse(await colleague.post(f"/tickets/{ticket['id']}/{noun}"), 409, "not_your_counter")
    await colleague.handles(await colleague.calls(other, ticket), "start")
    must_refuse(await officer.post(f"/tickets/{ticket['id']}/completion"), 409, "not_your_counter")


async def test_a_stale_screen_is_told_where_a_called_ticket_is(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    colleague, other = await mall.open_counter(agency, agency.counters[1])
    await mall.kiosk.takes(agency.service)
    ticket = await officer.calls(counter)
    for state, words in (("called", "dipanggil"), ("serving", "dilayani")):
        for asker, desk in ((officer, counter), (colleague, other)):
            answer = await asker.post(f"/counters/{desk}/calls", {"ticket_id": ticket["id"]})
            must_refuse(answer, 409, "already_called", number=ticket["number"], state=state, counter_id=counter)
            assert f"{ticket['number']} sudah {words} di " in answer.json()["detail"]
        if state == "called":
            await officer.handles(ticket, "start")


async def test_a_ticket_says_since_when_it_is_called_served_and_on_hold(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    must_show(ticket, called_at=None, started_at=None, held_at=None)
    called = await officer.calls(counter)
    must_show(called, started_at=None, held_at=None)
    started = await officer.handles(ticket, "start")
    must_show(started, called_at=called["called_at"], held_at=None)
    held = await officer.handles(ticket, "hold")
    must_show(held, called_at=called["called_at"], started_at=started["started_at"])
    assert called["called_at"] < started["started_at"] < held["held_at"]
    must_show(await officer.calls(counter, ticket), started_at=None, held_at=None)
    again = await officer.handles(ticket, "start")
    assert again["started_at"] > held["held_at"]
    must_show(await officer.handles(ticket, "completion"), started_at=again["started_at"], held_at=None)


async def test_tickets_are_found_by_status_by_number_and_by_a_scanned_code(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    first, second, third = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    await officer.handles(await officer.calls(counter, third), "start", "completion")
    await officer.calls(counter, second)

    async def found(**wanted: str | list[str]) -> list[str]:
        return [each["id"] for each in await officer.all("/tickets", **wanted)]

    assert await found(status=["waiting", "called"]) == [first["id"], second["id"]]
    assert await found(status="completed") == [third["id"]]
    assert await found(number=second["number"]) == [second["id"]]
    assert await found(number=second["number"], status=["waiting", "completed"]) == []
    assert await found(number="ZZZ-001") == []
    must_refuse(await officer.get("/tickets", params={"number": "a1"}), 422, "invalid_request", pointer="#query/number")
    scanned = await officer.sees(f"/claims/{first['claim_code']}")
    assert (await officer.sees(f"/tickets/{scanned['id']}"))["number"] == first["number"]
    mall.pass_time(timedelta(days=1))
    assert await found(service_day=first["service_day"], status=["expired", "waiting"]) == [first["id"], second["id"]]
