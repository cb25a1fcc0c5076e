"""Whose an account is: who made it manages it, and a role from elsewhere changes nothing of that."""

import pytest

from tests.given import Agency, Asker, Given, Json, must_refuse, must_show
from tests.given.staff import PASSWORD, someone

POWERS = ("disabling", "enabling", "password-reset")


def officer_of(agency: Agency, staff: Json) -> Json:
    """A role as the agency's officer for somebody who has an account."""
    return {"username": staff["username"], "role": "officer", "agency_id": agency.id}


async def must_manage(manager: Asker, staff: Json) -> None:
    """Insist that the account is the manager's to manage."""
    for power in POWERS:
        await manager.does(f"/staff/{staff['id']}/{power}")
    assert (await manager.sees(f"/staff/{staff['id']}"))["name"] == "Dewi"


async def must_not_manage(manager: Asker, staff: Json) -> None:
    """Insist that the manager sees the account, and has no power over it."""
    path = f"/staff/{staff['id']}"
    for power in POWERS:
        must_refuse(await manager.post(f"{path}/{power}"), 409, "account_beyond_reach")
    must_refuse(await manager.edits(path, {"name": "Mine"}), 409, "account_beyond_reach")


async def test_another_agencys_role_takes_nobody_out_of_their_own_managers_hands(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    own, theirs = await mall.agency_manager(agency), await mall.agency_manager(other)
    staff = await own.does("/staff", someone("officer", agency, password=PASSWORD))
    officer, refresh = await mall.sign_in(staff, PASSWORD)
    grant = await theirs.does("/grants", officer_of(other, staff))

    await must_not_manage(theirs, staff)
    seen = await theirs.sees(f"/staff/{staff['id']}")
    must_show(seen, username=staff["username"], name=None, grants=[grant])
    await theirs.does(f"/staff/{staff['id']}/grants/{grant['id']}/revocation")
    assert (await officer.sees("//v1/me"))["id"] == staff["id"], "nobody is signed out by it"
    assert await mall.refreshes(refresh)
    await theirs.does("/grants", officer_of(other, staff))
    await must_manage(own, staff)
    await must_manage(mall.manager, staff)


async def test_another_malls_role_takes_nobody_out_of_their_own_managers_hands(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    own = await mall.agency_manager(agency := await mall.agency())
    staff = await own.does("/staff", someone("officer", agency))
    for role in ("auditor", "mall_manager"):
        await elsewhere.manager.does("/grants", {"username": staff["username"], "role": role})
    await must_not_manage(elsewhere.manager, staff)
    assert (await elsewhere.auditor.sees(f"/staff/{staff['id']}"))["name"] is None
    await must_manage(own, staff)
    await must_manage(mall.manager, staff)


async def test_an_account_is_not_found_by_its_id_to_be_given_a_role(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency("CIVIL")
    officer, counter = await mall.open_counter(agency)
    theirs = await mall.agency_manager(other := await mall.agency("TAX"))
    assert (await mall.manager.sees(f"/counters/{counter}"))["officer_id"] == str(officer.id)
    body = {"role": "officer", "agency_id": other.id}
    by_id = await theirs.post("/grants", {**body, "username": str(officer.id)})
    must_refuse(by_id, 422, "unknown_reference", pointer="/username", thing="account")
    must_refuse(await theirs.post(f"/staff/{officer.id}/grants", body), 404, "not_found")
    must_refuse(await theirs.get(f"/staff/{officer.id}"), 404, "not_found")


@pytest.mark.parametrize("role", ["agency_manager", "auditor", "mall_manager"])
async def test_who_rises_above_an_officer_is_the_malls_to_manage_and_no_longer_the_agencys(
    given: Given, role: str
) -> None:
    mall = await given.mall()
    own = await mall.agency_manager(agency := await mall.agency())
    staff = await own.does("/staff", someone("officer", agency))
    of = {"agency_id": agency.id} if role == "agency_manager" else {}
    grant = await mall.manager.does("/grants", {"username": staff["username"], "role": role, **of})
    await must_not_manage(own, staff)
    await must_manage(mall.manager, staff)
    await mall.manager.does(f"/staff/{staff['id']}/grants/{grant['id']}/revocation")
    await must_manage(own, staff)


async def test_who_moves_to_another_agency_is_managed_there(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    own, theirs = await mall.agency_manager(agency), await mall.agency_manager(other)
    staff = await own.does("/staff", someone("officer", agency))
    await mall.manager.does("/grants", officer_of(other, staff))
    await mall.manager.does(f"/staff/{staff['id']}/grants/{staff['grants'][0]['id']}/revocation")
    await must_manage(theirs, staff)
    await must_not_manage(own, staff)


async def test_a_manager_takes_away_the_roles_of_their_own_reach_alone(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    theirs = await mall.agency_manager(other)
    staff = await mall.manager.does("/staff", someone("officer", agency))
    await theirs.does("/grants", officer_of(other, staff))
    far = await elsewhere.manager.does("/grants", {"username": staff["username"], "role": "auditor"})
    for manager, grant in ((theirs, staff["grants"][0]["id"]), (mall.manager, far["id"])):
        refused = await manager.post(f"/staff/{staff['id']}/grants/{grant}/revocation")
        must_refuse(refused, 404, "not_found")
    await elsewhere.manager.does(f"/staff/{staff['id']}/grants/{far['id']}/revocation")
