"""Counters (*loket*). A counter's state is its session's: one officer, one service day; without one it is closed."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.domain.lifecycle import Lifecycle
from app.errors import Conflict, Invalid, domain_error


class CounterStatus(StrEnum):
    """A closing counter calls the tickets that still wait, takes no new ones, and closes by itself."""

    CLOSED = "closed"
    OPEN = "open"
    ON_BREAK = "on_break"
    CLOSING = "closing"


COUNTER_LIFE: Lifecycle[CounterStatus] = Lifecycle(
    "counter",
    {
        CounterStatus.CLOSED: {"open": CounterStatus.OPEN},
        CounterStatus.OPEN: {
            "pause": CounterStatus.ON_BREAK,
            "take_over": CounterStatus.OPEN,
            "start_closing": CounterStatus.CLOSING,
            "close": CounterStatus.CLOSED,
        },
        CounterStatus.ON_BREAK: {
            "resume": CounterStatus.OPEN,
            "take_over": CounterStatus.OPEN,
            "start_closing": CounterStatus.CLOSING,
            "close": CounterStatus.CLOSED,
        },
        CounterStatus.CLOSING: {"take_over": CounterStatus.CLOSING, "close": CounterStatus.CLOSED},
    },
    by_itself=("start_closing",),
)


@domain_error
class CounterNotOpen(Conflict):
    """A counter that is not open calls nobody."""

    state: CounterStatus
    """What the counter is instead."""


@domain_error
class BreakEndNotPossible(Invalid):
    """A break ends after it has begun, on the same service day."""

    pointer = "/until"
    not_before: datetime
    not_after: datetime


def must_end_today(until: datetime | None, at: datetime, day_ends: datetime) -> None:
    """Raise BreakEndNotPossible for a break that would be over already, or not today."""
    if until and not at < until <= day_ends:
        raise BreakEndNotPossible(not_before=at, not_after=day_ends)


@domain_error
class NotYourCounter(Conflict):
    """Only the officer whose session it is, and managers, act at an open counter."""

    counter_id: UUID
    """The counter that somebody else has open."""


@domain_error
class CounterRetired(Conflict):
    """A retired counter opens on its last day only, for visitors whom no other counter may call."""

    retired_on: date


@domain_error
class CounterBusy(Conflict):
    """A counter has at most one ticket called or serving."""

    ticket_id: UUID
    """The ticket that is still in hand, or on hold."""
    number: str
    """The number of that ticket, as it is called."""


@domain_error
class OfficerBusy(Conflict):
    """An officer has at most one counter open, and one ticket called or serving."""

    counter_id: UUID
    """The counter that the officer has open."""


@domain_error
class ServiceNotServed(Conflict):
    """The counter does not serve this ticket's service."""

    service_id: UUID
    """The ticket's service."""


@domain_error
class LastCounter(Conflict):
    """A counter keeps a service that visitors wait for, and today's weekday, while no other counter serves it."""

    pointer = "/service_ids"
    service_id: UUID
    """The service for which nobody else could call."""


@domain_error
class HelpsWithUnserved(Invalid):
    """A counter helps with services among those that it serves."""

    pointer = "/helps_with_service_ids"
    service_id: UUID
    """The service that it does not serve."""


@domain_error
class ForeignService(Invalid):
    """A counter serves its own agency's services only."""

    pointer = "/service_ids"
    service_id: UUID
    """The service of another agency."""
