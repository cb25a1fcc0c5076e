"""What stops in a mall, why, and what becomes of waiting visitors then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.domain.names import LocalizedText
from app.domain.tickets import ReturnPlace, TicketStatus
from app.errors import Conflict, domain_error


class Cause(StrEnum):
    """Why a ticket ended, or a counter's session: by whom, or by what had stopped."""

    OFFICER = "officer"
    VISITOR = "visitor"
    NOT_PRINTED = "not_printed"
    """Its paper never came out, so nobody has it."""
    FORCED = "forced"
    MEMBERSHIP = "membership"
    RETIREMENT = "retirement"
    CLOSURE = "closure"
    DAY_END = "day_end"


class WaitingTickets(StrEnum):
    """What becomes of visitors who are already waiting: they are still called today, or cancelled and told why."""

    SERVE = "serve"
    CANCEL = "cancel"


@dataclass(frozen=True)
class WholeAgency:
    """An agency with all its services and counters."""

    agency_id: UUID


@dataclass(frozen=True)
class OneService:
    """A service, and the counters that serve nothing else."""

    agency_id: UUID
    service_id: UUID


@dataclass(frozen=True)
class OneCounter:
    """A counter, and the services that no other counter serves."""

    agency_id: UUID
    counter_id: UUID


@dataclass(frozen=True)
class OneSession:
    """An officer's session at a counter. The counter may be opened again."""

    agency_id: UUID
    counter_id: UUID


@dataclass(frozen=True)
class WholeDay:
    """The queues and the sessions of a service day. They cross no midnight."""

    day: date


@dataclass(frozen=True)
class Stop:
    """What stops, why, and what becomes of waiting visitors."""

    what: WholeAgency | OneService | OneCounter | OneSession | WholeDay
    cause: Cause
    reason: str | None = None
    """A word for visitors and for the journal."""
    waiting: WaitingTickets = WaitingTickets.SERVE


@dataclass(frozen=True)
class Aftermath:
    """What a stop has ended, and what it leaves to handle today."""

    ended: int
    """Tickets that ended with it."""
    moved: int = 0
    """Tickets that went on to another service with it."""
    waiting: int = 0
    unattended: int = 0
    """Of the waiting ones, those for whom no counter is open now."""
    on_hold: int = 0
    in_hand: int = 0
    closing_counter_ids: Sequence[UUID] = ()
    serve_until: datetime | None = None
    """Until when what is left can be served; None: nothing is left."""


@dataclass(frozen=True)
class Target:
    """A service that takes tickets from another one."""

    agency_id: UUID
    service_id: UUID
    head_start_minutes: Mapping[str, int]


IN_THE_QUEUE = (TicketStatus.WAITING, TicketStatus.ON_HOLD)
"""What `cancel` ends. A visitor at a counter is served to the end."""

RELEASED: Mapping[bool, Mapping[TicketStatus, ReturnPlace]] = {
    False: {TicketStatus.CALLED: ReturnPlace.OLD_PLACE},
    True: {
        TicketStatus.CALLED: ReturnPlace.OLD_PLACE,
        TicketStatus.SERVING: ReturnPlace.FIRST,
        TicketStatus.ON_HOLD: ReturnPlace.FIRST,
    },
}
"""Where the tickets of a counter go back to when its session ends, not by force and by force.

A state without a place keeps the session from ending.
"""

AT_DAY_END: Mapping[TicketStatus, str] = {
    TicketStatus.WAITING: "expire",
    TicketStatus.CALLED: "expire",
    TicketStatus.ON_HOLD: "expire",
    TicketStatus.SERVING: "complete",
}
"""The verb that ends a ticket with its day."""


@dataclass(frozen=True)
class LastWord:
    """What the day's last stop of a service said about the visitors who wait for it."""

    cause: Cause
    reason: str
    waiting: WaitingTickets


NO_COUNTER = LastWord(Cause.RETIREMENT, "no_counter", WaitingTickets.CANCEL)


@dataclass(frozen=True)
class Outlook:
    """Who may still call the visitors of a service today."""

    in_force: bool
    """Its agency is, and the service is not retired."""
    has_counter: bool
    """A counter that is not retired serves it."""
    had_counter: bool
    """One that is not retired, or was retired today, serves it."""
    last_word: LastWord | None

    def why_nobody_calls(self) -> LastWord | None:
        """Why a ticket of the service must not wait any more today; None: it may."""
        if self.in_force and self.has_counter:
            return None
        if self.last_word and self.last_word.waiting is WaitingTickets.CANCEL:
            return self.last_word
        return None if self.had_counter else self.last_word or NO_COUNTER


@domain_error
class QueueStopped(Conflict):
    """Nobody is called for this service any more today."""

    reason: LocalizedText
    """Why, as the visitor would be told."""
