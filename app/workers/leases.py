"""Whose turn a job is, where every process runs it and one is enough.

A lease is one row, taken by one conditional statement and good until an end: who works renews it, and who has died
loses it at its end. Time is the database's. Nothing depends on a connection's life, so any pooler may stand between.

A process that stops for longer than a lease and then goes on does not know that it has lost it. So a lease saves work
and nothing more: what must not be done twice is kept from it in the transaction that does it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.dialects.postgresql import insert

from app import models
from app.database import Database

LEASE_SECONDS = 15
"""For how long nobody else does what a process was doing that has died."""


class LeaseLost(Exception):
    """Another process has the job now: this one was silent for too long."""


async def do_alone(
    database: Database,
    job: str,
    work: Callable[[], Awaitable[None]],
    *,
    rest_seconds: float = 0,
    lease_seconds: float = LEASE_SECONDS,
) -> bool:
    """Do the work, unless another process does it or has begun it less than `rest_seconds` ago.

    Returns whether it was done here. Raises what the work raises, or LeaseLost.
    """
    holder = models.new_id()
    began = await _taken(database, job, holder, lease_seconds)
    if began is None:
        return False
    working = asyncio.ensure_future(work())
    try:
        while not (await asyncio.wait([working], timeout=lease_seconds / 3))[0]:
            if await _taken(database, job, holder, lease_seconds) is None:
                raise LeaseLost(job)
    finally:
        working.cancel()  # where it has not ended
        await asyncio.gather(working, return_exceptions=True)
    try:
        await working
    finally:
        await _leave(database, job, holder, began + timedelta(seconds=rest_seconds))
    return True


async def _taken(database: Database, job: str, holder: UUID, seconds: float) -> datetime | None:
    """Take the job, or keep it, for so long from now on. Returns now, or None where another has it."""
    lease = models.Lease
    async with database.without_journal() as unit:
        until = unit.at + timedelta(seconds=seconds)
        statement = insert(lease).values(name=job, holder=holder, leased_until=until)
        taken = await unit.session.execute(
            statement.on_conflict_do_update(
                index_elements=[lease.name],
                set_={"holder": statement.excluded.holder, "leased_until": statement.excluded.leased_until},
                where=or_(lease.leased_until <= unit.at, lease.holder == holder),
            ).returning(lease.name)
        )
        return unit.at if taken.one_or_none() else None


async def _leave(database: Database, job: str, holder: UUID, until: datetime) -> None:
    """Let others have the job from this instant on."""
    lease = models.Lease
    async with database.without_journal() as unit:
        mine = update(lease).where(lease.name == job, lease.holder == holder)
        await unit.session.execute(mine.values(leased_until=until))
