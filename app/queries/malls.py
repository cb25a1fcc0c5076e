"""Malls, locations, calendars."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.calendar import Calendar, CalendarException, Schedule, Span, Weekly, minutes
from app.domain.malls import MallRef
from app.journal import Reading
from app.queries.shown import Asked, Page, page

SORTS = {"slug": models.Mall.slug}


async def ref(session: AsyncSession, slug: str) -> MallRef | None:
    """What of a mall never changes, by its slug."""
    found = (
        await session.execute(select(models.Mall.id, models.Mall.time_zone).where(models.Mall.slug == slug))
    ).one_or_none()
    return found and MallRef(found.id, slug, ZoneInfo(found.time_zone))


async def refs(session: AsyncSession) -> Sequence[MallRef]:
    """Every mall of the platform."""
    rows = await session.execute(select(models.Mall.id, models.Mall.slug, models.Mall.time_zone))
    return [MallRef(row.id, row.slug, ZoneInfo(row.time_zone)) for row in rows]


async def malls(session: AsyncSession, asked: Asked) -> Page[models.Mall]:
    """The malls of the platform."""
    return await page(session, select(models.Mall), SORTS, asked)


async def mall(reading: Reading) -> models.Mall:
    """The mall looked at."""
    return (await reading.session.scalars(select(models.Mall).where(models.Mall.id == reading.mall_id))).one()


async def last_mall_id(session: AsyncSession) -> int:
    """The highest number given to a mall so far."""
    return await session.scalar(select(func.coalesce(func.max(models.Mall.id), 0))) or 0


async def slug_is_taken(session: AsyncSession, slug: str) -> bool:
    """Whether some mall has the slug."""
    return await session.scalar(select(models.Mall.id).where(models.Mall.slug == slug)) is not None


async def locations(reading: Reading, asked: Asked) -> Page[models.Location]:
    """The mall's buildings, past ones included."""
    statement = select(models.Location).where(models.Location.mall_id == reading.mall_id)
    return await page(reading.session, statement, {"id": models.Location.id}, asked)


async def floors_in_use(reading: Reading, location_id: UUID) -> Sequence[str]:
    """The floors of a location on which counters stand."""
    counter = models.Counter
    return (
        await reading.session.scalars(
            select(counter.floor)
            .where(counter.mall_id == reading.mall_id, counter.location_id == location_id)
            .distinct()
            .order_by(counter.floor)
        )
    ).all()


async def base_schedule(reading: Reading, agency_id: UUID | None) -> models.Schedule | None:
    """The undated weekly hours of the mall, or of an agency there."""
    schedule = models.Schedule
    return (
        await reading.session.scalars(
            select(schedule).where(
                schedule.mall_id == reading.mall_id,
                schedule.agency_id == agency_id if agency_id else schedule.agency_id.is_(None),
                schedule.starts_on.is_(None),
            )
        )
    ).one_or_none()


async def base_schedules(reading: Reading, agency_ids: Sequence[UUID]) -> dict[UUID | None, models.Schedule]:
    """The undated weekly hours of these agencies."""
    schedule = models.Schedule
    rows = await reading.session.scalars(
        select(schedule).where(
            schedule.mall_id == reading.mall_id, schedule.agency_id.in_(agency_ids), schedule.starts_on.is_(None)
        )
    )
    return {each.agency_id: each for each in rows}


async def exceptions(reading: Reading, asked: Asked) -> Page[models.CalendarException]:
    """The calendar's exceptions, past ones included."""
    statement = select(models.CalendarException).where(models.CalendarException.mall_id == reading.mall_id)
    return await page(reading.session, statement, {"id": models.CalendarException.id}, asked)


async def holidays(reading: Reading, starts_on: date, ends_on: date) -> Sequence[models.Holiday]:
    """Holidays and collective leave between two days, both included."""
    holiday = models.Holiday
    return (
        await reading.session.scalars(
            select(holiday)
            .where(holiday.mall_id == reading.mall_id, holiday.on.between(starts_on, ends_on))
            .order_by(holiday.on)
        )
    ).all()


async def calendar(reading: Reading, agency_id: UUID | None = None) -> Calendar:
    """The mall's calendar from today on: with every agency's part in it, or one's."""
    own = agency_id is not None
    schedule, exception, holiday = models.Schedule, models.CalendarException, models.Holiday
    schedules = await reading.session.scalars(
        select(schedule).where(
            schedule.mall_id == reading.mall_id,
            or_(schedule.agency_id.is_(None), schedule.agency_id == agency_id) if own else true(),
            or_(schedule.ends_on.is_(None), schedule.ends_on >= reading.today),
        )
    )
    exceptions = await reading.session.scalars(
        select(exception).where(
            exception.mall_id == reading.mall_id,
            or_(exception.agency_id.is_(None), exception.agency_id == agency_id) if own else true(),
            or_(exception.ends_on.is_(None), exception.ends_on >= reading.today),
        )
    )
    days = await reading.session.execute(
        select(holiday.on, holiday.name).where(holiday.mall_id == reading.mall_id, holiday.on >= reading.today)
    )
    return Calendar(
        zone=reading.mall.zone,
        schedules=[Schedule(each.agency_id, Weekly.of(each.hours), each.starts_on, each.ends_on) for each in schedules],
        exceptions=[
            CalendarException(
                each.agency_id,
                each.kind,
                each.starts_on,
                each.ends_on,
                Span(minutes(each.opens), minutes(each.closes)),
                each.reason,
            )
            for each in exceptions
        ],
        holidays={row.on: row.name for row in days},
    )
