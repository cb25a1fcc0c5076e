"""Sweeps out what has run its time: answers kept for repeats, refresh tokens, and the pace of old guesses."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app import models
from app.database import PLATFORM_REF, Database
from app.queries import malls

EVERY_SECONDS = 600
AT_ONCE = 5000
"""Rows in one statement: it ends long before the statement timeout."""


async def sweep(database: Database) -> None:
    """Sweep until nothing is left that is over."""
    async with database.reading() as reading:
        refs = [PLATFORM_REF, *await malls.refs(reading.session)]
    kept, token, attempt = models.IdempotencyKey, models.RefreshToken, models.Attempt
    for mall in refs:
        at = database.clock.of(mall.id, reading.at)
        await _out(
            database,
            kept,
            (kept.mall_id, kept.caller, kept.route, kept.key),
            kept.expires_at,
            at,
            kept.mall_id == mall.id,
        )
    at = database.clock.of(PLATFORM_REF.id, reading.at)
    await _out(database, token, (token.id,), token.expires_at, at)
    await _out(database, attempt, (attempt.key,), attempt.next_allowed_at, at)


async def _out(
    database: Database,
    table: type[models.IdempotencyKey | models.RefreshToken | models.Attempt],
    key: tuple[InstrumentedAttribute[object], ...],
    until: InstrumentedAttribute[datetime],
    at: datetime,
    *where: ColumnElement[bool],
) -> None:
    """Delete a batch a transaction, so that nobody waits long for a row."""
    over = select(*key).where(until < at, *where).order_by(until).limit(AT_ONCE)
    # looked at again: a key that was used anew meanwhile is not over
    statement = delete(table).where(tuple_(*key).in_(over), until < at).returning(until)
    while True:
        async with database.bookkeeping() as books:
            gone = (await books.session.scalars(statement, execution_options={"synchronize_session": False})).all()
        if len(gone) < AT_ONCE:
            return
