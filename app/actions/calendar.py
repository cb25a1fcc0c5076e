"""Weekly hours and exceptions."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app import access, models
from app.domain.calendar import DayHours, ExceptionKind, HoursInvalid, Weekly, minutes
from app.domain.errors import NotThere, must_be_in_order
from app.domain.events import Event
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.journal import Journal
from app.models.base import Edit
from app.queries import calendar as calendar_queries


async def set_hours(journal: Journal, hours: Sequence[DayHours], agency_id: UUID | None = None) -> models.Schedule:
    """Set the weekly hours of the mall, or of an agency at the mall."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    Weekly.of(hours)
    if agency_id:
        await access.row(journal, models.Agency, agency_id, "agency")
    schedule = await calendar_queries.base_schedule(journal, agency_id)
    if schedule:
        edit = schedule.change({"hours": list(hours)})
    else:
        edit = Edit(["hours"], {})
        schedule = models.Schedule(mall_id=journal.mall_id, agency_id=agency_id, hours=list(hours))
        journal.session.add(schedule)
    journal.record_edit(Event.CALENDAR_CHANGED, schedule, edit)
    return schedule


async def add_exception(
    journal: Journal,
    *,
    agency_id: UUID | None,
    kind: ExceptionKind,
    starts_on: date,
    ends_on: date | None,
    opens: str,
    closes: str,
    reason: LocalizedText,
) -> models.CalendarException:
    """Open or close the mall or one agency on some days, whatever the hours below say."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    must_be_in_order(starts_on, ends_on)
    if minutes(opens) >= minutes(closes):
        raise HoursInvalid(weekday=starts_on.isoweekday(), member="closes")
    if agency_id:
        await access.agency_named(journal, agency_id)
    exception = models.CalendarException(
        mall_id=journal.mall_id,
        agency_id=agency_id,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        opens=opens,
        closes=closes,
        reason=reason,
    )
    journal.session.add(exception)
    journal.record(Event.CALENDAR_EXCEPTION_CREATED, exception)
    return exception


async def remove_exception(journal: Journal, exception_id: UUID) -> None:
    """Take an exception away; the journal keeps what it was."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    exception = await journal.session.get(models.CalendarException, (journal.mall_id, exception_id))
    if exception is None:
        raise NotThere(thing="calendar_exception")
    await journal.session.delete(exception)
    journal.record(Event.CALENDAR_EXCEPTION_DELETED, exception)
