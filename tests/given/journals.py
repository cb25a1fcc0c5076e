"""A mall's journal in the hands of a test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from app.database import Database
from app.domain.callers import SYSTEM
from app.domain.malls import MallRef
from app.journal import Journal


@asynccontextmanager
async def held(database: Database, mall: MallRef) -> AsyncIterator[None]:
    """A mall's journal in an act that lasts as long as the block, however long; whoever writes meanwhile waits."""
    taken, over = asyncio.Event(), asyncio.Event()

    async def act(journal: Journal) -> None:
        await journal.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        taken.set()
        await over.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(database.write(mall, SYSTEM, act))
        try:
            await taken.wait()
            yield
        finally:
            over.set()
