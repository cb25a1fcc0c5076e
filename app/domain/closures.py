"""Closures: one act closes something, now or for a stretch, says why, and what becomes of who waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.calendar import Calendar, CalendarException, ExceptionKind, Opening
from app.domain.hours import DAY, Span
from app.domain.names import LocalizedText
from app.errors import Conflict, Invalid, domain_error

LONGEST = timedelta(days=366)
"""A closure with an end ends within that."""


class WaitingVisitors(StrEnum):
    """What becomes of who waits: still served (the intake alone closes), kept until it opens, cancelled, or moved."""

    SERVE = "serve"
    KEEP = "keep"
    CANCEL = "cancel"
    MOVE = "move"


@dataclass(frozen=True)
class Reach:
    """What a closure closes: the mall or an agency with all of it, or some services and counters."""

    agency_id: UUID | None
    """None: the mall's, or a floor's of several agencies."""
    service_ids: Sequence[UUID] | None = None
    """None: all of them."""
    counter_ids: Sequence[UUID] | None = None


@domain_error
class ClosureNotPossible(Invalid):
    """A closure is of one thing, a floor comes with its location, it begins now or later, and ends after it begins.

    Who waits is cancelled or moved by one that begins now only, and moved to another service of the same agency.
    """

    member: str
    """The member of the request's body that does not fit."""


def must_fit(waiting: WaitingVisitors, move_to: UUID | None, *, begins_later: bool) -> None:
    """Raise ClosureNotPossible where who waits would move nowhere, or be told of what has not begun."""
    if (waiting is WaitingVisitors.MOVE) != (move_to is not None):
        raise ClosureNotPossible(member="move_to_service_id")
    if begins_later and waiting in (WaitingVisitors.CANCEL, WaitingVisitors.MOVE):
        raise ClosureNotPossible(member="waiting_tickets")


@domain_error
class ClosureEnded(Conflict):
    """The closure is over already."""

    ended_at: datetime
    """When it ended, by itself or by somebody."""


def closed_stretches(
    zone: ZoneInfo,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: LocalizedText,
    altogether: bool,
    reach: Reach,
) -> list[CalendarException]:
    """What a closure takes out of the calendar, in whole minutes that hold all of it."""
    first = starts_at.astimezone(zone)
    last = (ends_at - timedelta(microseconds=1)).astimezone(zone) if ends_at else None
    span = Span(first.hour * 60 + first.minute, last.hour * 60 + last.minute + 1 if last else DAY)
    of_all = CalendarException(
        ExceptionKind.CLOSED,
        first.date(),
        last.date() if last else None,
        span,
        reason,
        reach.agency_id,
        altogether=altogether,
    )
    if reach.service_ids is None:
        return [of_all]
    counters = reach.counter_ids or () if altogether else ()
    return [
        *(replace(of_all, service_id=each) for each in reach.service_ids),
        *(replace(of_all, counter_id=each) for each in counters),
    ]


def calling_at(calendar: Calendar, at: datetime, counter_id: UUID, agency_id: UUID) -> Opening:
    """Whether a closure of the mall, the agency or the counter keeps it from opening and calling at an instant."""
    return calendar.only(
        each
        for each in calendar.exceptions
        if each.altogether
        and (
            each.counter_id == counter_id
            or (each.service_id is None is each.counter_id and each.agency_id in (None, agency_id))
        )
    ).opening(at)


def kept_waiting(calendar: Calendar, at: datetime) -> dict[UUID, Opening]:
    """The services whose visitors closures of their own keep waiting at an instant, and until when."""
    kept: dict[UUID, list[CalendarException]] = {}
    for each in calendar.exceptions:
        if each.altogether and each.service_id:
            kept.setdefault(each.service_id, []).append(each)
    found = {service_id: calendar.only(of_it).opening(at) for service_id, of_it in kept.items()}
    return {service_id: opening for service_id, opening in found.items() if not opening.is_open}
