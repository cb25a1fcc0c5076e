"""Ramadan and other periods: weekly hours of their own for some weeks, the mall's or an agency's."""

from typing import Any

from tests.given import ANY, Agency, Given, Json, Mall, code_of, must_refuse, names

LUNCH = [{"starts": "12:00", "ends": "13:00"}]
WEEK = [{"weekday": day, "opens": "08:00", "closes": "16:00", "breaks": LUNCH} for day in range(1, 6)]
RAMADAN_WEEK = [
    *(
        {"weekday": day, "opens": "08:00", "closes": "15:00", "breaks": [{"starts": "12:00", "ends": "12:30"}]}
        for day in range(1, 5)
    ),
    {"weekday": 5, "opens": "08:00", "closes": "15:30", "breaks": [{"starts": "11:30", "ends": "12:30"}]},
]
RAMADAN = {"name": names("Ramadan"), "starts_on": "2027-02-08", "ends_on": "2027-03-09", "hours": RAMADAN_WEEK}
PERIODS = "/calendar/periods"


async def again(mall: Mall, agency: Agency) -> str | None:
    """None while a ticket is given, otherwise the local time when it will be again."""
    row: Json = next(
        each for each in await mall.kiosk.all("/availability", channel="kiosk") if each["service_id"] == agency.service
    )
    answer = await mall.kiosk.issue(agency.service)
    assert answer.is_success == row["can_issue"]
    if answer.is_success:
        return None
    assert code_of(answer) == (409, row["code"]) == (409, "service_closed")
    assert answer.json()["next_opening_at"] == row["next_opening_at"]
    return str(row["next_opening_at"])


async def tomorrows(mall: Mall, at: int = 0, **params: Any) -> tuple[list[str], Any]:
    """The hours of a day of the week ahead, and its period's name."""
    day = (await mall.public.sees("/calendar", **params))["days"][at]
    return [f"{span['opens']}-{span['closes']}" for span in day["open"]], day["period"]


async def test_a_ramadan_friday_has_its_own_hours_and_break(given: Given) -> None:
    mall = await given.mall(at="2027-02-12T08:00", hours=WEEK)  # a Friday
    agency, bank = await mall.agency(), await mall.agency("BANK")
    own = [{"weekday": day, "opens": "07:00", "closes": "14:00"} for day in range(1, 6)]
    await mall.manager.ask("PUT", "/calendar", params={"agency_id": bank.id}, json={"hours": own}, headers=ANY)
    await mall.manager.does(PERIODS, RAMADAN)
    for local, agency_again, bank_again in (
        ("12T08:30", None, None),
        ("12T11:28", None, None),
        ("12T11:30", "12T12:30", "12T12:30"),
        ("12T12:30", None, None),
        ("12T14:00", None, "15T08:00"),
        ("12T15:30", "15T08:00", "15T08:00"),  # past the weekend
        ("15T12:10", "15T12:30", "15T12:30"),
        ("15T15:00", "16T08:00", "16T08:00"),
    ):
        mall.set_time(f"2027-02-{local}")
        for each, expected in ((agency, agency_again), (bank, bank_again)):
            assert await again(mall, each) == (expected and mall.instant(f"2027-02-{expected}")), (local, each.code)


async def test_a_period_ends_with_its_last_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-09T15:30", hours=WEEK)  # the next day is an ordinary one
    agency = await mall.agency()
    made = await mall.manager.post(PERIODS, RAMADAN)
    assert made.status_code == 201
    assert await mall.public.sees("/" + made.headers["Location"]) == made.json()
    assert await again(mall, agency) == mall.instant("2027-03-10T08:00")
    assert await tomorrows(mall) == (["08:00-12:00", "12:30-15:00"], names("Ramadan"))
    assert await tomorrows(mall, 1) == (["08:00-12:00", "13:00-16:00"], None)


async def test_an_agency_may_have_a_period_of_its_own_within_the_malls_hours(given: Given) -> None:
    mall = await given.mall(at="2027-02-08T08:30", hours=WEEK)
    agency, other = await mall.agency(), await mall.agency("TAX")
    short = [{"weekday": day, "opens": "07:00", "closes": "11:00"} for day in range(1, 8)]
    await mall.manager.does(PERIODS, RAMADAN)
    body = {**RAMADAN, "name": names("Short"), "hours": short, "agency_id": agency.id}
    own = await mall.manager.does(PERIODS, body)
    assert await tomorrows(mall, agency_id=agency.id) == (["08:00-11:00"], names("Short"))
    assert await tomorrows(mall, 5, agency_id=agency.id) == ([], names("Short")), "the mall is closed on Saturday"
    assert await tomorrows(mall, agency_id=other.id) == (["08:00-12:00", "12:30-15:00"], names("Ramadan"))
    assert [each["id"] for each in await mall.public.all(PERIODS, agency_id=agency.id)] == [own["id"]]
    assert len(await mall.public.all(PERIODS)) == 2


async def test_holidays_close_within_a_period_and_an_exception_opens_all_the_same(given: Given) -> None:
    mall = await given.mall(at="2027-03-08T08:30", hours=WEEK)
    agency = await mall.agency()
    await mall.manager.does(PERIODS, RAMADAN)
    nyepi = {"date": "2027-03-08", "kind": "national_holiday", "name": names("Nyepi"), "source": "SKB"}
    await mall.manager.does("/calendar/holidays", nyepi)
    assert await again(mall, agency) == mall.instant("2027-03-09T08:00")
    special = {"kind": "open", "starts_on": "2027-03-08", "ends_on": "2027-03-08", "reason": names("Fair")}
    await mall.manager.does("/calendar/exceptions", {**special, "opens": "08:00", "closes": "09:00"})
    assert await again(mall, agency) is None


async def test_a_period_is_moved_changed_and_taken_away(given: Given) -> None:
    mall = await given.mall(at="2027-02-08T15:30", hours=WEEK)
    agency = await mall.agency()
    made = await mall.manager.does(PERIODS, RAMADAN)
    path = f"{PERIODS}/{made['id']}"
    assert await again(mall, agency) == mall.instant("2027-02-09T08:00")
    moved = await mall.manager.edits(path, {"starts_on": "2027-02-09", "ends_on": "2027-03-10"})
    assert moved.json() == {**made, "starts_on": "2027-02-09", "ends_on": "2027-03-10", "version": 2}
    assert await again(mall, agency) is None
    mall.set_time("2027-02-09T15:30")
    assert await again(mall, agency) == mall.instant("2027-02-10T08:00")
    longer = [{"weekday": 2, "opens": "08:00", "closes": "20:00"}]
    assert (await mall.manager.edits(path, {"hours": longer})).is_success
    mall.set_time("2027-02-09T19:00")
    assert await again(mall, agency) is None
    must_refuse(await mall.manager.ask("DELETE", path), 428, "precondition_required")
    fresh = {"If-Match": (await mall.manager.get(path)).headers["ETag"]}
    assert (await mall.manager.ask("DELETE", path, headers=fresh)).status_code == 204
    assert await again(mall, agency) == mall.instant("2027-02-10T08:00")
    types = [each["type"] for each in await mall.entries() if each["type"].startswith("calendar_period")]
    assert types == [f"calendar_period.{verb}" for verb in ("created", "changed", "changed", "deleted")]


async def test_on_no_day_do_two_periods_of_one_hold(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    made = await mall.manager.does(PERIODS, RAMADAN)
    after = await mall.manager.does(PERIODS, {**RAMADAN, "starts_on": "2027-03-10", "ends_on": "2027-03-10"})
    for each in (agency, other):
        await mall.manager.does(PERIODS, {**RAMADAN, "agency_id": each.id})
    touching = {**RAMADAN, "starts_on": "2027-03-09", "ends_on": "2027-03-09"}
    must_refuse(await mall.manager.post(PERIODS, touching), 409, "periods_overlap", period_id=made["id"])
    must_refuse(await mall.manager.post(PERIODS, {**touching, "agency_id": agency.id}), 409, "periods_overlap")
    edit = await mall.manager.edits(f"{PERIODS}/{after['id']}", {"starts_on": "2027-03-01"})
    must_refuse(edit, 409, "periods_overlap")


async def test_a_period_has_dates_hours_and_an_agency_that_can_be(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    reversed_ = await mall.manager.post(PERIODS, {**RAMADAN, "ends_on": "2027-02-07"})
    must_refuse(reversed_, 422, "dates_reversed")
    backwards = {"hours": [{"weekday": 1, "opens": "09:00", "closes": "08:00"}]}
    must_refuse(await mall.manager.post(PERIODS, {**RAMADAN, **backwards}), 422, "hours_invalid")
    foreign = {"agency_id": (await elsewhere.agency()).id}
    must_refuse(await mall.manager.post(PERIODS, {**RAMADAN, **foreign}), 422, "unknown_reference")
    made = await mall.manager.does(PERIODS, RAMADAN)
    must_refuse(await elsewhere.manager.get(f"{PERIODS}/{made['id']}"), 404, "not_found")


async def test_only_the_malls_manager_sets_periods_and_weekly_hours_are_none(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    made = await mall.manager.does(PERIODS, RAMADAN)
    for person in (await mall.officer(agency), await mall.agency_manager(agency)):
        own = {**RAMADAN, "agency_id": agency.id}
        must_refuse(await person.post(PERIODS, own), 403, "forbidden")
        must_refuse(await person.edits(f"{PERIODS}/{made['id']}", {"hours": []}), 403, "forbidden")
    assert [each["id"] for each in await mall.public.all(PERIODS)] == [made["id"]], "the weekly hours are not in it"
