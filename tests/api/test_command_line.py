"""`python -m app …` as an operator uses it, on a database of its own."""

import asyncio
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.settings import Settings, SettingsError
from tests.conftest import with_name
from tests.servers import ROOT, free_port

PRODUCTION = {
    "MPP_MODE": "production",
    "MPP_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "MPP_SECRET_KEY": "4f1d9c2be07a86355d1e92ab47c08f6312345678",
    "MPP_ISSUER": "https://api.mall.example",
    "MPP_QUICK_PASSWORDS": "false",
}
ROLES = {"platform_admin", "ministry_observer", "mall_manager", "agency_manager", "officer", "auditor"}

get, post = partial(httpx.get, timeout=60), partial(httpx.post, timeout=60)


@dataclass
class Line:
    """The command line with settings of its own."""

    url: str
    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
        return {
            **kept,
            "MPP_DATABASE_URL": self.url,
            "MPP_DATA_DIR": str(self.folder),
            "MPP_QUICK_PASSWORDS": "true",
            **self.more,
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app", *words]
        return subprocess.run(  # noqa: S603  # our own program
            command, env=self.environment(), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )

    def serve(self) -> tuple["subprocess.Popen[str]", str]:
        port = free_port()
        command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
        with (self.folder / "said").open("a") as said:
            process = subprocess.Popen(  # noqa: S603  # our own program
                command, env=self.environment(), cwd=ROOT, stderr=said, text=True
            )
        return process, f"http://127.0.0.1:{port}"

    def said(self) -> str:
        return (self.folder / "said").read_text()


def wait_for(base: str) -> None:
    """Wait until the server is ready, as long as a busy machine needs."""
    for _ in range(1200):
        with suppress(httpx.TransportError):
            if get(f"{base}/health/ready").status_code == httpx.codes.OK:
                return
        time.sleep(0.1)
    message = "the server did not start"
    raise AssertionError(message)


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def line(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """The command line, and a database that is not there yet."""
    name = f"mpp_line_{os.getpid()}"
    yield Line(with_name(server_url, name), tmp_path_factory.mktemp("line"))
    asyncio.run(execute(with_name(server_url, "postgres"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def value(line: Line, query: str) -> int:
    """What the database answers, asked behind the program's back."""

    async def ask() -> int:
        connection = await asyncpg.connect(line.url)
        try:
            found: int = await connection.fetchval(query)
            return found
        finally:
            await connection.close()

    return asyncio.run(ask())


def counts(line: Line) -> tuple[int, int]:
    """How many agencies and accounts there are."""
    return value(line, "SELECT count(*) FROM agencies"), value(line, "SELECT count(*) FROM accounts")


def until(happened: Callable[[], bool], process: subprocess.Popen[str], line: Line) -> None:
    """Wait for it, a minute at the most, while the server goes on."""
    ends = time.monotonic() + 60
    while not happened():
        assert process.poll() is None, line.said()
        assert time.monotonic() < ends, line.said()
        time.sleep(0.01)


def test_the_demo_is_loaded_once_and_survives_whatever_ends_the_server(line: Line) -> None:  # noqa: PLR0915  # one story
    # killed while the demo is being told: the next start goes on where it stopped
    process, _ = line.serve()
    secrets = line.folder / "demo.json"
    until(secrets.exists, process, line)
    process.kill()
    process.wait()

    # and killed again once both malls are founded, amid the story of the first
    process, _ = line.serve()
    until(lambda: value(line, "SELECT count(*) FROM malls") > 0, process, line)
    process.kill()
    process.wait()

    process, base = line.serve()
    wait_for(base)
    cast = json.loads(line.run("demo", "accounts", "--base-url", base).stdout)
    said = line.said()
    assert f"{base}/docs" in said
    assert all(each["password"] in said for each in cast["accounts"])
    assert all(each["key"] in said for each in cast["devices"])
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert (cast["base_url"], cast["mall"]) == (base, "samarinda")
    assert {each["role"] for each in cast["accounts"]} == ROLES
    officers = [each["agency_code"] for each in cast["accounts"] if each["role"] == "officer"]
    assert sorted(officers) == ["DISDUKCAPIL", "DISDUKCAPIL", "IMIGRASI"]
    assert {each["kind"] for each in cast["devices"]} == {"kiosk", "display"}
    for each in cast["accounts"]:
        form = {"grant_type": "password", "username": each["username"], "password": each["password"]}
        assert post(f"{base}/v1/oauth/token", data=form).status_code == httpx.codes.OK

    # the demo mall: members issue, prospects and Telkom do not, and the second mall is another one
    offers = get(f"{base}/v1/malls/samarinda/availability", params={"channel": "kiosk"}).json()
    assert len(offers) == 100
    refused = {each["code"] for each in offers if not each["can_issue"]}
    assert refused == {"membership_not_in_force"}
    standing = get(f"{base}/v1/malls/samarinda/mou-status", params={"limit": 100}).json()["data"]
    words = [each["membership"] for each in standing]
    assert (len(words), words.count("official_without_instrument"), words.count("prospective")) == (31, 27, 3)
    past = get(f"{base}/v1/malls/samarinda/mou-status", params={"limit": 100, "on": "2024-06-01"}).json()["data"]
    telkom = [(each["membership"], each["in_force"]) for each in past if each["code"] == "TELKOM"]
    assert telkom == [("official_without_instrument", True)]
    other = get(f"{base}/v1/malls/jayapura-contoh/agencies").json()["data"]
    assert [each["code"] for each in other] == ["DISDUKCAPIL", "DPMPTSP"]

    before = counts(line)
    process.terminate()
    assert process.wait(timeout=20) == 143
    process, base = line.serve()
    wait_for(base)
    assert counts(line) == before
    assert json.loads(line.run("demo", "accounts", "--base-url", cast["base_url"]).stdout) == cast

    # what an operator does beside it
    assert line.run("end-day", "samarinda").returncode == 0
    assert line.run("end-day", "nowhere").returncode != 0
    made = Line(line.url, line.folder, {"MPP_ADMIN_PASSWORD": "sebuah sandi panjang"}).run("create-admin", "ketua")
    assert made.returncode == 0, made.stderr
    form = {"grant_type": "password", "username": "ketua", "password": "sebuah sandi panjang"}
    token = post(f"{base}/v1/oauth/token", data=form).json()["access_token"]
    me = get(f"{base}/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert [each["role"] for each in me["grants"]] == ["platform_admin"]
    weak = Line(line.url, line.folder, {"MPP_ADMIN_PASSWORD": "short"}).run("create-admin", "wakil")
    assert weak.returncode != 0
    process.kill()
    process.wait()

    # the journal says when somebody changed it
    whole = line.run("verify-journal")
    assert (whole.returncode, "whole" in whole.stderr) == (0, True)
    asyncio.run(
        execute(
            line.url,
            "UPDATE entries SET content = replace(content, '\"mall\":1', '\"mall\":1 ')"
            " WHERE mall_id = 1 AND sequence = 7",
        )
    )
    asyncio.run(
        execute(line.url, "UPDATE entries SET service_day = service_day - 1 WHERE mall_id = 1 AND sequence = 9")
    )
    broken = line.run("verify-journal")
    assert broken.returncode != 0
    assert "entry 7 does not match its hash" in broken.stderr
    assert "entry 9 is not what its text says" in broken.stderr
    assert "entry 8" not in broken.stderr


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


def test_production_says_in_one_sentence_what_to_set_and_has_no_demo(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{}")
    for settings, words, says in (
        ({"MPP_SECRET_KEY": "short"}, ["serve"], "MPP_SECRET_KEY"),
        ({}, ["demo", "accounts"], "no demo"),
    ):
        refused = Line(PRODUCTION["MPP_DATABASE_URL"], tmp_path, {**PRODUCTION, **settings}).run(*words)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert says in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_an_empty_production_database_gets_its_schema_an_administrator_and_no_demo(
    server_url: str, tmp_path: Path
) -> None:
    name = f"mpp_production_{os.getpid()}"
    asyncio.run(execute(with_name(server_url, "postgres"), f'CREATE DATABASE "{name}"'))
    url = with_name(server_url, name)
    secret = {"MPP_ADMIN_PASSWORD": "sebuah sandi panjang"}
    production = Line(url, tmp_path, {**PRODUCTION, "MPP_DATABASE_URL": url, **secret})
    assert production.run("migrate").returncode == 0
    assert production.run("create-admin", "ketua").returncode == 0
    again = production.run("create-admin", "ketua")
    assert (again.returncode, "already" in again.stderr) == (1, True)

    process, base = production.serve()
    try:
        wait_for(base)
        form = {"grant_type": "password", "username": "ketua", "password": secret["MPP_ADMIN_PASSWORD"]}
        assert post(f"{base}/v1/oauth/token", data=form).status_code == httpx.codes.OK
        assert get(f"{base}/v1/malls").json()["data"] == []
    finally:
        process.terminate()
        process.wait(timeout=20)
        asyncio.run(execute(with_name(server_url, "postgres"), f'DROP DATABASE "{name}" WITH (FORCE)'))
    assert "emo" not in production.said()
    assert not (tmp_path / "demo.json").exists()
