"""The calendar: weekly hours, periods, exceptions and holidays, read as one."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, SmallInteger, Text, Uuid, cast, func, or_, select, true
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.elements import SQLCoreOperations

from app import access, models
from app.domain.calendar import Calendar, CalendarException, ExceptionKind, OpenFor, Schedule
from app.domain.closures import Reach, WaitingVisitors, closed_stretches
from app.domain.hours import DAY, Span, Weekly, minutes
from app.domain.names import LocalizedText
from app.journal import Reading
from app.models.prepared import Prepared, parameter
from app.queries import holidays as holiday_queries
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, page

WEEK = 7
EXCEPTION = (
    *("kind", "starts_on", "ends_on", "opens", "closes", "reason"),
    *("agency_id", "service_id", "counter_id", "agencies"),
)

CLOSURE = ("starts_at", "ends_at", "reason", "waiting_tickets", "agency_id", "service_ids", "counter_ids")


async def base_schedule(reading: Reading, agency_id: UUID | None) -> models.Schedule | None:
    """The undated weekly hours of the mall, or of an agency there."""
    schedule = models.Schedule
    return (
        await reading.session.scalars(
            reading.select(schedule).where(
                schedule.agency_id == agency_id if agency_id else schedule.agency_id.is_(None),
                schedule.starts_on.is_(None),
            )
        )
    ).one_or_none()


async def base_schedules(reading: Reading, agency_ids: Sequence[UUID]) -> dict[UUID | None, models.Schedule]:
    """The undated weekly hours of these agencies."""
    schedule = models.Schedule
    rows = await reading.session.scalars(
        reading.select(schedule).where(schedule.agency_id.in_(agency_ids), schedule.starts_on.is_(None))
    )
    return {each.agency_id: each for each in rows}


async def exceptions(
    reading: Reading, asked: PageRequest, of: AgencyFilter = ALL_AGENCIES
) -> Page[models.CalendarException]:
    """The calendar's exceptions, past ones included."""
    exception = models.CalendarException
    statement = reading.select(exception).where(*of.conditions(reading.mall_id, exception.agency_id))
    return await page(reading.session, statement, {"id": exception.id}, asked)


def calendar_text(
    mall_id: SQLCoreOperations[int], agency_id: SQLCoreOperations[UUID] | None, today: ColumnElement[date]
) -> ColumnElement[str]:
    """What decides about hours from today on, as one text that `calendar_of` reads.

    The mall's part of it and one agency's; without an agency, every agency's.
    """
    schedule, exception, holiday = models.Schedule, models.CalendarException, models.Holiday

    def rows(kind: type[models.Schedule | models.CalendarException], *columns: str) -> ColumnElement[Any]:
        whose = true() if agency_id is None else or_(kind.agency_id.is_(None), kind.agency_id == agency_id)
        return (
            select(func.json_agg(func.json_build_array(*(getattr(kind, name) for name in columns))))
            .where(kind.mall_id == mall_id, whose, or_(kind.ends_on.is_(None), kind.ends_on >= today))
            .correlate_except(kind)
            .scalar_subquery()
        )

    holidays = (
        select(func.json_object_agg(holiday.date, holiday.name))
        .where(holiday.mall_id == mall_id, holiday.date >= today, holiday.closes_mall)
        .correlate_except(holiday)
        .scalar_subquery()
    )
    closure = models.Closure
    whose = true() if agency_id is None else or_(closure.agency_id.is_(None), closure.agency_id == agency_id)
    closures = (
        select(func.json_agg(func.json_build_array(*(getattr(closure, name) for name in CLOSURE))))
        .where(
            closure.mall_id == mall_id,
            whose,
            closure.ended_at.is_(None),
            or_(closure.ends_at.is_(None), closure.ends_at >= cast(today, Date) - 1),
        )
        .correlate_except(closure)
        .scalar_subquery()
    )
    return cast(
        func.json_build_array(
            rows(schedule, "agency_id", "hours", "starts_on", "ends_on", "name"),
            rows(exception, *EXCEPTION),
            holidays,
            closures,
        ),
        Text,
    )


@lru_cache(maxsize=2048)
def calendar_of(zone: str, text: str) -> Calendar:
    """The calendar that a text of `calendar_text` says; the same text is read once."""
    schedules, exceptions, holidays, closures = json.loads(text)
    return Calendar(
        zone=ZoneInfo(zone),
        schedules=[
            Schedule(_id(agency_id), Weekly.of(hours), _day(starts_on), _day(ends_on), name)
            for agency_id, hours, starts_on, ends_on, name in schedules or ()
        ],
        exceptions=[
            CalendarException(
                ExceptionKind(kind),
                date.fromisoformat(starts_on),
                _day(ends_on),
                Span(minutes(opens), minutes(closes)),
                reason,
                _id(agency_id),
                _id(service_id),
                _id(counter_id),
                OpenFor(agencies),
            )
            for (
                kind,
                starts_on,
                ends_on,
                opens,
                closes,
                reason,
                agency_id,
                service_id,
                counter_id,
                agencies,
            ) in exceptions or ()
        ]
        + [stretch for each in closures or () for stretch in _stretches(ZoneInfo(zone), *each)],
        holidays={date.fromisoformat(day): name for day, name in (holidays or {}).items()},
    )


def _stretches(
    zone: ZoneInfo,
    starts_at: str,
    ends_at: str | None,
    reason: LocalizedText,
    waiting: str,
    agency_id: str | None,
    service_ids: list[str] | None,
    counter_ids: list[str] | None,
) -> list[CalendarException]:
    services, counters = [None if ids is None else list(map(UUID, ids)) for ids in (service_ids, counter_ids)]
    return closed_stretches(
        zone,
        starts_at=datetime.fromisoformat(starts_at),
        ends_at=datetime.fromisoformat(ends_at) if ends_at else None,
        reason=reason,
        altogether=waiting != WaitingVisitors.SERVE,
        reach=Reach(_id(agency_id), services, counters),
    )


async def calendar(reading: Reading, agency_id: UUID | None = None) -> Calendar:
    """The mall's calendar from today on: with every agency's part in it, or one's."""
    sent = {"mall_id": reading.mall_id, "agency_id": agency_id, "today": reading.today}
    row = await _calendar(of_one=agency_id is not None).row(reading.session, sent)
    return calendar_of(str(reading.mall.zone), row["text"] if row else "[null, null, null, null]")


@cache
def _calendar(*, of_one: bool) -> Prepared:
    agency_id = parameter("agency_id", Uuid()) if of_one else None
    text = calendar_text(parameter("mall_id", SmallInteger()), agency_id, parameter("today", Date()))
    return Prepared(select(text.label("text")))


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


async def view(reading: Reading, agency_id: UUID | None) -> dict[str, Any]:
    """The mall's calendar as it is shown, or an agency's at the mall. Raises NotThere."""
    if agency_id:
        await access.row(reading, models.Agency, agency_id, "agency")
    whole = await calendar(reading, agency_id)
    own = await base_schedule(reading, agency_id)
    base = own or await base_schedule(reading, None)
    opening = whole.opening(reading.at, agency_id)
    days = [reading.today + timedelta(days=ahead) for ahead in range(WEEK)]
    named = await holiday_queries.between(reading, days[0], days[-1])
    return {
        "time_zone": str(reading.mall.zone),
        "hours": base.hours if base else [],
        "own_hours": own is not None,
        "version": own.version if own else 0,
        "is_open": opening.is_open,
        "changes_at": opening.changes_at,
        "reasons": opening.reasons,
        "days": [
            {
                "date": day,
                "open": [_span(span) for span in whole.spans(day, agency_id)],
                "holiday": named[day].name if day in named else None,
                "period": whole.period(day, agency_id),
            }
            for day in days
        ],
    }


def _span(span: Span) -> dict[str, str]:
    return {"opens": _clock(span.starts), "closes": _clock(span.ends)}


def _clock(minute: int) -> str:
    return "24:00" if minute == DAY else f"{minute // 60:02d}:{minute % 60:02d}"
