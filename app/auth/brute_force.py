"""Guessing slowed down, and who takes numbers without credentials: counted in the database, exact across processes.

A pace lets so many through at once and one more every so often (GCRA); one conditional statement counts a key. A
password is counted before it is tried, so exact whoever guesses at once, and what turns out right is given back. What
is random and long is looked up first, so that a right one passes however often its address has guessed.
"""

import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.database import Database
from app.domain.errors import RateLimited
from app.domain.paces import (
    GUESS_EVERY,
    GUESSES,
    GUESSES_OF_ACCOUNT,
    GUESSES_OF_ADDRESS,
    GUESSES_UNDER_SIEGE,
    Pace,
)
from app.errors import MallError
from app.queries import brute_force


def attempt_key(kind: str, *values: object) -> bytes:
    """How a guessed account or a guessing address is kept."""
    return sha256(":".join([kind, *map(str, values)]).encode()).digest()


@asynccontextmanager
async def throttled(database: Database, paces: Mapping[bytes, Pace], wrong: type[MallError]) -> AsyncIterator[None]:
    """Let one guess through, and count it where the block says that it was wrong. Raises RateLimited in its place.

    For what is random and long: it is nearly always right, so nothing is written before it is looked up.
    """
    try:
        yield
    except wrong:
        await register(database, paces)
        raise


async def register(database: Database, paces: Mapping[bytes, Pace], times: int = 1) -> timedelta:
    """Count one under each key, or so many where one would be let through; how long until the next one would be.

    Raises RateLimited, and counts nothing.
    """
    async with database.without_journal() as unit:
        return await _count(unit.session, paces, unit.at, times)


class SignInAttempt:
    """One password tried for one account, by somebody: an address, or a caller who is known already.

    The account and who tries are counted together, and who tries for all accounts. The account alone is counted too,
    but shuts nobody out: while many guess it from everywhere, each has fewer guesses, and who has not guessed yet has
    those.
    """

    def __init__(self, username: str, who: str) -> None:
        self._account = attempt_key("account", username.lower())
        self._pair = attempt_key("account", username.lower(), who)
        self._who = attempt_key("address", who)

    async def register(self, database: Database) -> None:
        """Count it before it is tried. Raises RateLimited, and then counts nothing."""
        async with database.without_journal() as unit:
            besieged = not await _advance(unit.session, self._account, GUESSES_OF_ACCOUNT, unit.at)
            own = GUESSES_UNDER_SIEGE if besieged else GUESSES
            await _count(unit.session, {self._pair: own, self._who: GUESSES_OF_ADDRESS}, unit.at)

    async def release(self, database: Database) -> None:
        """It was no guess: whoever tried knew it. Rows are taken in the order of counting: none wait in a ring."""
        attempt = models.Attempt
        async with database.without_journal() as unit:
            for key in (self._account, *sorted((self._pair, self._who))):
                await unit.session.execute(
                    update(attempt)
                    .where(attempt.key == key)
                    .values(next_allowed_at=attempt.next_allowed_at - GUESS_EVERY),
                    execution_options={"synchronize_session": False},
                )


async def _count(session: AsyncSession, paces: Mapping[bytes, Pace], at: datetime, times: int = 1) -> timedelta:
    wait = timedelta()
    for key, pace in sorted(paces.items()):
        if counted := await _advance(session, key, pace, at, times):
            wait = max(wait, counted - at - pace.ahead)
        else:
            due = await brute_force.next_allowed_at(session, key)
            early = (due or at) - at - pace.ahead
            raise RateLimited(retry_after_seconds=max(1, math.ceil(early.total_seconds())))
    return wait


async def _advance(session: AsyncSession, key: bytes, pace: Pace, at: datetime, times: int = 1) -> datetime | None:
    """Count so many and return when the next would be on time, unless it is too early for one."""
    attempt, later = models.Attempt, times * pace.every
    statement = insert(attempt).values(key=key, next_allowed_at=at + later)
    counted: datetime | None = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=[attempt.key],
            set_={"next_allowed_at": func.greatest(attempt.next_allowed_at, at) + later},
            where=attempt.next_allowed_at <= at + pace.ahead,
        ).returning(attempt.next_allowed_at)
    )
    return counted
