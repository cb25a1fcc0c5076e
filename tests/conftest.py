"""One PostgreSQL for the run, one database and one running program a worker, one mall a test."""

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from coverage import Coverage
from fastapi import FastAPI
from sqlalchemy import delete

from app import embedded, models
from app.database import Clock, Database
from app.main import create_app
from app.migrating import migrate
from app.schema_version import MIGRATIONS
from app.settings import Settings
from app.web.context import context_of
from app.workers.receivers import Names
from tests.catalogue import hold_every_entry
from tests.contract import Contract
from tests.databases import admin, own_database, with_name
from tests.given import Given, Json
from tests.given.asking import REMEMBERED_SECONDS
from tests.receiver import Receiver, receiver
from tests.servers import SERVER_KEY, Demo, Servers
from tests.statements import watched

RUN_FOLDER = "MPP_TEST_FOLDER"
OURS = ("MPP_TEST_", "MPP_FUZZ_", "MPP_CHROMIUM")
"""What the tests themselves are told; no other setting reaches them or a program that they start."""


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """One loop for the whole session, the one that the program runs on in life."""
    return ("asyncio", {"use_uvloop": True})


def pytest_configure(config: pytest.Config) -> None:
    """Forget what other programs of this kind are set to, and make a folder for this run's servers.

    (In pytest's own folder they lose their data when another run begins: each run closes it to all others, and the
    embedded server is another user where root runs the tests.)
    """
    if not hasattr(config, "workerinput"):
        for name in list(os.environ):
            foreign = name.startswith(("MPP_", "PG")) and not name.startswith(OURS)
            if foreign or name.lower().endswith("_proxy"):  # everything is on the loopback
                del os.environ[name]
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="mpp-tests-")
        Path(os.environ[RUN_FOLDER]).chmod(0o755)
    else:
        os.environ.pop("COVERAGE_PROCESS_CONFIG", None)  # what a worker starts runs unmeasured


MEASURED = ("domain", "journeys")
"""The folders whose tests count for coverage: measuring doubles their time, which crowds and whole days do not have."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure coverage, if this is a run that does, while a test of the measured folders runs."""
    measuring = Coverage.current()
    if measuring is None or item.path.parent.name in MEASURED:
        return (yield)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it when all workers have ended."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(RUN_FOLDER), ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what tests have recorded to be read: how long the day took, what each role has asked."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == "says":
                    terminalreporter.write_line(f"{outcome}: {value}")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """A folder that all workers of this run share."""
    return Path(os.environ[RUN_FOLDER])


SERVER_SETTINGS = ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET max_connections = 300")
"""The server's data is lost with the run anyway, and many programs run on it at once. It is started anew with them."""


@pytest.fixture(scope="session")
def server_url(shared_dir: Path) -> Iterator[str]:
    """The server to test on: `MPP_TEST_DATABASE_URL`, or the embedded one while any worker runs."""
    if given := os.environ.get("MPP_TEST_DATABASE_URL"):
        yield given
        return
    data = shared_dir / "data"
    with alone(shared_dir):
        if not (is_set := shared_dir / "server.set").exists():
            with embedded.server(data) as url:
                for each in SERVER_SETTINGS:
                    asyncio.run(admin(url, each))
            is_set.touch()
    with embedded.server(data) as url:
        yield url


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One worker at a time."""
    with (folder / "alone.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def template(server_url: str, shared_dir: Path) -> str:
    """A database with the newest schema, migrated once a run."""
    versions = sorted((MIGRATIONS / "versions").glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in versions)).hexdigest()[:12]
    name = f"mpp_template_{digest}_{shared_dir.name.replace('-', '_')}"
    with alone(shared_dir):
        made = shared_dir / "template.made"
        if not made.exists():
            asyncio.run(embedded.create_database(with_name(server_url, name)))
            asyncio.run(migrate(with_name(server_url, name)))
            made.touch()
    return name


@pytest.fixture(scope="session")
def direct_url(server_url: str, template: str, shared_dir: Path) -> Iterator[str]:
    """This worker's own database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"mpp_{worker}_{shared_dir.name.replace('-', '_')}"
    with alone(shared_dir):
        asyncio.run(admin(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    yield with_name(server_url, name)
    asyncio.run(admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def database_url(direct_url: str) -> str:
    """The same as the program reaches it: through the pooler, where there is one."""
    return with_name(os.environ.get("MPP_TEST_POOLER_URL") or direct_url, urlsplit(direct_url).path.lstrip("/"))


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of the program under test: as in life, with quick password hashes and room for crowds."""
    return Settings(
        quick_passwords=True,
        public_requests_per_second=10_000,
        web_tickets_at_once=1_000,
        web_tickets_per_minute=100_000,
        web_tickets_waiting=10_000,
        known_rate_per_second=10_000,
        demo=False,
        database_pooler="MPP_TEST_POOLER_URL" in os.environ,
        cors_origins=["https://kiosk.example"],
    )


@pytest.fixture(scope="session")
def named() -> Names:
    """Where names lead in the running program, beyond what the machine knows."""
    return Names()


@pytest.fixture(scope="session")
async def app(anyio_backend: object, settings: Settings, database_url: str, named: Names) -> AsyncIterator[FastAPI]:
    """The program, running.

    At the end, every statement that it ran has stayed within one mall, and the catalogue has every entry.
    """
    made = create_app(settings, database_url, SERVER_KEY.encode(), clock=Clock(), names=named)
    async with made.router.lifespan_context(made):
        with watched(context_of(made).database) as faults:
            yield made
        await hold_every_entry(context_of(made).database)
    assert not faults, "\n".join(sorted(faults))


@pytest.fixture(scope="session")
def database(app: FastAPI) -> Database:
    """The running program's database."""
    return context_of(app).database


@pytest.fixture(scope="session")
def contract(app: FastAPI) -> Contract:
    """The document that every answer is held to."""
    return Contract(app.openapi())


@pytest.fixture(scope="session")
async def http(anyio_backend: object, app: FastAPI, contract: Contract) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the program that checks every answer."""
    async with contract.client(app) as client:
        yield client


@pytest.fixture(scope="session")
async def forgetful(
    app: FastAPI, settings: Settings, database_url: str, contract: Contract, named: Names
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of another program on the same data, which remembers a caller for a moment only."""
    made = create_app(
        settings,
        database_url,
        SERVER_KEY.encode(),
        clock=context_of(app).database.clock,
        remembered_seconds=REMEMBERED_SECONDS,
        names=named,  # it may have a mall's webhooks, too
    )
    async with made.router.lifespan_context(made), contract.client(made) as client:
        yield client


@pytest.fixture
async def given(app: FastAPI, http: httpx.AsyncClient) -> Given:
    """Makes malls, and the people and machines in them. What phones were sent before is forgotten: they share one."""
    async with context_of(app).database.without_journal() as unit:
        await unit.session.execute(delete(models.Attempt))
    return Given(app, http)


@pytest.fixture(scope="module")
async def partner(anyio_backend: object) -> AsyncIterator[Receiver]:
    """A system that is sent events, as a process of its own."""
    async with receiver() as made:
        yield made


@pytest.fixture(scope="module")
async def two_servers(database_url: str, app: FastAPI, contract: Contract) -> AsyncIterator[Servers]:
    """Two processes of the program on this worker's database, beside the one in this process."""
    assert context_of(app)
    async with Servers(database_url, SERVER_KEY, contract) as servers:
        await servers.start(2)
        yield servers


@pytest.fixture(scope="session")
async def demo_template(
    anyio_backend: object, server_url: str, template: str, shared_dir: Path, contract: Contract
) -> tuple[str, Json]:
    """A database with the demo in it, and who plays there: loaded once a run, to be cloned by who wants to play."""
    name = template.replace("template", "demo")
    kept = shared_dir / "demo.json"
    with alone(shared_dir):
        if not kept.exists():
            await admin(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            async with Servers(with_name(server_url, name), SERVER_KEY, contract) as servers:
                cast = await servers.start_demo()
            kept.write_text(json.dumps(cast))
    return name, json.loads(kept.read_text())


@asynccontextmanager
async def demo_of_ones_own(
    demo_template: tuple[str, Json], server_url: str, contract: Contract, **more: str
) -> AsyncIterator[Demo]:
    """The demo in a database and on a server of its own, which may have more settings."""
    template, cast = demo_template
    async with own_database(server_url, template) as url, Servers(url, SERVER_KEY, contract) as servers:
        await servers.start(1, **more)
        yield Demo(servers, url, cast)
