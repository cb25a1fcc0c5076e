"""What the program asks about its own schema."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def migration(session: AsyncSession) -> str | None:
    """The migration that the database has."""
    version: str | None = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return version
