"""How often one may ask, and how many numbers one address gets: strict for whom nobody knows, and for nobody else."""

from collections import Counter
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from app.web.context import context_of
from tests.given import Asker, Given, Json, Mall, held, must_refuse
from tests.servers import SERVER_KEY

AT_ONCE, MANY = 4, 12


@pytest.fixture(scope="module")
async def strict(anyio_backend: object, app: FastAPI, settings: Settings, database_url: str) -> AsyncIterator[FastAPI]:
    """The program with the paces of life for numbers, and one request a second for strangers and for the known."""
    paces = {
        "public_requests_per_second": 1,
        "known_rate_per_second": 10_000,
        **{name: Settings.model_fields[name].default for name in ("web_tickets_at_once", "web_tickets_per_minute")},
        "web_tickets_waiting": 2,
    }
    made = create_app(
        settings.model_copy(update=paces), database_url, SERVER_KEY.encode(), clock=context_of(app).database.clock
    )
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def there(strict: FastAPI, given: Given) -> Given:
    """The strict program; whoever asks there has a new count."""
    context_of(strict).limits._due.clear()  # noqa: SLF001
    return Given(strict, given.public.http)


async def crowd(asker: Asker, method: str, path: str, **how: object) -> Counter[int]:
    """The same request many times, one after another."""
    answers = [await asker.ask(method, path, **how) for _ in range(MANY)]
    return Counter(each.status_code for each in answers)


def stranger(there: Given, mall: Mall, address: str, credential: str | None = None) -> Asker:
    return Asker(there.from_address(address).http, mall.path, credential)


REFUSED: list[tuple[str, str, str | None, Json, int]] = [
    ("GET", "//v1/malls", None, {}, 200),
    ("GET", "//v1/malls/nowhere-at-all", None, {}, 404),
    ("GET", "//v1/malls/nowhere-at-all/services", "mpk_1_made-up", {}, 404),
    ("GET", "/services", "mpk_1_made-up", {}, 401),
    ("GET", "/services", "a.made-up.token", {}, 401),
    ("GET", "/tickets", None, {}, 401),
    ("GET", "//no/such/path", None, {}, 404),
    ("GET", "//no/such/path", "a.made-up.token", {}, 404),
    ("DELETE", "//v1/malls", None, {}, 405),
    ("POST", "/tickets", None, {"content": b"x", "headers": {"Content-Type": "text/plain"}}, 415),
    ("POST", "/tickets", None, {"json": {}}, 400),
    ("GET", "/services", "", {"headers": {"Authorization": " "}}, 200),
    ("GET", "/services", "a.made-up.token", {"params": {"unknown": "1"}}, 422),
    ("GET", "//v1/malls/NO-SLUG/services", "mpk_1_made-up", {}, 422),
    ("POST", "/tickets", "a.made-up.token", {"content": b"x", "headers": {"Content-Type": "text/plain"}}, 415),
    ("POST", "/tickets", "mpk_1_made-up", {"content": b"[[", "headers": {"Content-Type": "application/json"}}, 422),
    ("GET", "//openapi.json", None, {}, 200),
    ("GET", "//docs/roles", None, {}, 200),
    ("GET", "//problems", None, {}, 200),
    ("GET", "//health/ready", None, {}, 200),
    ("GET", "//.well-known/jwks.json", None, {}, 200),
    ("POST", "//v1/oauth/token", None, {"data": {"grant_type": "refresh_token", "refresh_token": "unknown"}}, 400),
]


@pytest.mark.parametrize(("method", "path", "credential", "how", "status"), REFUSED)
async def test_whom_nobody_knows_is_counted_by_address_whatever_the_answer(
    there: Given, given: Given, method: str, path: str, credential: str | None, how: Json, status: int
) -> None:
    mall = await given.mall()
    said = await crowd(stranger(there, mall, "198.51.100.1", credential), method, path, **how)
    assert said[429] > 0, said
    assert said[status] in range(AT_ONCE, AT_ONCE + 3), said  # one more a second
    assert (await stranger(there, mall, "198.51.100.2").get("/services")).is_success


async def test_the_known_are_never_counted_by_their_address(there: Given, given: Given) -> None:
    mall = await given.mall()
    address = "198.51.100.3"
    assert (await crowd(stranger(there, mall, address), "GET", "/services"))[429] > 0
    for known in (mall.kiosk, mall.manager):
        assert await crowd(stranger(there, mall, address, known.credential), "GET", "/services") == Counter({200: MANY})


async def test_a_known_caller_is_counted_where_it_may_not_do_it_either(
    app: FastAPI, given: Given, settings: Settings, database_url: str
) -> None:
    mall = await given.mall()
    slow = create_app(
        settings.model_copy(update={"known_rate_per_second": 1}),
        database_url,
        SERVER_KEY.encode(),
        clock=context_of(app).database.clock,
    )
    async with slow.router.lifespan_context(slow):
        officer = Asker(
            Given(slow, given.public.http).from_address("198.51.100.4").http, mall.path, mall.kiosk.credential
        )
        said = await crowd(officer, "GET", "/tickets")
        assert said[403] in (10, 11)
        assert said[429] == MANY - said[403]


async def takes(asker: Asker, mall: Mall, service_id: str, key: str | None = None) -> httpx.Response:
    return await Asker(asker.http, mall.path, asker.credential).issue(service_id, key)


async def test_an_address_asks_for_three_numbers_at_once_and_another_is_not_kept_waiting(
    there: Given, given: Given
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    one, other = there.from_address("198.51.100.5"), there.from_address("198.51.100.6")
    said = [await takes(one, mall, str(uuid4())) for _ in range(3)]  # what is refused counts
    assert {each.status_code for each in said} == {422}
    refused = await takes(one, mall, agency.service)
    must_refuse(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert (await takes(other, mall, agency.service)).status_code == 201
    kiosk = Asker(one.http, mall.path, mall.kiosk.credential)
    assert {(await kiosk.issue(agency.service)).status_code for _ in range(5)} == {201}


async def test_a_visit_counts_as_many_numbers_as_it_has_services(there: Given, given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=4)
    services = list(agency.services.values())
    one, other = (Asker(there.from_address(each).http, mall.path) for each in ("198.51.100.11", "198.51.100.12"))
    too_many = await one.plan(*services[:3])  # two may wait
    must_refuse(too_many, 409, "too_many_waiting", pointer="/service_ids/2", limit=2)
    must_refuse(await one.issue(agency.service), 429, "rate_limited")
    assert (await other.plan(*services[:2])).status_code == 201
    assert (await other.plan(*services)).json()["code"] == "too_many_waiting"  # let through where one would be
    refused = await other.issue(agency.service)
    must_refuse(refused, 429, "rate_limited")
    assert 25 < int(refused.headers["Retry-After"]) <= 40
    assert len(await mall.manager.all("/tickets")) == 2


async def test_so_many_numbers_of_one_address_wait_in_a_mall_and_cancelling_makes_room(
    app: FastAPI, given: Given, settings: Settings, database_url: str
) -> None:
    few = create_app(
        settings.model_copy(update={"web_tickets_waiting": 2}),
        database_url,
        SERVER_KEY.encode(),
        clock=context_of(app).database.clock,
    )
    mall, elsewhere = await given.mall(), await given.mall()
    agency = await mall.agency()
    second = await mall.service(agency, "OTHER")
    async with few.router.lifespan_context(few):
        there = Given(few, given.public.http)
        one, other = there.from_address("198.51.100.7"), there.from_address("198.51.100.8")
        first = (await takes(one, mall, agency.service)).json()
        assert (await takes(one, mall, second)).status_code == 201
        must_refuse(await takes(one, mall, agency.service), 409, "too_many_waiting", limit=2)
        assert (await takes(other, mall, agency.service)).status_code == 201
        assert (await takes(one, elsewhere, (await elsewhere.agency()).service)).status_code == 201
        kiosk = Asker(one.http, mall.path, mall.kiosk.credential)
        assert (await kiosk.issue(agency.service)).status_code == 201
        assert (await Asker(one.http, mall.path).post(f"/claims/{first['claim_code']}/cancellation")).is_success
        assert (await takes(one, mall, second)).status_code == 201


async def test_a_visitor_who_cancels_gives_the_place_back_and_nobody_else_does(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    quota = {"channel_quotas": {"web": 2}, "no_show_calls": 1}
    assert (await mall.manager.edits(f"/services/{agency.service}", quota)).is_success
    public = mall.public
    first, second = await public.takes(agency.service), await public.takes(agency.service)
    must_refuse(await public.issue(agency.service), 409, "quota_exhausted", quota_of="channel")

    async def left() -> int:
        [service] = (await public.sees("/availability", channel="web"))["data"]
        remaining: int = service["remaining"]
        return remaining

    assert await left() == 0
    assert (await public.post(f"/claims/{first['claim_code']}/cancellation")).is_success
    assert await left() == 1
    third = await public.takes(agency.service)
    assert third["number"] != first["number"]
    await mall.manager.does(f"/tickets/{second['id']}/cancellation", {"reason": "salah ambil"})
    assert await left() == 0
    must_refuse(await public.issue(agency.service), 409, "quota_exhausted")


async def test_a_repeat_from_elsewhere_shows_no_claim_code(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    key = str(uuid4())
    one, other = given.from_address("198.51.100.9"), given.from_address("198.51.100.10")
    first = (await takes(one, mall, agency.service, key)).json()
    assert first["claim_code"]
    again, copied = await takes(one, mall, agency.service, key), await takes(other, mall, agency.service, key)
    assert (again.status_code, again.json()) == (201, first)
    assert (copied.status_code, copied.json()) == (201, {**first, "claim_code": None})


async def test_wrong_codes_never_keep_a_right_one_out_nor_the_known(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    ticket = await mall.public.takes(agency.service)
    other = await mall.public.takes(agency.service)
    wrong = [(await mall.public.get(f"/claims/{each:016d}")).status_code for each in range(15)]
    assert wrong[:10] == [404] * 10
    assert wrong[-1] == 429
    assert (await mall.public.get(f"/claims/{ticket['claim_code']}")).is_success
    kiosk = Asker(mall.public.http, mall.path, mall.kiosk.credential)
    assert (await kiosk.get("/claims/0000000000000000")).status_code == 404
    assert (await mall.public.post(f"/claims/{other['claim_code']}/cancellation")).is_success


async def test_a_wrong_code_takes_no_journal(given: Given) -> None:
    mall = await given.mall()
    async with held(given.context.database, mall.ref):
        assert (await mall.public.post("/claims/0000000000000000/cancellation")).status_code == 404


async def test_a_right_code_that_is_used_again_and_again_takes_no_journal_either(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    ticket, other = await mall.public.takes(agency.service), await mall.public.takes(agency.service)
    path = f"/claims/{ticket['claim_code']}"
    said = [(await mall.public.post(f"{path}/cancellation")).status_code for _ in range(8)]
    said += [(await mall.public.post(f"{path}/postponement", {"places": 1})).status_code for _ in range(2)]
    assert said == [200] * 8 + [409] * 2
    async with held(given.context.database, mall.ref):
        for _ in range(3):
            must_refuse(await mall.public.post(f"{path}/cancellation"), 429, "rate_limited")
    assert (await mall.public.get(path)).is_success
    assert (await mall.public.post(f"/claims/{other['claim_code']}/cancellation")).is_success


async def test_the_mark_of_an_address_is_forgotten_when_its_day_ends(given: Given) -> None:
    mall = await given.mall(at="2026-03-02T09:00", hours=None)
    agency = await mall.agency()
    key = str(uuid4())
    asker = Asker(mall.public.http, mall.path)
    assert (await asker.issue(agency.service, key)).json()["claim_code"]
    mall.set_time("2026-03-03T08:00")
    assert (await asker.issue(agency.service, key)).json()["claim_code"] is None
