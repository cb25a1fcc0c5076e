"""The schema's way to the newest version, with Alembic, as the owner of the tables."""

import asyncio
from collections.abc import Callable

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.schema_version import MIGRATIONS

_ALONE = text("SELECT pg_try_advisory_lock(hashtextextended('mpp migrations', 0))")
"""One program at a time changes a database's schema. No journal can say so: the first migration makes the journals.
The lock ends with its connection."""


def config() -> Config:
    """Alembic's settings; there is no file for them."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    return made


async def migrate(url: str, to: str = "head") -> None:
    """Bring the database to a version."""

    def upgrade(connection: Connection) -> None:
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, to)

    await _run(url, upgrade)


async def begin_migration(url: str, name: str) -> None:
    """Write a migration that brings the newest schema to what the models say. Look at it before you keep it."""

    def write(connection: Connection) -> None:
        made = config()
        made.attributes["connection"] = connection
        command.revision(made, name, autogenerate=True)

    await _run(url, write)


async def _run(url: str, act: Callable[[Connection], None]) -> None:
    engine = create_async_engine("postgresql+asyncpg://" + url.split("://", 1)[1], poolclass=pool.NullPool)
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    async with alone.connect() as turn, engine.connect() as connection:
        # asked again and again: a statement that waits would hold up an index that another program makes CONCURRENTLY
        while not await turn.scalar(_ALONE):  # noqa: ASYNC110  # what other programs do raises no event here
            await asyncio.sleep(0.1)
        await connection.run_sync(act)
    await engine.dispose()
