"""Deliveries: an event on its way to a webhook, again and again until it is taken or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.events import Recipient
from app.domain.webhooks import DisabledBecause
from app.errors import Invalid, domain_error

FIRST_WAIT, LONGEST_WAIT, WAIT_GROWS = timedelta(seconds=5), timedelta(hours=3), 3
"""Before an event is sent again: at first, at most (a receiver that asks for more included), and how it grows."""
REFUSED_FOR = timedelta(hours=6)
"""So long an event is sent again to a receiver that answers and refuses it; then the next one has its turn."""
FAILING_FOR = timedelta(days=3)
"""So long a receiver may take nothing at all before its webhook is disabled."""
MOST_REPLAYED = 100_000
"""Entries of the journal that one replay goes through."""
KEPT_FOR, GIVEN_UP_KEPT_FOR = timedelta(days=7), timedelta(days=90)
"""How long it is kept what became of an attempt; of one with which an event was given up."""
ASKS_TO_WAIT = frozenset({408, 425, 429, 502, 503, 504})
"""Answers that say nothing of the event: the receiver, or what stands before it, has no time for it now."""
GONE = 410
"""The answer of a receiver that wants nothing any more."""
_OK = range(200, 300)


class AttemptOutcome(StrEnum):
    """What became of sending an event once."""

    ACCEPTED = "accepted"
    """The receiver has answered 2xx."""
    FAILED = "failed"
    """It is sent again later."""
    GIVEN_UP = "given_up"
    """A dead letter: it is sent again only by a replay."""


class AttemptFault(StrEnum):
    """Why an event was not accepted."""

    REFUSED = "refused"
    """The answer is not 2xx. One that leads elsewhere (3xx) is not followed."""
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    """The name leads to an address that is not public now."""
    NAME_UNKNOWN = "name_unknown"
    """The name leads to no address now."""
    NOT_CONNECTED = "not_connected"
    """Nobody takes connections there, or the connection broke."""
    NOT_TRUSTED = "not_trusted"
    """The certificate is not one for this name."""
    TOO_SLOW = "too_slow"
    """No whole answer came in time."""
    UNREADABLE = "unreadable"
    """What came is no HTTP, or its headers are too large."""


@domain_error
class EventTypeUnknown(Invalid):
    """Not a type of event, or one that this webhook's agency is never told of."""

    event_type: str
    """The type that cannot be chosen."""
    member: str
    """Where it stands in the body."""


@domain_error
class ReplayTooLong(Invalid):
    """The span lies beyond what has happened, ends before it begins, or is too long for one replay."""

    member: str
    last_sequence: int
    """How far the journal is."""
    most: int
    """How many entries one replay may go through."""


def must_be_replayable(first: int, last: int, head: int) -> None:
    """Raise ReplayTooLong."""
    if last > head or last < first or last - first >= MOST_REPLAYED:
        member = "from_sequence" if first > head else "to_sequence"
        raise ReplayTooLong(member=member, last_sequence=head, most=MOST_REPLAYED)


@dataclass(frozen=True)
class Tries:
    """How sending goes on: how often the event at hand was sent in vain, and since when."""

    attempts: int = 0
    failing_since: datetime | None = None
    """Since when the receiver has taken nothing."""
    refused_since: datetime | None = None
    """Since when it has refused this event."""

    def after(self, status: int | None, at: datetime) -> "Tries":
        """How it stands after one more that was not accepted."""
        refused = status is not None and status not in ASKS_TO_WAIT
        since = (self.refused_since or at) if refused else None
        return Tries(self.attempts + 1, self.failing_since or at, since)

    def ends_with(self, status: int | None, at: datetime) -> DisabledBecause | None:
        """Why the webhook is disabled now, if it is."""
        if status == GONE:
            return DisabledBecause.GONE
        over = self.failing_since is not None and at - self.failing_since >= FAILING_FOR
        return DisabledBecause.FAILING if over else None

    def gives_up(self, at: datetime) -> bool:
        """Whether the event was refused for so long that the next one has its turn."""
        return self.refused_since is not None and at - self.refused_since >= REFUSED_FOR

    def wait(self, asked: timedelta | None, spread: float) -> timedelta:
        """How long to wait; `spread`, from 0 to 1, keeps many from coming back at once."""
        grown = min(FIRST_WAIT * int(WAIT_GROWS ** min(self.attempts - 1, 20)), LONGEST_WAIT)
        return max(grown * (0.8 + 0.4 * spread), min(asked or timedelta(), LONGEST_WAIT))


def is_accepted(status: int | None) -> bool:
    """Whether an answer means that the receiver has the event."""
    return status is not None and status in _OK


def recipient(agency_id: UUID | None) -> Recipient:
    """Who is told by a webhook: its agency, or the mall."""
    return Recipient(None if agency_id is None else frozenset({agency_id}))


def must_be_told(agency_id: UUID | None, event_types: Sequence[str]) -> None:
    """Raise EventTypeUnknown."""
    told = {event.wire for event in recipient(agency_id).events}
    for place, each in enumerate(event_types):
        if each not in told:
            raise EventTypeUnknown(event_type=each, member=f"event_types/{place}")
