"""The pace of failed attempts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models


async def next_allowed_at(session: AsyncSession, keys: Sequence[bytes]) -> datetime | None:
    """The latest instant at which the next guess under any of the keys would be on time."""
    rows = await session.scalars(select(models.Attempt.next_allowed_at).where(models.Attempt.key.in_(keys)))
    return max(rows, default=None)
