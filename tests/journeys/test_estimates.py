"""How long it takes: told before a ticket is taken and while it waits, as a range with what it comes from."""

from datetime import timedelta

from tests.given import Agency, Asker, Given, Json, Mall, must_show, names

OPENING, NEXT_DAY, A_WEEK_LATER = "2027-03-01T08:00", "2027-03-02T08:00", "2027-03-09T09:00"
OFFICE = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 8)]


async def told(mall: Mall) -> Json | None:
    """Before a ticket is taken."""
    [offer] = (await mall.kiosk.sees("/availability"))["data"]
    found: Json | None = offer["estimate"]
    return found


async def handled(mall: Mall, agency: Agency, officer: Asker, counter: str, minutes: int) -> None:
    """A visitor comes, and takes the counter for so long."""
    await mall.kiosk.takes(agency.service)
    ticket = await officer.calls(counter)
    mall.pass_time(timedelta(minutes=minutes))
    await officer.handles(ticket, "start", "completion")


async def test_a_visitor_is_told_a_range_before_taking_a_ticket_and_while_it_waits(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    mall.set_time(OPENING)
    officer, _ = await mall.open_counter(agency)
    _, last = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    assert last["estimate"] is None, "an act computes none"
    before = await told(mall)
    assert before
    must_show(before, people_ahead=2, open_counters=1, handling_minutes=10, recent_services=0)
    assert before["from_minutes"] < 20 < before["to_minutes"]
    own = (await mall.public.sees(f"/claims/{last['claim_code']}"))["estimate"]
    must_show(own, people_ahead=1, open_counters=1)
    assert own["to_minutes"] < before["to_minutes"]
    assert (await officer.sees(f"/tickets/{last['id']}"))["estimate"] == own
    assert [each["estimate"] for each in (await officer.sees("/tickets"))["data"]][1] == own


async def test_a_second_counter_shortens_it_and_who_is_called_waits_no_more(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    _, last = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    path = f"/claims/{last['claim_code']}"
    alone = (await mall.public.sees(path))["estimate"]
    await mall.open_counter(agency, agency.counters[1])
    sooner = (await mall.public.sees(path))["estimate"]
    must_show(sooner, people_ahead=1, open_counters=2)
    assert sooner["to_minutes"] < alone["to_minutes"]
    await officer.calls(counter, last)
    assert (await mall.public.sees(path))["estimate"] is None


async def test_nothing_is_told_while_no_counter_is_open_and_a_break_is_expected_to_end(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    mall.set_time(OPENING)
    ticket = await mall.kiosk.takes(agency.service)
    assert await told(mall) is None
    assert (await mall.public.sees(f"/claims/{ticket['claim_code']}"))["estimate"] is None
    officer, counter = await mall.open_counter(agency)
    at_once = await told(mall)
    await officer.does(f"/counters/{counter}/break")
    later = await told(mall)
    assert at_once
    assert later
    assert at_once["open_counters"] == 1
    assert later["open_counters"] == 0
    assert later["to_minutes"] > at_once["to_minutes"]


async def test_it_learns_from_the_last_visitors_no_shows_too_and_not_from_those_the_day_ended(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    mall.set_time(OPENING)
    officer, counter = await mall.open_counter(agency)
    for _ in range(4):
        await handled(mall, agency, officer, counter, minutes=4)
    must_show(await told(mall) or {}, handling_minutes=7, recent_services=4)
    await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), "recall", "recall", "no-show")
    must_show(await told(mall) or {}, handling_minutes=6, recent_services=5)
    await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), "start")
    for morning, minutes, visitors in ((NEXT_DAY, 6, 5), (A_WEEK_LATER, 10, 0)):
        mall.set_time(morning)
        await mall.open_counter(agency)
        must_show(await told(mall) or {}, handling_minutes=minutes, recent_services=visitors)


async def waits(mall: Mall, agency: Agency, **asked: str) -> Json:
    """Before there is a ticket."""
    found: Json = await mall.public.sees(f"/services/{agency.service}/estimate", **asked)
    return found


async def test_before_it_opens_the_counters_that_worked_of_late_are_expected(given: Given) -> None:
    mall = await given.mall(at=OPENING, hours=OFFICE)
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    mall.set_time("2027-03-02T07:30")
    found = await waits(mall, agency)
    must_show(found, can_issue=False, code="service_closed", next_opening_at=mall.instant(NEXT_DAY))
    must_show(found["estimate"], people_ahead=0, open_counters=0, due_counters=1, due_in_minutes=35)
    assert found["estimate"]["from_minutes"] < 35 < found["estimate"]["to_minutes"]
    assert await told(mall) is None, "no ticket is given before it opens"
    mall.set_time("2027-03-02T08:02")
    must_show(await told(mall) or {}, open_counters=0, due_counters=1, due_in_minutes=3)
    await officer.does(f"/counters/{counter}/opening")
    must_show((await waits(mall, agency))["estimate"], open_counters=1, due_counters=0, due_in_minutes=None)


async def test_nobody_is_expected_at_a_counter_that_did_not_open_for_a_week_nor_after_hours(given: Given) -> None:
    mall = await given.mall(at=OPENING, hours=OFFICE)
    agency = await mall.agency()
    await mall.open_counter(agency)
    for time, code in (("2027-03-02T08:16", None), ("2027-03-02T15:01", "service_closed"), (A_WEEK_LATER, None)):
        mall.set_time(time)
        must_show(await waits(mall, agency), code=code, estimate=None)


async def test_a_head_start_and_the_channel_count_before_a_ticket_is_taken(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    await mall.service(agency, "CARD", channels=["kiosk"], head_start_minutes={"elderly": 30})
    await mall.open_counter(agency, await mall.counter(agency))
    await mall.kiosk.takes(agency.service)
    must_show((await waits(mall, agency, channel="kiosk"))["estimate"], people_ahead=1)
    found = await waits(mall, agency, channel="kiosk", priority_class="elderly")
    must_show(found, priority_class="elderly", can_issue=True, code=None)
    must_show(found["estimate"], people_ahead=0)
    must_show(await waits(mall, agency), can_issue=False, code="channel_not_allowed", estimate=None)


async def test_a_service_that_cannot_issue_tells_nothing(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    await mall.service(agency, "FULL", daily_quota=0)
    await mall.open_counter(agency, await mall.counter(agency))
    assert await told(mall) is None


async def test_nobody_is_told_minutes_whom_a_closure_keeps_waiting_longer(given: Given) -> None:
    mall = await given.mall(at=OPENING)
    agency = await mall.agency()
    await mall.open_counter(agency)
    path = f"/claims/{(await mall.kiosk.takes(agency.service))['claim_code']}"
    body: Json = {"reason": names("Printer broke"), "waiting_tickets": "keep"}
    until = mall.instant("2027-03-01T09:30")
    for named in ({}, {"agency_id": agency.id}, {"counter_id": agency.counter}, {"service_id": agency.service}):
        open_end = await mall.manager.does("/closures", {**body, **named})
        must_show(await mall.public.sees(path), estimate=None)
        await mall.manager.does(f"/closures/{open_end['id']}/ending")
        made = await mall.manager.does("/closures", {**body, **named, "ends_at": until})
        found = (await mall.public.sees(path))["estimate"]
        if "counter_id" in named or "service_id" in named:
            assert found is None, "when the service is called again is not reckoned"
        else:
            must_show(found, open_counters=0, due_counters=1, due_in_minutes=90)
            assert found["from_minutes"] < 90 < found["to_minutes"]
        await mall.manager.does(f"/closures/{made['id']}/ending")
    must_show((await mall.public.sees(path))["estimate"], from_minutes=0, open_counters=1)
