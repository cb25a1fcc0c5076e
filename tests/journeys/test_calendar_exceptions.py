"""Special days and closed stretches, of the mall, an agency, a service or a counter; and who may make them."""

from tests.given import ANY, Given, Json, must_refuse, must_show, names
from tests.journeys.test_opening_hours import DAILY, SOME_DAYS, WEEK, exception, is_open, opening, remove


async def test_a_special_saturday_opens_who_comes_on_saturdays_or_has_one_too(given: Given) -> None:
    mall = await given.mall(at="2027-03-06T09:00", hours=WEEK)  # a Saturday
    some, plain = await mall.agency(), await mall.agency("TAX")
    await mall.manager.ask("PUT", "/calendar", params={"agency_id": some.id}, json={"hours": SOME_DAYS}, headers=ANY)
    special = await exception(mall, "open", "2027-03-06", opens="08:00", closes="15:00")
    assert await opening(mall, plain) is None
    await is_open(mall, some, mall.instant("2027-03-08T09:00"))
    own = await exception(mall, "open", "2027-03-06", opens="08:00", closes="11:00", agency_id=some.id)
    await is_open(mall, some, None)
    shown = await mall.public.sees("/calendar", agency_id=some.id)
    must_show(shown, changes_at=mall.instant("2027-03-06T11:00"))
    await remove(mall, own)
    for_all = await mall.manager.edits(f"/calendar/exceptions/{special['id']}", {"agencies": "all"})
    must_show(for_all.json(), agencies="all", version=2)
    await is_open(mall, some, None)


async def test_a_closed_stretch_lasts_from_one_day_and_time_to_another(given: Given) -> None:
    mall = await given.mall(at="2027-03-04T13:00", hours=DAILY)
    agency = await mall.agency()
    await exception(mall, "closed", "2027-03-04", ends_on="2027-03-08", opens="13:30", closes="10:00")
    for local, again in (("04T13:29", None), ("04T13:30", "08T10:00"), ("06T09:00", "08T10:00"), ("08T10:00", None)):
        mall.set_time(f"2027-03-{local}")
        await is_open(mall, agency, again and mall.instant(f"2027-03-{again}"))


async def test_a_refusal_names_everything_until_the_next_opening(given: Given) -> None:
    office = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 6)]
    mall = await given.mall(at="2027-03-03T16:00", hours=office)  # a Wednesday
    agency = await mall.agency()
    leave = {"date": "2027-03-04", "kind": "collective_leave", "name": names("Leave"), "source": "SKB"}
    for day in (leave, {**leave, "date": "2027-03-05", "kind": "national_holiday", "name": names("Nyepi")}):
        await mall.manager.does("/calendar/holidays", day)
    await exception(mall, "closed", "2027-03-08", closes="10:00")
    refused = (await mall.kiosk.issue(agency.service)).json()
    must_show(refused, code="service_closed", next_opening_at=mall.instant("2027-03-08T10:00"))
    assert [(each["cause"], each["starts_on"][-2:], each["ends_on"][-2:]) for each in refused["reasons"]] == [
        ("outside_hours", "03", "03"),
        ("holiday", "04", "04"),
        ("holiday", "05", "05"),
        ("day_off", "06", "07"),
        ("exception", "08", "08"),
    ]
    assert refused["reasons"][2]["text"] == names("Nyepi")
    [offer] = await mall.public.all("/availability", channel="kiosk")
    [line] = (await mall.public.sees("/board"))["services"]
    shown = await mall.public.sees("/calendar")
    assert offer["reasons"] == line["reasons"] == shown["reasons"] == refused["reasons"]
    for name in ("Leave", "Nyepi", "Flood", "Di luar jam pelayanan", "2027-03-06 / 2027-03-07"):
        assert all(name in said for said in (refused["detail"], offer["reason"], line["closed_reason"])), name


async def test_an_agency_stops_issuing_for_today_and_serves_who_is_there(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T13:25", hours=DAILY)
    agency = await mall.agency(services=2)
    stopped, other = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    for _ in range(2):
        await mall.kiosk.takes(stopped)
    manager = await mall.agency_manager(agency)
    today = {"kind": "closed", "starts_on": "2027-03-01", "ends_on": "2027-03-01", "opens": "13:30"}
    await manager.does("/calendar/exceptions", {**today, "service_id": stopped, "reason": names("Printer")})
    mall.set_time("2027-03-01T13:30")
    tomorrow = mall.instant("2027-03-02T08:00")
    must_refuse(
        await mall.kiosk.issue(stopped), 409, "service_closed", reason=names("Printer"), next_opening_at=tomorrow
    )
    await mall.kiosk.takes(other)
    offer = next(each for each in await mall.public.all("/availability") if each["service_id"] == stopped)
    must_show(offer, can_issue=False, people_ahead=3, next_opening_at=tomorrow)
    line = next(each for each in (await mall.display.sees("/board"))["services"] if each["service_id"] == stopped)
    must_show(line, waiting=2, closed_code="service_closed", next_opening_at=tomorrow)
    assert "Printer" in line["closed_reason"]
    assert (await officer.does(f"/counters/{counter}/calls"))["service_id"] == stopped
    mall.set_time("2027-03-02T08:00")
    await mall.kiosk.takes(stopped)


async def test_an_agencys_manager_closes_the_own_agency_alone_and_opens_nothing(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00", hours=DAILY)
    own, other = await mall.agency(), await mall.agency("TAX")
    manager, path = await mall.agency_manager(own), "/calendar/exceptions"
    closed = {"kind": "closed", "starts_on": "2027-03-01", "ends_on": "2027-03-01", "reason": names("Printer")}
    for body, member in ((closed, "agency_id"), ({**closed, "kind": "open", "agency_id": own.id}, "kind")):
        beyond: Json = {"required": ["mall_manager"], "member": member, "pointer": f"/{member}"}
        must_refuse(await manager.post(path, body), 403, "forbidden", **beyond)
    for body, status, code in (
        ({**closed, "agency_id": other.id}, 404, "not_found"),
        ({**closed, "service_id": other.service}, 404, "not_found"),
        ({**closed, "counter_id": other.counter}, 404, "not_found"),
        ({**closed, "agency_id": own.id, "service_id": other.service}, 404, "not_found"),
    ):
        must_refuse(await manager.post(path, body), status, code)
    assert await mall.public.all("/calendar/exceptions") == []


async def test_an_agencys_manager_changes_what_agencies_managers_made(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00", hours=DAILY)
    own, other = await mall.agency(), await mall.agency("TAX")
    manager, path = await mall.agency_manager(own), "/calendar/exceptions"
    closed = {"kind": "closed", "starts_on": "2027-03-01", "ends_on": "2027-03-01", "reason": names("Printer")}
    theirs = await exception(mall, "closed", "2027-03-01", agency_id=other.id)
    by_the_mall = await exception(mall, "closed", "2027-03-01", agency_id=own.id)
    malls = await exception(mall, "closed", "2027-03-09")
    for made, status, code in ((theirs, 404, "not_found"), (by_the_mall, 403, "forbidden"), (malls, 403, "forbidden")):
        must_refuse(await manager.edits(f"{path}/{made['id']}", {"opens": "10:00"}), status, code)
    await remove(mall, by_the_mall)
    made = await manager.does(path, {**closed, "agency_id": own.id})
    assert await opening(mall, own) == mall.instant("2027-03-02T08:00")
    assert await opening(mall, other) == mall.instant("2027-03-02T08:00")
    later = await manager.edits(f"{path}/{made['id']}", {"opens": "10:00"})
    must_show(later.json(), opens="10:00", by_mall=False, version=2)
    assert await opening(mall, own) is None


async def test_a_closed_counter_cannot_be_opened_until_then(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00", hours=DAILY)
    agency = await mall.agency(counters=2)
    broken, fine = agency.counters
    officer, manager = await mall.officer(agency), await mall.agency_manager(agency)
    closed = {"kind": "closed", "starts_on": "2027-03-01", "ends_on": "2027-03-02", "reason": names("Lamp")}
    made = await manager.does("/calendar/exceptions", {**closed, "closes": "10:00", "counter_id": broken})
    must_show(made, agency_id=agency.id, service_id=None, counter_id=broken)
    refused = await officer.post(f"/counters/{broken}/opening")
    must_refuse(refused, 409, "counter_closed", next_opening_at=mall.instant("2027-03-02T10:00"))
    assert names("Lamp")["id"] in refused.json()["detail"]
    assert await opening(mall, agency) is None
    await officer.does(f"/counters/{fine}/opening")


async def test_a_closed_counter_opens_for_who_waits_where_no_other_one_may_call_them(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00", hours=DAILY)
    agency = await mall.agency(counters=2)
    ticket = await mall.public.takes(agency.service)
    for counter in agency.counters:
        officer = await mall.officer(agency)
        closed = {"kind": "closed", "starts_on": "2027-03-01", "ends_on": None, "reason": names("Lamp")}
        await mall.manager.does("/calendar/exceptions", {**closed, "counter_id": counter})
        opened = await officer.post(f"/counters/{counter}/opening")
        if counter == agency.counter:
            must_refuse(opened, 409, "counter_closed")
    assert opened.is_success, "the last one"
    assert (await officer.calls(counter))["id"] == ticket["id"]


async def test_what_an_exception_cannot_be_is_refused_by_name(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    days = {"starts_on": "2027-03-01", "ends_on": "2027-03-02", "reason": names("Flood")}
    for body, code, pointer in (
        ({"kind": "open", "service_id": agency.service}, "exception_not_possible", "/service_id"),
        ({"kind": "open", "counter_id": agency.counter}, "exception_not_possible", "/counter_id"),
        ({"kind": "open", "agency_id": agency.id, "agencies": "all"}, "exception_not_possible", "/agencies"),
        ({"kind": "closed", "agencies": "all"}, "exception_not_possible", "/agencies"),
        ({"kind": "closed", "service_id": agency.service, "counter_id": agency.counter}, "exception_not_possible", ""),
        ({"kind": "open", "opens": "12:00", "closes": "10:00"}, "hours_invalid", "/closes"),
        ({"kind": "closed", "ends_on": None, "closes": "10:00"}, "hours_invalid", "/closes"),
        ({"kind": "closed", "service_id": agency.id}, "unknown_reference", "/service_id"),
        ({"kind": "closed", "agency_id": agency.service}, "unknown_reference", "/agency_id"),
    ):
        refused = await mall.manager.post("/calendar/exceptions", {**days, **body})
        must_refuse(refused, 422, code)
        assert pointer in [each["pointer"] for each in refused.json()["errors"]] or not pointer, body


async def test_the_board_knows_when_one_service_closes_by_the_clock(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T13:00", hours=DAILY)
    agency = await mall.agency(services=2)
    stopped, _ = agency.services.values()
    closed = {"kind": "closed", "starts_on": "2027-03-01", "ends_on": "2027-03-01", "reason": names("Printer")}
    await mall.manager.does(
        "/calendar/exceptions", {**closed, "opens": "13:30", "closes": "14:10", "service_id": stopped}
    )
    for local, changes, codes in (
        ("13:00", "13:30", [None, None]),
        ("13:30", "14:10", ["service_closed", None]),
        ("14:10", "15:00", [None, None]),
    ):
        mall.set_time(f"2027-03-01T{local}")
        board = await mall.display.sees("/board")
        must_show(board, changes_at=mall.instant(f"2027-03-01T{changes}"))
        assert [each["closed_code"] for each in board["services"]] == codes, local
