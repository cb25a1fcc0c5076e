"""What the program says of itself while it runs, to whom, and what it believes of those who ask."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.routers.health import FAR_BEHIND
from app.settings import Settings
from app.web.context import context_of
from tests.contract import Contract
from tests.databases import connected
from tests.given import Asker, Given, Json, Mall, code_of, must_refuse, must_show
from tests.servers import SERVER_KEY, Servers

TOKEN = "a token for who watches: 0123456789abcdef"
HERE, PROXY, FAR = "127.0.0.1", "10.1.2.3", "203.0.113.9"


@pytest.fixture(scope="module")
async def far_app(anyio_backend: object, app: FastAPI, settings: Settings, database_url: str) -> AsyncIterator[FastAPI]:
    """The program as it stands on the internet: behind named proxies, under https, with a token for who watches."""
    clock = context_of(app).database.clock  # other tests have moved their malls' clocks
    elsewhere = {
        "issuer": "https://api.mall.example",
        "trusted_proxies": "10.0.0.0/8, 2001:db8:1::/48",
        "metrics_token": TOKEN,
        "web_tickets_at_once": 2,
        "web_tickets_per_minute": 1,
    }
    there = Settings.model_validate({**settings.model_dump(), **elsewhere})
    made = create_app(there, database_url, SERVER_KEY.encode(), clock=clock)
    async with made.router.lifespan_context(made):
        yield made


class From:
    """Clients at whatever address."""

    def __init__(self, app: FastAPI, contract: Contract) -> None:
        self._app, self._contract = app, contract

    def __call__(self, address: str, *, credential: str | None = None, mall: Mall | None = None) -> Asker:
        client = self._contract.client(self._app, address, "https://api.mall.example")
        return Asker(client, mall.path if mall else "", credential)


@pytest.fixture(scope="module")
def at(far_app: FastAPI, contract: Contract) -> From:
    return From(far_app, contract)


async def test_metrics_are_for_the_machine_itself_and_for_who_shows_the_token(at: From) -> None:
    assert (await at(HERE).get("/metrics")).headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert (await at("::1").get("/metrics")).is_success
    assert (await at(FAR, credential=TOKEN).get("/metrics")).is_success
    for stranger in (at(FAR), at(PROXY)):
        must_refuse(await stranger.get("/metrics"), 401, "unauthenticated")
    must_refuse(await at(FAR, credential=TOKEN[:-1]).get("/metrics"), 401, "token_invalid")
    # a proxy on the machine itself passes on what comes from elsewhere
    for passed_on in ({"X-Forwarded-For": FAR}, {"Forwarded": f"for={FAR}"}, {"Via": "1.1 proxy"}):
        must_refuse(await at(HERE).get("/metrics", headers=passed_on), 401, "unauthenticated")


async def test_without_a_token_set_no_token_opens_the_metrics(given: Given) -> None:
    for credential in (None, "None", "", TOKEN):
        far = given.from_address(FAR)
        answer = await far.get("//metrics", headers={"Authorization": f"Bearer {credential}"})
        must_refuse(answer, 401, "token_invalid")


async def test_readiness_is_for_all_and_what_was_looked_at_for_who_may_read_metrics(at: From) -> None:
    stranger = await at(FAR).get("/health/ready")
    assert stranger.status_code == 200
    assert stranger.json() == {"status": "pass", "checks": None}
    for insider in (at(HERE), at(FAR, credential=TOKEN)):
        checks = (await insider.get("/health/ready")).json()["checks"]
        assert checks == {"database": "pass", "migration": "pass", "clock": "pass", "followers": "pass"}


async def test_a_database_that_answers_half_of_what_is_asked_is_not_ready(at: From, direct_url: str) -> None:
    async with connected(direct_url) as outside, outside.transaction():
        await outside.execute("LOCK TABLE alembic_version")
        answer = await at(HERE).get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "fail"
    assert (await at(HERE).get("/health/ready")).status_code == 200


async def test_a_clock_behind_the_last_entry_is_not_ready_once_a_write_was_refused(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    back = timedelta(minutes=1)
    mall.pass_time(-back)
    assert code_of(await mall.kiosk.issue(agency.service)) == (503, "clock_skew")
    answer = await given.public.get("//health/ready")
    assert (answer.status_code, answer.json()["checks"]["clock"]) == (503, "fail")
    mall.pass_time(back)
    assert (await given.public.get("//health/ready")).json()["checks"]["clock"] == "pass"
    await mall.kiosk.takes(agency.service)


async def test_how_far_followers_are_behind_is_measured_and_a_warning_at_most(at: From, far_app: FastAPI) -> None:
    sample = 'mpp_follower_behind{follower="service_day_counts"}'
    async with asyncio.timeout(30):
        while sample not in await _counts(at):  # its first round comes with the start
            await asyncio.sleep(0.05)
    context_of(far_app).metrics.behind("slow", FAR_BEHIND + 1)
    assert (await _counts(at))['mpp_follower_behind{follower="slow"}'] == FAR_BEHIND + 1
    answer = await at(HERE).get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["followers"]) == (200, "warn")
    context_of(far_app).metrics.behind("slow", 0)
    assert (await at(HERE).get("/health/ready")).json()["checks"]["followers"] == "pass"


async def test_metrics_count_requests_by_template_and_the_journals_waits(at: From, given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosk = at(FAR, credential=mall.kiosk.credential, mall=mall)
    before = await _counts(at)
    await kiosk.takes(agency.service)
    await kiosk.issue(str(uuid4()))
    await kiosk.get(f"/claims/{'7' * 16}")
    await kiosk.get("/nowhere")
    after = await _counts(at)

    def more(sample: str) -> float:
        return after[sample] - before.get(sample, 0)

    tickets = 'method="POST",route="/v1/malls/{mall}/tickets"'
    assert more(f'mpp_request_seconds_count{{{tickets},status="201"}}') == 1
    assert more(f'mpp_request_seconds_count{{{tickets},status="422"}}') == 1
    assert more('mpp_request_seconds_count{method="GET",route="-",status="404"}') == 1
    for wait in (
        'wait_seconds_count{where="memory"}',
        'wait_seconds_count{where="database"}',
        "hold_seconds_count",
        "group_size_count",
        "group_size_sum",
    ):
        assert more(f"mpp_journal_{wait}") == 2
    assert after["mpp_journal_hold_seconds_sum"] > before["mpp_journal_hold_seconds_sum"]
    assert after["mpp_journal_waiting"] == 0
    assert after['mpp_pool_size{pool="writes"}'] == 8
    assert 0 <= after['mpp_pool_in_use{pool="reads"}'] <= 8
    assert not any("7777" in name or mall.slug in name for name in after)


async def _counts(at: From) -> dict[str, float]:
    page = (await at(HERE).get("/metrics")).text
    lines = [line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_two_programs_in_one_process_count_apart(at: From, given: Given, http: httpx.AsyncClient) -> None:
    await given.mall()
    made = 'route="/v1/malls",status="201"'
    assert made in (await http.get("/metrics")).text
    assert made not in (await at(HERE).get("/metrics")).text


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        (FAR, [], FAR),
        (FAR, ["198.51.100.1"], FAR),  # nobody named it
        (PROXY, [], PROXY),
        (PROXY, ["198.51.100.1"], "198.51.100.1"),
        (PROXY, ["192.0.2.1, 198.51.100.1"], "198.51.100.1"),  # what the client wrote itself stands before
        (PROXY, ["192.0.2.1", "198.51.100.1"], "198.51.100.1"),  # a proxy that adds a line of its own
        (PROXY, ["198.51.100.1, 10.9.9.9"], "198.51.100.1"),  # two proxies
        (PROXY, ["198.51.100.1:4711"], "198.51.100.1"),
        (PROXY, ["unknown"], PROXY),
        (PROXY, ["192.0.2.1, unknown, 10.9.9.9"], "10.9.9.9"),
        (PROXY, ["::ffff:198.51.100.1"], "198.51.100.1"),
        (f"::ffff:{PROXY}", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:1::7", ["[2001:db8:2:3:4::5]:443"], "2001:db8:2:3::/64"),
        ("2001:db8:9::7", ["198.51.100.1"], "2001:db8:9::/64"),
        (PROXY, ["2001:db8:2:3::1"], "2001:db8:2:3::/64"),
    ],
)
async def test_only_named_proxies_are_believed(
    at: From, given: Given, peer: str, forwarded: list[str], counted: str
) -> None:
    """Two tickets a minute and address: who takes two through one door is refused at another only if it is the same."""
    mall = await given.mall()
    agency = await mall.agency()
    asker = at(peer, mall=mall)
    headers = [("X-Forwarded-For", each) for each in forwarded]

    async def take() -> tuple[int, str]:
        body = {"service_id": agency.service, "channel": "web"}
        key = ("Idempotency-Key", str(uuid4()))
        return code_of(await asker.http.post(f"{mall.path}/tickets", json=body, headers=[*headers, key]))

    limits = context_of(at._app).limits  # noqa: SLF001  # what is counted shows nowhere else
    limits._due.clear()  # noqa: SLF001
    assert [await take() for _ in range(3)] == [(201, ""), (201, ""), (429, "rate_limited")]
    assert set(limits._due) == {counted}  # noqa: SLF001


@pytest.mark.parametrize(
    ("name", "value"),
    [("trusted_proxies", "10.0.0.0/33"), ("trusted_proxies", "*"), ("metrics_token", "short"), ("log_level", "LOUD")],
)
def test_a_setting_that_means_nothing_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name):
        Settings.model_validate({name: value})


async def test_headers_are_those_of_a_careful_api_and_https_is_asked_for_where_it_is(at: From, given: Given) -> None:
    far, near = await at(FAR).get("/health/live"), await given.public.get("//health/live")
    assert far.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "Strict-Transport-Security" not in near.headers
    for answer in (far, near, await at(FAR).get("/docs")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "geolocation=()" in answer.headers["Permissions-Policy"]
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy)
        assert not [each for each in policy if each.startswith(("script-src", "connect-src")) and "'self'" not in each]
        assert "Server" not in answer.headers


async def test_lines_are_json_with_the_requests_id_and_name_nobody(
    given: Given, database_url: str, contract: Contract
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    async with Servers(database_url, SERVER_KEY, contract) as servers:
        await servers.start(MPP_LOG_FORMAT="json", MPP_LOG_LEVEL="INFO")
        [client] = servers.clients
        kiosk, manager, public = (each.at(client) for each in (mall.kiosk, mall.manager, mall.public))
        ticket = await kiosk.takes(agency.service)
        await manager.does("/agencies", {"code": "SECRET-NAME", "name": NAMES, "category": "private"})
        mine = {"X-Request-Id": "display-3.request-9"}
        await public.get("/board", params={"floor": "1"}, headers=mine)
        await public.get("/board", params={"floor": "1", "token": "secret-query"})
        await public.get(f"/claims/{ticket['claim_code']}")
        await public.post("/tickets", {"secret-body": 1})
        await public.get("/nowhere/secret-path")
        assert await servers.told_to_end(0) == 143
        said = servers.said(0)
    lines = [json.loads(line) for line in said.splitlines()]
    assert all({"time", "level", "logger", "message"} <= set(each) for each in lines)
    assert {"uvicorn.error", "mpp.request"} <= {each["logger"] for each in lines}
    requests = [each for each in lines if each["logger"] == "mpp.request"]
    [issued] = [each for each in requests if each["status"] == 201 and each["route"] == "/v1/malls/{mall}/tickets"]
    must_show(issued, method="POST", caller_kind="device", level="info")
    assert issued["ms"] > 0
    assert len(issued["request_id"]) == 32
    [edited] = [each for each in requests if each["route"] == "/v1/malls/{mall}/agencies"]
    must_show(edited, caller_kind="account", caller_id=str(mall.manager.id))
    [board] = [each for each in requests if each["request_id"] == mine["X-Request-Id"]]
    must_show(board, route="/v1/malls/{mall}/board", caller_kind="public", caller_id=None)
    for secret in ("secret", "Rahasia", ticket["claim_code"], mall.slug, str(mall.kiosk.credential)):
        assert secret not in said, secret
    assert not [each for each in requests if HERE in json.dumps(each)]


NAMES: Json = {"id": "Rahasia", "en": "Rahasia"}
