"""What readiness asks."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import select, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.journal import Head


async def migration(session: AsyncSession) -> str | None:
    """The migration that the database has."""
    version: str | None = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return version


async def heads(session: AsyncSession) -> dict[int, Head]:
    """The last entry of every journal that has one."""
    entry = models.Entry
    last = (
        select(entry)
        .where(entry.mall_id == models.Journal.mall_id)
        .order_by(entry.sequence.desc())
        .limit(1)
        .correlate(models.Journal)
        .lateral("last")
    )
    rows = await session.execute(select(last).select_from(models.Journal).join(last, true()))
    return {row.mall_id: Head(row.sequence, row.hash, row.at, row.service_day, row.type) for row in rows}


async def entries(session: AsyncSession) -> AsyncIterator[Any]:
    """Every entry of every journal, in order, as a stream."""
    entry = models.Entry
    statement = select(entry.mall_id, entry.sequence, entry.type, entry.content, entry.hash).order_by(
        entry.mall_id, entry.sequence
    )
    return (await session.stream(statement)).__aiter__()
