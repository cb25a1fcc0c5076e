"""From the first release, with what it had written, to this one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from app.database import Clock
from app.domain.roles import Role
from app.main import create_app
from app.migrating import config, migrate
from app.schema_version import code_head
from app.settings import Settings
from app.web.context import context_of
from tests.constraints import constraints, of_the_models
from tests.contract import Contract
from tests.databases import admin, connected, with_name
from tests.given import Agency, Asker, Mall, names
from tests.operations.first_release import FIRST, SCHEMA
from tests.races.books import journal, tickets
from tests.servers import SERVER_KEY

MALL_ID, ZONE = 1, ZoneInfo("Asia/Makassar")
NOON = datetime(2026, 11, 24, 12, tzinfo=ZONE)


@pytest.fixture
async def first_release(anyio_backend: object, server_url: str, direct_url: str) -> AsyncIterator[str]:
    """A database of the first release, on the day that it was left."""
    name = f"{direct_url.rsplit('/', 1)[1]}_first"
    url = with_name(server_url, name)
    await admin(server_url, f'CREATE DATABASE "{name}"')
    await migrate(url, SCHEMA)
    async with connected(url) as connection:
        await connection.execute(FIRST.read_text("utf-8"))
    yield url
    await admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def version(url: str) -> str:
    async with connected(url) as connection:
        found: str = await connection.fetchval("SELECT version_num FROM alembic_version")
        return found


async def checked(url: str) -> None:
    """Insist that the schema is what the models say."""

    def check(connection: Connection) -> None:
        made = config()
        made.attributes["connection"] = connection
        command.check(made)

    engine = create_async_engine("postgresql+asyncpg://" + url.split("://", 1)[1], poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(check)
    await engine.dispose()
    assert await constraints(url) == await of_the_models(url)


async def test_a_mall_of_the_first_release_goes_on_with_this_one(
    anyio_backend: object, first_release: str, settings: Settings, contract: Contract
) -> None:
    await migrate(first_release)
    await checked(first_release)
    offset = NOON - datetime.now(tz=ZONE)  # noqa: TID251  # how far to move is a question to the real clock
    app = create_app(settings, first_release, SERVER_KEY.encode(), clock=Clock({MALL_ID: offset}))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.router.lifespan_context(app))
        http = await stack.enter_async_context(contract.client(app))
        [only] = (await http.get("/v1/malls")).json()["data"]
        mall = Mall(app, http, await context_of(app).malls.named(only["slug"]), http)
        mall.manager = await mall.person(Role.MALL_MANAGER)
        rows = {each["code"]: each for each in await mall.public.all("/agencies")}
        services = {each["code"]: each["id"] for each in await mall.public.all("/services")}
        before = await journal(mall)  # and with it, the chain
        old = {each.number: each.status for each in await tickets(mall)}
        assert old == {
            "AA-001": "completed",
            "AA-002": "on_hold",
            "AA-003": "cancelled",
            "AA-004": "serving",
            "AA-005": "called",
            "AA-006": "waiting",
            "AA-007": "waiting",
            "AA-008": "waiting",
            "AB-001": "cancelled",
        }
        standings = {code: (await mall.standing(Agency(row["id"], code)))["membership"] for code, row in rows.items()}
        assert standings == {"CIVIL": "official_without_instrument", "HEALTH": "suspended", "PROSPECT": "prospective"}

        assert (await mall.public.takes(services["CIVIL-1"]))["number"] == "AA-009"
        board = await mall.public.sees("/board")
        assert {each["number"] for each in board["now_serving"]} == {"AA-004", "AA-005"}
        civil = Agency(rows["CIVIL"]["id"], "CIVIL")
        officer: Asker = await mall.officer(civil)
        [location] = await mall.public.all("/locations")
        new = {
            "agency_id": civil.id,
            "location_id": location["id"],
            "code": "L-NEW",
            "name": names("New"),
            "floor": "1",
            "service_ids": [services["CIVIL-1"]],
        }
        counter = (await mall.manager.does("/counters", new))["id"]
        await officer.does(f"/counters/{counter}/opening")
        called = await officer.calls(counter)
        assert called["number"] == "AA-006"
        assert (await officer.handles(called, "start", "completion"))["status"] == "completed"
        retired = await mall.manager.does(f"/services/{services['CIVIL-2']}/retirement", {"waiting_tickets": "cancel"})
        assert retired["retired_on"] == "2026-11-24"
        assert {each.number: each.status for each in await tickets(mall)}["AA-008"] == "cancelled"

        mall.set_time("2026-11-25T09:00")
        assert (await mall.public.takes(services["CIVIL-1"]))["number"] == "AA-001"
        after = await journal(mall)
        assert after[: len(before)] == before
        [ended] = [each for each in after if each["type"] == "day.ended"]
        assert ended["service_day"] == "2026-11-24"


async def test_two_programs_that_start_on_an_old_schema_at_once_bring_it_up_once(
    anyio_backend: object, first_release: str
) -> None:
    await asyncio.gather(*(migrate(first_release) for _ in range(4)))
    assert await version(first_release) == code_head() == ScriptDirectory.from_config(config()).get_current_head()
    await checked(first_release)
