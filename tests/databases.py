"""Databases of the test server: made, named and dropped behind the program's back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg


def with_name(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection behind the program's back."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def execute(url: str, statement: str) -> None:
    """Let a database itself do something."""
    async with connected(url) as connection:
        await connection.execute(statement)


async def admin(url: str, statement: str) -> None:
    """Let the server itself do something: make or drop a database."""
    await execute(with_name(url, "postgres"), statement)


@asynccontextmanager
async def own_database(server_url: str, template: str) -> AsyncIterator[str]:
    """A database for one story, made like another one."""
    name = f"mpp_own_{uuid4().hex}"
    await admin(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield with_name(server_url, name)
    finally:
        await admin(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')
