"""Closures, and what one reaches."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from app import models
from app.domain.calendar import service_day
from app.domain.closures import WaitingVisitors
from app.domain.names import LocalizedText
from app.journal import Reading
from app.models.counters import is_there
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, page


async def closures(reading: Reading, asked: PageRequest, of: AgencyFilter = ALL_AGENCIES) -> Page[models.Closure]:
    """The mall's closures, past ones included."""
    closure = models.Closure
    statement = reading.select(closure).where(*of.conditions(reading.mall_id, closure.agency_id))
    return await page(reading.session, statement, {"id": closure.id}, asked)


async def why_cancelled(reading: Reading, agency_id: UUID, service_id: UUID) -> LocalizedText | None:
    """The reason of a closure that cancels who would wait for the service now; None: there is none."""
    closure = models.Closure
    whole = and_(closure.service_ids.is_(None), or_(closure.agency_id.is_(None), closure.agency_id == agency_id))
    found: LocalizedText | None = await reading.session.scalar(
        select(closure.reason)
        .where(
            closure.mall_id == reading.mall_id,
            closure.waiting_tickets == WaitingVisitors.CANCEL,
            closure.ended_at.is_(None),
            closure.starts_at <= reading.at,
            or_(closure.ends_at.is_(None), closure.ends_at > reading.at),
            or_(whole, closure.service_ids.contains([str(service_id)])),
        )
        .order_by(closure.id)
        .limit(1)
    )
    return found


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


async def of_counters(reading: Reading) -> Sequence[models.Closure]:
    """The closures of counters and floors that are not over."""
    closure = models.Closure
    running = reading.select(closure).where(
        closure.counter_ids.is_not(None),
        closure.counter_ids != [],
        closure.ended_at.is_(None),
        or_(closure.ends_at.is_(None), closure.ends_at > reading.at),
    )
    return (await reading.session.scalars(running.order_by(closure.id))).all()


async def served_only_at(
    reading: Reading, counter_ids: Sequence[UUID], starts_at: datetime, ends_at: datetime | None
) -> Sequence[UUID]:
    """The services that these counters serve, and no other one that is there as it begins, or today where it has begun.

    One that is closed all that time, too, is none.
    """
    day = service_day(max(starts_at, reading.at), reading.mall.zone)
    closed = {
        counter_id
        for each in await of_counters(reading)
        if each.waiting_tickets is not WaitingVisitors.SERVE
        and each.starts_at <= starts_at
        and (each.ends_at is None or (ends_at is not None and each.ends_at >= ends_at))
        for counter_id in each.reach.counter_ids or ()
    }
    link, other, counter = models.CounterService, aliased(models.CounterService), models.Counter
    elsewhere = exists().where(
        other.mall_id == reading.mall_id,
        other.service_id == link.service_id,
        other.counter_id.not_in({*counter_ids, *closed}),
        counter.mall_id == other.mall_id,
        counter.id == other.counter_id,
        or_(counter.retired_on.is_(None), counter.retired_on == reading.today),
        is_there(reading.mall_id, counter, day),
    )
    found = select(link.service_id).where(link.mall_id == reading.mall_id, link.counter_id.in_(counter_ids), ~elsewhere)
    return (await reading.session.scalars(found.distinct().order_by(link.service_id))).all()
