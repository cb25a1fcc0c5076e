"""People who leave: shut out, let in again, or without a role; and what ends with it."""

import httpx

from tests.given import Given, forgotten, must_refuse, must_show
from tests.given.staff import PASSWORD, someone


async def test_a_disabled_officer_is_out_at_once_where_it_matters_and_in_seconds_everywhere(
    given: Given, forgetful: httpx.AsyncClient
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", someone("officer", agency, password=PASSWORD))
    officer, refresh = await mall.sign_in(staff, PASSWORD)
    there = await officer.known_at(forgetful)
    own = await mall.agency_manager(agency)
    assert (await own.does(f"/staff/{staff['id']}/disabling"))["disabled_at"]

    opened = await officer.post(f"/counters/{agency.counter}/opening")  # the process still remembers the officer
    must_refuse(opened, 401, "token_invalid")
    assert (await mall.tokens(staff["username"], PASSWORD)).status_code == 400
    assert not await mall.refreshes(refresh)
    await forgotten()
    must_refuse(await there.get("//v1/me"), 401, "token_invalid")
    must_refuse(await own.post(f"/staff/{staff['id']}/disabling"), 409, "illegal_transition")


async def test_an_officer_who_is_disabled_leaves_nobody_waiting_at_the_counter(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    held, called, behind = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    await officer.handles(await officer.calls(counter), "start", "hold")
    await officer.handles(await officer.calls(counter), "start")
    await mall.manager.does(f"/staff/{officer.id}/disabling")

    assert (await mall.public.sees(f"/counters/{counter}"))["status"] == "closed"
    found = [await mall.manager.sees(f"/tickets/{each['id']}") for each in (held, called, behind)]
    assert [each["status"] for each in found] == ["waiting"] * 3
    assert {each["position"] for each in found[:2]} == {1, 2}, "first in line are those who were served"
    assert found[2]["position"] == 3


async def test_the_journal_says_what_a_disabling_ended(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    for _ in range(2):
        await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), "start", "hold")
    await officer.calls(counter)
    before, own = len(await mall.entries()), await mall.agency_manager(agency)
    await own.does(f"/staff/{officer.id}/disabling")
    act = (await mall.entries())[before:][-4:]
    returned = ["ticket.returned"] * 2
    assert [each["type"] for each in act] == ["account.disabled", *returned, "counter.closed"]
    assert len({each["at"] for each in act}) == 1
    assert act[-1]["data"]["ended_by"] == "forced"
    assert {each["by"]["id"] for each in act} == {str(own.id)}


async def test_an_officer_who_is_let_in_again_signs_in_anew(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", someone("officer", agency, password=PASSWORD))
    officer, _ = await mall.sign_in(staff, PASSWORD)
    path = f"/staff/{staff['id']}"
    await mall.manager.does(f"{path}/disabling")
    enabled = await mall.manager.does(f"{path}/enabling")
    assert enabled["disabled_at"] is None
    assert len(enabled["grants"]) == 1
    must_refuse(await mall.manager.post(f"{path}/enabling"), 409, "illegal_transition")
    must_refuse(await officer.get("//v1/me"), 401, "token_invalid")
    again, _ = await mall.sign_in(staff, PASSWORD)
    await again.does(f"/counters/{agency.counter}/opening")


async def test_a_role_that_is_taken_away_ends_its_counter_and_what_it_allowed_and_no_session(
    given: Given, forgetful: httpx.AsyncClient
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", someone("officer", agency, password=PASSWORD))
    officer, refresh = await mall.sign_in(staff, PASSWORD)
    there = await officer.known_at(forgetful)
    await officer.does(f"/counters/{agency.counter}/opening")

    revocation = f"/staff/{staff['id']}/grants/{staff['grants'][0]['id']}/revocation"
    assert (await mall.manager.does(revocation))["revoked_at"]
    assert (await mall.public.sees(f"/counters/{agency.counter}"))["status"] == "closed"
    must_refuse(await officer.post(f"/counters/{agency.counter}/opening"), 403, "forbidden")
    must_refuse(await mall.manager.post(revocation), 409, "illegal_transition")
    await forgotten()
    must_refuse(await there.get("/tickets"), 403, "forbidden")
    assert (await there.sees("//v1/me"))["grants"] == []
    assert await mall.refreshes(refresh)


async def test_a_role_in_another_agency_ends_and_leaves_the_counter_and_the_session_in_this_one(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    staff = await mall.manager.does("/staff", someone("officer", agency, password=PASSWORD))
    officer, refresh = await mall.sign_in(staff, PASSWORD)
    await officer.does(f"/counters/{agency.counter}/opening")
    theirs = await mall.agency_manager(other)
    body = {"username": staff["username"], "role": "officer", "agency_id": other.id}
    second = await theirs.does("/grants", body)
    await theirs.does(f"/staff/{staff['id']}/grants/{second['id']}/revocation")
    assert (await mall.public.sees(f"/counters/{agency.counter}"))["status"] == "open"
    assert await officer.all("/tickets") == []
    assert await mall.refreshes(refresh)


async def test_a_person_without_a_role_is_no_staff_but_stays_readable_and_can_get_another_role(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", someone("officer", agency))
    await mall.manager.does(f"/staff/{staff['id']}/grants/{staff['grants'][0]['id']}/revocation")
    assert staff["id"] not in {each["id"] for each in await mall.manager.all("/staff")}
    [past] = (await mall.manager.sees(f"/staff/{staff['id']}"))["grants"]
    assert past["revoked_at"]
    last = (await mall.entries())[-1]
    must_show(last, type="role.revoked", agency_id=agency.id)
    assert last["data"]["role"] == "officer"
    body = {"username": staff["username"], "role": "officer", "agency_id": agency.id}
    await mall.manager.does("/grants", body)
    assert staff["id"] in {each["id"] for each in await mall.manager.all("/staff")}


async def test_the_role_of_a_disabled_person_is_taken_away_all_the_same(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", someone("officer", agency))
    await mall.manager.does(f"/staff/{staff['id']}/disabling")
    revoked = await mall.manager.does(f"/staff/{staff['id']}/grants/{staff['grants'][0]['id']}/revocation")
    assert revoked["revoked_at"]
    assert (await mall.entries())[-1]["type"] == "role.revoked"


async def test_nobody_disables_their_own_account_revokes_its_roles_or_resets_its_password(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    for who in (mall.manager, await mall.agency_manager(agency)):
        own = await mall.manager.sees(f"/staff/{who.id}")
        for path in ("disabling", "password-reset", f"grants/{own['grants'][0]['id']}/revocation"):
            must_refuse(await who.post(f"/staff/{who.id}/{path}"), 409, "own_account")
        assert (await who.sees("//v1/me"))["id"] == str(who.id)
