"""A break says why and until when, and visitors can plan by it."""

from datetime import timedelta

from tests.given import Given, must_refuse, must_show

MORNING, LUNCH = "2027-03-01T10:00", {"id": "Istirahat makan siang", "en": "Lunch break"}


async def test_visitors_read_why_a_counter_pauses_and_until_when(given: Given) -> None:
    mall = await given.mall(at=MORNING)
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    path, back = f"/counters/{counter}", mall.instant("2027-03-01T10:30")
    paused = await officer.does(f"{path}/break", {"reason": LUNCH, "until": back})
    must_show(paused, status="on_break", break_reason=LUNCH, break_until=back)
    must_show(await mall.public.sees(path), break_reason=LUNCH, break_until=back, officer_id=None)
    [listed] = await mall.public.all("/counters", status="on_break")
    must_show(listed, break_reason=LUNCH, break_until=back)
    mall.pass_time(timedelta(minutes=45))
    must_show(await mall.public.sees(path), status="on_break", break_until=back)
    must_show(await officer.does(f"{path}/resumption"), status="open", break_reason=None, break_until=None)
    paused = next(each for each in await mall.entries() if each["type"] == "counter.paused")
    assert paused["data"]["until"] == back
    assert "reason" not in paused["data"], "it is about one person"


async def test_a_break_needs_neither_and_what_was_said_ends_with_it(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    path = f"/counters/{counter}"
    must_show(await officer.does(f"{path}/break"), status="on_break", break_reason=None, break_until=None)
    await officer.does(f"{path}/resumption")
    await officer.does(f"{path}/break", {"reason": LUNCH})
    colleague = await mall.officer(agency)
    must_show(await colleague.does(f"{path}/takeover"), status="open", break_reason=None)
    await colleague.does(f"{path}/break", {"reason": LUNCH})
    must_show(await colleague.does(f"{path}/closing"), status="closed", break_reason=None)


async def test_estimates_expect_the_counter_when_its_break_ends(given: Given) -> None:
    mall = await given.mall(at=MORNING)
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    path = f"/services/{agency.service}/estimate"
    await officer.does(f"/counters/{counter}/break", {"until": mall.instant("2027-03-01T10:50")})
    told = (await mall.public.sees(path))["estimate"]
    must_show(told, open_counters=0, due_counters=1, due_in_minutes=50)
    assert told["from_minutes"] < 50 < told["to_minutes"]
    mall.pass_time(timedelta(minutes=30))
    must_show((await mall.public.sees(path))["estimate"], due_counters=1, due_in_minutes=20)
    mall.pass_time(timedelta(minutes=30))
    late = (await mall.public.sees(path))["estimate"]
    must_show(late, open_counters=0, due_counters=0, due_in_minutes=None)


async def test_a_break_ends_later_today_or_is_refused_by_name(given: Given) -> None:
    mall = await given.mall(at=MORNING)
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    path = f"/counters/{counter}"
    for bad in ("2027-03-01T09:59", MORNING, "2027-03-02T00:00"):
        refused = await officer.post(f"{path}/break", {"until": mall.instant(bad)})
        must_refuse(refused, 422, "break_end_not_possible", pointer="/until")
        assert refused.json()["not_before"] >= mall.instant(MORNING)
        assert refused.json()["not_after"] == mall.instant("2027-03-01T23:59:59.999999")
    for body in ({"until": "2027-03-01T10:30:00"}, {"until": "soon"}, {"reason": {"id": "Salat"}}, {"why": LUNCH}):
        must_refuse(await officer.post(f"{path}/break", body), 422, "invalid_request")
    must_show(await mall.public.sees(path), status="open", break_until=None)
    assert [each["type"] for each in await mall.entries()][-1] == "counter.opened"
