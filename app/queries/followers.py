"""How far the durable followers have followed the journals."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.queries import journals


async def next_sequence(session: AsyncSession, name: str, mall_id: int) -> int:
    """The first entry of a mall that a follower has not done."""
    return (await _next_sequences(session, name, [mall_id])).get(mall_id, 1)


async def behind(session: AsyncSession, mall_ids: Sequence[int], *, name: str) -> dict[int, int]:
    """How many entries of each of these malls a follower has not done."""
    done = await _next_sequences(session, name, mall_ids)  # before the heads: no follower is ahead of them
    heads = await journals.sequences(session, mall_ids)
    return {mall_id: head + 1 - done.get(mall_id, 1) for mall_id, head in heads.items()}


async def _next_sequences(session: AsyncSession, name: str, mall_ids: Sequence[int]) -> dict[int, int]:
    follower = models.Follower
    rows = await session.execute(
        select(follower.mall_id, follower.next_sequence).where(follower.name == name, follower.mall_id.in_(mall_ids))
    )
    return {row.mall_id: row.next_sequence for row in rows}


async def leased(session: AsyncSession, names: Sequence[str], at: datetime) -> set[str]:
    """Which of these jobs somebody has."""
    lease = models.Lease
    found = await session.scalars(select(lease.name).where(lease.name.in_(names), lease.leased_until > at))
    return set(found)
