"""Tickets (*antrean*): one number and one row for a ticket's whole life; where it has been are its intervals."""

from enum import StrEnum
from uuid import UUID

from app.domain.lifecycle import Lifecycle
from app.domain.names import LocalizedText
from app.errors import Conflict, domain_error


class TicketStatus(StrEnum):
    """Where a ticket is in its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ACTIVE = (TicketStatus.CALLED, TicketStatus.SERVING)
"""A counter, an officer and a visit have at most one ticket in these states."""
AT_A_COUNTER = (*ACTIVE, TicketStatus.ON_HOLD)
"""Whose visitor an officer looks after."""
UNFINISHED = (TicketStatus.WAITING, TicketStatus.CALLED, TicketStatus.SERVING, TicketStatus.ON_HOLD)
"""What the day's end finds open."""

TICKET_LIFE: Lifecycle[TicketStatus] = Lifecycle(
    "ticket",
    {
        TicketStatus.WAITING: {
            "call": TicketStatus.CALLED,
            "postpone": TicketStatus.WAITING,
            "transfer": TicketStatus.WAITING,
            "cancel": TicketStatus.CANCELLED,
            "stop": TicketStatus.CANCELLED,
            "expire": TicketStatus.EXPIRED,
        },
        TicketStatus.CALLED: {
            "recall": TicketStatus.CALLED,
            "start": TicketStatus.SERVING,
            "return": TicketStatus.WAITING,
            "transfer": TicketStatus.WAITING,
            "mark_no_show": TicketStatus.NO_SHOW,
            "cancel": TicketStatus.CANCELLED,
            "stop": TicketStatus.CANCELLED,
            "expire": TicketStatus.EXPIRED,
        },
        TicketStatus.SERVING: {
            "complete": TicketStatus.COMPLETED,
            "hold": TicketStatus.ON_HOLD,
            "return": TicketStatus.WAITING,
            "transfer": TicketStatus.WAITING,
            "cancel": TicketStatus.CANCELLED,
            "stop": TicketStatus.CANCELLED,
        },
        TicketStatus.ON_HOLD: {
            "call": TicketStatus.CALLED,
            "return": TicketStatus.WAITING,
            "transfer": TicketStatus.WAITING,
            "cancel": TicketStatus.CANCELLED,
            "stop": TicketStatus.CANCELLED,
            "expire": TicketStatus.EXPIRED,
        },
        TicketStatus.NO_SHOW: {"return": TicketStatus.WAITING, "reopen": TicketStatus.WAITING},
        TicketStatus.COMPLETED: {"reopen": TicketStatus.SERVING},
        TicketStatus.CANCELLED: {"reopen": (TicketStatus.WAITING, TicketStatus.SERVING, TicketStatus.ON_HOLD)},
    },
    by_itself=("stop", "expire"),
)


class IntervalKind(StrEnum):
    """What a ticket is doing in a stretch of its life."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    ON_HOLD = "on_hold"


class PriorityClass(StrEnum):
    """UU 8/2016 and the ministry's rules on vulnerable groups. How much earlier one is called, each service says."""

    NONE = "none"
    UNSPECIFIED = "unspecified"
    """Priority without saying why."""
    DISABILITY = "disability"
    ELDERLY = "elderly"
    PREGNANT_OR_NURSING = "pregnant_or_nursing"
    WITH_SMALL_CHILD = "with_small_child"


class AccessNeed(StrEnum):
    """What the counter should know before the visitor comes."""

    WHEELCHAIR = "wheelchair"
    SIGN_LANGUAGE = "sign_language"
    LOW_VISION = "low_vision"
    COMPANION = "companion"


class ReturnPlace(StrEnum):
    """Where in the queue a ticket stands that comes back to waiting."""

    OLD_PLACE = "old_place"
    LATER = "later"
    FIRST = "first"


NO_SHOW_CALLS = 3
RETURN_PLACES = 3
"""Who was absent and reports back is called after this many others."""
PRIORITY_CALLS = 3
"""So many with priority may be called one after another at a counter while others wait there."""
POSTPONEMENTS = 2
"""So often a visitor may let others go first with one ticket."""
MOST_PLACES = 50
"""So many others may be called first, when a ticket comes back or its visitor lets them."""


@domain_error
class NobodyWaiting(Conflict):
    """Nobody is waiting for the services of this counter."""


@domain_error
class WaitingElsewhere(Conflict):
    """All who wait for the counter's services are elsewhere: at another counter, or an earlier step of a visit is next.

    They keep their places.
    """

    waiting: int
    """How many wait, each of them elsewhere now."""


@domain_error
class AlreadyCalled(Conflict):
    """A ticket that was called already is not called a second time, nor given up by its visitor."""

    ticket_id: UUID
    number: str
    state: TicketStatus
    """What it is: called or being served."""
    counter_id: UUID
    """The counter at which it is."""
    counter_name: LocalizedText
    """What the counter is called."""


@domain_error
class PostponedTooOften(Conflict):
    """A visitor lets others go first only so often with one ticket."""

    limit: int
    """How often."""


@domain_error
class NoShowTooEarly(Conflict):
    """A visitor is called several times before the ticket may be marked as a no-show."""

    call_count: int
    """How often the visitor was called."""
    required: int
    """How many calls the service requires."""


@domain_error
class VisitBusy(Conflict):
    """One person is never called to two counters at once."""

    ticket_id: UUID
    """The other ticket of the visit, which is called or served now."""
    number: str
    """The number of that other ticket."""


@domain_error
class AlreadyWaiting(Conflict):
    """One visitor has one place a service: this ticket of the visit is waiting, called, served or on hold there."""

    ticket_id: UUID
    """The first ticket of the visit for this service."""
    number: str
    """The number of that first ticket."""


@domain_error
class SameService(Conflict):
    """A transfer leads to another service than the one at which the ticket is."""

    pointer = "/service_id"
    service_id: UUID
    """The service at which it is already."""


@domain_error
class TransferNotAllowed(Conflict):
    """The mall lets tickets go to other services of their own agency only (`transfers_between_agencies`)."""

    pointer = "/service_id"
    agency_id: UUID
    """The agency of the service that was asked for."""


@domain_error
class VisitOver(Conflict):
    """A visit is one trip on one day; it does not continue on another day."""

    pointer = "/visit_id"
