"""Periods: the weeks of a year, Ramadan above all, that have weekly hours of their own."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from app import models
from app.domain.errors import NotThere
from app.journal import Reading
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, page


async def periods(reading: Reading, asked: PageRequest, *, of: AgencyFilter = ALL_AGENCIES) -> Page[models.Schedule]:
    """The mall's periods and its agencies', past ones included."""
    schedule = models.Schedule
    statement = reading.select(schedule).where(schedule.starts_on.is_not(None))
    statement = statement.where(*of.conditions(reading.mall_id, schedule.agency_id))
    return await page(reading.session, statement, {"id": schedule.id}, asked)


async def period(reading: Reading, period_id: UUID) -> models.Schedule:
    """A period by its id. Raises NotThere, for undated weekly hours too."""
    found = await reading.session.get(models.Schedule, (reading.mall_id, period_id))
    if found is None or found.starts_on is None:
        raise NotThere(thing="calendar_period")
    return found


async def overlapping(
    reading: Reading, agency_id: UUID | None, starts_on: date, ends_on: date, *, but: UUID | None = None
) -> UUID | None:
    """Another period of the mall itself, or of the agency, on some of these days."""
    schedule = models.Schedule
    statement = select(schedule.id).where(
        schedule.mall_id == reading.mall_id,
        schedule.agency_id == agency_id if agency_id else schedule.agency_id.is_(None),
        schedule.starts_on <= ends_on,
        schedule.ends_on >= starts_on,
    )
    return await reading.session.scalar(statement.where(schedule.id != but).limit(1) if but else statement.limit(1))
