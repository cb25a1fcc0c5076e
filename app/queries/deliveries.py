"""What has become of sending events, written by whoever sends them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, SmallInteger, func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.models.prepared import Prepared, parameter


@dataclass(frozen=True)
class Step:
    """A webhook's place as it is from now on, if it is still where it was found."""

    webhook_id: UUID
    found_next: int
    """Where it was found, and what was sent again then; 0: nothing was."""
    found_replay: int
    next_sequence: int
    replay_next: int | None
    replay_last: int | None
    attempts: int
    failing_since: datetime | None
    refused_since: datetime | None
    next_attempt_at: datetime | None
    last_accepted_at: datetime | None


async def move(session: AsyncSession, mall_id: int, steps: Sequence[Step]) -> set[UUID]:
    """Move webhooks of a mall on, all in one statement. Returns those that nobody else has moved meanwhile."""
    columns = {each.name: [getattr(step, each.name) for step in steps] for each in fields(Step)}
    rows = await _move().rows(session, {"mall_id": mall_id, **columns})
    return {row["webhook_id"] for row in rows}


async def log(session: AsyncSession, deliveries: Sequence[dict[str, Any]]) -> None:
    """Keep what became of attempts."""
    if deliveries:
        await session.execute(insert(models.WebhookDelivery), deliveries)


@cache
def _move() -> Prepared:
    place = models.WebhookPlace
    columns = {name: column.type for name, column in place.__table__.columns.items() if name != "mall_id"}
    typed = {**columns, "found_next": BigInteger(), "found_replay": BigInteger()}
    names = [each.name for each in fields(Step)]
    asked = [parameter(name, ARRAY(typed[name])) for name in names]
    step = func.unnest(*asked).table_valued(*names).render_derived(name="step").c
    written = [name for name in names if name in columns and name != "webhook_id"]
    return Prepared(
        update(place)
        .where(
            place.mall_id == parameter("mall_id", SmallInteger()),
            place.webhook_id == step.webhook_id,
            place.next_sequence == step.found_next,
            func.coalesce(place.replay_next, 0) == step.found_replay,
        )
        .values({name: step[name] for name in written})
        .returning(place.webhook_id)
    )
