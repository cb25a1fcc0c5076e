"""Weekly hours and exceptions."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app import access, models
from app.domain.calendar import ExceptionKind, ExceptionNotPossible, OpenFor, must_be_possible
from app.domain.errors import Forbidden, NotThere, UnknownReference
from app.domain.events import Event
from app.domain.hours import DayHours, Weekly
from app.domain.names import LocalizedText
from app.domain.roles import TABLE, Permission
from app.journal import Journal
from app.models.base import Edit
from app.queries import calendar as calendar_queries

THING = "calendar_exception"


async def change_calendar(
    journal: Journal, versions: Container[int], hours: Sequence[DayHours], agency_id: UUID | None = None
) -> models.Schedule:
    """Set the weekly hours of the mall, or of an agency at the mall."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    Weekly.of(hours)
    if agency_id:
        await access.row(journal, models.Agency, agency_id, "agency")
    schedule = await calendar_queries.base_schedule(journal, agency_id)
    access.must_match_version(schedule, versions)
    if schedule:
        edit = schedule.change({"hours": list(hours)})
    else:
        edit = Edit(["hours"], {})
        schedule = models.Schedule(mall_id=journal.mall_id, agency_id=agency_id, hours=list(hours))
        journal.session.add(schedule)
    journal.record_edit(Event.CALENDAR_CHANGED, schedule, edit)
    return schedule


async def delete_calendar(journal: Journal, versions: Container[int], agency_id: UUID) -> None:
    """Take an agency's own weekly hours away: it comes when the mall is open."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    await access.row(journal, models.Agency, agency_id, "agency")
    schedule = await calendar_queries.base_schedule(journal, agency_id)
    access.must_match_version(schedule, versions)
    if schedule is None:
        raise NotThere(thing="calendar")
    await journal.session.delete(schedule)
    journal.record(Event.CALENDAR_DELETED, schedule)


async def create_exception(
    journal: Journal,
    *,
    kind: ExceptionKind,
    starts_on: date,
    ends_on: date | None,
    opens: str,
    closes: str,
    reason: LocalizedText,
    agency_id: UUID | None = None,
    service_id: UUID | None = None,
    counter_id: UUID | None = None,
    agencies: OpenFor = OpenFor.SCHEDULED,
) -> models.CalendarException:
    """Open or close the mall or an agency for a while, or close a service or a counter of it."""
    own = journal.caller.agencies(Permission.CLOSE_FOR_A_WHILE, journal.mall_id)
    if service_id and counter_id:
        raise ExceptionNotPossible(member="counter_id")
    whose = "mall"
    for member, kind_of, id_ in (
        ("service_id", models.Service, service_id),
        ("counter_id", models.Counter, counter_id),
    ):
        if id_:
            agency_id = await _agency_of(journal, kind_of, id_, member, agency_id, own)
            whose = member
    if own is not None and agency_id is not None and agency_id not in own:
        raise NotThere(thing="agency")
    if own is not None and (agency_id is None or kind is ExceptionKind.OPEN):
        member = "kind" if kind is ExceptionKind.OPEN else "agency_id"
        raise Forbidden(required=tuple(TABLE[Permission.CHANGE_MALL]), member=member)
    if agency_id and whose == "mall":
        whose = "agency_id"
    if agency_id:
        await access.agency_named(journal, agency_id)
    must_be_possible(kind, starts_on, ends_on, opens, closes, agencies=agencies, whose=whose)
    exception = models.CalendarException(
        mall_id=journal.mall_id,
        agency_id=agency_id,
        service_id=service_id,
        counter_id=counter_id,
        kind=kind,
        agencies=agencies,
        starts_on=starts_on,
        ends_on=ends_on,
        opens=opens,
        closes=closes,
        reason=reason,
        by_mall=own is None,
    )
    journal.session.add(exception)
    journal.record(Event.CALENDAR_EXCEPTION_CREATED, exception)
    return exception


async def change_exception(
    journal: Journal, exception_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> models.CalendarException:
    """Move an exception, or say its reason better. Whose it is, and whether it opens or closes, stays."""
    exception = await _theirs(journal, exception_id)
    access.must_match_version(exception, versions)
    now = {name: changes.get(name, getattr(exception, name)) for name in ("starts_on", "ends_on", "opens", "closes")}
    agencies = changes.get("agencies", exception.agencies)
    must_be_possible(exception.kind, **now, agencies=agencies, whose="agency_id" if exception.agency_id else "mall")
    journal.record_edit(Event.CALENDAR_EXCEPTION_CHANGED, exception, exception.change(changes))
    return exception


async def delete_exception(journal: Journal, exception_id: UUID, versions: Container[int]) -> None:
    """Take an exception away; the journal keeps what it was."""
    exception = await _theirs(journal, exception_id)
    access.must_match_version(exception, versions)
    await journal.session.delete(exception)
    journal.record(Event.CALENDAR_EXCEPTION_DELETED, exception)


async def _agency_of(
    journal: Journal,
    kind: type[models.Service | models.Counter],
    id_: UUID,
    member: str,
    agency_id: UUID | None,
    own: frozenset[UUID] | None,
) -> UUID:
    """The agency of a service or a counter that is to be closed. Raises UnknownReference or NotThere."""
    thing = member.removesuffix("_id")
    found = await journal.session.get(kind, (journal.mall_id, id_))
    owner = access.agency_of(found) if found else None
    if own is not None and owner not in own:
        raise NotThere(thing=thing)
    if owner is None or agency_id not in (None, owner):
        raise UnknownReference(thing=thing, member=member)
    return owner


async def _theirs(journal: Journal, exception_id: UUID) -> models.CalendarException:
    """An exception that the caller may change: an agency's manager what such a one made. Raises NotThere, Forbidden."""
    own = journal.caller.agencies(Permission.CLOSE_FOR_A_WHILE, journal.mall_id)
    exception = await access.row(journal, models.CalendarException, exception_id, THING)
    if own is not None and exception.agency_id is not None and exception.agency_id not in own:
        raise NotThere(thing=THING)
    if own is not None and exception.by_mall:
        raise Forbidden(required=tuple(TABLE[Permission.CHANGE_MALL]))
    return exception
