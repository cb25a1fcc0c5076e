"""How far the journals are, and what they hold."""

from collections.abc import AsyncIterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, SmallInteger, any_, func, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.journal import Head
from app.models.prepared import Prepared, parameter


async def heads(session: AsyncSession, mall_ids: Sequence[int] | None = None) -> dict[int, Head]:
    """The last entry of every journal that has one, or of these malls' journals."""
    entry = models.JournalEntry
    last = (
        select(entry)
        .where(entry.mall_id == models.JournalLock.mall_id)
        .order_by(entry.sequence.desc())
        .limit(1)
        .correlate(models.JournalLock)
        .lateral("last")
    )
    statement = select(last).select_from(models.JournalLock).join(last, true())
    if mall_ids is not None:
        statement = statement.where(models.JournalLock.mall_id.in_(mall_ids))
    rows = await session.execute(statement)
    return {row.mall_id: Head(row.sequence, row.hash, row.at, row.service_day, row.type) for row in rows}


async def sequences(session: AsyncSession, mall_ids: Sequence[int]) -> dict[int, int]:
    """How far the journals of these malls have gone. One glance at an index for each."""
    rows = await _sequences().rows(session, {"mall_ids": mall_ids})
    return {row["mall_id"]: row["sequence"] for row in rows}


@cache
def _sequences() -> Prepared:
    entry, journal = models.JournalEntry, models.JournalLock
    last = select(func.max(entry.sequence)).where(entry.mall_id == journal.mall_id).correlate(journal)
    mall_ids = parameter("mall_ids", ARRAY(SmallInteger))
    return Prepared(
        select(journal.mall_id, func.coalesce(last.scalar_subquery(), 0).label("sequence")).where(
            journal.mall_id == any_(mall_ids)
        )
    )


async def entries(session: AsyncSession) -> AsyncIterator[Any]:
    """Every entry of every journal, in order, as a stream: its reader may take its time between two of them."""
    await session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    entry = models.JournalEntry
    statement = select(*entry.__table__.columns).order_by(entry.mall_id, entry.sequence)
    return (await session.stream(statement)).__aiter__()
