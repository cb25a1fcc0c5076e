"""The database's own limits hold for every transaction, also where a pooler hands the program another connection."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import TIMEOUTS
from app.domain.callers import SYSTEM
from app.journal import Journal, Reading
from app.settings import Settings
from tests.given import Given, Mall

_SET = text("SELECT name, setting FROM pg_settings WHERE name = ANY (:names)")


async def in_force(reading: Reading) -> dict[str, str]:
    """What the transaction's own connection keeps to."""
    rows = await reading.session.execute(_SET, {"names": list(TIMEOUTS)})
    return {row.name: row.setting for row in rows}


async def test_every_transaction_has_the_programs_timeouts(given: Given) -> None:
    malls = [await given.mall() for _ in range(3)]
    database = malls[0].database

    async def looks(mall: Mall) -> dict[str, str]:
        async with database.reading(mall.ref) as reading:
            return await in_force(reading)

    async def writes(mall: Mall) -> dict[str, str]:
        async def act(journal: Journal) -> dict[str, str]:
            await asyncio.sleep(0.05)  # so that each has a connection of its own
            return await in_force(journal)

        return await database.write(mall.ref, SYSTEM, act)

    for found in await asyncio.gather(*map(looks, malls), *map(writes, malls)):
        assert found == TIMEOUTS


@pytest.mark.parametrize("snapshot", [False, True])
async def test_who_reads_changes_nothing(given: Given, snapshot: bool) -> None:
    mall = await given.mall()
    async with mall.database.reading(mall.ref, snapshot=snapshot) as reading:
        with pytest.raises(DBAPIError, match="read-only"):
            await reading.session.execute(text("UPDATE malls SET version = version"))


async def test_who_reads_holds_no_transaction_open_between_two_looks_but_behind_a_pooler(
    given: Given, settings: Settings
) -> None:
    mall = await given.mall()
    state = text("SELECT state FROM pg_stat_activity WHERE pid = :pid")
    async with mall.database.reading(mall.ref) as reading, mall.database.reading(mall.ref) as another:
        pid = await reading.session.scalar(text("SELECT pg_backend_pid()"))
        usual = "idle in transaction" if settings.database_pooler else "idle"
        assert await another.session.scalar(state, {"pid": pid}) == usual
