"""Weekly hours and exceptions."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app import access, models
from app.domain.calendar import DayHours, ExceptionKind, HoursInvalid, Weekly, minutes
from app.domain.callers import Caller
from app.domain.errors import NotThere, must_be_in_order
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import calendar as calendar_queries


async def set_hours(
    journal: Journal, by: Caller, hours: Sequence[DayHours], agency_id: UUID | None = None
) -> models.Schedule:
    """Set the weekly hours of the mall, or of an agency at the mall."""
    by.must(Permission.CHANGE_MALL, journal.mall_id)
    Weekly.of(hours)
    if agency_id:
        await access.row(journal, models.Agency, agency_id, "agency")
    schedule = await calendar_queries.base_schedule(journal, agency_id)
    before = {"hours": schedule.hours} if schedule else None
    if schedule:
        schedule.change({"hours": list(hours)})
    else:
        schedule = models.Schedule(mall_id=journal.mall_id, agency_id=agency_id, hours=list(hours))
        journal.session.add(schedule)
    journal.record(
        "hours.set", ("schedule", schedule.id), agency_id=agency_id, before=before, after={"hours": list(hours)}
    )
    return schedule


async def add_exception(
    journal: Journal,
    by: Caller,
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
    by.must(Permission.CHANGE_MALL, journal.mall_id)
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
    journal.record(
        "calendar_exception.added",
        ("calendar_exception", exception.id),
        agency_id=agency_id,
        after=_exception_facts(exception),
    )
    return exception


async def remove_exception(journal: Journal, by: Caller, exception_id: UUID) -> None:
    """Take an exception away; the journal keeps what it was."""
    by.must(Permission.CHANGE_MALL, journal.mall_id)
    exception = await journal.session.get(models.CalendarException, (journal.mall_id, exception_id))
    if exception is None:
        raise NotThere(thing="calendar_exception")
    await journal.session.delete(exception)
    journal.record(
        "calendar_exception.removed",
        ("calendar_exception", exception.id),
        agency_id=exception.agency_id,
        before=_exception_facts(exception),
    )


def _exception_facts(exception: models.CalendarException) -> dict[str, Any]:
    return {
        "kind": exception.kind,
        "starts_on": exception.starts_on,
        "ends_on": exception.ends_on,
        "opens": exception.opens,
        "closes": exception.closes,
        "reason": exception.reason,
    }
