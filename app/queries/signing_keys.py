"""The keys that sign access tokens."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models


async def signing_keys(session: AsyncSession, at: datetime) -> Sequence[models.SigningKey]:
    """The keys that sign and verify, or will, in the order in which they sign."""
    key = models.SigningKey
    known = or_(key.retired_at.is_(None), key.retired_at > at)
    order = func.coalesce(key.signs_from, key.created_at), key.created_at, key.kid
    return (await session.scalars(select(key).where(known).order_by(*order))).all()


async def has_key(session: AsyncSession, kid: str) -> bool:
    """Whether there is such a key."""
    return await session.get(models.SigningKey, kid) is not None
