"""Guessing slowed down: failed sign-ins per account and per address, wrong claim codes per address.

Counted in the database, so exact across processes. Only failures count, and a refused attempt adds nothing: whoever
knows the password waits some seconds at most, however long somebody else guesses.
"""

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from app import models
from app.database import Database
from app.domain.accounts import RateLimited
from app.domain.agencies import NotThere
from app.queries import accounts

BURST = 10
EVERY = timedelta(seconds=3)
"""After ten failures in a row, one more every three seconds."""


def guess_key(kind: str, value: str) -> bytes:
    """How a guessed account or a guessing address is kept."""
    return sha256(f"{kind}:{value}".encode()).digest()


@asynccontextmanager
async def guessing(database: Database, kind: str, value: str) -> AsyncIterator[None]:
    """Let one guess through, and count it where the block finds nothing."""
    keys = [guess_key(kind, value)]
    await may_guess(database, keys)
    try:
        yield
    except NotThere:
        await failed(database, keys)
        raise


async def may_guess(database: Database, keys: Sequence[bytes]) -> None:
    """Raise RateLimited where any of the keys failed too often of late."""
    async with database.reading() as reading:
        due = await accounts.attempt_due_at(reading.session, keys)
    if due:
        early = due - reading.at - (BURST - 1) * EVERY
        if early > timedelta():
            raise RateLimited(retry_after_seconds=math.ceil(early.total_seconds()))


async def failed(database: Database, keys: Sequence[bytes]) -> None:
    """Count a failure under each key."""
    attempt = models.Attempt
    async with database.bookkeeping() as books:
        for key in sorted(keys):
            statement = insert(attempt).values(key=key, due_at=books.at + EVERY)
            await books.session.execute(
                statement.on_conflict_do_update(
                    index_elements=[attempt.key],
                    set_={"due_at": func.greatest(attempt.due_at, books.at) + EVERY},
                )
            )
