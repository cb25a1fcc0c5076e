"""Removes what is over: answers kept for repeats, messages, refresh tokens, the pace of guesses, deliveries."""

import logging
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app import models
from app.database import PLATFORM_REF, Database
from app.errors import Unavailable
from app.queries import malls

Passing: TypeAlias = (
    models.IdempotencyKey
    | models.RefreshToken
    | models.Attempt
    | models.Message
    | models.PhoneConfirmation
    | models.WebhookDelivery
)
log = logging.getLogger("mpp.cleanup")
EVERY_SECONDS = 600
AT_ONCE = 5000
"""Rows in one statement: it ends long before the statement timeout."""


async def clean_up(database: Database) -> None:
    """Remove until nothing is left that is over. A mall where that fails keeps no other waiting."""
    async with database.reading() as reading:
        refs = [PLATFORM_REF, *await malls.refs(reading.session)]
    at = database.clock.of(PLATFORM_REF.id, reading.at)
    token, attempt = models.RefreshToken, models.Attempt
    await _remove(database, token, (token.id,), token.expires_at, at)
    await _remove(database, attempt, (attempt.key,), attempt.next_allowed_at, at)
    for mall in refs:
        try:
            await _remove_of_mall(database, mall.id, database.clock.of(mall.id, reading.at))
        except Unavailable:
            log.warning("what is over of mall %s is removed when it answers", mall.id)


async def _remove_of_mall(database: Database, mall_id: int, at: datetime) -> None:
    answer, message, phone = models.IdempotencyKey, models.Message, models.PhoneConfirmation
    of_answer = (answer.mall_id, answer.caller, answer.route, answer.key)
    await _remove(database, answer, of_answer, answer.expires_at, at, answer.mall_id == mall_id)
    await _remove(database, message, (message.mall_id, message.id), message.expires_at, at, message.mall_id == mall_id)
    delivery = models.WebhookDelivery
    of_delivery = (delivery.mall_id, delivery.webhook_id, delivery.id)
    await _remove(database, delivery, of_delivery, delivery.expires_at, at, delivery.mall_id == mall_id)
    of_phone = (phone.mall_id, phone.phone_mark)
    await _remove(database, phone, of_phone, phone.expires_at, at, phone.mall_id == mall_id)


async def _remove(
    database: Database,
    table: type[Passing],
    key: tuple[InstrumentedAttribute[object], ...],
    until: InstrumentedAttribute[datetime],
    at: datetime,
    *where: ColumnElement[bool],
) -> None:
    """Delete a batch a transaction, so that nobody waits long for a row."""
    over = select(*key).where(until < at, *where).order_by(until).limit(AT_ONCE)
    # looked at again: a key that was used anew meanwhile is not over
    statement = delete(table).where(tuple_(*key).in_(over), until < at, *where).returning(until)
    while True:
        async with database.without_journal() as unit:
            gone = (await unit.session.scalars(statement, execution_options={"synchronize_session": False})).all()
        if len(gone) < AT_ONCE:
            return
