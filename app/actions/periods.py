"""Periods with weekly hours of their own: Ramadan, school holidays, an agency's busy season."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app import access, models
from app.domain.calendar import PeriodsOverlap
from app.domain.errors import must_be_in_order
from app.domain.events import Event
from app.domain.hours import DayHours, Weekly
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import periods as queries


async def create(
    journal: Journal,
    *,
    agency_id: UUID | None,
    name: LocalizedText,
    starts_on: date,
    ends_on: date,
    hours: Sequence[DayHours],
) -> models.Schedule:
    """Give the mall, or one agency at it, other weekly hours on some days."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    if agency_id:
        await access.agency_named(journal, agency_id)
    await _must_fit(journal, agency_id, starts_on, ends_on, hours)
    period = models.Schedule(
        mall_id=journal.mall_id,
        agency_id=agency_id,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        hours=list(hours),
    )
    journal.session.add(period)
    journal.record(Event.CALENDAR_PERIOD_CREATED, period)
    return period


async def change(
    journal: Journal, period_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> models.Schedule:
    """Move a period, or change its hours or its name."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    period = await queries.period(journal, period_id)
    access.must_match_version(period, versions)
    now = {**period.event_data(), **changes}
    await _must_fit(journal, period.agency_id, now["starts_on"], now["ends_on"], now["hours"], but=period.id)
    journal.record_edit(Event.CALENDAR_PERIOD_CHANGED, period, period.change(changes))
    return period


async def delete(journal: Journal, period_id: UUID, versions: Container[int]) -> None:
    """Take a period away: the ordinary weekly hours hold again. The journal keeps what it was."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    period = await queries.period(journal, period_id)
    access.must_match_version(period, versions)
    await journal.session.delete(period)
    journal.record(Event.CALENDAR_PERIOD_DELETED, period)


async def _must_fit(
    journal: Journal,
    agency_id: UUID | None,
    starts_on: date,
    ends_on: date,
    hours: Sequence[DayHours],
    *,
    but: UUID | None = None,
) -> None:
    """Raise DatesReversed, HoursInvalid or PeriodsOverlap."""
    must_be_in_order(starts_on, ends_on)
    Weekly.of(hours)
    if other := await queries.overlapping(journal, agency_id, starts_on, ends_on, but=but):
        raise PeriodsOverlap(period_id=other)
