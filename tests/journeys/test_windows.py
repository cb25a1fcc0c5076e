"""Numbers at certain hours only, by service and channel."""

from typing import Any

from tests.given import Given, Json, Mall, must_refuse, must_show

MORNING = {"web": [{"opens": "07:00", "closes": "09:00"}, {"opens": "13:00", "closes": "14:00"}]}
OFFICE = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 6)]


async def told(mall: Mall, service: str, at: str, **facts: Any) -> None:
    """Issuing and availability say the same, with the same next instant."""
    must_refuse(await mall.public.issue(service), 409, "outside_window", next_opening_at=mall.instant(at), **facts)
    [offer] = await mall.public.all("/availability", channel="web")
    must_show(offer, can_issue=False, code="outside_window", next_opening_at=mall.instant(at))
    assert offer["reason"]


async def test_web_numbers_are_given_in_their_windows_and_kiosks_give_theirs_all_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-05T08:59", hours=OFFICE)  # a Friday
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "PASSPORT", channel_windows=MORNING)
    await mall.public.takes(service)
    mall.set_time("2027-03-05T09:00")
    await told(mall, service, "2027-03-05T13:00", channel="web")
    await mall.kiosk.takes(service)
    mall.set_time("2027-03-05T13:00")
    [offer] = await mall.public.all("/availability", channel="web")
    must_show(offer, can_issue=True, code=None, next_opening_at=None)
    await mall.public.takes(service)
    mall.set_time("2027-03-05T14:00")
    await told(mall, service, "2027-03-08T08:00")  # on Monday at 07:00 the mall is closed yet
    mall.set_time("2027-03-08T07:30")
    must_refuse(await mall.public.issue(service), 409, "service_closed")
    mall.set_time("2027-03-08T08:00")
    await mall.public.takes(service)


async def test_a_window_that_never_meets_the_opening_hours_has_no_next(given: Given) -> None:
    mall = await given.mall(at="2027-03-05T10:00", hours=OFFICE)
    agency = await mall.agency(services=0)
    night = {"web": [{"opens": "22:00", "closes": "24:00"}]}
    service = await mall.service(agency, "PASSPORT", channel_windows=night)
    must_refuse(await mall.public.issue(service), 409, "outside_window", next_opening_at=None)
    assert (await mall.manager.edits(f"/services/{service}", {"channel_windows": {}})).is_success
    await mall.public.takes(service)


async def test_windows_begin_before_they_end_and_do_not_overlap(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "PASSPORT", channel_windows=MORNING)
    before = await mall.manager.sees(f"/services/{service}")

    async def refused(windows: Json, code: str) -> None:
        answer = await mall.manager.edits(f"/services/{service}", {"channel_windows": windows})
        must_refuse(answer, 422, code)

    await refused({"web": [{"opens": "09:00", "closes": "07:00"}]}, "windows_invalid")
    await refused({"web": [{"opens": "09:00", "closes": "09:00"}]}, "windows_invalid")
    await refused({"web": [*MORNING["web"], {"opens": "08:59", "closes": "10:00"}]}, "windows_invalid")
    bad: list[Any] = [[], None, [{"opens": "25:00", "closes": "26:00"}], [{"opens": "07:00"}]]
    for wrong in bad:
        await refused({"web": wrong}, "invalid_request")
    await refused({"fax": MORNING["web"]}, "invalid_request")
    await refused({"web": [{"opens": "07:00", "closes": "09:00", "quota": 3}]}, "invalid_request")
    assert await mall.manager.sees(f"/services/{service}") == before
    touching = {"web": [{"opens": "07:00", "closes": "08:00"}, {"opens": "08:00", "closes": "09:00"}]}
    assert (await mall.manager.edits(f"/services/{service}", {"channel_windows": touching})).is_success
