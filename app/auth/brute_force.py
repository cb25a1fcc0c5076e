"""Guessing slowed down: sign-ins per account and per address, claim codes per address.

Counted in the database by one conditional statement, so exact across processes. A password is counted before it is
tried, so exact whoever guesses at once; what is random and long is looked up first (`throttled`). Only failures stay
counted, and a refused attempt adds nothing: whoever knows the password waits some seconds at most, however long
somebody else guesses.
"""

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from app import models
from app.database import Database
from app.domain.errors import RateLimited
from app.errors import MallError
from app.queries import brute_force

BURST = 10
EVERY = timedelta(seconds=3)
"""After ten failures in a row, one more every three seconds."""


def attempt_key(kind: str, value: str) -> bytes:
    """How a guessed account or a guessing address is kept."""
    return sha256(f"{kind}:{value}".encode()).digest()


@asynccontextmanager
async def throttled(database: Database, keys: Sequence[bytes], wrong: type[MallError]) -> AsyncIterator[None]:
    """Let one guess through, and count it where the block says that it was wrong. Raises RateLimited.

    For what is random and long: it is nearly always right, so nothing is written before it is looked up.
    """
    async with database.reading() as reading:
        due = await brute_force.next_allowed_at(reading.session, keys)
        if due and due > reading.at + (BURST - 1) * EVERY:
            raise _later(due - reading.at)
    try:
        yield
    except wrong:
        await register_attempt(database, keys)
        raise


async def register_attempt(database: Database, keys: Sequence[bytes]) -> None:
    """Count a guess under each key. Raises RateLimited, and then counts nothing."""
    attempt = models.Attempt
    async with database.without_journal() as unit:
        for key in sorted(keys):
            statement = insert(attempt).values(key=key, next_allowed_at=unit.at + EVERY)
            counted = await unit.session.scalar(
                statement.on_conflict_do_update(
                    index_elements=[attempt.key],
                    set_={"next_allowed_at": func.greatest(attempt.next_allowed_at, unit.at) + EVERY},
                    where=attempt.next_allowed_at <= unit.at + (BURST - 1) * EVERY,
                ).returning(attempt.next_allowed_at)
            )
            if counted is None:
                due = await brute_force.next_allowed_at(unit.session, keys)
                raise _later((due or unit.at) - unit.at)


async def release_attempt(database: Database, keys: Sequence[bytes]) -> None:
    """It was no guess: whoever tried knew it."""
    attempt = models.Attempt
    async with database.without_journal() as unit:
        for key in sorted(keys):
            await unit.session.execute(
                update(attempt).where(attempt.key == key).values(next_allowed_at=attempt.next_allowed_at - EVERY),
                execution_options={"synchronize_session": False},
            )


def _later(due: timedelta) -> RateLimited:
    return RateLimited(retry_after_seconds=max(1, math.ceil((due - (BURST - 1) * EVERY).total_seconds())))
