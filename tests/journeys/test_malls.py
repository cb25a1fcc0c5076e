"""Malls: founded by the platform, named and housed by their own manager."""

from tests.given import Given, Json, must_refuse, must_show, names
from tests.given.staff import someone

FLOORS = [{"code": each, "name": names(f"Floor {each}")} for each in ("1", "2", "3")]


async def test_a_mall_is_founded_by_the_platform_and_run_by_its_first_manager(given: Given) -> None:
    mall, admin = await given.mall(), await given.admin()
    slug = f"{mall.slug}-new"
    body = {"slug": slug, "name": names("Hill"), "region": "Kota", "operator": "DPMPTSP", "time_zone": "Asia/Jakarta"}
    founded = await admin.post("//v1/malls", body)
    assert founded.status_code == 201
    assert founded.headers["Location"] == f"/v1/malls/{slug}"
    first = await admin.does(f"//v1/malls/{slug}/staff", someone("mall_manager"))
    manager, _ = await mall.sign_in(first, first["password"])
    changed = await manager.edits(f"//v1/malls/{slug}", {"name": names("Hilltop")})
    must_show(changed.json(), name=names("Hilltop"), slug=slug, version=2)
    etag = (await mall.public.get("")).headers["ETag"]
    must_refuse(await manager.patch(f"/{mall.path}", {"region": "Elsewhere"}, etag), 404, "not_found")


async def test_the_journal_says_what_a_mall_was_called_before(given: Given) -> None:
    mall = await given.mall()
    before = await mall.public.sees("")
    await mall.manager.edits("", {"operator": "Dinas Penanaman Modal"})
    last = (await mall.entries())[-1]
    must_show(last, type="mall.changed", before={"operator": before["operator"]})
    must_show(last["data"], operator="Dinas Penanaman Modal", changed=["operator"])


async def test_a_floor_on_which_a_counter_stands_cannot_be_taken_away(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    path = f"/locations/{mall.location_id}"
    must_refuse(await mall.manager.edits(path, {"floors": FLOORS[1:]}), 409, "floor_in_use", floor="1")
    assert (await mall.manager.edits(path, {"floors": [FLOORS[0], FLOORS[2]]})).json()["floors"] == [
        FLOORS[0],
        FLOORS[2],
    ]
    moved = await mall.manager.edits(f"/counters/{agency.counter}", {"floor": "3"})
    assert moved.json()["floor"] == "3"
    assert (await mall.manager.edits(path, {"floors": FLOORS[2:]})).status_code == 200


async def test_a_second_building_opens_on_its_day(given: Given) -> None:
    mall = await given.mall()
    hall: Json = {"name": names("Hall"), "address": "Jl. Hall", "starts_on": "2027-01-01", "floors": FLOORS[:1]}
    made = await mall.manager.does("/locations", hall)
    assert {each["id"] for each in await mall.public.all("/locations")} == {mall.location_id, made["id"]}
    reversed_ = await mall.manager.edits(f"/locations/{made['id']}", {"ends_on": "2026-12-31"})
    must_refuse(reversed_, 422, "dates_reversed", pointer="/ends_on")
    ended = await mall.manager.edits(f"/locations/{made['id']}", {"ends_on": "2027-12-31"})
    assert ended.json()["ends_on"] == "2027-12-31"


async def test_counters_stand_and_open_only_in_a_building_of_the_mall(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency()
    officer = await mall.officer(agency)
    await mall.manager.edits(f"/locations/{mall.location_id}", {"ends_on": "2027-03-01"})
    await officer.does(f"/counters/{agency.counter}/opening")
    await officer.does(f"/counters/{agency.counter}/closing")
    mall.set_time("2027-03-02T09:00")
    refused = await officer.post(f"/counters/{agency.counter}/opening")
    must_refuse(refused, 409, "location_not_in_use", ends_on="2027-03-01")
    counter = {"agency_id": agency.id, "location_id": mall.location_id, "code": "X", "floor": "1"}
    refused = await mall.manager.post("/counters", {**counter, "name": names("X"), "service_ids": []})
    must_refuse(refused, 409, "location_not_in_use", pointer="/location_id")
    hall: Json = {"name": names("Hall"), "address": "Jl. Hall", "starts_on": "2027-06-01", "floors": FLOORS[:1]}
    hall_id = (await mall.manager.does("/locations", hall))["id"]
    ahead = await mall.manager.does(
        "/counters", {**counter, "location_id": hall_id, "name": names("X"), "service_ids": []}
    )
    refused = await officer.post(f"/counters/{ahead['id']}/opening")
    must_refuse(refused, 409, "location_not_in_use", starts_on="2027-06-01")


async def test_a_building_is_not_given_up_nor_a_counter_moved_ahead_while_somebody_waits_there(given: Given) -> None:
    mall = await given.mall(at="2027-03-02T09:00")
    agency = await mall.agency()
    ticket = await mall.public.takes(agency.service)
    path = f"/locations/{mall.location_id}"
    for dates in ({"ends_on": "2027-03-01"}, {"starts_on": "2027-03-03"}):
        must_refuse(await mall.manager.edits(path, dates), 409, "location_in_use", counter_id=agency.counter)
    hall: Json = {"name": names("Hall"), "address": "Jl. Hall", "starts_on": "2027-06-01", "floors": FLOORS[:1]}
    hall_id = (await mall.manager.does("/locations", hall))["id"]
    moved = await mall.manager.edits(f"/counters/{agency.counter}", {"location_id": hall_id})
    must_refuse(moved, 409, "location_not_in_use", pointer="/location_id")
    _, counter = await mall.open_counter(agency)
    assert (await mall.manager.calls(counter))["id"] == ticket["id"]


async def test_no_number_is_given_for_counters_in_a_building_that_was_given_up(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency()
    await mall.manager.edits(f"/locations/{mall.location_id}", {"ends_on": "2027-03-01"})
    await mall.public.takes(agency.service)
    mall.set_time("2027-03-02T09:00")
    must_refuse(await mall.public.issue(agency.service), 409, "no_counter")
    [shown] = (await mall.public.sees("/availability", channel="web"))["data"]
    must_show(shown, can_issue=False, code="no_counter", floors=[])
    hall: Json = {"name": names("Hall"), "address": "Jl. Hall", "starts_on": "2027-03-02", "floors": FLOORS[:1]}
    hall_id = (await mall.manager.does("/locations", hall))["id"]
    assert (await mall.manager.edits(f"/counters/{agency.counter}", {"location_id": hall_id})).is_success
    await mall.public.takes(agency.service)
