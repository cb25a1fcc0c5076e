"""Whose things are whose: what only some see, whose ticket is in hand, on whose channel one issues."""

from typing import Any
from uuid import uuid4

from app.domain.devices import DeviceKind
from app.domain.roles import Role
from tests.given import Asker, Given, Json, must_refuse, names


async def test_what_only_its_own_people_see_is_null_for_others(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    contact = {"name": "Dewi", "phone": "+62 811 000", "email": None}
    etag = (await mall.manager.get(f"/agencies/{agency.id}")).headers["ETag"]
    await mall.manager.patch(f"/agencies/{agency.id}", {"contact": contact}, etag)
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    await officer.does(f"/counters/{counter}/calls")

    async def seen(by: Asker) -> tuple[Any, Any, Any]:
        agency_ = await by.sees(f"/{mall.path}/agencies/{agency.id}")
        counter_ = await by.sees(f"/{mall.path}/counters/{counter}")
        return agency_["contact"], counter_["officer_id"], (counter_["ticket"] or {}).get("id")

    working, nothing = (str(officer.id), ticket["id"]), (None, None)
    assert await seen(mall.manager) == (contact, *working)
    assert await seen(mall.auditor) == (contact, *working)
    assert await seen(await mall.agency_manager(agency)) == (contact, *working)
    assert await seen(officer) == (None, *working)
    assert await seen(await given.admin()) == (contact, *nothing)
    for stranger in (mall.public, mall.kiosk, mall.display, await mall.agency_manager(other)):
        assert await seen(stranger) == (None, *nothing)


async def test_a_ticket_in_hand_is_its_officers_and_the_managers(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    colleague, second = await mall.officer(agency), await mall.device(DeviceKind.KIOSK)
    must_refuse(await second.get(f"/tickets/{ticket['id']}"), 404, "not_found")
    await officer.does(f"/counters/{counter}/calls")
    must_refuse(await colleague.post(f"/tickets/{ticket['id']}/start"), 409, "not_your_counter")
    await (await mall.agency_manager(agency)).does(f"/tickets/{ticket['id']}/recall")
    await mall.manager.does(f"/tickets/{ticket['id']}/recall")
    await officer.does(f"/tickets/{ticket['id']}/start")
    must_refuse(await colleague.post(f"/tickets/{ticket['id']}/completion"), 409, "not_your_counter")


async def test_a_manager_of_an_agency_changes_what_a_counter_serves_and_not_where_it_stands(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    own, path = await mall.agency_manager(agency), f"/counters/{agency.counter}"
    etag = (await own.get(path)).headers["ETag"]
    changes: list[Json] = [{"floor": "2"}, {"name": names("Mine")}, {"booth": None, "service_ids": []}]
    for change in changes:
        must_refuse(await own.patch(path, change, etag), 403, "forbidden")
    changed = await own.patch(path, {"service_ids": [agency.service]}, etag)
    assert changed.json()["service_ids"] == [agency.service]
    forced = await (await mall.officer(agency)).post(f"{path}/closing", {"force": True})
    must_refuse(forced, 409, "illegal_transition")
    officer, _ = await mall.open_counter(agency)
    must_refuse(await officer.post(f"{path}/closing", {"force": True}), 403, "forbidden")


async def test_nobody_issues_on_anothers_channel(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    own = {mall.public: "web", mall.kiosk: "kiosk", mall.manager: "kiosk", await mall.partner(agency): "partner"}
    for one, channel in own.items():
        for other in {"web", "kiosk", "partner", "appointment"} - {channel}:
            refused = await one.issue(agency.service, channel=other)
            must_refuse(refused, 422, "channel_not_yours", pointer="/channel", allowed=channel)
        assert (await one.takes(agency.service, channel=channel))["channel"] == channel
        left_out = {"service_id": agency.service}
        issued = await one.does("/tickets", left_out, headers={"Idempotency-Key": str(uuid4())})
        assert issued["channel"] == channel


async def test_one_account_plays_several_parts(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    desk, managed = await mall.agency("CIVIL"), await mall.agency("TAX")
    person = await mall.officer(desk)
    await mall.grant(person, Role.AGENCY_MANAGER, managed)
    await elsewhere.grant(person, Role.AUDITOR)
    await person.does(f"/counters/{desk.counter}/opening")
    assert [each["agency_id"] for each in await person.all("/agreements")] == [managed.id]
    assert await Asker(person.http, elsewhere.path, person.credential).all("/agreements") == []
