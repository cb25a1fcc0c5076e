"""What Alembic does not compare: CHECKs and exclusions, as the database understood them."""

from uuid import uuid4

from sqlalchemy import pool
from sqlalchemy.ext.asyncio import create_async_engine

from app.models import Base
from tests.databases import admin, connected, with_name

Constraints = dict[tuple[str, str], str]


async def constraints(url: str) -> Constraints:
    """The definition of each constraint, by table and name."""
    async with connected(url) as connection:
        rows = await connection.fetch(
            "SELECT conrelid::regclass::text AS of, conname AS name, pg_get_constraintdef(oid) AS said"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
            " AND conrelid <> coalesce(to_regclass('alembic_version'), 0)"
        )
    return {(row["of"], row["name"]): row["said"] for row in rows}


async def of_the_models(server_url: str) -> Constraints:
    """Those of a database that the models made."""
    name = f"mpp_models_{uuid4().hex}"
    url = with_name(server_url, name)
    await admin(server_url, f'CREATE DATABASE "{name}"')
    try:
        engine = create_async_engine("postgresql+asyncpg://" + url.split("://", 1)[1], poolclass=pool.NullPool)
        async with engine.begin() as connection:
            await connection.exec_driver_sql("CREATE EXTENSION btree_gist")
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()
        return await constraints(url)
    finally:
        await admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')
