"""Kiosks and displays: registered, known by a key that is shown once, and revoked."""

import asyncio
import time
from uuid import uuid4

from sqlalchemy import select

from app import models
from app.domain.devices import DeviceKind
from tests.given import Asker, Given, Json, Mall, code_of

REMEMBERED = 5


def lobby(mall: Mall, kind: str = "kiosk") -> Json:
    return {"kind": kind, "name": {"id": "Lobi", "en": "Lobby"}, "location_id": mall.location_id}


async def test_a_kiosk_is_registered_and_issues_with_the_key_that_was_shown_once(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    key = {"Idempotency-Key": "a kiosk"}
    made = await mall.manager.post("/devices", lobby(mall), headers=key)
    device = made.json()
    assert (made.status_code, made.headers["Location"]) == (201, f"{mall.path}/devices/{device['id']}")
    assert (await mall.auditor.sees(f"/devices/{device['id']}"))["kind"] == "kiosk"
    assert device["key"].startswith(device["key_prefix"])
    assert (device["key_prefix"][:4], len(device["key_prefix"]), device["last_used_at"]) == ("mpk_", 12, None)
    assert code_of(await mall.manager.post("/devices", lobby(mall), headers=key)) == (409, "secret_already_shown")

    kiosk = Asker(mall.public.http, mall.path, device["key"])
    await kiosk.takes(agency.service)
    me = await kiosk.sees("//v1/me")
    assert (me["kind"], me["mall"], me["device"]["location_id"]) == ("device", mall.slug, mall.location_id)
    [listed] = [each for each in await mall.auditor.all("/devices", kind="kiosk") if each["id"] == device["id"]]
    assert listed["last_used_at"]
    assert {**listed, "last_used_at": None} == {name: value for name, value in device.items() if name != "key"}
    assert len(await mall.manager.all("/devices")) == 3, "the kiosk and the display that were there, and this one"

    entry = next(each for each in await mall.entries() if each["subject"]["id"] == device["id"])
    assert (entry["type"], entry["data"]["kind"]) == ("device.registered", "kiosk")
    kept = models.IdempotencyKey
    async with mall.database.reading(mall.ref) as reading:
        answers = (await reading.session.scalars(select(kept.answer).where(kept.mall_id == mall.ref.id))).all()
    secret = device["key"].split("_", 2)[2]
    assert all(secret not in text for text in [*answers, *map(str, await mall.entries())])


async def test_a_revoked_key_is_dead_within_five_seconds(given: Given) -> None:
    mall = await given.mall()
    device = await mall.manager.does("/devices", lobby(mall, "display"))
    display = Asker(mall.public.http, mall.path, device["key"])
    await display.sees("/board")
    revoked = await mall.manager.does(f"/devices/{device['id']}/revocation")
    assert revoked["revoked_at"]
    ends = time.monotonic() + REMEMBERED + 0.5
    asked = time.monotonic()
    while (await display.get("/board")).is_success:
        assert asked < ends
        await asyncio.sleep(0.2)
        asked = time.monotonic()  # when it is asked counts, not when a slow machine answers
    assert code_of(await display.get("/board")) == (401, "unauthenticated")
    again = await mall.manager.post(f"/devices/{device['id']}/revocation")
    assert (code_of(again), again.json()["state"]) == ((409, "illegal_transition"), "revoked")
    assert device["id"] not in {each["id"] for each in await mall.manager.all("/devices")}
    assert [each["id"] for each in await mall.manager.all("/devices", revoked=True)] == [device["id"]]
    assert (await mall.entries())[-1]["type"] == "device.revoked"
    await mall.display.sees("/board")


async def test_devices_are_the_malls_managers_to_write_and_the_auditors_to_read(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency = await mall.agency()
    revocation = f"/devices/{(await mall.device(DeviceKind.KIOSK)).id}/revocation"
    officer, own = await mall.officer(agency), await mall.agency_manager(agency)
    before = len(await mall.entries())
    for one in (officer, own, mall.kiosk, mall.display):
        assert code_of(await one.get("/devices")) == (403, "forbidden")
    for one in (officer, own, mall.auditor, mall.kiosk):
        assert code_of(await one.post("/devices", lobby(mall))) == (403, "forbidden")
        assert code_of(await one.post(revocation)) == (403, "forbidden")
    assert code_of(await (await given.admin()).get(f"/{mall.path}/devices")) == (403, "forbidden")
    assert code_of(await mall.public.get("/devices")) == (401, "unauthenticated")
    assert code_of(await elsewhere.manager.post(revocation)) == (404, "not_found")
    assert code_of(await mall.manager.post(f"/devices/{uuid4()}/revocation")) == (404, "not_found")
    foreign = await mall.manager.post("/devices", {**lobby(mall), "location_id": elsewhere.location_id})
    assert (code_of(foreign), foreign.json()["errors"][0]["pointer"]) == ((422, "unknown_reference"), "/location_id")
    assert code_of(await mall.manager.post("/devices", {**lobby(mall), "kind": "robot"})) == (422, "invalid_request")
    assert len(await mall.entries()) == before
    assert await elsewhere.kiosk.sees("//v1/me")
    assert code_of(await elsewhere.kiosk.issue(agency.service)) == (422, "unknown_reference")
