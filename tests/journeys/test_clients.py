"""Partners' systems: registered by their agency, let in by a secret, issuing and reading their own tickets."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote_plus

import httpx
import pytest

from tests.given import ALL_SCOPES, Agency, Asker, Given, Json, Mall, forgotten, must_refuse, must_show, showing

TOKEN = "//v1/oauth/token"


def system(agency: Agency, *scopes: str) -> Json:
    return {"agency_id": agency.id, "name": "Sistem mitra", "scopes": list(scopes or ALL_SCOPES)}


async def asked(mall: Mall, data: Json, **how: Json) -> httpx.Response:
    """What is answered to a system that asks for a token in this way."""
    return await mall.public.post(TOKEN, data={"grant_type": "client_credentials", **data}, **how)


def basic(named: str, shown: str) -> Json:
    """A header that names the client and shows its secret."""
    pair = f"{quote_plus(named)}:{quote_plus(shown)}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


@contextmanager
def a_day_later(mall: Mall) -> Iterator[None]:
    """The platform's clock moved on by 25 hours."""
    offsets = mall.database.clock.offsets
    offsets[0] = timedelta(hours=25)
    try:
        yield
    finally:
        del offsets[0]


def said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("error", "")


async def test_a_scope_taken_away_is_gone_from_its_tokens_and_one_added_comes_with_the_next(
    given: Given, forgetful: httpx.AsyncClient
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    client = await mall.client(agency, "tickets:write")
    old = await (await mall.bearing(client)).known_at(forgetful)
    await old.takes(agency.service)
    path, manager = f"/clients/{client['id']}", await mall.agency_manager(agency)
    assert (await manager.edits(path, {"scopes": ["tickets:read"]})).is_success
    await forgotten()
    must_refuse(await old.issue(agency.service), 403, "forbidden")
    assert (await old.get("/tickets")).status_code == 403, "its token was never for reading"
    assert len(await (await mall.bearing(client)).all("/tickets")) == 1
    assert said(await mall.public.post(TOKEN, data=showing(client, scope="tickets:write"))) == (400, "invalid_scope")


async def test_an_agencys_manager_registers_a_system_whose_secret_is_shown_once(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    manager, key = await mall.agency_manager(agency), {"Idempotency-Key": "a client"}
    made = await manager.post("/clients", system(agency), headers=key)
    client = made.json()
    assert made.status_code == 201
    assert made.headers["Location"] == f"{mall.path}/clients/{client['id']}"
    assert client["client_secret"].startswith(client["secret_prefix"])
    assert client["secret_prefix"].startswith("mpc_")
    must_show(client, last_used_at=None, old_secret_until=None)
    repeat = await manager.post("/clients", system(agency), headers=key)
    must_refuse(repeat, 409, "secret_already_shown", thing="client", thing_id=client["id"])
    secret = client["client_secret"].split("_", 2)[2]
    assert all(secret not in str(each) for each in await mall.entries())


async def test_a_system_gets_a_token_for_its_secret_and_is_known_by_it(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    client = await mall.client(agency)
    token = await mall.public.does(TOKEN, data=showing(client))
    must_show(token, token_type="Bearer", expires_in=900)
    assert set(token) == {"access_token", "token_type", "expires_in", "scope"}
    assert token["scope"].split() == list(ALL_SCOPES)
    me = await Asker(mall.public.http, mall.path, token["access_token"]).sees("//v1/me")
    must_show(me, kind="client", id=client["id"], mall=mall.slug)
    assert me["client"] == {"agency_id": agency.id, "name": "Sistem mitra", "scopes": list(ALL_SCOPES)}
    assert {(each["agency_id"], each["agency_code"]) for each in me["grants"]} == {(agency.id, "CIVIL")}
    assert (await mall.manager.sees(f"/clients/{client['id']}"))["last_used_at"]


async def test_a_system_issues_tickets_in_its_own_name_and_follows_those_alone(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    partner, neighbour = await mall.partner(agency), await mall.partner(agency)
    ticket, other = await partner.takes(agency.service), await neighbour.takes(agency.service)
    await mall.kiosk.takes(agency.service)
    assert ticket["channel"] == "partner"
    issued = next(each for each in await mall.entries() if each["subject"]["id"] == ticket["id"])
    assert issued["by"] == {"kind": "client", "id": str(partner.id)}
    [listed] = await partner.all("/tickets")
    assert await partner.sees(f"/tickets/{ticket['id']}") == {**listed, "phone": None}
    assert await partner.all("/tickets", service_id=list(agency.services.values())[1]) == []
    must_refuse(await partner.get(f"/tickets/{other['id']}"), 404, "not_found")

    officer, counter = await mall.open_counter(agency)
    await officer.calls(counter)
    assert (await partner.sees(f"/tickets/{ticket['id']}"))["status"] == "called"
    must_show(await partner.sees(f"/counters/{counter}"), officer_id=None, ticket=None)


async def test_a_system_cancels_what_it_issued_while_it_waits_and_nothing_else(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    partner, neighbour = await mall.partner(agency, "tickets:write"), await mall.partner(agency, "tickets:write")
    reader = await mall.partner(agency, "tickets:read")
    given_up, called = await partner.takes(agency.service), await partner.takes(agency.service)
    of_the_kiosk = await mall.kiosk.takes(agency.service)
    path = f"/tickets/{given_up['id']}/cancellation"
    must_refuse(await reader.post(path), 403, "forbidden")
    must_refuse(await neighbour.post(path), 404, "not_found")
    must_refuse(await partner.post(f"/tickets/{of_the_kiosk['id']}/cancellation"), 404, "not_found")
    must_show(await partner.does(path, {"reason": "Rencana berubah"}), status="cancelled", closed_by="visitor")
    must_show(await partner.does(path), status="cancelled", reason="Rencana berubah")

    officer, counter = await mall.open_counter(agency)
    await officer.calls(counter)
    refused = await partner.post(f"/tickets/{called['id']}/cancellation")
    must_refuse(refused, 409, "already_called", ticket_id=called["id"])


async def test_a_client_does_what_its_scopes_say_and_nothing_else(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    writer, reader = await mall.partner(agency, "tickets:write"), await mall.partner(agency, "tickets:read")
    before = len(await mall.entries())
    must_refuse(await reader.issue(agency.service), 403, "forbidden")
    must_refuse(await writer.get("/tickets"), 403, "forbidden")
    must_refuse(await writer.get("/services"), 403, "forbidden")
    for channel in ("kiosk", "web", "appointment"):
        must_refuse(await writer.issue(agency.service, channel=channel), 422, "channel_not_yours", allowed="partner")
    assert len(await mall.entries()) == before, "what was refused left nothing"
    must_refuse(await (await mall.partner(agency, "catalogue:read")).get("/agreements"), 403, "forbidden")
    kiosk_only = await mall.service(agency, "CIVIL-K", channels=["kiosk"])
    must_refuse(await writer.issue(kiosk_only), 409, "channel_not_allowed")


async def test_a_client_issues_for_its_own_agency_and_mall_alone(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    foreign = await elsewhere.agency("CIVIL")
    writer = await mall.partner(agency, "tickets:write")
    before = len(await mall.entries())
    must_refuse(await writer.issue(other.service), 422, "unknown_reference")
    must_refuse(await writer.issue(foreign.service), 422, "unknown_reference")
    there = Asker(writer.http, elsewhere.path, writer.credential, channel="partner")
    must_refuse(await there.issue(foreign.service), 404, "not_found")
    assert len(await mall.entries()) == before


async def test_a_client_reads_the_papers_of_its_own_agency_alone(given: Given) -> None:
    mall = await given.mall()
    agency, _ = await mall.agency("CIVIL"), await mall.agency("TAX")
    joining = await mall.partner(agency, "joining:read")
    assert {each["agency_id"] for each in await joining.all("/agreements")} == {agency.id}


async def test_nobody_else_issues_on_the_partners_channel(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    for one in (mall.kiosk, mall.manager, mall.public):
        must_refuse(await one.issue(agency.service, channel="partner"), 422, "channel_not_yours")
    must_refuse(await mall.display.issue(agency.service, channel="partner"), 403, "forbidden")


async def test_who_manages_an_agency_manages_its_clients_and_the_auditor_reads(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    manager = await mall.agency_manager(agency)
    own, theirs = await mall.client(agency), await mall.client(other)
    assert [each["id"] for each in await manager.all("/clients")] == [own["id"]]
    assert await manager.all("/clients", agency_id=other.id) == []
    assert [each["id"] for each in await mall.auditor.all("/clients")] == [own["id"], theirs["id"]]
    must_refuse(await manager.get(f"/clients/{theirs['id']}"), 404, "not_found")
    before = len(await mall.entries())
    for act in ("revocation", "secret-rotation"):
        must_refuse(await manager.post(f"/clients/{theirs['id']}/{act}"), 404, "not_found")
        must_refuse(await elsewhere.manager.post(f"/clients/{theirs['id']}/{act}"), 404, "not_found")
        must_refuse(await mall.auditor.post(f"/clients/{theirs['id']}/{act}"), 403, "forbidden")
    assert len(await mall.entries()) == before


async def test_a_client_is_registered_for_ones_own_agency_with_scopes_that_there_are(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    manager = await mall.agency_manager(agency)
    before = len(await mall.entries())
    for one, agency_id in ((manager, other.id), (mall.manager, (await elsewhere.agency()).id)):
        refused = await one.post("/clients", {**system(agency), "agency_id": agency_id})
        must_refuse(refused, 422, "unknown_reference")
    for scopes, code in (
        (["appointments:write"], "scope_not_available"),
        (["everything"], "invalid_request"),
        ([], "invalid_request"),
        (["tickets:read", "tickets:read"], "invalid_request"),
    ):
        must_refuse(await manager.post("/clients", {**system(agency), "scopes": scopes}), 422, code)
    assert len(await mall.entries()) == before


async def test_a_client_shows_its_secret_in_the_header_or_the_form(given: Given) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency())
    id_, secret = client["id"], client["client_secret"]
    assert said(await asked(mall, {"client_id": id_, "client_secret": secret})) == (200, "")
    assert said(await asked(mall, {}, headers=basic(id_, secret))) == (200, "")
    encoded = [f"%{ord(sign):02X}" for sign in f"{id_}:{secret}"]
    encoded[len(id_)] = ":"
    pair = base64.b64encode("".join(encoded).encode()).decode()
    assert said(await asked(mall, {}, headers={"Authorization": f"basic {pair}"})) == (200, "")
    twice = await asked(mall, {"client_secret": secret}, headers=basic(id_, secret))
    assert said(twice) == (400, "invalid_request")
    assert twice.json()["code"] == "two_credentials"


async def test_a_token_may_be_asked_for_with_fewer_scopes_than_the_client_has_and_no_others(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    client = await mall.client(agency, "tickets:read", "tickets:write")
    named = {"client_id": client["id"], "client_secret": client["client_secret"]}
    narrowed = (await asked(mall, {**named, "scope": "tickets:read"})).json()
    assert narrowed["scope"] == "tickets:read"
    reader = Asker(mall.public.http, mall.path, narrowed["access_token"], channel="partner")
    must_refuse(await reader.issue(agency.service), 403, "forbidden")
    for scope in ("catalogue:read", "tickets:read nonsense", "tickets:read tickets:read_"):
        assert said(await asked(mall, {**named, "scope": scope})) == (400, "invalid_scope"), scope


async def test_every_wrong_secret_is_told_the_same(given: Given) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency())
    id_, secret = client["id"], client["client_secret"]
    wrong = [
        await asked(mall, {"client_id": id_, "client_secret": secret[:-1]}),
        await asked(mall, {"client_id": "0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11", "client_secret": secret}),
        await asked(mall, {"client_id": id_}),
        await asked(mall, {}),
        await asked(mall, {"client_id": "\0", "client_secret": "mpc_1_\0"}),
        await asked(mall, {}, headers=basic(id_, "mpc_99999_nothing")),
        await asked(mall, {"client_id": "another"}, headers=basic(id_, secret)),
        *[await asked(mall, {}, headers={"Authorization": each}) for each in ("Basic", "Basic ???", "Bearer x")],
    ]
    for each in wrong:
        assert said(each) == (401, "invalid_client")
        assert each.headers["WWW-Authenticate"].startswith("Basic")
        assert each.json()["error_description"] == wrong[0].json()["error_description"]


async def test_guessing_a_clients_secret_is_slowed_and_a_right_one_always_passes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    guessed, bystander = await mall.client(agency), await mall.client(agency)
    guesser, at_home = given.from_address("10.251.7.1"), given.from_address("10.251.7.2")
    form = showing({**guessed, "client_secret": guessed["client_secret"][:-2] + "xx"})
    answers = [said(await guesser.post(TOKEN, data=form)) for _ in range(12)]
    assert answers == [(401, "invalid_client")] * 10 + [(429, "slow_down")] * 2
    for there in (at_home, guesser):
        for client in (guessed, bystander):
            assert said(await there.post(TOKEN, data=showing(client))) == (200, "")


async def test_two_secrets_work_while_the_old_one_runs_out(given: Given) -> None:
    mall = await given.mall()
    first = await mall.client(await mall.agency())
    path = f"/clients/{first['id']}/secret-rotation"
    second = await mall.manager.does(path, {"overlap_hours": 48})
    assert second["client_secret"] != first["client_secret"]
    assert second["old_secret_until"] > second["created_at"]
    for each in (first, second):
        await mall.bearing(each)
    third = await mall.manager.does(path)
    assert said(await mall.public.post(TOKEN, data=showing(first))) == (401, "invalid_client")
    for each in (second, third):
        await mall.bearing(each)
    with a_day_later(mall):
        assert said(await mall.public.post(TOKEN, data=showing(second))) == (401, "invalid_client")
        await mall.bearing(third)


async def test_without_an_overlap_the_old_secret_and_its_tokens_end(given: Given) -> None:
    mall = await given.mall()
    first = await mall.client(await mall.agency())
    path, bearer = f"/clients/{first['id']}/secret-rotation", await mall.bearing(first)
    second = await mall.manager.does(path, {"overlap_hours": 0})
    assert second["old_secret_until"] is None
    assert said(await mall.public.post(TOKEN, data=showing(first))) == (401, "invalid_client")
    must_refuse(await bearer.get("//v1/me"), 401, "token_invalid")
    await mall.bearing(second)
    for hours in (-1, 169):
        must_refuse(await mall.manager.post(path, {"overlap_hours": hours}), 422, "invalid_request")


async def test_another_secret_is_shown_once(given: Given) -> None:
    mall = await given.mall()
    path = f"/clients/{(await mall.client(await mall.agency()))['id']}/secret-rotation"
    key = {"Idempotency-Key": "another secret"}
    await mall.manager.does(path, {}, headers=key)
    must_refuse(await mall.manager.post(path, {}, headers=key), 409, "secret_already_shown")


async def test_a_revoked_client_is_out_when_a_process_looks_again(given: Given, forgetful: httpx.AsyncClient) -> None:
    mall = await given.mall()
    client = await mall.client(await mall.agency())
    partner = await (await mall.bearing(client)).known_at(forgetful)
    assert (await mall.manager.does(f"/clients/{client['id']}/revocation"))["revoked_at"]
    assert said(await mall.public.post(TOKEN, data=showing(client))) == (401, "invalid_client")
    await forgotten()
    must_refuse(await partner.get("//v1/me"), 401, "token_invalid")
    for act in ("revocation", "secret-rotation"):
        again = await mall.manager.post(f"/clients/{client['id']}/{act}")
        must_refuse(again, 409, "illegal_transition", state="revoked")
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
    must_refuse(await raw.get("//v1/me"), 401, "token_invalid")
