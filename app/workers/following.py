"""Durable followers: each entry of each mall's journal is done exactly once, however many processes run or die.

A follower's place in a journal moves on in the transaction of what it has done, and only from where it was found: of
two processes that do the same entries, one is undone whole. The lease only keeps them from trying.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.across_malls import across_malls
from app.database import Database
from app.errors import Unavailable
from app.journal import Entry
from app.queries import followers, journals, malls
from app.workers.leases import LEASE_SECONDS, do_alone

log = logging.getLogger("mpp.following")
EVERY_SECONDS = 5
BATCH = 500
"""Entries in one transaction: it ends long before its timeouts, and little is done again when it is lost."""


@dataclass(frozen=True)
class DurableFollower:
    """What is done with the entries of all malls."""

    name: str
    """Under which its places in the journals are kept: never to be changed."""
    take: Callable[[AsyncSession, int, Sequence[Entry]], Awaitable[None]]
    """Do what there is to do with entries of a mall that follow each other, in this transaction and nowhere else."""


async def follow(
    database: Database,
    follower: DurableFollower,
    tell: Callable[[str, int], None],
    *,
    batch: int = BATCH,
    lease_seconds: float = LEASE_SECONDS,
) -> None:
    """See how far the follower is behind in all malls, tell it, and catch up, unless another process does."""
    async with database.reading() as reading:
        mall_ids = [each.id for each in await malls.refs(reading.session)]
    behind, failures = await across_malls(database, mall_ids, partial(followers.behind, name=follower.name))
    for mall_id, error in failures.items():
        log.warning("%s goes on with mall %s when it answers: %s", follower.name, mall_id, error)
    tell(follower.name, sum(behind.values()))
    if moved := [mall_id for mall_id, entries in behind.items() if entries]:
        work = partial(_catch_up, database, follower, moved, batch)
        await do_alone(database, follower.name, work, lease_seconds=lease_seconds)


async def _catch_up(database: Database, follower: DurableFollower, mall_ids: Collection[int], batch: int) -> None:
    """Go on to the ends of these journals. A mall where that fails keeps no other waiting."""
    for mall_id in mall_ids:
        try:
            while await advance(database, follower, mall_id, batch) == batch:
                pass
        except Unavailable:
            log.warning("%s goes on with mall %s when it answers", follower.name, mall_id)
        except Exception:
            log.exception("%s could not go on with mall %s; it is tried again", follower.name, mall_id)


async def advance(database: Database, follower: DurableFollower, mall_id: int, batch: int = BATCH) -> int:
    """Do the next entries of a mall, and return how many: 0 where there are none or another process has done them."""
    async with database.without_journal() as unit:
        known = await followers.next_sequence(unit.session, follower.name, mall_id)
        entries = await journals.entries_after(unit.session, mall_id, known - 1, batch)
        if entries and await _moved(unit.session, follower.name, mall_id, known, entries[-1].sequence + 1):
            await follower.take(unit.session, mall_id, entries)
            return len(entries)
        return 0


async def _moved(session: AsyncSession, name: str, mall_id: int, known: int, next_sequence: int) -> bool:
    """Move the follower's place, if it is still where it was found; until the commit nobody else moves it."""
    place = models.Follower
    statement = insert(place).values(mall_id=mall_id, name=name, next_sequence=next_sequence)
    moved = await session.execute(
        statement.on_conflict_do_update(
            index_elements=[place.mall_id, place.name],
            set_={"next_sequence": statement.excluded.next_sequence},
            where=place.next_sequence == known,
        ).returning(place.name)
    )
    return moved.one_or_none() is not None
