"""Kiosks and displays: registered, known by a key that is shown once, and revoked."""

from asyncio import gather
from uuid import uuid4

import httpx
from sqlalchemy import select

from app import models
from app.domain.devices import DeviceKind
from tests.given import Asker, Given, Json, Mall, counted, forgotten, must_refuse, must_show, names


def lobby(mall: Mall, kind: str = "kiosk") -> Json:
    return {"kind": kind, "name": {"id": "Lobi", "en": "Lobby"}, "location_id": mall.location_id}


async def test_a_kiosk_is_registered_and_its_key_is_shown_once(given: Given) -> None:
    mall = await given.mall()
    key = {"Idempotency-Key": "a kiosk"}
    made = await mall.manager.post("/devices", lobby(mall), headers=key)
    device = made.json()
    assert made.status_code == 201
    assert made.headers["Location"] == f"{mall.path}/devices/{device['id']}"
    assert device["key"].startswith(device["key_prefix"])
    assert device["key_prefix"].startswith("mpk_")
    assert len(device["key_prefix"]) == 12
    repeat = await mall.manager.post("/devices", lobby(mall), headers=key)
    must_refuse(repeat, 409, "secret_already_shown", thing="device", thing_id=device["id"])

    seen = await mall.auditor.sees(f"/devices/{device['id']}")
    assert seen == {name: value for name, value in device.items() if name != "key"}
    must_show(seen, kind="kiosk", last_used_at=None)
    assert len(await mall.manager.all("/devices")) == 3, "the kiosk and the display that were there, and this one"


async def test_a_kiosk_issues_with_its_key_and_its_use_is_seen(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    device = await mall.manager.does("/devices", lobby(mall))
    kiosk = Asker(mall.public.http, mall.path, device["key"])
    await kiosk.takes(agency.service)
    me = await kiosk.sees("//v1/me")
    must_show(me, kind="device", mall=mall.slug)
    assert me["device"]["location_id"] == mall.location_id
    [listed] = [each for each in await mall.auditor.all("/devices", kind="kiosk") if each["id"] == device["id"]]
    assert listed["last_used_at"]


async def test_a_kiosk_stands_in_a_building_of_the_mall_today_or_later(given: Given) -> None:
    mall = await given.mall(at="2027-03-02T09:00")
    floors = [{"code": "1", "name": names("Floor 1")}]
    hall: Json = {"name": names("Hall"), "address": "Jl. Hall", "floors": floors}
    old = await mall.manager.does("/locations", {**hall, "starts_on": "2020-01-01", "ends_on": "2027-03-01"})
    new = await mall.manager.does("/locations", {**hall, "starts_on": "2027-06-01"})
    refused = await mall.manager.post("/devices", {**lobby(mall), "location_id": old["id"]})
    must_refuse(refused, 409, "location_not_in_use", pointer="/location_id", ends_on="2027-03-01")
    moved = await mall.manager.edits(f"/devices/{mall.kiosk.id}", {"location_id": old["id"]})
    must_refuse(moved, 409, "location_not_in_use", pointer="/location_id")
    await mall.manager.does("/devices", {**lobby(mall), "location_id": new["id"]})
    mall.set_time("2027-06-01T09:00")
    await mall.manager.edits(f"/locations/{mall.location_id}", {"ends_on": "2027-05-31"})
    named = {"name": names("Lobby"), "location_id": mall.location_id}
    assert (await mall.manager.edits(f"/devices/{mall.kiosk.id}", named)).is_success, "it stays where it is"


async def test_a_devices_key_is_kept_nowhere(given: Given) -> None:
    mall = await given.mall()
    device = await mall.manager.does("/devices", lobby(mall), headers={"Idempotency-Key": "a kiosk"})
    entry = next(each for each in await mall.entries() if each["subject"]["id"] == device["id"])
    assert entry["type"] == "device.registered"
    assert entry["data"]["kind"] == "kiosk"
    kept = models.IdempotencyKey
    async with mall.database.reading(mall.ref) as reading:
        answers = (await reading.session.scalars(select(kept.answer).where(kept.mall_id == mall.ref.id))).all()
    secret = device["key"].split("_", 2)[2]
    assert all(secret not in text for text in [*answers, *map(str, await mall.entries())])


async def test_a_revoked_key_is_dead_when_a_process_looks_again(given: Given, forgetful: httpx.AsyncClient) -> None:
    mall = await given.mall()
    device = await mall.manager.does("/devices", lobby(mall, "display"))
    display = await Asker(mall.public.http, mall.path, device["key"]).known_at(forgetful)
    path = f"/devices/{device['id']}/revocation"
    assert (await mall.manager.does(path))["revoked_at"]
    assert (await mall.entries())[-1]["type"] == "device.revoked"
    await forgotten()
    must_refuse(await display.get("/board"), 401, "token_invalid")
    must_refuse(await mall.manager.post(path), 409, "illegal_transition", state="revoked")
    await mall.display.sees("/board")


async def test_a_revoked_device_is_listed_only_when_asked_for(given: Given) -> None:
    mall = await given.mall()
    device = await mall.manager.does("/devices", lobby(mall, "display"))
    await mall.manager.does(f"/devices/{device['id']}/revocation")
    assert device["id"] not in {each["id"] for each in await mall.manager.all("/devices")}
    assert [each["id"] for each in await mall.manager.all("/devices", revoked=True)] == [device["id"]]


async def test_devices_are_the_malls_managers_to_write_and_the_auditors_to_read(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    revocation = f"/devices/{(await mall.device(DeviceKind.KIOSK)).id}/revocation"
    officer, own = await mall.officer(agency), await mall.agency_manager(agency)
    before = len(await mall.entries())
    for one in (officer, own, mall.kiosk, mall.display):
        must_refuse(await one.get("/devices"), 403, "forbidden")
    for one in (officer, own, mall.auditor, mall.kiosk):
        must_refuse(await one.post("/devices", lobby(mall)), 403, "forbidden")
        must_refuse(await one.post(revocation), 403, "forbidden")
    must_refuse(await (await given.admin()).get(f"/{mall.path}/devices"), 403, "forbidden")
    must_refuse(await mall.public.get("/devices"), 401, "unauthenticated")
    must_refuse(await mall.manager.post(f"/devices/{uuid4()}/revocation"), 404, "not_found")
    assert len(await mall.entries()) == before


async def test_another_malls_devices_and_places_are_not_there(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency = await mall.agency()
    revocation = f"/devices/{(await mall.device(DeviceKind.KIOSK)).id}/revocation"
    must_refuse(await elsewhere.manager.post(revocation), 404, "not_found")
    foreign = await mall.manager.post("/devices", {**lobby(mall), "location_id": elsewhere.location_id})
    must_refuse(foreign, 422, "unknown_reference", pointer="/location_id")
    must_refuse(await mall.manager.post("/devices", {**lobby(mall), "kind": "robot"}), 422, "invalid_request")
    assert await elsewhere.kiosk.sees("//v1/me")
    must_refuse(await elsewhere.kiosk.issue(agency.service), 422, "unknown_reference")


async def test_a_kiosk_is_moved_to_another_building_and_keeps_its_key(given: Given) -> None:
    mall = await given.mall()
    floors = [{"code": "1", "name": names("One")}]
    hall = {"name": names("Hall"), "address": "Jl. Hall", "starts_on": "2020-01-01", "floors": floors}
    location = await mall.manager.does("/locations", hall)
    moved = await mall.manager.edits(f"/devices/{mall.kiosk.id}", {"location_id": location["id"]})
    must_show(moved.json(), location_id=location["id"], version=2)
    entry = (await mall.entries())[-1]
    must_show(entry, type="device.changed", before={"location_id": mall.location_id})
    must_show(entry["data"], location_id=location["id"], changed=["location_id"])
    assert (await mall.kiosk.sees("//v1/me"))["device"]["location_id"] == location["id"]
    nowhere = await mall.manager.edits(f"/devices/{mall.kiosk.id}", {"location_id": str(uuid4())})
    must_refuse(nowhere, 422, "unknown_reference", pointer="/location_id")


async def test_a_key_is_looked_up_once_for_all_who_come_with_it_at_a_time(given: Given) -> None:
    mall = await given.mall()
    async with counted(mall.database) as seen:
        for answer in await gather(*(mall.kiosk.get("/statistics") for _ in range(10))):
            must_refuse(answer, 403, "forbidden")
    assert sum("clock_timestamp()" in each for each in seen) == 2, "whose it is, and that it was used"
