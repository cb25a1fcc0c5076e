"""Closures, and what one reaches."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app import models
from app.journal import Reading
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, page


async def closures(reading: Reading, asked: PageRequest, of: AgencyFilter = ALL_AGENCIES) -> Page[models.Closure]:
    """The mall's closures, past ones included."""
    closure = models.Closure
    statement = reading.select(closure).where(*of.conditions(reading.mall_id, closure.agency_id))
    return await page(reading.session, statement, {"id": closure.id}, asked)


async def on_floor(reading: Reading, location_id: UUID, floor: str) -> Sequence[UUID]:
    """The living counters on a floor."""
    counter = models.Counter
    found = select(counter.id).where(
        counter.mall_id == reading.mall_id,
        counter.location_id == location_id,
        counter.floor == floor,
        counter.retired_on.is_(None),
    )
    return (await reading.session.scalars(found.order_by(counter.id))).all()


async def served_only_at(reading: Reading, counter_ids: Sequence[UUID]) -> Sequence[UUID]:
    """The services that these counters serve, and no other living one."""
    link, other, counter = models.CounterService, aliased(models.CounterService), models.Counter
    elsewhere = exists().where(
        other.mall_id == reading.mall_id,
        other.service_id == link.service_id,
        other.counter_id.not_in(counter_ids),
        counter.mall_id == other.mall_id,
        counter.id == other.counter_id,
        counter.retired_on.is_(None),
    )
    found = select(link.service_id).where(link.mall_id == reading.mall_id, link.counter_id.in_(counter_ids), ~elsewhere)
    return (await reading.session.scalars(found.distinct().order_by(link.service_id))).all()
