"""The pace of failed attempts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models


async def next_allowed_at(session: AsyncSession, key: bytes) -> datetime | None:
    """The instant at which the next one under this key would be on time."""
    found: datetime | None = await session.scalar(
        select(models.Attempt.next_allowed_at).where(models.Attempt.key == key)
    )
    return found
