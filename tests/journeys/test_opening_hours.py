"""Open hours: the mall's and the agency's together, with breaks, holidays and exceptions, in the mall's own zone."""

from datetime import UTC, datetime

from tests.given import ANY, Agency, Given, Json, Mall, must_refuse, must_show, names

DAILY = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 8)]
LUNCH = [{"starts": "12:00", "ends": "13:00"}]
WEEK = [
    *({"weekday": day, "opens": "08:00", "closes": "15:00", "breaks": LUNCH} for day in range(1, 5)),
    {"weekday": 5, "opens": "08:00", "closes": "11:00"},
]
SOME_DAYS = [{"weekday": day, "opens": "09:00", "closes": "12:30"} for day in (1, 3, 5)]


async def opening(mall: Mall, agency: Agency) -> str | None:
    """None while a ticket is given, otherwise when it will be again, as the refusal says."""
    answer = await mall.kiosk.issue(agency.service)
    if answer.is_success:
        return None
    must_refuse(answer, 409, "service_closed")
    again: str = answer.json()["next_opening_at"]
    return again


async def is_open(mall: Mall, agency: Agency, again: str | None) -> None:
    """Insist that a ticket is given now (`again` is None) or from then on, and that the calendar shows the same."""
    assert await opening(mall, agency) == again, agency.code
    shown = await mall.public.sees("/calendar", agency_id=agency.id)
    assert shown["is_open"] == (again is None), agency.code
    assert again is None or shown["changes_at"] == again, agency.code


async def exception(mall: Mall, kind: str, on: str, **more: object) -> Json:
    body = {"kind": kind, "starts_on": on, "ends_on": on, "reason": names("Flood"), **more}
    return await mall.manager.does("/calendar/exceptions", body)


async def remove(mall: Mall, made: Json) -> None:
    path = f"/calendar/exceptions/{made['id']}"
    tag = {"If-Match": (await mall.manager.get(path)).headers["ETag"]}
    assert (await mall.manager.ask("DELETE", path, headers=tag)).status_code == 204


async def test_an_agency_is_open_when_both_the_mall_and_it_are(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T06:00", hours=WEEK)  # a Monday
    plain, some = await mall.agency(), await mall.agency("TAX")
    await mall.manager.ask("PUT", "/calendar", params={"agency_id": some.id}, json={"hours": SOME_DAYS}, headers=ANY)
    for local, plain_again, some_again in (
        ("01T07:00", "01T08:00", "01T09:00"),
        ("01T08:00", None, "01T09:00"),
        ("01T11:58", None, None),
        ("01T12:00", "01T13:00", "03T09:00"),
        ("01T13:00", None, "03T09:00"),
        ("01T15:00", "02T08:00", "03T09:00"),
        ("02T10:00", None, "03T09:00"),
        ("03T09:00", None, None),
        ("05T10:58", None, None),
        ("05T11:00", "08T08:00", "08T09:00"),
        ("06T10:00", "08T08:00", "08T09:00"),
    ):
        mall.set_time(f"2027-03-{local}")
        for agency, again in ((plain, plain_again), (some, some_again)):
            await is_open(mall, agency, again and mall.instant(f"2027-03-{again}"))


async def test_the_calendar_shows_the_week_ahead_as_kiosks_will_follow_it(given: Given) -> None:
    mall = await given.mall(at="2027-03-06T10:00", hours=WEEK)
    some = await mall.agency()
    await mall.manager.ask("PUT", "/calendar", params={"agency_id": some.id}, json={"hours": SOME_DAYS}, headers=ANY)
    shown = await mall.public.sees("/calendar", agency_id=some.id)
    spans = {each["date"][-2:]: [(span["opens"], span["closes"]) for span in each["open"]] for each in shown["days"]}
    closed: list[tuple[str, str]] = []
    assert spans == {
        **dict.fromkeys(("06", "07", "09", "11"), closed),
        **{day: [("09:00", "12:00")] for day in ("08", "10")},
        "12": [("09:00", "11:00")],
    }


async def test_one_instant_finds_malls_in_three_zones_at_different_hours(given: Given) -> None:
    hour = [{"weekday": day, "opens": "08:00", "closes": "09:00"} for day in range(1, 8)]
    instant = datetime(2027, 3, 5, 0, 30, tzinfo=UTC)
    for zone, local, again in (
        ("Asia/Jakarta", "07:30", "2027-03-05T08:00"),
        ("Asia/Makassar", "08:30", None),
        ("Asia/Jayapura", "09:30", "2027-03-06T08:00"),
    ):
        mall = await given.mall(at="2027-03-05T00:00", time_zone=zone, hours=hour)
        agency = await mall.agency()
        there = instant.astimezone(mall.ref.zone).replace(tzinfo=None).isoformat()
        assert there.endswith(f"{local}:00")
        mall.set_time(there)
        assert await opening(mall, agency) == (again and mall.instant(again)), zone


async def test_a_holiday_closes_and_says_its_name(given: Given) -> None:
    mall = await given.mall(at="2027-03-08T10:00", hours=DAILY)
    agency = await mall.agency()
    nyepi = {"date": "2027-03-09", "kind": "national_holiday", "name": names("Nyepi"), "source": "SKB"}
    await mall.manager.does("/calendar/holidays", nyepi)
    assert await opening(mall, agency) is None
    mall.set_time("2027-03-09T10:00")
    again = mall.instant("2027-03-10T08:00")
    answer = await mall.kiosk.issue(agency.service)
    must_refuse(answer, 409, "service_closed", reason=names("Nyepi"), next_opening_at=again)
    must_show((await mall.public.sees("/calendar"))["days"][0], open=[], holiday=names("Nyepi"))
    assert [each["date"] for each in await mall.public.all("/calendar/holidays", year=2027)] == ["2027-03-09"]
    assert await mall.public.all("/calendar/holidays", year=2026) == []


async def test_an_open_exception_opens_on_a_holiday(given: Given) -> None:
    mall = await given.mall(at="2027-03-09T10:00", hours=DAILY)
    agency = await mall.agency()
    nyepi = {"date": "2027-03-09", "kind": "national_holiday", "name": names("Nyepi"), "source": "SKB"}
    await mall.manager.does("/calendar/holidays", nyepi)
    made = await exception(mall, "open", "2027-03-09", opens="09:00", closes="11:00")
    assert await opening(mall, agency) is None
    await remove(mall, made)
    assert await opening(mall, agency) == mall.instant("2027-03-10T08:00")


async def test_a_closed_exception_cuts_its_hours_out_of_the_mall_or_one_agency(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:50", hours=DAILY)
    one, other = await mall.agency(), await mall.agency("TAX")
    await exception(mall, "closed", "2027-03-01", opens="10:00", closes="12:00")
    own = await exception(mall, "closed", "2027-03-01", opens="13:00", agency_id=one.id)
    for local, one_again, other_again in (
        ("09:58", None, None),
        ("10:00", "01T12:00", "01T12:00"),
        ("12:00", None, None),
        ("13:00", "02T08:00", None),
    ):
        mall.set_time(f"2027-03-01T{local}")
        for agency, again in ((one, one_again), (other, other_again)):
            assert await opening(mall, agency) == (again and mall.instant(f"2027-03-{again}")), (local, agency.code)
    await remove(mall, own)
    assert await opening(mall, one) is None


async def test_an_exceptions_reason_is_told_while_it_closes_and_not_before(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T07:30", hours=DAILY)
    one, _ = await mall.agency(), await mall.agency("TAX")
    await exception(mall, "closed", "2027-03-01", opens="13:00", agency_id=one.id)
    early = (await mall.kiosk.issue(one.service)).json()
    outside = {"id": "Di luar jam pelayanan", "en": "Outside opening hours"}
    must_show(early, reason=outside, next_opening_at=mall.instant("2027-03-01T08:00"))
    mall.set_time("2027-03-01T13:00")
    assert (await mall.kiosk.issue(one.service)).json()["reason"] == names("Flood")
    for language in ("id", "en"):
        board = (await mall.public.get("/board", headers={"Accept-Language": language})).json()
        closed, still_open = [each["closed_reason"] for each in board["services"]]
        assert still_open is None
        assert f"{names('Flood')[language]} (2027-03-01). " in closed
        assert "2027-03-02 08:00" in closed


async def test_an_open_exception_opens_whatever_the_hours_say_until_it_is_deleted(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T20:00", hours=DAILY)
    one, other = await mall.agency(), await mall.agency("TAX")
    tomorrow = mall.instant("2027-03-02T08:00")
    own = await exception(mall, "open", "2027-03-01", opens="19:00", closes="21:00", agency_id=one.id)
    assert await opening(mall, one) == await opening(mall, other) == tomorrow, "the mall is closed by then"
    everywhere = await exception(mall, "open", "2027-03-01", ends_on=None, agencies="all")
    assert await opening(mall, one) is None
    assert await opening(mall, other) is None
    assert (await mall.public.sees("/calendar"))["changes_at"] is None
    mall.set_time("2027-03-07T03:00")
    assert await opening(mall, one) is None
    assert await opening(mall, other) is None
    await remove(mall, everywhere)
    assert await opening(mall, other) == mall.instant("2027-03-07T08:00")
    assert [each["id"] for each in await mall.public.all("/calendar/exceptions")] == [own["id"]]
    kinds = [each["type"] for each in await mall.entries() if each["type"].startswith("calendar_exception")]
    assert kinds == ["calendar_exception.created"] * 2 + ["calendar_exception.deleted"]


async def test_an_exceptions_hours_follow_each_other_and_it_is_deleted_once(given: Given) -> None:
    mall = await given.mall()
    body = {"kind": "closed", "starts_on": "2027-03-01", "ends_on": "2027-03-01", "reason": names("Flood")}
    backwards = await mall.manager.post("/calendar/exceptions", {**body, "opens": "12:00", "closes": "10:00"})
    must_refuse(backwards, 422, "hours_invalid")
    reversed_ = await mall.manager.post("/calendar/exceptions", {**body, "ends_on": "2027-02-28"})
    must_refuse(reversed_, 422, "dates_reversed")
    made = await mall.manager.does("/calendar/exceptions", body)
    await remove(mall, made)
    again = await mall.manager.ask("DELETE", f"/calendar/exceptions/{made['id']}", headers={"If-Match": "*"})
    must_refuse(again, 404, "not_found")
