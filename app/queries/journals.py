"""How far the journals are, and what they hold."""

import json
from collections.abc import AsyncIterator, Sequence
from functools import cache
from typing import Any

import asyncpg
from sqlalchemy import ARRAY, BigInteger, Integer, SmallInteger, any_, func, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.journal import Entry, Head, IdempotencyKey, Reading, StoredAnswer, link, plain
from app.models.prepared import Prepared, parameter


async def heads(session: AsyncSession, mall_ids: Sequence[int]) -> dict[int, Head]:
    """The last entry of each of these malls' journals that has one."""
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


async def stored_answer(reading: Reading, key: IdempotencyKey) -> StoredAnswer | None:
    """What was answered under a key, while it is kept."""
    kept = models.IdempotencyKey
    row = await reading.session.get(kept, (reading.mall_id, key.caller, key.route, key.key))
    return StoredAnswer(row.fingerprint, row.answer) if row and row.expires_at > reading.at else None


async def entries_after(session: AsyncSession, mall_id: int, sequence: int, limit: int) -> list[Entry]:
    """The entries of a mall that follow this one, in order: so many at the most."""
    rows = await _entries_after().rows(session, {"mall_id": mall_id, "sequence": sequence, "limit": limit})
    return [Entry(*row) for row in rows]


@cache
def _entries_after() -> Prepared:
    entry = models.JournalEntry
    columns = [entry.__table__.columns[name] for name in Entry._fields]
    return Prepared(
        select(*columns)
        .where(entry.mall_id == parameter("mall_id", SmallInteger()))
        .where(entry.sequence > parameter("sequence", BigInteger()))
        .order_by(entry.sequence)
        .limit(parameter("limit", Integer()))
    )


async def named_since(session: AsyncSession, mall_id: int, sequence: int) -> list[asyncpg.Record]:
    """The entries of a mall from this one on: their `sequence`, `hash`, and which thing each is about."""
    return await _named_since().rows(session, {"mall_id": mall_id, "sequence": sequence})


@cache
def _named_since() -> Prepared:
    entry = models.JournalEntry
    return Prepared(
        select(entry.sequence, entry.hash, entry.subject_id)
        .where(entry.mall_id == parameter("mall_id", SmallInteger()))
        .where(entry.sequence >= parameter("sequence", BigInteger()))
        .order_by(entry.sequence)
    )


async def verify(session: AsyncSession) -> tuple[dict[int, Head], list[str]]:
    """Compute every journal's chain anew: how far each is by its own account, and whatever is wrong with it.

    No sequence is left out, each hash is that of the text it stands for, and the columns say what the text says.
    """
    heads, faults = dict[int, Head](), list[str]()
    async for entry in await _every_entry(session):
        before = heads.get(entry.mall_id, Head())
        where = f"mall {entry.mall_id}: entry {entry.sequence}"
        if entry.sequence != before.sequence + 1:
            faults.append(f"{where} follows {before.sequence}")
        if entry.hash != link(before.hash, entry.content):
            faults.append(f"{where} does not match its hash")
        if not _says_what_stands_beside_it(entry):
            faults.append(f"{where} is not what its text says")
        heads[entry.mall_id] = Head(entry.sequence, entry.hash)
    return heads, faults


def _says_what_stands_beside_it(entry: Any) -> bool:  # noqa: ANN401  # a row
    said = json.loads(entry.content)
    columns = {name: getattr(entry, name) for name in ("sequence", "at", "service_day", "type", "agency_id")}
    subject_id = said["subject"]["id"] if entry.subject_id else None
    beside = {**columns, "mall": entry.mall_id, "subject_id": entry.subject_id}
    return all({**said, "subject_id": subject_id}.get(name) == value for name, value in plain(beside).items())


async def _every_entry(session: AsyncSession) -> AsyncIterator[Any]:
    """Every entry of every journal, in order, as a stream: its reader may take its time between two of them."""
    await session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    entry = models.JournalEntry
    statement = select(*entry.__table__.columns).order_by(entry.mall_id, entry.sequence)
    return (await session.stream(statement)).__aiter__()
