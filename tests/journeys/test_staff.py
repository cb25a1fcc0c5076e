"""People: who is taken on by whom, with which role, and who sees them."""

import asyncio
from uuid import uuid4

from sqlalchemy import select

from app import models
from app.domain.roles import Role
from tests.given import Agency, Given, code_of, must_refuse, must_show, names
from tests.given.staff import PASSWORD, someone


async def test_a_manager_takes_an_officer_on_who_signs_in_and_opens_a_counter(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    made = await mall.manager.post("/staff", someone("officer", agency))
    staff = made.json()
    assert made.status_code == 201
    assert made.headers["Location"] == f"{mall.path}/staff/{staff['id']}"
    [grant] = staff["grants"]
    must_show(grant, role="officer", agency_id=agency.id, revoked_at=None)
    officer, _ = await mall.sign_in(staff, staff["password"])
    me = await officer.sees("//v1/me")
    must_show(me, username=staff["username"], name="Dewi", client=None, device=None)
    must_show(me["grants"][0], role="officer", agency_id=agency.id, agency_code="CIVIL", agency_name=names("Civil"))
    assert (await officer.does(f"/counters/{agency.counter}/opening"))["officer_id"] == staff["id"]
    seen = await mall.manager.sees(f"/staff/{staff['id']}")
    assert seen == {name: value for name, value in staff.items() if name != "password"}


async def test_a_password_that_was_chosen_is_not_shown(given: Given) -> None:
    mall = await given.mall()
    chosen = await mall.manager.does("/staff", someone("auditor", password=PASSWORD))
    assert chosen["password"] is None
    await mall.sign_in(chosen, PASSWORD)


async def test_the_journal_says_who_was_taken_on_and_no_names(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", someone("officer", agency))
    ids = (staff["id"], staff["grants"][0]["id"])
    created, granted = [each for each in await mall.entries() if each["subject"]["id"] in ids]
    must_show(created, type="account.created", data={"platform_role": None})
    must_show(granted, type="role.granted", agency_id=agency.id, data={"account_id": staff["id"], "role": "officer"})
    for entry in await mall.entries():
        assert staff["username"] not in str(entry)
        assert "Dewi" not in str(entry)


async def test_a_password_is_long_enough_and_hard_to_guess(given: Given) -> None:
    mall = await given.mall()
    for bad, code, pointer in (
        ({"password": "eleven sign"}, "invalid_request", "/password"),
        ({"password": "x" * 129}, "invalid_request", "/password"),
        ({"username": "a.long.user.name", "password": "A.long.user.NAME"}, "password_guessable", "/password"),
        ({"password": " " * 12}, "password_guessable", "/password"),
        ({"password": "kata sandi 123"}, "password_guessable", "/password"),
        ({"username": "Upper.Case"}, "invalid_request", "/username"),
        ({"role": "platform_admin"}, "invalid_request", "/role"),
        ({"role": "officer"}, "agency_misplaced", "/agency_id"),
        ({"agency_id": str(uuid4())}, "agency_misplaced", "/agency_id"),
        ({"role": "officer", "agency_id": str(uuid4())}, "unknown_reference", "/agency_id"),
    ):
        refused = await mall.manager.post("/staff", {**someone("auditor"), **bad})
        assert code_of(refused) == (422, code), bad
        assert refused.json()["errors"][0]["pointer"] == pointer, bad
        assert str(bad.get("password")) not in refused.text
    assert len(await mall.manager.all("/staff")) == 2, "the manager and the auditor that were there"


async def test_a_user_name_is_one_accounts_on_the_whole_platform(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    body = someone("auditor")
    staff = await mall.manager.does("/staff", body)
    for manager in (mall.manager, elsewhere.manager):
        refused = await manager.post("/staff", body)
        must_refuse(refused, 409, "username_taken", pointer="/username")
        assert "Dewi" not in refused.text
    must_refuse(await elsewhere.manager.get(f"/staff/{staff['id']}"), 404, "not_found")


async def test_an_account_of_one_mall_gets_a_role_in_another_once(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    staff = await mall.manager.does("/staff", someone("auditor"))
    body = {"username": staff["username"], "role": "auditor"}
    grant = await elsewhere.manager.post("/grants", body)
    assert grant.status_code == 201
    assert grant.headers["Location"] == f"{elsewhere.path}/staff/{staff['id']}"
    assert set(grant.json()) == {"id", "account_id", "role", "agency_id", "granted_at", "revoked_at"}
    again = await elsewhere.manager.post("/grants", body)
    must_refuse(again, 409, "role_already_granted", grant_id=grant.json()["id"])
    auditor, _ = await mall.sign_in(staff, staff["password"])
    for one, name in ((mall, "Dewi"), (elsewhere, None)):
        [seen] = await one.manager.all("/staff", username=staff["username"])
        assert [each["role"] for each in seen["grants"]] == ["auditor"]
        assert seen["name"] == name, "nothing is shown that was not typed"
        assert (await auditor.get(f"/{one.path}/staff")).status_code == 200


async def test_two_malls_that_want_one_user_name_at_once_do_not_both_get_it(given: Given) -> None:
    malls = [await given.mall() for _ in range(3)]
    body = someone("auditor")
    answers = await asyncio.gather(*(each.manager.post("/staff", body) for each in malls))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]


async def test_an_agencys_manager_grants_no_role_above_officer_and_none_in_another_agency(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    own = await mall.agency_manager(agency)
    mine = await own.does("/staff", someone("officer", agency))
    named, before = {"username": mine["username"]}, len(await mall.entries())
    for role in ("mall_manager", "auditor"):
        must_refuse(await own.post("/staff", someone(role)), 403, "forbidden", pointer="/role")
        must_refuse(await own.post("/grants", {**named, "role": role}), 403, "forbidden", pointer="/role")
    refused = await own.post("/staff", someone("agency_manager", agency))
    must_refuse(refused, 403, "forbidden", required=["mall_manager"], member="role")
    must_refuse(await own.post("/staff", someone("officer", other)), 422, "unknown_reference")
    must_refuse(
        await own.post("/grants", {**named, "role": "officer", "agency_id": other.id}), 422, "unknown_reference"
    )
    assert len(await mall.entries()) == before


async def test_another_agencys_people_are_not_there_for_a_manager_nor_is_one_who_is_no_officer(given: Given) -> None:
    mall = await given.mall()
    own = await mall.agency_manager(agency := await mall.agency("CIVIL"))
    peer = await mall.agency_manager(agency)
    theirs = await mall.manager.does("/staff", someone("officer", await mall.agency("TAX")))
    before = len(await mall.entries())
    for verb in ("disabling", "enabling", "password-reset", f"grants/{theirs['grants'][0]['id']}/revocation"):
        must_refuse(await own.post(f"/staff/{theirs['id']}/{verb}"), 404, "not_found")
    must_refuse(await own.post(f"/staff/{peer.id}/password-reset"), 404, "not_found")
    assert len(await mall.entries()) == before


async def test_people_who_manage_nobody_take_nobody_on(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", someone("officer", agency))
    revocation = f"/staff/{staff['id']}/grants/{staff['grants'][0]['id']}/revocation"
    for one in (await mall.officer(agency), mall.auditor, mall.kiosk):
        must_refuse(await one.post("/staff", someone("auditor")), 403, "forbidden")
        must_refuse(await one.post(revocation), 403, "forbidden")


async def test_an_agencys_manager_sees_its_own_people_and_their_roles_there(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    own = await mall.agency_manager(agency)
    mine = await mall.manager.does("/staff", someone("officer", agency))
    theirs = await mall.manager.does("/staff", someone("officer", other))
    await mall.manager.does("/grants", {"username": mine["username"], "role": "auditor"})
    assert {each["id"] for each in await own.all("/staff")} == {mine["id"]}
    assert [each["role"] for each in (await own.sees(f"/staff/{mine['id']}"))["grants"]] == ["officer"]
    must_refuse(await own.get(f"/staff/{theirs['id']}"), 404, "not_found")


async def test_the_malls_manager_and_its_auditor_see_everybody_with_every_role(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    mine = await mall.manager.does("/staff", someone("officer", agency))
    theirs = await mall.manager.does("/staff", someone("officer", other))
    await mall.manager.does("/grants", {"username": mine["username"], "role": "auditor"})
    everybody = {each["id"] for each in await mall.auditor.all("/staff")}
    assert everybody == {mine["id"], theirs["id"], str(mall.auditor.id), str(mall.manager.id)}
    roles = [each["role"] for each in (await mall.auditor.sees(f"/staff/{mine['id']}"))["grants"]]
    assert roles == ["officer", "auditor"]
    [found] = await mall.manager.all("/staff", role="officer", agency_id=other.id)
    assert found["id"] == theirs["id"]


async def test_names_are_not_shown_to_anybody_else(given: Given) -> None:
    mall = await given.mall()
    for one in (await mall.officer(await mall.agency()), mall.kiosk, mall.display):
        must_refuse(await one.get("/staff"), 403, "forbidden")
    for one in (await given.platform_person(Role.MINISTRY_OBSERVER), await given.admin()):
        must_refuse(await one.get(f"/{mall.path}/staff"), 403, "forbidden")
    must_refuse(await mall.public.get("/staff"), 401, "unauthenticated")


async def test_the_platforms_admin_appoints_a_manager_where_none_can_sign_in_and_nobody_else(given: Given) -> None:
    mall, elsewhere, admin = await given.mall(), await given.mall(), await given.admin()
    staff, grants = f"/{mall.path}/staff", f"/{mall.path}/grants"
    auditor = await mall.manager.does("/staff", someone("auditor"))
    promotion = {"username": auditor["username"], "role": "mall_manager"}
    must_refuse(await admin.post(staff, someone("mall_manager")), 409, "mall_has_manager")
    second = await elsewhere.manager.does("/staff", someone("auditor"))
    await mall.manager.does("/grants", {"username": second["username"], "role": "mall_manager"})
    manager, _ = await mall.sign_in(second, second["password"])
    await manager.does(f"/staff/{mall.manager.id}/disabling")
    must_refuse(await admin.post(grants, promotion), 409, "mall_has_manager")

    await elsewhere.manager.does(f"/staff/{second['id']}/disabling")
    agency = Agency(str(uuid4()), "CIVIL")
    for body in (someone("auditor"), someone("officer", agency)):
        must_refuse(await admin.post(staff, body), 403, "forbidden")
    await admin.does(grants, promotion)
    new, _ = await mall.sign_in(auditor, auditor["password"])
    assert auditor["id"] in {each["id"] for each in await new.all("/staff", role="mall_manager")}
    must_refuse(await admin.post(staff, someone("mall_manager")), 409, "mall_has_manager")
    for verb in ("disabling", "password-reset"):
        must_refuse(await admin.post(f"{staff}/{auditor['id']}/{verb}"), 403, "forbidden")


async def test_who_runs_the_deployment_is_given_no_role_in_a_mall(given: Given) -> None:
    mall, admin = await given.mall(), await given.admin()
    username = (await admin.sees("//v1/me"))["username"]
    for name in (username, "nobody.at.all"):
        refused = await mall.manager.post("/grants", {"username": name, "role": "auditor"})
        must_refuse(refused, 422, "unknown_reference", pointer="/username", thing="account")


async def test_a_password_is_reset_and_shown_once(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", someone("officer", agency, password=PASSWORD))
    _, refresh = await mall.sign_in(staff, PASSWORD)
    key = {"Idempotency-Key": "reset"}
    own = await mall.agency_manager(agency)
    reset = await own.does(f"/staff/{staff['id']}/password-reset", headers=key)
    again = await own.post(f"/staff/{staff['id']}/password-reset", headers=key)
    must_refuse(again, 409, "secret_already_shown", thing="account", thing_id=staff["id"])
    assert (await mall.tokens(staff["username"], PASSWORD)).status_code == 400
    assert not await mall.refreshes(refresh)
    await mall.sign_in(staff, reset["password"])
    assert "password" not in await own.sees(f"/staff/{staff['id']}")


async def test_a_repeat_shows_no_secret_again_and_nothing_kept_holds_one(given: Given) -> None:
    mall = await given.mall()
    made, chosen = someone("auditor"), someone("auditor", password=PASSWORD)
    first = await mall.manager.post("/staff", made, headers={"Idempotency-Key": "made"})
    assert first.json()["password"]
    repeat = await mall.manager.post("/staff", made, headers={"Idempotency-Key": "made"})
    must_refuse(repeat, 409, "secret_already_shown")
    one, two = [await mall.manager.post("/staff", chosen, headers={"Idempotency-Key": "chosen"}) for _ in range(2)]
    assert one.json() == two.json()
    assert two.headers["Idempotency-Replayed"] == "true"
    other = await mall.manager.post(
        "/staff", {**chosen, "password": PASSWORD + "!"}, headers={"Idempotency-Key": "chosen"}
    )
    must_refuse(other, 422, "idempotency_key_reused")
    key = models.IdempotencyKey
    async with mall.database.reading(mall.ref) as reading:
        kept = (await reading.session.scalars(select(key.answer).where(key.mall_id == mall.ref.id))).all()
    assert len(kept) == 2
    assert all(secret not in text for text in kept for secret in (first.json()["password"], PASSWORD))


async def test_a_name_is_corrected_and_nobody_is_signed_out_by_it(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, manager = await mall.officer(agency), await mall.agency_manager(agency)
    changed = await manager.edits(f"/staff/{officer.id}", {"name": "Dewi Lestari"})
    must_show(changed.json(), name="Dewi Lestari")
    assert (await officer.sees("//v1/me"))["id"] == str(officer.id)
    data = {"platform_role": None, "changed": ["name"]}
    must_show((await mall.entries())[-1], type="account.changed", before={}, data=data)
