"""The deployment that a command works on: its database, and the person at the terminal."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TypeVar

from app import embedded
from app.actions import day_end
from app.database import PLATFORM_REF, Busy, Database
from app.domain.callers import SYSTEM
from app.domain.malls import MallRef
from app.journal import Journal
from app.settings import Settings, SettingsError

Result = TypeVar("Result")
PATIENCE_SECONDS = 30
"""How long a command tries again where the database is busy: nobody stands behind it who would."""


def say(text: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The address of the database: the one that is set, or the embedded server while the block runs."""
    if settings.database_url:
        yield settings.database_url
        return
    say("Starting the embedded PostgreSQL …")
    with embedded.server(settings.data_dir) as url:
        yield url


@contextlib.asynccontextmanager
async def database(settings: Settings, url: str) -> AsyncIterator[Database]:
    """The program's way to it, while the block runs."""
    made = Database(
        url,
        before_write=day_end.end_overdue,
        pool_size=settings.database_pool_size,
        pooler=settings.database_pooler,
    )
    try:
        yield made
    finally:
        await made.close()


async def write_patiently(made: Database, mall: MallRef, act: Callable[[Journal], Awaitable[Result]]) -> Result:
    """Do one act; where it cannot be done now, try again for a while. Raises SettingsError in the end."""
    now = asyncio.get_running_loop().time
    until = now() + PATIENCE_SECONDS
    while True:
        try:
            return await made.write(mall, SYSTEM, act)
        except Busy as busy:
            if now() > until:
                raise SettingsError("The database is busy; nothing was done. Try again in a minute.") from busy
            await asyncio.sleep(busy.retry_after_seconds)


def write_platform(settings: Settings, act: Callable[[Journal], Awaitable[Result]]) -> Result:
    """Do one act of the platform's."""

    async def write(url: str) -> Result:
        async with database(settings, url) as made:
            return await write_patiently(made, PLATFORM_REF, act)

    with database_url(settings) as url:
        return asyncio.run(write(url))
