"""Passwords, tokens and keys: what is accepted, what is not, and how guessing is slowed."""

import asyncio
import base64
import hmac
import itertools
import json
import os
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from sqlalchemy import func, select, text

from app import models
from app.actions import accounts, sign_in
from app.database import PLATFORM_REF
from app.domain.callers import SYSTEM
from app.domain.devices import DeviceKind
from app.domain.events import Event
from app.domain.roles import Role
from app.journal import Journal
from app.main import create_app
from app.security.passwords import Passwords
from app.security.secrets import fingerprint, new_token
from app.security.tokens import Bearer, Keyring, RingKey, new_signing_key
from app.settings import Settings
from app.web.context import context_of
from tests.given import Asker, Given, Json, code_of, must_refuse, must_show, names
from tests.servers import SERVER_KEY

PASSWORD = "sandi yang cukup panjang"
_numbers = itertools.count(1)


class Person:
    """Somebody with a password, at an address of their own."""

    def __init__(self, given: Given, username: str, id_: UUID) -> None:
        self.username, self.id = username, id_
        self.public = given.from_address(f"10.{os.getpid() % 250}.{next(_numbers) % 250}.7")

    async def token(self, **form: str) -> httpx.Response:
        return await self.public.ask("POST", "//v1/oauth/token", data=form)

    async def signs_in(self, password: str = PASSWORD) -> httpx.Response:
        return await self.token(grant_type="password", username=self.username, password=password)

    async def refreshes(self, token: str) -> httpx.Response:
        return await self.token(grant_type="refresh_token", refresh_token=token)

    async def is_known(self, access_token: str) -> bool:
        me = await Asker(self.public.http, "", access_token).get("//v1/me")
        assert me.status_code == 200 or code_of(me) == (401, "token_invalid")
        return me.status_code == 200


async def person(given: Given) -> Person:
    username = f"orang.{os.getpid()}.{next(_numbers)}"
    account = await given.context.database.write(
        PLATFORM_REF,
        SYSTEM,
        partial(
            accounts.create,
            username=username,
            name="Orang",
            password_hash=Passwords(quick=True).hash(PASSWORD),
            platform_role=Role.MINISTRY_OBSERVER,
        ),
    )
    return Person(given, username, account.id)


async def test_a_password_brings_tokens_and_a_wrong_one_says_nothing(given: Given) -> None:
    somebody = await person(given)
    good: Json = (await somebody.signs_in()).json()
    must_show(good, token_type="Bearer", expires_in=900)
    assert await somebody.is_known(good["access_token"])
    assert (
        await somebody.token(grant_type="password", username=somebody.username.upper(), password=PASSWORD)
    ).is_success

    wrong = await somebody.signs_in("nobody knows this")
    unknown = await somebody.token(grant_type="password", username="nobody", password=PASSWORD)
    assert wrong.headers["content-type"] == unknown.headers["content-type"] == "application/json"
    for each in (wrong, unknown):
        assert each.status_code == 400
        assert each.json()["error"] == "invalid_grant"
        assert each.json()["code"] == "invalid_grant"
    assert wrong.json()["error_description"] == unknown.json()["error_description"]
    odd = await somebody.token(grant_type="client_card")
    assert odd.status_code == 400
    assert odd.json()["error"] == "unsupported_grant_type"
    empty = await somebody.token(username="x")
    assert empty.status_code == 400
    assert empty.json()["error"] == "invalid_request"
    json = await somebody.public.ask("POST", "//v1/oauth/token", json={"grant_type": "password"})
    assert json.status_code == 415
    assert json.json()["code"] == "unsupported_media_type"


async def test_a_refresh_token_is_used_once_and_using_it_again_ends_its_family(given: Given) -> None:
    somebody = await person(given)
    first = (await somebody.signs_in()).json()
    second = (await somebody.refreshes(first["refresh_token"])).json()
    third = (await somebody.refreshes(second["refresh_token"])).json()
    assert await somebody.is_known(third["access_token"])
    other = (await somebody.signs_in()).json()
    replayed = await somebody.refreshes(first["refresh_token"])
    assert replayed.status_code == 400
    assert replayed.json()["error"] == "invalid_grant"
    assert (await somebody.refreshes(third["refresh_token"])).status_code == 400
    assert (await somebody.refreshes(other["refresh_token"])).is_success  # another sign-in, another family


async def test_a_refresh_token_that_has_run_out_brings_nothing_and_nothing_is_stored(given: Given) -> None:
    somebody = await person(given)
    late, too_late = [(await somebody.signs_in()).json()["refresh_token"] for _ in range(2)]
    row, offsets = models.RefreshToken, given.context.database.clock.offsets

    async def kept() -> int:
        async with given.context.database.reading() as reading:
            mine = select(func.count()).select_from(row).where(row.account_id == somebody.id)
            return (await reading.session.execute(mine)).scalar_one()

    try:
        offsets[PLATFORM_REF.id] = timedelta(days=30) - timedelta(minutes=5)
        assert (await somebody.refreshes(late)).is_success
        before = await kept()
        offsets[PLATFORM_REF.id] = timedelta(days=30, seconds=1)
        answer = await somebody.refreshes(too_late)
        assert answer.status_code == 400
        assert answer.json()["error"] == "invalid_grant"
        assert await kept() <= before  # what has run out may be swept away
    finally:
        del offsets[PLATFORM_REF.id]


async def test_signing_out_ends_the_family_and_what_is_unknown_is_as_good_as_ended(given: Given) -> None:
    somebody = await person(given)
    tokens = (await somebody.signs_in()).json()
    for token in (tokens["refresh_token"], "unknown"):
        out = await somebody.public.ask("POST", "//v1/oauth/revoke", data={"token": token})
        assert out.status_code == 200
        assert out.content == b""
    assert (await somebody.refreshes(tokens["refresh_token"])).status_code == 400


async def test_signing_out_while_the_app_refreshes_ends_the_newer_token_too(given: Given) -> None:
    somebody = await person(given)
    tokens = (await somebody.signs_in()).json()
    database = given.context.database

    async def is_waited_for() -> bool:
        async with database.reading() as reading:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = :on"
            return bool(await reading.session.scalar(text(waiting), {"on": "transactionid"}))

    async with database.without_journal() as unit:
        used = await sign_in.use_refresh_token(unit.session, tokens["refresh_token"], unit.at)
        assert used
        newer = new_token()
        sign_in.keep_refresh_token(unit.session, newer, Bearer(used.account_id, 1, used.family_id), unit.at)
        await unit.session.flush()
        form = {"token": tokens["refresh_token"]}
        out = asyncio.create_task(somebody.public.ask("POST", "//v1/oauth/revoke", data=form))
        async with asyncio.timeout(1):  # a transaction that idles is ended after two seconds
            while not await is_waited_for():
                await asyncio.sleep(0.01)
    assert (await out).status_code == 200
    assert (await somebody.refreshes(newer)).status_code == 400


async def test_whoever_is_disabled_or_changes_the_password_is_signed_out(given: Given) -> None:
    somebody = await person(given)
    tokens = (await somebody.signs_in()).json()
    context = given.context

    async def end_tokens(journal: Journal) -> None:
        account = await journal.session.get_one(models.Account, somebody.id)
        account.token_version += 1
        journal.record(Event.ACCOUNT_PASSWORD_CHANGED, account)

    async def disable(journal: Journal) -> None:
        account = await journal.session.get_one(models.Account, somebody.id)
        account.disabled_at = journal.at
        journal.record(Event.ACCOUNT_DISABLED, account)

    await context.database.write(PLATFORM_REF, SYSTEM, end_tokens)
    assert not await somebody.is_known(tokens["access_token"])
    assert (await somebody.refreshes(tokens["refresh_token"])).status_code == 400
    again = (await somebody.signs_in()).json()
    await context.database.write(PLATFORM_REF, SYSTEM, disable)
    assert not await somebody.is_known(again["access_token"])
    assert (await somebody.signs_in()).status_code == 400


async def test_guessing_is_slowed_for_the_account_and_the_address_alone(given: Given) -> None:
    guessed, bystander = await person(given), await person(given)
    said = [(await guessed.signs_in(f"guess number {each}")).status_code for each in range(12)]
    assert said[:10] == [400] * 10
    assert said[10:] == [429] * 2
    slow = await guessed.signs_in()
    assert slow.status_code == 429
    assert slow.json()["error"] == "slow_down"
    assert slow.json()["code"] == "rate_limited"
    assert 1 <= int(slow.headers["Retry-After"]) <= 3  # never a lock: seconds, however long somebody guesses
    assert (await bystander.signs_in()).is_success
    from_there = {"grant_type": "password", "username": bystander.username, "password": PASSWORD}
    assert (await guessed.token(**from_there)).is_success
    for each in range(10):
        await guessed.token(grant_type="password", username=f"somebody.{each}", password="a guess")
    assert (await guessed.token(**from_there)).status_code == 429
    assert (await bystander.signs_in()).is_success
    offsets = given.context.database.clock.offsets
    offsets[PLATFORM_REF.id] = timedelta(seconds=3)
    try:
        assert (await guessed.signs_in()).is_success
    finally:
        del offsets[PLATFORM_REF.id]


async def test_who_signs_in_or_out_or_asks_who_that_is_does_so_at_a_pace(
    app: FastAPI, given: Given, settings: Settings, database_url: str
) -> None:
    strict = settings.model_copy(update={"public_requests_per_second": 1, "known_rate_per_second": 1})
    slow = create_app(strict, database_url, SERVER_KEY.encode(), clock=context_of(app).database.clock)
    async with slow.router.lifespan_context(slow):
        there = Given(slow, given.public.http)
        somebody = await person(there)
        tokens = (await somebody.signs_in()).json()
        known = Asker(somebody.public.http, "", tokens["access_token"])
        at_once = [(await known.get("//v1/me")).status_code for _ in range(20)]
        assert at_once[0] == 200
        assert at_once[-1] == 429
        for path, form in (
            ("//v1/oauth/token", {"grant_type": "refresh_token", "refresh_token": "unknown"}),
            ("//v1/oauth/revoke", {"token": "unknown"}),
        ):
            stranger = there.from_address(f"10.{os.getpid() % 250}.{next(_numbers) % 250}.8")
            said = [await stranger.ask("POST", path, data=form) for _ in range(40)]
            assert said[0].status_code in (200, 400)
            assert said[-1].status_code == 429
            assert said[-1].json()["error"] == "slow_down"


async def test_tokens_that_are_not_ours_are_nobodys(given: Given) -> None:
    somebody = await person(given)
    context = given.context
    async with context.database.reading() as reading:
        now = reading.at
    ours, until = context.signing_keys.ring, now + timedelta(minutes=5)
    bearer = ours.read((await context.sign_in.new_session(somebody.id, 1)).access_token, now)
    assert isinstance(bearer, Bearer)
    assert await somebody.is_known(ours.sign(bearer, at=now, until=until))
    stranger = new_signing_key()
    forged = {"alg": "HS256", "typ": "at+jwt"}
    claims = {"iss": ours.issuer, "aud": ours.audience, "sub": str(somebody.id), "ver": 1, "exp": 9_999_999_999}
    key: OKPKey = new_signing_key()
    for token in (
        ours.sign(replace(bearer, account_id=uuid4()), at=now, until=until),
        ours.sign(replace(bearer, token_version=2), at=now, until=until),
        ours.sign(replace(bearer, session_id=uuid4()), at=now, until=until),
        Keyring([RingKey(stranger)], issuer=ours.issuer, audience=ours.audience).sign(bearer, at=now, until=until),
        ours.sign(bearer, at=now, until=until)[:-4] + "AAAA",
        jwt.encode(forged, claims, OctKey.import_key("a shared secret of some length"), algorithms=["HS256"]),
        jwt.encode({"alg": "Ed25519", "typ": "JWT"}, claims, key, algorithms=["Ed25519"]),
        "eyJhbGciOiJub25lIn0.e30.",
        *(
            f"{base64.urlsafe_b64encode(head).decode().rstrip('=')}.e30.c2ln"
            for head in (b'["alg"]', b'"alg"', b'{"alg":1}')
        ),
        Keyring(ours.keys, issuer="https://else.example", audience=ours.audience).sign(bearer, at=now, until=until),
        Keyring(ours.keys, issuer=ours.issuer, audience="another").sign(bearer, at=now, until=until),
        "mpk_1_unknown",
        "mpk_x_unknown",
        "not a token",
    ):
        assert not await somebody.is_known(token), token


def unsigned(header: Json, claims: Json) -> str:
    """A token's first two parts."""
    return f"{encoded(header)}.{encoded(claims)}"


def encoded(part: object) -> str:
    """One part of a token."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


async def test_with_a_managers_name_on_a_bad_token_nothing_is_stored(given: Given) -> None:
    mall, other = await given.mall(), await given.mall()
    ours = given.context.signing_keys.ring
    async with given.context.database.reading() as reading:
        now = reading.at
    assert mall.manager.id
    bearer, until = Bearer(mall.manager.id, 1, uuid4()), now + timedelta(minutes=5)
    claims = {"iss": ours.issuer, "aud": ours.audience, "sub": str(mall.manager.id), "ver": 1, "exp": 9_999_999_999}
    public = (await mall.public.sees("//.well-known/jwks.json"))["keys"][0]
    head = {"alg": "HS256", "typ": "at+jwt", "kid": public["kid"]}
    confused = unsigned(head, claims)
    mac = hmac.digest(base64.urlsafe_b64decode(public["x"] + "=="), confused.encode(), "sha256")
    before, refusals = await mall.entries(), ((401, "token_invalid"), (401, "token_expired"))
    for token in (
        Keyring(ours.keys, issuer="https://else.example", audience=ours.audience).sign(bearer, at=now, until=until),
        Keyring(ours.keys, issuer=ours.issuer, audience="another").sign(bearer, at=now, until=until),
        ours.sign(bearer, at=now, until=now - timedelta(minutes=1)),
        unsigned({**head, "alg": "none"}, claims) + ".",
        f"{confused}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}",
    ):
        asker = Asker(mall.public.http, mall.path, token)
        body = {"code": "FORGED", "name": names("Forged"), "category": "private"}
        assert code_of(await asker.post("/agencies", body)) in refusals, token
    assert await mall.entries() == before
    agency = await mall.agency()
    foreign = Asker(other.public.http, mall.path, other.kiosk.credential)
    must_refuse(await foreign.issue(agency.service), 404, "not_found")
    assert not [each for each in await mall.entries() if each["type"] == "ticket.issued"]


async def test_a_device_is_known_by_its_key_in_its_own_mall(given: Given) -> None:
    mall, other = await given.mall(), await given.mall()
    me = (await mall.kiosk.get("//v1/me")).json()
    assert me["kind"] == "device"
    assert me["mall"] == mall.slug
    assert me["device"]["kind"] == "kiosk"
    assert [(each["role"], each["mall"]) for each in me["grants"]] == [("kiosk", mall.slug)]
    agency = await other.agency()
    foreign = await Asker(other.public.http, other.path, mall.kiosk.credential).issue(agency.service)
    must_refuse(foreign, 404, "not_found")
    officer, counter = await other.open_counter(agency)
    mine = (await officer.get("//v1/me")).json()
    must_show(mine, kind="account", counter_id=counter)
    assert [(each["role"], each["agency_id"]) for each in mine["grants"]] == [("officer", agency.id)]
    must_refuse(await mall.public.get("//v1/me"), 401, "unauthenticated")


async def test_a_revoked_device_and_a_key_that_is_none_are_nobodys(given: Given) -> None:
    mall = await given.mall()
    revoked = await mall.device(DeviceKind.KIOSK)
    its_key = (models.Device.mall_id == mall.ref.id) & (models.Device.key_hash == fingerprint(str(revoked.credential)))
    async with mall.database.without_journal() as unit:  # there is no operation for it yet
        device = (await unit.session.scalars(select(models.Device).where(its_key))).one()
        device.revoked_at = unit.at
    key = str(mall.display.credential)
    numbers = ("", "0", "-1", "32768", "99999", "x")
    for wrong in (str(revoked.credential), f"{key}x", key[:-1], *(f"mpk_{each}_{key[-43:]}" for each in numbers)):
        answer = await Asker(mall.public.http, mall.path, wrong).get("/board")
        assert code_of(answer) == (401, "token_invalid"), wrong
    await mall.display.sees("/board")


async def test_forms_that_nobody_can_read_are_refused_as_oauth_clients_expect(given: Given) -> None:
    public = (await person(given)).public
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for content in (b"", b"%%%", b"\xff=\xff", b"grant_type=password&username=%00&password=%00"):
        answer = await public.ask("POST", "//v1/oauth/token", content=content, headers=form)
        assert answer.status_code == 400, content
        assert answer.headers["Content-Type"] == "application/json", content
        assert answer.json()["error"] in ("invalid_request", "invalid_grant")
        assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    for data in (
        {"grant_type": "refresh_token", "refresh_token": "\0"},
        {"grant_type": "password", "username": "\u2028"},
    ):
        answer = await public.ask("POST", "//v1/oauth/token", data=data)
        assert answer.status_code == 400
        assert answer.json()["error"] == "invalid_grant"
