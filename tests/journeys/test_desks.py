"""Two agencies take turns at one desk: on a day it is one agency's."""

from tests.given import Agency, Given, Json, Mall, must_refuse, must_show, names

MONDAY, TUESDAY = "2027-03-01T09:00", "2027-03-02T09:00"


def at_desk(mall: Mall, agency: Agency, code: str, weekdays: list[int] | None) -> Json:
    """A counter to create at the shared desk."""
    where = {"location_id": mall.location_id, "floor": "1", "desk": "M-07", "weekdays": weekdays}
    return {"agency_id": agency.id, "code": code, "name": names("7"), "service_ids": [agency.service], **where}


async def test_each_agency_opens_on_its_own_days(given: Given) -> None:
    mall = await given.mall(at=MONDAY)
    power, water = [await mall.agency(code, counters=0) for code in ("POWER", "WATER")]
    one = await mall.manager.does("/counters", at_desk(mall, power, "L-07", [5, 3, 1]))
    other = await mall.manager.does("/counters", at_desk(mall, water, "L-07-B", [2, 4]))
    must_show(one, desk="M-07", weekdays=[1, 3, 5])
    officer, colleague = await mall.officer(power), await mall.officer(water)
    refused = await colleague.post(f"/counters/{other['id']}/opening")
    must_refuse(refused, 409, "counter_not_today", weekdays=[2, 4], next_on="2027-03-02")
    await officer.does(f"/counters/{one['id']}/opening")
    ticket = await mall.kiosk.takes(power.service)
    must_show(await officer.calls(one["id"]), id=ticket["id"])
    mall.set_time(TUESDAY)
    must_refuse(await officer.post(f"/counters/{one['id']}/opening"), 409, "counter_not_today", next_on="2027-03-03")
    must_show(await colleague.does(f"/counters/{other['id']}/opening"), status="open", agency_id=water.id)


async def test_days_at_a_desk_do_not_overlap_and_who_retires_leaves_them(given: Given) -> None:
    mall = await given.mall(at=MONDAY)
    power, water = [await mall.agency(code, counters=0) for code in ("POWER", "WATER")]
    one = await mall.manager.does("/counters", at_desk(mall, power, "L-07", [1, 2]))
    for weekdays in ([2, 3], None):
        taken = await mall.manager.post("/counters", at_desk(mall, water, "L-08", weekdays))
        must_refuse(taken, 409, "desk_taken", pointer="/weekdays", counter_id=one["id"])
    other = await mall.manager.does("/counters", at_desk(mall, water, "L-08", [3]))
    path = f"/counters/{other['id']}"
    must_refuse(await mall.manager.edits(path, {"weekdays": [1, 3]}), 409, "desk_taken", counter_id=one["id"])
    for bad in ([], [0], [8], [1, 1], ["1"], 1):
        must_refuse(await mall.manager.edits(path, {"weekdays": bad}), 422, "invalid_request")
    refused = await (await mall.agency_manager(water)).edits(path, {"weekdays": [3]})
    must_refuse(refused, 403, "forbidden", member="weekdays")
    await mall.manager.does(f"/counters/{one['id']}/retirement", {"waiting_tickets": "cancel"})
    must_show((await mall.manager.edits(path, {"weekdays": [1, 3]})).json(), weekdays=[1, 3])


async def test_a_desk_at_which_somebody_is_still_open_is_nobody_elses(given: Given) -> None:
    mall = await given.mall(at=MONDAY)
    power, water = [await mall.agency(code, counters=0) for code in ("POWER", "WATER")]
    one = await mall.manager.does("/counters", at_desk(mall, power, "L-07", [1]))
    other = await mall.manager.does("/counters", at_desk(mall, water, "L-08", [2]))
    officer, colleague = await mall.officer(power), await mall.officer(water)
    await officer.does(f"/counters/{one['id']}/opening")
    for counter, change in (
        (one, {"desk": None}),
        (other, {"weekdays": [1]}),
        (one, {"desk": "M-07", "weekdays": [2]}),
    ):
        assert (await mall.manager.edits(f"/counters/{counter['id']}", change)).is_success
    opening = f"/counters/{other['id']}/opening"
    must_refuse(await colleague.post(opening), 409, "desk_taken", counter_id=one["id"])
    await officer.does(f"/counters/{one['id']}/closing")
    must_show(await colleague.does(opening), status="open")


async def test_nobody_waits_on_a_day_on_which_no_counter_is_there(given: Given) -> None:
    mall = await given.mall(at=MONDAY)
    power = await mall.agency("POWER", counters=0)
    counter = await mall.manager.does("/counters", at_desk(mall, power, "L-07", [2, 4]))
    path = f"/counters/{counter['id']}"
    must_refuse(await mall.kiosk.issue(power.service), 409, "no_counter")
    [shown] = (await mall.public.sees("/availability?channel=kiosk"))["data"]
    must_show(shown, can_issue=False, code="no_counter")
    mall.set_time(TUESDAY)
    await mall.kiosk.takes(power.service)
    leaves = await mall.manager.edits(path, {"weekdays": [4]})
    must_refuse(leaves, 409, "last_counter", pointer="/weekdays", service_id=power.service)
    officer = await mall.officer(power)
    await officer.does(f"{path}/opening")
    assert (await mall.manager.edits(path, {"weekdays": [4]})).is_success
    waiting = await mall.kiosk.takes(power.service)  # who sits there stays until the counter closes
    await officer.handles(await officer.calls(counter["id"]), "start", "completion")
    await officer.does(f"{path}/closing")
    must_refuse(await mall.kiosk.issue(power.service), 409, "no_counter")
    await officer.does(f"{path}/opening")  # for who waits; then no more
    must_show(await officer.handles(await officer.calls(counter["id"]), "start", "completion"), id=waiting["id"])
    await officer.does(f"{path}/closing")
    must_refuse(await officer.post(f"{path}/opening"), 409, "counter_not_today")


async def test_a_counter_that_comes_on_other_days_is_no_other_counter_today(given: Given) -> None:
    mall = await given.mall(at=MONDAY)
    power = await mall.agency("POWER", counters=0)
    one = await mall.manager.does("/counters", at_desk(mall, power, "L-07", [1]))
    other = await mall.manager.does("/counters", at_desk(mall, power, "L-08", [2]))
    await mall.kiosk.takes(power.service)
    closing = {"counter_id": one["id"], "reason": names("printer"), "waiting_tickets": "cancel"}
    closure = await mall.manager.does("/closures", closing)
    refused = await mall.kiosk.issue(power.service)
    must_refuse(refused, 409, "service_closed")
    mall.set_time(TUESDAY)
    officer = await mall.officer(power)
    await officer.does(f"/counters/{other['id']}/opening")
    await mall.kiosk.takes(power.service)
    await officer.calls(other["id"])
    await mall.manager.does(f"/closures/{closure['id']}/ending")
