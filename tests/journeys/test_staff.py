"""People: who is taken on by whom, with which role, and what ends when it ends."""

import asyncio
import itertools
import os
import time
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select

from app import models
from app.domain.roles import Role
from tests.given import Agency, Asker, Given, Json, Mall, code_of

PASSWORD = "sandi yang cukup panjang"
REMEMBERED = 5
"""For so many seconds a process may remember a caller."""
_numbers = itertools.count(1)


def person(role: str, agency: Agency | None = None, **more: str) -> Json:
    """Somebody to take on."""
    username = f"staf.{os.getpid()}.{next(_numbers)}"
    return {"username": username, "name": "Dewi", "role": role, "agency_id": agency and agency.id, **more}


async def tokens_of(mall: Mall, username: str, password: str) -> httpx.Response:
    form = {"grant_type": "password", "username": username, "password": password}
    return await mall.public.ask("POST", "//v1/oauth/token", data=form)


async def signed_in(mall: Mall, staff: Json, password: str) -> tuple[Asker, str]:
    """The person at work, and the refresh token."""
    answer = await tokens_of(mall, staff["username"], password)
    assert answer.is_success, answer.text
    tokens = answer.json()
    return Asker(mall.public.http, mall.path, tokens["access_token"], UUID(staff["id"])), tokens["refresh_token"]


async def refreshes(mall: Mall, token: str) -> bool:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return (await mall.public.ask("POST", "//v1/oauth/token", data=form)).is_success


async def is_out_in_time(asker: Asker) -> bool:
    """Whether a credential that is remembered stops working within five seconds."""
    ends = time.monotonic() + REMEMBERED + 0.5
    while time.monotonic() < ends:  # when it is asked counts, not when a slow machine answers
        if (await asker.get("//v1/me")).status_code == 401:
            return True
        await asyncio.sleep(0.2)
    return (await asker.get("//v1/me")).status_code == 401


async def test_a_manager_takes_an_officer_on_who_signs_in_and_opens_a_counter(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    made = await mall.manager.post("/staff", person("officer", agency))
    staff = made.json()
    assert (made.status_code, made.headers["Location"]) == (201, f"{mall.path}/staff/{staff['id']}")
    assert [(each["role"], each["agency_id"], each["revoked_at"]) for each in staff["grants"]] == [
        ("officer", agency.id, None)
    ]
    officer, _ = await signed_in(mall, staff, staff["password"])
    assert (await officer.does(f"/counters/{agency.counter}/opening"))["officer_id"] == staff["id"]
    seen = await mall.manager.sees(f"/staff/{staff['id']}")
    assert seen == {name: value for name, value in staff.items() if name != "password"}

    chosen = (await mall.manager.post("/staff", person("officer", agency, password=PASSWORD))).json()
    assert chosen["password"] is None
    await signed_in(mall, chosen, PASSWORD)
    ids = (staff["id"], staff["grants"][0]["id"])
    created, granted = [each for each in await mall.entries() if each["subject"]["id"] in ids]
    assert (created["type"], created["data"]) == ("account.created", {"platform_role": None})
    assert (granted["type"], granted["data"]) == ("role.granted", {"account_id": staff["id"], "role": "officer"})
    assert granted["agency_id"] == agency.id
    for entry in await mall.entries():
        assert staff["username"] not in str(entry)
        assert "Dewi" not in str(entry)


async def test_a_password_is_long_enough_and_not_the_user_name(given: Given) -> None:
    mall = await given.mall()
    for bad, code, pointer in (
        ({"password": "eleven sign"}, "invalid_request", "/password"),
        ({"password": "x" * 129}, "invalid_request", "/password"),
        ({"username": "a.long.user.name", "password": "A.long.user.NAME"}, "password_is_username", "/password"),
        ({"username": "Upper.Case"}, "invalid_request", "/username"),
        ({"role": "platform_admin"}, "invalid_request", "/role"),
        ({"role": "officer"}, "agency_misplaced", "/agency_id"),
        ({"agency_id": str(uuid4())}, "agency_misplaced", "/agency_id"),
        ({"role": "officer", "agency_id": str(uuid4())}, "unknown_reference", "/agency_id"),
    ):
        refused = await mall.manager.post("/staff", {**person("auditor"), **bad})
        assert (code_of(refused), refused.json()["errors"][0]["pointer"]) == ((422, code), pointer), bad
        assert str(bad.get("password")) not in refused.text
    assert len(await mall.manager.all("/staff")) == 2, "the manager and the auditor that were there"


async def test_a_user_name_is_one_accounts_on_the_whole_platform(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    body = person("auditor")
    staff = await mall.manager.does("/staff", body)
    for manager in (mall.manager, elsewhere.manager):
        refused = await manager.post("/staff", body)
        assert (code_of(refused), refused.json()["errors"][0]["pointer"]) == ((409, "username_taken"), "/username")
    assert "Dewi" not in refused.text
    assert code_of(await elsewhere.manager.get(f"/staff/{staff['id']}")) == (404, "not_found")

    grant = await elsewhere.manager.post(f"/staff/{staff['id']}/grants", {"role": "auditor"})
    assert grant.status_code == 201
    assert set(grant.json()) == {"id", "account_id", "role", "agency_id", "granted_at", "revoked_at"}
    again = await elsewhere.manager.post(f"/staff/{staff['id']}/grants", {"role": "auditor"})
    assert (code_of(again), again.json()["grant_id"]) == ((409, "role_already_granted"), grant.json()["id"])
    auditor, _ = await signed_in(mall, staff, staff["password"])
    for one in (mall, elsewhere):
        [seen] = await one.manager.all("/staff", username=staff["username"])
        assert [each["role"] for each in seen["grants"]] == ["auditor"]
        assert (await auditor.get(f"/{one.path}/staff")).status_code == 200


async def test_two_malls_that_want_one_user_name_at_once_do_not_both_get_it(given: Given) -> None:
    malls = [await given.mall() for _ in range(3)]
    body = person("auditor")
    answers = await asyncio.gather(*(each.manager.post("/staff", body) for each in malls))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]


async def test_nobody_grants_a_role_above_the_own_or_beyond_the_own_agency(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    own = await mall.agency_manager(agency)
    mine = await own.does("/staff", person("officer", agency))
    theirs = await mall.manager.does("/staff", person("officer", other))
    officer = await mall.officer(agency)
    before = len(await mall.entries())
    for role in ("mall_manager", "auditor"):
        assert code_of(await own.post("/staff", person(role))) == (403, "forbidden")
        assert code_of(await own.post(f"/staff/{mine['id']}/grants", {"role": role})) == (403, "forbidden")
    assert code_of(await own.post("/staff", person("agency_manager", agency))) == (403, "forbidden")
    assert code_of(await own.post("/staff", person("officer", other))) == (422, "unknown_reference")
    beyond = {"role": "officer", "agency_id": other.id}
    assert code_of(await own.post(f"/staff/{mine['id']}/grants", beyond)) == (422, "unknown_reference")
    grant = f"/staff/{theirs['id']}/grants/{theirs['grants'][0]['id']}/revocation"
    for path in (f"/staff/{theirs['id']}/{verb}" for verb in ("disabling", "enabling", "password-reset")):
        assert code_of(await own.post(path)) == (404, "not_found")
    assert code_of(await own.post(grant)) == (404, "not_found")
    assert code_of(await own.post(f"/staff/{own.id}/password-reset")) == (404, "not_found"), "no officer"
    for one in (officer, mall.auditor, mall.kiosk):
        assert code_of(await one.post("/staff", person("auditor"))) == (403, "forbidden")
        assert code_of(await one.post(grant)) == (403, "forbidden")
    assert len(await mall.entries()) == before


async def test_names_are_seen_by_who_reads_staff_and_as_far_as_that_reaches(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    own = await mall.agency_manager(agency)
    mine = await mall.manager.does("/staff", person("officer", agency))
    theirs = await mall.manager.does("/staff", person("officer", other))
    await mall.manager.does(f"/staff/{mine['id']}/grants", {"role": "auditor"})
    assert {each["id"] for each in await own.all("/staff")} == {mine["id"]}
    assert [each["role"] for each in (await own.sees(f"/staff/{mine['id']}"))["grants"]] == ["officer"]
    assert code_of(await own.get(f"/staff/{theirs['id']}")) == (404, "not_found")
    everybody = {each["id"] for each in await mall.auditor.all("/staff")}
    assert everybody >= {mine["id"], theirs["id"], str(own.id), str(mall.manager.id)}
    assert [each["role"] for each in (await mall.auditor.sees(f"/staff/{mine['id']}"))["grants"]] == [
        "officer",
        "auditor",
    ]
    assert [each["id"] for each in await mall.manager.all("/staff", role="officer", agency_id=other.id)] == [
        theirs["id"]
    ]
    observer = await given.platform_person(Role.MINISTRY_OBSERVER)
    for one in (await mall.officer(agency), mall.kiosk, mall.display):
        assert code_of(await one.get("/staff")) == (403, "forbidden")
    for one in (observer, await given.admin()):
        assert code_of(await one.get(f"/{mall.path}/staff")) == (403, "forbidden")
    assert code_of(await mall.public.get("/staff")) == (401, "unauthenticated")


async def test_the_platforms_admin_makes_first_managers_and_nothing_else(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    admin = await given.admin()
    staff = f"/{mall.path}/staff"
    first = await admin.does(staff, person("mall_manager"))
    manager, _ = await signed_in(mall, first, first["password"])
    assert first["id"] in {each["id"] for each in await manager.all("/staff")}
    await admin.does(f"{staff}/{mall.auditor.id}/grants", {"role": "mall_manager"})
    for body in (person("auditor"), person("officer", agency)):
        assert code_of(await admin.post(staff, body)) == (403, "forbidden")
    for path in (f"{staff}/{first['id']}/disabling", f"{staff}/{first['id']}/password-reset"):
        assert code_of(await admin.post(path)) == (403, "forbidden")
    own = await admin.post(f"{staff}/{admin.id}/grants", {"role": "mall_manager"})
    assert code_of(own) == (404, "not_found"), "who runs the deployment sees no visitor"


async def test_whoever_is_disabled_is_out_and_the_open_counter_loses_nobody(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", person("officer", agency, password=PASSWORD))
    officer, refresh = await signed_in(mall, staff, PASSWORD)
    held, called, behind = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    await officer.does(f"/counters/{agency.counter}/opening")
    await officer.handles(await officer.calls(agency.counter), "start", "hold")
    await officer.handles(await officer.calls(agency.counter), "start")

    own = await mall.agency_manager(agency)
    disabled = await own.does(f"/staff/{staff['id']}/disabling")
    assert disabled["disabled_at"]
    assert (await mall.public.sees(f"/counters/{agency.counter}"))["status"] == "closed"
    found = [await mall.manager.sees(f"/tickets/{each['id']}") for each in (held, called, behind)]
    assert [each["status"] for each in found] == ["waiting"] * 3
    assert sorted(each["position"] for each in found) == [1, 2, 3]
    assert found[2]["position"] == 3, "first in line are those who were served"
    act = [each for each in await mall.entries() if each["at"] == (await mall.entries())[-1]["at"]]
    assert [each["type"] for each in act] == [
        "account.disabled",
        "ticket.returned",
        "ticket.returned",
        "counter.closed",
    ]
    assert (act[-1]["data"]["ended_by"], act[-1]["by"]["id"]) == ("forced", str(own.id))

    reopened = await officer.post(f"/counters/{agency.counter}/opening")  # the process still remembers the officer
    assert code_of(reopened) == (401, "unauthenticated")
    assert (await tokens_of(mall, staff["username"], PASSWORD)).status_code == 400
    assert not await refreshes(mall, refresh)
    assert await is_out_in_time(officer)
    assert code_of(await own.post(f"/staff/{staff['id']}/disabling")) == (409, "illegal_transition")

    enabled = await own.does(f"/staff/{staff['id']}/enabling")
    assert (enabled["disabled_at"], len(enabled["grants"])) == (None, 1)
    assert code_of(await own.post(f"/staff/{staff['id']}/enabling")) == (409, "illegal_transition")
    assert code_of(await officer.get("//v1/me")) == (401, "unauthenticated"), "old tokens stay dead"
    again, _ = await signed_in(mall, staff, PASSWORD)
    await again.does(f"/counters/{agency.counter}/opening")


async def test_a_role_that_is_taken_away_ends_its_tokens_and_its_counter(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    staff = await mall.manager.does("/staff", person("officer", agency, password=PASSWORD))
    second = await mall.manager.does(f"/staff/{staff['id']}/grants", {"role": "officer", "agency_id": other.id})
    officer, refresh = await signed_in(mall, staff, PASSWORD)
    await officer.does(f"/counters/{agency.counter}/opening")
    path = f"/staff/{staff['id']}/grants"

    await mall.manager.does(f"{path}/{second['id']}/revocation")
    assert (await mall.public.sees(f"/counters/{agency.counter}"))["status"] == "open", "another agency's role"
    assert not await refreshes(mall, refresh)
    revoked = await mall.manager.does(f"{path}/{staff['grants'][0]['id']}/revocation")
    assert revoked["revoked_at"]
    assert (await mall.public.sees(f"/counters/{agency.counter}"))["status"] == "closed"
    assert code_of(await mall.manager.post(f"{path}/{revoked['id']}/revocation")) == (409, "illegal_transition")
    assert code_of(await officer.post(f"/counters/{agency.counter}/opening")) == (403, "forbidden")
    assert await is_out_in_time(officer)

    assert staff["id"] not in {each["id"] for each in await mall.manager.all("/staff")}
    past = await mall.manager.sees(f"/staff/{staff['id']}")
    assert [each["revoked_at"] is None for each in past["grants"]] == [False, False]
    last = (await mall.entries())[-2]
    assert (last["type"], last["data"]["role"], last["agency_id"]) == ("role.revoked", "officer", agency.id)
    await mall.manager.does(path, {"role": "officer", "agency_id": agency.id})
    assert staff["id"] in {each["id"] for each in await mall.manager.all("/staff")}


async def test_the_role_of_who_is_shut_out_is_taken_away_all_the_same(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", person("officer", agency))
    await mall.manager.does(f"/staff/{staff['id']}/disabling")
    revoked = await mall.manager.does(f"/staff/{staff['id']}/grants/{staff['grants'][0]['id']}/revocation")
    assert revoked["revoked_at"]
    assert (await mall.entries())[-1]["type"] == "role.revoked"


async def test_nobody_shuts_out_the_own_account_or_takes_its_roles_away(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    for who in (mall.manager, await mall.agency_manager(agency)):
        own = await mall.manager.sees(f"/staff/{who.id}")
        for path in ("disabling", f"grants/{own['grants'][0]['id']}/revocation"):
            assert code_of(await who.post(f"/staff/{who.id}/{path}")) == (409, "own_account")
        assert (await who.sees("//v1/me"))["id"] == str(who.id)


async def test_a_password_is_reset_and_shown_once(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    staff = await mall.manager.does("/staff", person("officer", agency, password=PASSWORD))
    _, refresh = await signed_in(mall, staff, PASSWORD)
    key = {"Idempotency-Key": "reset"}
    own = await mall.agency_manager(agency)
    reset = await own.does(f"/staff/{staff['id']}/password-reset", headers=key)
    assert code_of(await own.post(f"/staff/{staff['id']}/password-reset", headers=key)) == (
        409,
        "secret_already_shown",
    )
    assert (await tokens_of(mall, staff["username"], PASSWORD)).status_code == 400
    assert not await refreshes(mall, refresh)
    await signed_in(mall, staff, reset["password"])
    assert "password" not in await own.sees(f"/staff/{staff['id']}")


async def test_an_account_with_roles_beyond_ones_reach_is_not_ones_to_take_over(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    own = await mall.agency_manager(agency)
    grants: list[tuple[Mall, Json]] = [
        (mall, {"role": "agency_manager", "agency_id": agency.id}),
        (mall, {"role": "officer", "agency_id": other.id}),
        (mall, {"role": "mall_manager"}),
        (elsewhere, {"role": "auditor"}),
    ]
    for where, role in grants:
        staff = await own.does("/staff", person("officer", agency, password=PASSWORD))
        await where.manager.does(f"/staff/{staff['id']}/grants", role)
        managers = [own, mall.manager, elsewhere.manager] if where is elsewhere else [own]
        for manager in managers:
            for verb in ("disabling", "password-reset"):
                refused = await manager.post(f"/staff/{staff['id']}/{verb}")
                assert code_of(refused) == (409, "account_beyond_reach"), role
        await signed_in(mall, staff, PASSWORD)
        await own.does(f"/staff/{staff['id']}/grants/{staff['grants'][0]['id']}/revocation")


async def test_a_repeat_shows_no_secret_again_and_nothing_kept_holds_one(given: Given) -> None:
    mall = await given.mall()
    made, chosen = person("auditor"), person("auditor", password=PASSWORD)
    first = await mall.manager.post("/staff", made, headers={"Idempotency-Key": "made"})
    assert first.json()["password"]
    repeat = await mall.manager.post("/staff", made, headers={"Idempotency-Key": "made"})
    assert code_of(repeat) == (409, "secret_already_shown")
    one, two = [await mall.manager.post("/staff", chosen, headers={"Idempotency-Key": "chosen"}) for _ in range(2)]
    assert (one.json(), two.headers["Idempotency-Replayed"]) == (two.json(), "true")
    other = await mall.manager.post(
        "/staff", {**chosen, "password": PASSWORD + "!"}, headers={"Idempotency-Key": "chosen"}
    )
    assert code_of(other) == (422, "idempotency_key_reused")
    key = models.IdempotencyKey
    async with mall.database.reading(mall.ref) as reading:
        kept = (await reading.session.scalars(select(key.answer).where(key.mall_id == mall.ref.id))).all()
    assert len(kept) == 2
    assert all(secret not in text for text in kept for secret in (first.json()["password"], PASSWORD))


async def test_ones_own_password_is_changed_by_who_knows_it_and_other_sessions_end(given: Given) -> None:
    mall = await given.mall()
    staff = await mall.manager.does("/staff", person("auditor", password=PASSWORD))
    here, _ = await signed_in(mall, staff, PASSWORD)
    there, refresh = await signed_in(mall, staff, PASSWORD)
    new = "sandi baru yang panjang"

    async def change(current: str, new: str, asker: Asker = here) -> httpx.Response:
        return await asker.post("//v1/me/password", {"current_password": current, "new_password": new})

    wrong = await change("not the password", new)
    assert (code_of(wrong), wrong.json()["errors"][0]["pointer"]) == ((422, "password_wrong"), "/current_password")
    assert code_of(await change(PASSWORD, "too short")) == (422, "invalid_request")
    long_name = await mall.manager.does("/staff", {**person("auditor"), "username": f"a.long.name.{uuid4()}"})
    named, _ = await signed_in(mall, long_name, long_name["password"])
    as_name = await change(long_name["password"], long_name["username"], named)
    assert (code_of(as_name), as_name.json()["errors"][0]["pointer"]) == (
        (422, "password_is_username"),
        "/new_password",
    )
    assert code_of(await change(PASSWORD, new, mall.kiosk)) == (403, "forbidden")
    assert code_of(await change(PASSWORD, new, mall.public)) == (401, "unauthenticated")

    body, key = {"current_password": PASSWORD, "new_password": new}, {"Idempotency-Key": "change"}
    first, changed = [await here.post("//v1/me/password", body, headers=key) for _ in range(2)]
    assert (first.status_code, changed.status_code, changed.headers["Idempotency-Replayed"]) == (200, 200, "true")
    going_on = Asker(here.http, mall.path, changed.json()["access_token"])
    assert (await going_on.sees("//v1/me"))["id"] == staff["id"]
    assert await refreshes(mall, changed.json()["refresh_token"])
    assert not await refreshes(mall, refresh)
    assert code_of(await there.get("//v1/me")) == (401, "unauthenticated")
    assert (await tokens_of(mall, staff["username"], PASSWORD)).status_code == 400
    assert (await tokens_of(mall, staff["username"], new)).is_success
    assert await is_out_in_time(here)
    assert [each["type"] for each in await mall.entries()].count("account.password_changed") == 0, "the platform's"


async def test_a_stolen_session_does_not_guess_the_password(given: Given) -> None:
    mall = await given.mall()
    staff = await mall.manager.does("/staff", person("auditor", password=PASSWORD))
    public = given.from_address(f"10.77.{os.getpid() % 250}.{next(_numbers)}")
    token = (await signed_in(mall, staff, PASSWORD))[0].credential
    thief = Asker(public.http, mall.path, token)
    body = {"current_password": "a guess", "new_password": "something else, long"}
    said = [code_of(await thief.post("//v1/me/password", body)) for _ in range(11)]
    assert said == [(422, "password_wrong")] * 10 + [(429, "rate_limited")]


async def test_the_platforms_accounts_are_its_admins_to_make(given: Given) -> None:
    mall, admin = await given.mall(), await given.admin()
    body = person("ministry_observer")
    del body["agency_id"]
    made = await admin.does("//v1/accounts", body)
    observer, _ = await signed_in(mall, made, made["password"])
    assert (await observer.sees("//v1/me"))["grants"] == [
        {"role": "ministry_observer", "mall": None, "agency_id": None}
    ]
    listed = await admin.all("//v1/accounts")
    assert made["id"] in {each["id"] for each in listed}
    assert {each["role"] for each in listed} <= {"platform_admin", "ministry_observer"}
    assert str(mall.manager.id) not in {each["id"] for each in listed}
    for one in (observer, mall.manager):
        assert code_of(await one.get("//v1/accounts")) == (403, "forbidden")
        refused = await one.post("//v1/accounts", {"username": "me.too", "name": "Me", "role": "platform_admin"})
        assert code_of(refused) == (403, "forbidden")


async def test_a_platforms_account_is_shut_out_let_in_and_given_another_password(given: Given) -> None:
    mall, admin, other = await given.mall(), await given.admin(), await given.admin()
    body = person("ministry_observer")
    del body["agency_id"]
    made = await admin.does("//v1/accounts", body)
    path = f"//v1/accounts/{made['id']}"
    observer, _ = await signed_in(mall, made, made["password"])
    disabled = await admin.does(f"{path}/disabling")
    assert disabled["disabled_at"]
    assert await is_out_in_time(observer)
    assert not (await tokens_of(mall, made["username"], made["password"])).is_success
    assert code_of(await admin.post(f"{path}/disabling")) == (409, "illegal_transition")
    assert (await admin.does(f"{path}/enabling"))["disabled_at"] is None
    assert (await tokens_of(mall, made["username"], made["password"])).is_success
    headers = {"Idempotency-Key": str(uuid4())}
    reset = await admin.post(f"{path}/password-reset", headers=headers)
    assert code_of(await admin.post(f"{path}/password-reset", headers=headers)) == (409, "secret_already_shown")
    assert not (await tokens_of(mall, made["username"], made["password"])).is_success
    assert (await tokens_of(mall, made["username"], reset.json()["password"])).is_success

    assert code_of(await admin.post(f"//v1/accounts/{admin.id}/disabling")) == (409, "own_account")
    assert code_of(await admin.post(f"//v1/accounts/{mall.manager.id}/disabling")) == (404, "not_found")
    assert code_of(await observer.post(f"//v1/accounts/{other.id}/disabling")) == (401, "unauthenticated")
    assert code_of(await mall.manager.post(f"//v1/accounts/{other.id}/disabling")) == (403, "forbidden")
    assert (await other.get("//v1/me")).is_success
