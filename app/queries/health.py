"""What the program asks about its own schema."""

from functools import cache

from sqlalchemy import BigInteger, Integer, SmallInteger, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.journal import Entry
from app.models.prepared import Prepared, parameter


async def migration(session: AsyncSession) -> str | None:
    """The migration that the database has."""
    version: str | None = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return version


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
