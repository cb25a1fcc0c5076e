"""What the database says after a measure: a number that is fast and wrong is no number."""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg

from bench.stage import KEY
from tests.given import Json
from tests.servers import ROOT


async def check_issued(connection: asyncpg.Connection, mall_id: int, acknowledged: list[Json]) -> None:
    """Every acknowledged ticket is there with its number, no number twice, none left out, each with its entry."""
    rows = await connection.fetch(
        "SELECT t.id::text, t.number, t.ordinal, t.series_id, e.type FROM tickets AS t LEFT JOIN entries AS e"
        " ON e.mall_id = t.mall_id AND e.subject_id = t.id AND e.type = 'ticket.issued' WHERE t.mall_id = $1",
        mall_id,
    )
    numbers = {row["id"]: row["number"] for row in rows}
    assert len(numbers) == len(rows), "one entry a ticket"
    assert all(row["type"] for row in rows), "an entry for every ticket"
    assert len({each["id"] for each in acknowledged}) == len(acknowledged), "no ticket given twice"
    assert all(numbers.get(each["id"]) == each["number"] for each in acknowledged), "every acknowledged ticket is there"
    for series_id in {row["series_id"] for row in rows}:
        ordinals = sorted(row["ordinal"] for row in rows if row["series_id"] == series_id)
        assert ordinals == list(range(1, len(ordinals) + 1)), "no gap and no duplicate"


async def check_called(connection: asyncpg.Connection, mall_id: int, acknowledged: list[Json]) -> None:
    """Every acknowledged call stands in the journal, each ticket was called once, and in order of its service."""
    rows = await connection.fetch(
        "SELECT e.subject_id::text AS id, t.service_id, t.effective_arrival FROM entries AS e JOIN tickets AS t"
        " ON t.mall_id = e.mall_id AND t.id = e.subject_id"
        " WHERE e.mall_id = $1 AND e.type = 'ticket.called' ORDER BY e.sequence",
        mall_id,
    )
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids), "nobody is called twice"
    assert sorted(ids) == sorted(each["id"] for each in acknowledged), "every acknowledged call is there, and no other"
    for service_id in {row["service_id"] for row in rows}:
        arrivals = [row["effective_arrival"] for row in rows if row["service_id"] == service_id]
        assert arrivals == sorted(arrivals), "first come, first called"


async def check_journals(url: str, folder: Path) -> None:
    """`verify-journal` finds every chain whole, pgbench's too."""
    for _ in range(5):  # what is refused as busy was not done: a loaded machine may be too slow for it once
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app", "verify-journal"),
            env={**os.environ, "MPP_DATABASE_URL": url, "MPP_SECRET_KEY": KEY, "MPP_DATA_DIR": str(folder)},
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
        if b"app.database.Busy" not in said:
            break
    assert process.returncode == 0, said.decode()
