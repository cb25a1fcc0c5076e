"""What a retirement finds."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app import models
from app.journal import Reading

Owned = TypeVar("Owned", models.Service, models.Counter)


async def active(reading: Reading, kind: type[Owned], agency_id: UUID) -> Sequence[Owned]:
    """The agency's services or counters that are not retired."""
    return (
        await reading.session.scalars(
            select(kind)
            .where(kind.mall_id == reading.mall_id, kind.agency_id == agency_id, kind.retired_on.is_(None))
            .order_by(kind.code)
        )
    ).all()


async def left_without_service(reading: Reading, service_id: UUID) -> set[UUID]:
    """The counters that serve this service and none that lives."""
    link, other, service = models.CounterService, aliased(models.CounterService), models.Service
    lives = exists().where(
        other.mall_id == link.mall_id,
        other.counter_id == link.counter_id,
        service.mall_id == other.mall_id,
        service.id == other.service_id,
        service.retired_on.is_(None),
    )
    found = select(link.counter_id).where(link.mall_id == reading.mall_id, link.service_id == service_id, ~lives)
    return set(await reading.session.scalars(found))


async def left_without_counter(reading: Reading, counter_id: UUID) -> set[UUID]:
    """The services that this counter serves and none that lives."""
    link, other, counter = models.CounterService, aliased(models.CounterService), models.Counter
    lives = exists().where(
        other.mall_id == link.mall_id,
        other.service_id == link.service_id,
        counter.mall_id == other.mall_id,
        counter.id == other.counter_id,
        counter.retired_on.is_(None),
    )
    found = select(link.service_id).where(link.mall_id == reading.mall_id, link.counter_id == counter_id, ~lives)
    return set(await reading.session.scalars(found))
