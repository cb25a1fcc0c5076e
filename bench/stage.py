"""What the bench plays on: a database, malls built as life builds them, and the program as a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from app.actions import issuing
from app.domain.callers import Caller, CallerKind
from app.domain.devices import DeviceKind
from app.domain.names import Language
from app.domain.roles import RoleBinding
from app.domain.services import Channel
from app.domain.tickets import PriorityClass
from app.journal import Journal
from app.main import create_app
from app.settings import Settings
from tests.given import Given, Json, Mall
from tests.servers import ROOT, free_port

KEY = "a key for the bench: 0123456789abcdefghijkl"
MALLS, AGENCIES, COUNTERS, PER_ACT = 20, 8, 32, 500
ENOUGH = 1_000_000
"""No pace that the bench reaches."""


@dataclass(frozen=True)
class Stage:
    """The malls: some for the program, some for pgbench."""

    kiosks: list[Json]
    """One of each mall for issuing: where to post, for which service, with which key."""
    counters: list[Json]
    """Those of the mall for calling: which, and their officers' tokens."""
    malls: dict[str, int]
    limit_malls: list[int]
    limit_calls: int
    today: str
    catalogue: str
    """Where the mall stands whose catalogue is read: twenty agencies, each with a service; nothing else goes on."""
    service: str
    """One of its services."""
    claim_code: str
    """Of somebody who waits there."""


@asynccontextmanager
async def building(url: str) -> AsyncIterator[Given]:
    """Who makes malls in this database."""
    settings = Settings(
        quick_passwords=True, known_rate_per_second=ENOUGH, public_requests_per_second=ENOUGH, demo=False
    )
    app = create_app(settings, url, KEY.encode())
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as http:
            yield Given(app, http)


async def build(url: str, backlog: int) -> Stage:
    """Build the malls, with a crowd waiting in the one where calling is measured."""
    async with building(url) as given:
        ours = [await given.mall() for _ in range(MALLS)]
        for mall in ours:
            await mall.agency()
        limits = [await given.mall() for _ in range(MALLS)]
        for mall in limits:
            await mall.agency()
        kiosks = [await kiosk_of(mall) for mall in ours]
        calling = await given.mall()
        counters = await _crowd(calling, backlog)
        limit_calls = await given.mall()
        await limit_calls.agency()
        today = (await limit_calls.today()).isoformat()
        catalogue = await given.mall()
        offices = [await catalogue.agency(f"OFFICE-{number:02}") for number in range(MALLS)]
        service = offices[0].service
        ticket = await catalogue.public.takes(service)
    return Stage(
        kiosks,
        counters,
        {mall.path: mall.ref.id for mall in (*ours, calling)},
        [mall.ref.id for mall in limits],
        limit_calls.ref.id,
        today,
        catalogue.path,
        service,
        ticket["claim_code"],
    )


async def kiosk_of(mall: Mall) -> Json:
    """Where a mall's kiosk posts, for which service, with which key."""
    [service] = (await mall.public.sees("/services"))["data"]
    return {"mall": mall.path, "service_id": service["id"], "key": mall.kiosk.credential}


async def _crowd(mall: Mall, people: int) -> list[Json]:
    """Agencies with open counters, and so many people who wait for them. Returns the counters."""
    kiosk = Caller(CallerKind.DEVICE, mall.kiosk.id, (RoleBinding(DeviceKind.KIOSK, mall.ref.id),))
    counters = []
    for number in range(AGENCIES):
        agency = await mall.agency(f"AGENCY{number}", counters=COUNTERS // AGENCIES)
        for counter_id in agency.counters:
            officer, _ = await mall.open_counter(agency, counter_id)
            counters.append({"mall": mall.path, "id": counter_id, "token": officer.credential})
        waiting = people // AGENCIES
        for begun in range(0, waiting, PER_ACT):
            come = partial(_come, UUID(agency.service), min(PER_ACT, waiting - begun))
            await mall.database.write(mall.ref, kiosk, come)
    return counters


async def _come(service_id: UUID, people: int, journal: Journal) -> None:
    """So many take a ticket in one act."""
    for _ in range(people):
        await issuing.issue(
            journal,
            KEY.encode(),
            service_id=service_id,
            channel=Channel.KIOSK,
            priority_class=PriorityClass.NONE,
            access_needs=[],
            visit_id=None,
            language=Language.ID,
        )


async def furnish_limit(url: str, stage: Stage, times: int) -> None:
    """Counters for pgbench: as many as one run calls, since none of its tickets goes while it runs."""
    connection = await asyncpg.connect(url)
    try:
        for client in range(COUNTERS):
            ids = [UUID(f"00000000-0000-7000-8000-{client * 1000 + n:012x}") for n in range(1, times + 1)]
            await connection.execute(
                "INSERT INTO counters (mall_id, id, agency_id, location_id, code, name, floor, version)"
                " SELECT c.mall_id, n.id, c.agency_id, c.location_id, 'B-' || right(n.id::text, 6), c.name, '1', 1"
                " FROM counters AS c, unnest($2::uuid[]) AS n(id) WHERE c.mall_id = $1 AND c.code LIKE 'L-%'",
                stage.limit_calls,
                ids,
            )
            await connection.execute(
                "INSERT INTO counter_services (mall_id, counter_id, service_id, agency_id, helps)"
                " SELECT s.mall_id, n.id, s.id, s.agency_id, false FROM services AS s, unnest($2::uuid[]) AS n(id)"
                " WHERE s.mall_id = $1",
                stage.limit_calls,
                ids,
            )
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def send_away(url: str, mall_id: int) -> None:
    """Free the counters of pgbench's mall, as cancelling does in the program's."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "UPDATE tickets SET status = 'cancelled', closed_by = 'officer', ended_at = called_at"
            " WHERE mall_id = $1 AND status = 'called'",
            mall_id,
        )
    finally:
        await connection.close()


async def send_home(url: str, mall_ids: list[int]) -> None:
    """Let nobody wait in these malls any more, so that each round of issuing begins with the same: nobody."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "UPDATE tickets SET status = 'cancelled', closed_by = 'officer', ended_at = issued_at"
            " WHERE mall_id = ANY($1) AND status = 'waiting'",
            mall_ids,
        )
        await connection.execute("VACUUM (ANALYZE) tickets")
    finally:
        await connection.close()


@asynccontextmanager
async def serving(url: str | None, folder: Path) -> AsyncIterator[str]:
    """The program with its own settings, but for how often one may ask; without a database its first run."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MPP_")},
        **({"MPP_DATABASE_URL": url, "MPP_DEMO": "false"} if url else {}),
        "MPP_SECRET_KEY": KEY,
        "MPP_DATA_DIR": str(folder),
        "MPP_ISSUER": Settings().issuer,  # whose tokens the stage has
        "MPP_KNOWN_RATE_PER_SECOND": str(ENOUGH),
        "MPP_PUBLIC_REQUESTS_PER_SECOND": str(ENOUGH),
        "MPP_STREAMS_PER_ADDRESS": str(ENOUGH),
    }
    with (folder / "said").open("w") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", "serve", "--port", str(port), env=environment, cwd=ROOT, stderr=said
        )
    base = f"http://127.0.0.1:{port}"
    try:
        await started(f"{base}/health/live")
        yield base
    finally:
        process.terminate()
        await process.wait()


async def started(url: str) -> None:
    """Wait until a server that was begun answers."""
    async with httpx.AsyncClient() as http:
        for _ in range(3000):
            try:
                await http.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.02)
            else:
                return
