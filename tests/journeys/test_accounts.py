"""Accounts: one's own password, and the platform's own people."""

import asyncio
import os
from collections import Counter
from uuid import uuid4

import httpx

from app.domain.roles import Role
from tests.given import Asker, Given, Json, Mall, code_of, forgotten, must_refuse, must_show
from tests.given.base import numbers
from tests.given.staff import PASSWORD, someone

NEW = "sandi baru yang panjang"


async def change(asker: Asker, current: str, new: str, **headers: str) -> httpx.Response:
    """Somebody changes their own password."""
    body = {"current_password": current, "new_password": new}
    return await asker.post("//v1/me/password", body, headers=headers)


async def test_people_who_know_their_password_change_it(given: Given) -> None:
    mall = await given.mall()
    staff = await mall.manager.does("/staff", someone("auditor", password=PASSWORD))
    here, _ = await mall.sign_in(staff, PASSWORD)
    wrong = await change(here, "not the password", NEW)
    must_refuse(wrong, 422, "password_wrong", pointer="/current_password")
    must_refuse(await change(here, PASSWORD, "too short"), 422, "invalid_request")
    must_refuse(await change(mall.kiosk, PASSWORD, NEW), 403, "forbidden", required=[role.value for role in Role])
    must_refuse(await change(mall.public, PASSWORD, NEW), 401, "unauthenticated")

    assert (await change(here, PASSWORD, NEW)).status_code == 200
    assert (await mall.tokens(staff["username"], PASSWORD)).status_code == 400
    assert (await mall.tokens(staff["username"], NEW)).is_success
    assert [each["type"] for each in await mall.entries()].count("account.password_changed") == 0, "the platform's"


async def test_a_new_password_is_hard_to_guess_and_may_hold_any_sign(given: Given) -> None:
    mall = await given.mall()
    staff = await mall.manager.does("/staff", {**someone("auditor"), "username": f"a.long.name.{uuid4()}"})
    named, _ = await mall.sign_in(staff, staff["password"])
    for easy in (staff["username"], " " * 12, "passwordpassword"):
        refused = await change(named, staff["password"], easy)
        must_refuse(refused, 422, "password_guessable", pointer="/new_password")
        assert easy not in refused.text
    assert (await change(named, staff["password"], "caf\u00e9 di tepi pantai")).is_success
    await mall.sign_in(staff, "cafe\u0301 di tepi pantai")


async def test_a_changed_password_ends_all_sessions_but_the_one_that_changed_it(
    given: Given, forgetful: httpx.AsyncClient
) -> None:
    mall = await given.mall()
    staff = await mall.manager.does("/staff", someone("auditor", password=PASSWORD))
    here, _ = await mall.sign_in(staff, PASSWORD)
    there, refresh = await mall.sign_in(staff, PASSWORD)
    elsewhere = await here.known_at(forgetful)
    changed = await change(here, PASSWORD, NEW, **{"Idempotency-Key": "change"})
    again = await change(here, PASSWORD, NEW, **{"Idempotency-Key": "change"})
    assert again.headers["Idempotency-Replayed"] == "true"
    for answer in (changed, again):
        going_on = Asker(here.http, mall.path, answer.json()["access_token"])
        assert (await going_on.sees("//v1/me"))["id"] == staff["id"]
    assert await mall.refreshes(again.json()["refresh_token"])
    assert not await mall.refreshes(refresh)
    must_refuse(await there.get("//v1/me"), 401, "token_invalid")
    await forgotten()
    must_refuse(await elsewhere.get("//v1/me"), 401, "token_invalid")


async def test_a_stolen_session_does_not_guess_the_password(given: Given) -> None:
    mall = await given.mall()
    staff = await mall.manager.does("/staff", someone("auditor", password=PASSWORD))
    public = given.from_address(f"10.77.{os.getpid() % 250}.{next(numbers)}")
    token = (await mall.sign_in(staff, PASSWORD))[0].credential
    thief = Asker(public.http, mall.path, token)
    body = {"current_password": "a guess", "new_password": "something else, long"}
    answers = await asyncio.gather(*(thief.post("//v1/me/password", body) for _ in range(24)))
    said = Counter(code_of(each) for each in answers)
    wrong, refused = said.pop((422, "password_wrong")), said.pop((429, "rate_limited"))
    assert not said
    assert wrong >= 10  # one more every three seconds, where a slow machine takes so long
    assert refused


async def test_the_platforms_accounts_are_its_admins_to_make(given: Given) -> None:
    mall, admin = await given.mall(), await given.admin()
    made = await observer(mall, admin)
    watcher, _ = await mall.sign_in(made, made["password"])
    [grant] = (await watcher.sees("//v1/me"))["grants"]
    must_show(grant, role="ministry_observer", mall=None, agency_id=None, agency_code=None, agency_name=None)
    listed = await admin.all("//v1/accounts")
    assert made["id"] in {each["id"] for each in listed}
    assert {each["role"] for each in listed} <= {"platform_admin", "ministry_observer"}
    assert str(mall.manager.id) not in {each["id"] for each in listed}
    for one in (watcher, mall.manager):
        must_refuse(await one.get("//v1/accounts"), 403, "forbidden")
        body = {"username": "me.too", "name": "Me", "role": "platform_admin"}
        must_refuse(await one.post("//v1/accounts", body), 403, "forbidden")


async def observer(mall: Mall, admin: Asker) -> Json:
    """An account of the platform, just made."""
    body = someone("ministry_observer")
    del body["agency_id"]
    return await admin.does("//v1/accounts", body)


async def test_a_platforms_account_is_shut_out_and_let_in(given: Given, forgetful: httpx.AsyncClient) -> None:
    mall, admin = await given.mall(), await given.admin()
    made = await observer(mall, admin)
    path, password = f"//v1/accounts/{made['id']}", made["password"]
    there = await (await mall.sign_in(made, password))[0].known_at(forgetful)
    assert (await admin.does(f"{path}/disabling"))["disabled_at"]
    assert not (await mall.tokens(made["username"], password)).is_success
    must_refuse(await admin.post(f"{path}/disabling"), 409, "illegal_transition")
    await forgotten()
    must_refuse(await there.get("//v1/me"), 401, "token_invalid")
    assert (await admin.does(f"{path}/enabling"))["disabled_at"] is None
    assert (await mall.tokens(made["username"], password)).is_success


async def test_a_platforms_account_is_given_another_password_that_is_shown_once(given: Given) -> None:
    mall, admin = await given.mall(), await given.admin()
    made = await observer(mall, admin)
    path, headers = f"//v1/accounts/{made['id']}/password-reset", {"Idempotency-Key": str(uuid4())}
    reset = await admin.post(path, headers=headers)
    must_refuse(await admin.post(path, headers=headers), 409, "secret_already_shown")
    assert not (await mall.tokens(made["username"], made["password"])).is_success
    assert (await mall.tokens(made["username"], reset.json()["password"])).is_success


async def test_only_another_admin_shuts_a_platforms_account_out(given: Given) -> None:
    mall, admin, other = await given.mall(), await given.admin(), await given.admin()
    made = await observer(mall, admin)
    watcher, _ = await mall.sign_in(made, made["password"])
    for verb in ("disabling", "password-reset"):
        must_refuse(await admin.post(f"//v1/accounts/{admin.id}/{verb}"), 409, "own_account")
    must_refuse(await admin.post(f"//v1/accounts/{mall.manager.id}/disabling"), 404, "not_found")
    for one in (watcher, mall.manager):
        must_refuse(await one.post(f"//v1/accounts/{other.id}/disabling"), 403, "forbidden")
    assert (await other.get("//v1/me")).is_success
