"""Partners' systems: registered by their agency, let in by a secret, issuing and reading their own tickets."""

import asyncio
import base64
import time
from datetime import timedelta
from urllib.parse import quote_plus

import httpx
import pytest

from app.domain.roles import USABLE_SCOPES
from tests.given import Agency, Asker, Given, Json, Mall, code_of, showing

REMEMBERED = 5
TOKEN = "//v1/oauth/token"


def system(agency: Agency, *scopes: str) -> Json:
    return {"agency_id": agency.id, "name": "Sistem mitra", "scopes": list(scopes or USABLE_SCOPES)}


async def bearing(mall: Mall, client: Json, **more: str) -> Asker:
    """The client with a token."""
    token = await mall.public.does(TOKEN, data=showing(client, **more))
    return Asker(mall.public.http, mall.path, token["access_token"], channel="partner")


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", "")


async def test_a_scope_taken_away_is_gone_from_its_tokens_and_one_added_comes_with_the_next(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    client = await mall.client(agency, "tickets:write")
    old = await bearing(mall, client)
    await old.takes(agency.service)
    path, manager = f"/clients/{client['id']}", await mall.agency_manager(agency)
    assert (await manager.edits(path, {"scopes": ["tickets:read"]})).is_success
    ends = time.monotonic() + REMEMBERED + 0.5
    while (await old.issue(agency.service)).is_success:
        assert time.monotonic() < ends
        await asyncio.sleep(0.2)
    assert (await old.get("/tickets")).status_code == 403, "its token was never for reading"
    assert len(await (await bearing(mall, client)).all("/tickets")) >= 1
    assert said(await mall.public.post(TOKEN, data=showing(client, scope="tickets:write"))) == (400, "invalid_scope")


async def test_an_agencys_manager_registers_a_system_that_issues_and_reads_its_own_tickets(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    manager, key = await mall.agency_manager(agency), {"Idempotency-Key": "a client"}
    made = await manager.post("/clients", system(agency), headers=key)
    client = made.json()
    assert (made.status_code, made.headers["Location"]) == (201, f"{mall.path}/clients/{client['id']}")
    assert client["client_secret"].startswith(client["secret_prefix"])
    assert (client["secret_prefix"][:4], client["last_used_at"], client["old_secret_until"]) == ("mpc_", None, None)
    assert code_of(await manager.post("/clients", system(agency), headers=key)) == (409, "secret_already_shown")

    token = await mall.public.does(TOKEN, data=showing(client))
    assert (token["token_type"], token["expires_in"], set(token)) == (
        "Bearer",
        900,
        {"access_token", "token_type", "expires_in", "scope"},
    )
    assert token["scope"].split() == list(USABLE_SCOPES)
    partner = Asker(mall.public.http, mall.path, token["access_token"], channel="partner")
    me = await partner.sees("//v1/me")
    assert (me["kind"], me["id"], me["mall"]) == ("client", client["id"], mall.slug)
    assert me["client"] == {"agency_id": agency.id, "name": "Sistem mitra", "scopes": list(USABLE_SCOPES)}
    assert {each["agency_id"] for each in me["grants"]} == {agency.id}

    ticket = await partner.takes(agency.service)
    assert ticket["channel"] == "partner"
    await mall.kiosk.takes(agency.service)
    other = await (await bearing(mall, await mall.client(agency))).takes(agency.service)
    assert await partner.all("/tickets") == [await partner.sees(f"/tickets/{ticket['id']}")]
    assert await partner.all("/tickets", service_id=list(agency.services.values())[1]) == []
    assert code_of(await partner.get(f"/tickets/{other['id']}")) == (404, "not_found")
    officer, counter = await mall.open_counter(agency)
    await officer.calls(counter)
    assert (await partner.sees(f"/tickets/{ticket['id']}"))["status"] == "called"
    seen = await partner.sees(f"/counters/{counter}")
    assert (seen["officer_id"], seen["ticket"]) == (None, None)

    assert (await manager.sees(f"/clients/{client['id']}"))["last_used_at"]
    secret = client["client_secret"].split("_", 2)[2]
    entries = await mall.entries()
    issued = next(each for each in entries if each["subject"]["id"] == ticket["id"])
    assert issued["by"] == {"kind": "client", "id": client["id"]}
    assert all(secret not in str(each) for each in entries)


async def test_a_client_does_what_its_scopes_say_for_its_own_agency_and_mall_and_nothing_else(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    foreign = await elsewhere.agency("CIVIL")
    writer, reader = await mall.partner(agency, "tickets:write"), await mall.partner(agency, "tickets:read")
    before = len(await mall.entries())
    assert code_of(await reader.issue(agency.service)) == (403, "forbidden")
    assert code_of(await writer.get("/tickets")) == (403, "forbidden")
    assert code_of(await writer.get("/services")) == (403, "forbidden")
    assert code_of(await (await mall.partner(agency, "catalogue:read")).get("/agreements")) == (403, "forbidden")
    for channel in ("kiosk", "web", "appointment"):
        assert code_of(await writer.issue(agency.service, channel=channel)) == (403, "forbidden")
    assert code_of(await writer.issue(other.service)) == (422, "unknown_reference")
    there = Asker(writer.http, elsewhere.path, writer.credential, channel="partner")
    assert code_of(await there.issue(foreign.service)) == (404, "not_found")
    assert code_of(await writer.issue(foreign.service)) == (422, "unknown_reference")
    for one in (mall.kiosk, mall.manager, mall.public):
        refusal = (401, "unauthenticated") if one is mall.public else (403, "forbidden")
        assert code_of(await one.issue(agency.service, channel="partner")) == refusal
    joining = await mall.partner(agency, "joining:read")
    assert {each["agency_id"] for each in await joining.all("/agreements")} == {agency.id}
    entries = (await mall.entries())[before:]
    assert {each["type"] for each in entries} == {"client.registered"}, "whatever was refused left nothing"
    kiosk_only = await mall.service(agency, "CIVIL-K", channels=["kiosk"])
    assert code_of(await writer.issue(kiosk_only)) == (409, "channel_not_allowed")


async def test_who_manages_an_agency_manages_its_clients_and_the_auditor_reads(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    manager = await mall.agency_manager(agency)
    own, theirs = await mall.client(agency), await mall.client(other)
    assert [each["id"] for each in await manager.all("/clients")] == [own["id"]]
    assert await manager.all("/clients", agency_id=other.id) == []
    assert [each["id"] for each in await mall.auditor.all("/clients")] == [own["id"], theirs["id"]]
    before = len(await mall.entries())
    for act in ("revocation", "secret-rotation"):
        assert code_of(await manager.post(f"/clients/{theirs['id']}/{act}")) == (404, "not_found")
        assert code_of(await elsewhere.manager.post(f"/clients/{theirs['id']}/{act}")) == (404, "not_found")
        assert code_of(await mall.auditor.post(f"/clients/{theirs['id']}/{act}")) == (403, "forbidden")
    assert code_of(await manager.get(f"/clients/{theirs['id']}")) == (404, "not_found")
    for one, agency_id in ((manager, other.id), (mall.manager, (await elsewhere.agency()).id)):
        refused = await one.post("/clients", {**system(agency), "agency_id": agency_id})
        assert code_of(refused) == (422, "unknown_reference")
    for scopes, code in (
        (["events:read"], "scope_not_available"),
        (["everything"], "invalid_request"),
        ([], "invalid_request"),
        (["tickets:read", "tickets:read"], "invalid_request"),
    ):
        assert code_of(await manager.post("/clients", {**system(agency), "scopes": scopes})) == (422, code)
    assert len(await mall.entries()) == before


async def test_a_client_shows_its_secret_in_the_header_or_the_form_and_is_told_what_is_wrong(given: Given) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency(), "tickets:read", "tickets:write")
    id_, secret, grant = client["id"], client["client_secret"], {"grant_type": "client_credentials"}

    def basic(named: str, shown: str, encode: str = "") -> Json:
        pair = f"{quote_plus(named, encode)}:{quote_plus(shown, encode)}"
        return {"headers": {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}}

    async def asked(data: Json, **how: Json) -> httpx.Response:
        return await mall.public.post(TOKEN, data={**grant, **data}, **how)

    assert said(await asked({}, **basic(id_, secret))) == (200, "")
    everything = "".join(f"%{ord(sign):02X}" for sign in id_), "".join(f"%{ord(sign):02X}" for sign in secret)
    pair = base64.b64encode(":".join(everything).encode()).decode()
    assert said(await asked({}, headers={"Authorization": f"basic {pair}"})) == (200, "")
    narrowed = await asked({"client_id": id_, "client_secret": secret, "scope": "tickets:read"})
    assert narrowed.json()["scope"] == "tickets:read"
    reader = Asker(mall.public.http, mall.path, narrowed.json()["access_token"], channel="partner")
    assert code_of(await reader.issue("0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11")) == (403, "forbidden")
    for scope in ("catalogue:read", "tickets:read nonsense", "tickets:read tickets:read_"):
        wide = await asked({"client_id": id_, "client_secret": secret, "scope": scope})
        assert said(wide) == (400, "invalid_scope"), scope
    wrong = [
        await asked({"client_id": id_, "client_secret": secret[:-1]}),
        await asked({"client_id": "0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11", "client_secret": secret}),
        await asked({"client_id": id_}),
        await asked({}),
        await asked({"client_id": "\0", "client_secret": "mpc_1_\0"}),
        await asked({}, **basic(id_, "mpc_99999_nothing")),
        await asked({"client_id": "another"}, **basic(id_, secret)),
        *[await asked({}, headers={"Authorization": f"{each}"}) for each in ("Basic", "Basic ???", "Bearer x")],
    ]
    for each in wrong:
        assert said(each) == (401, "invalid_client")
        assert each.headers["WWW-Authenticate"].startswith("Basic")
        assert each.json()["error_description"] == wrong[0].json()["error_description"]
    twice = await asked({"client_secret": secret}, **basic(id_, secret))
    assert (said(twice), twice.json()["code"]) == ((400, "invalid_request"), "two_credentials")


async def test_guessing_a_clients_secret_is_slowed_for_the_client_and_the_address_alone(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    guessed, bystander = await mall.client(agency), await mall.client(agency)
    guesser, at_home = given.from_address("10.251.7.1"), given.from_address("10.251.7.2")
    form = showing({**guessed, "client_secret": guessed["client_secret"][:-2] + "xx"})
    answers = [said(await guesser.post(TOKEN, data=form)) for _ in range(12)]
    assert answers == [(401, "invalid_client")] * 10 + [(429, "slow_down")] * 2
    assert said(await at_home.post(TOKEN, data=showing(guessed))) == (429, "slow_down")
    assert said(await guesser.post(TOKEN, data=showing(bystander))) == (429, "slow_down")
    assert said(await at_home.post(TOKEN, data=showing(bystander))) == (200, "")


async def test_two_secrets_work_while_the_old_one_runs_out(given: Given) -> None:
    mall = await given.mall()
    first = await mall.client(await mall.agency())
    path = f"/clients/{first['id']}/secret-rotation"
    second = await mall.manager.does(path, {"overlap_hours": 48})
    assert second["client_secret"] != first["client_secret"]
    assert second["old_secret_until"] > second["created_at"]
    for each in (first, second):
        await bearing(mall, each)
    third = await mall.manager.does(path)
    assert said(await mall.public.post(TOKEN, data=showing(first))) == (401, "invalid_client")
    for each in (second, third):
        await bearing(mall, each)
    offsets = mall.database.clock.offsets
    offsets[0] = timedelta(hours=25)
    try:
        assert said(await mall.public.post(TOKEN, data=showing(second))) == (401, "invalid_client")
        await bearing(mall, third)
        bearer = await bearing(mall, third)
        fourth = await mall.manager.does(path, {"overlap_hours": 0})
        assert fourth["old_secret_until"] is None
        assert said(await mall.public.post(TOKEN, data=showing(third))) == (401, "invalid_client")
        assert code_of(await bearer.get("//v1/me")) == (401, "unauthenticated")
        await bearing(mall, fourth)
        key = {"Idempotency-Key": "another secret"}
        await mall.manager.does(path, {}, headers=key)
        assert code_of(await mall.manager.post(path, {}, headers=key)) == (409, "secret_already_shown")
        for hours in (-1, 169):
            assert code_of(await mall.manager.post(path, {"overlap_hours": hours})) == (422, "invalid_request")
    finally:
        del offsets[0]


async def test_a_revoked_clients_tokens_are_dead_within_five_seconds(given: Given) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency())
    partner = await bearing(mall, client)
    await partner.sees("//v1/me")
    assert (await mall.manager.does(f"/clients/{client['id']}/revocation"))["revoked_at"]
    ends = time.monotonic() + REMEMBERED + 0.5
    asked = time.monotonic()
    while (await partner.get("//v1/me")).is_success:
        assert asked < ends
        await asyncio.sleep(0.2)
        asked = time.monotonic()  # when it is asked counts, not when a slow machine answers
    assert code_of(await partner.get("//v1/me")) == (401, "unauthenticated")
    assert said(await mall.public.post(TOKEN, data=showing(client))) == (401, "invalid_client")
    for act in ("revocation", "secret-rotation"):
        again = await mall.manager.post(f"/clients/{client['id']}/{act}")
        assert (code_of(again), again.json()["state"]) == ((409, "illegal_transition"), "revoked")
    assert await mall.manager.all("/clients") == []
    assert [each["id"] for each in await mall.manager.all("/clients", revoked=True)] == [client["id"]]


@pytest.mark.parametrize("grant", ["password", "refresh_token"])
async def test_a_clients_secret_is_no_persons_password(given: Given, grant: str) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency())
    form = {"grant_type": grant, "username": client["id"], "password": client["client_secret"]}
    answer = await mall.public.post(TOKEN, data={**form, "refresh_token": client["client_secret"]})
    assert said(answer) == (400, "invalid_grant")
    raw = Asker(mall.public.http, mall.path, client["client_secret"])
    assert code_of(await raw.get("//v1/me")) == (401, "unauthenticated")
