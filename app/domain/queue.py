"""Who comes before whom (*urutan antrean*): the order is one number a ticket, its effective arrival.

It is an instant in seconds since 1970: when the ticket was issued, less the head start of its priority class. The
smallest is called first, so waiting itself moves a visitor forward and nobody waits for ever. A ticket that comes back
gets a number between two others. The last digits of every number are the sequence of the journal's entry that brought
the ticket to its place: no two are equal, and of two with the same instant the earlier entry comes first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from enum import StrEnum
from uuid import UUID

from app.domain.tickets import ReturnPlace, TicketStatus

LONGEST_HEAD_START = 240
"""Minutes."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = Decimal("1E-6")
MINUTE = 60
HALF = Decimal("0.5")
SEQUENCE_DIGITS = 12
"""How many digits of a number are the journal's sequence."""
EXACT = Context(prec=20_000)
"""More digits than any number has: the database keeps 16,383 behind the point."""


@dataclass(frozen=True)
class QueueHead:
    """The first who waits for one service and may be called."""

    ticket_id: UUID
    effective_arrival: Decimal
    service_id: UUID
    priority: bool
    own: bool = True
    """Whether it is the counter's own service; otherwise the counter only helps with it."""


class Chosen(StrEnum):
    """How it was decided who is called."""

    FIRST_IN_LINE = "first_in_line"
    BY_OFFICER = "by_officer"
    AFTER_PRIORITY = "after_priority"
    """Who has no priority, since as many with priority as may be were called one after another."""

    OWN_FIRST = "own_first"
    """Who waits for one of the counter's own services, before somebody with whose service it only helps."""


@dataclass(frozen=True)
class Choice:
    """Why a ticket was called, for those who ask."""

    chosen: Chosen
    waited_minutes: int
    """Whole minutes since it was issued."""
    head_start_minutes: int
    """By how much earlier it counted as having come."""
    priority_calls: int = 0
    """How many with priority were called just before at the counter, where that decided."""


def next_of(heads: Iterable[QueueHead]) -> QueueHead | None:
    """Who is called next: the first among the heads of the counter's own services, or else of those it helps with."""
    return min(heads, key=order_of_calling, default=None)


def order_of_calling(head: QueueHead) -> tuple[bool, Decimal]:
    """What those who wait for a counter are sorted by."""
    return not head.own, head.effective_arrival


def effective_arrival(at: datetime, sequence: int, head_start_minutes: int = 0) -> Decimal:
    """The number of a ticket that joins the queue at an instant, by the entry with this sequence."""
    microseconds = (at - EPOCH) // timedelta(microseconds=1)
    with localcontext(EXACT):
        return _numbered(microseconds * MICROSECOND - head_start_minutes * MINUTE, MICROSECOND, sequence)


def usual_return(status: TicketStatus) -> ReturnPlace:
    """Where a ticket comes back unless the officer says: the absent let others go first, who is served stays first."""
    absent = status in (TicketStatus.CALLED, TicketStatus.NO_SHOW)
    return ReturnPlace.LATER if absent else ReturnPlace.OLD_PLACE


def returned(
    wanted: ReturnPlace, own: Decimal, line: Sequence[Decimal], places: int, at: datetime, sequence: int
) -> Decimal:
    """The number of a ticket that comes back to the queue at an instant; `own` was its number until now.

    `line` holds the numbers of those who may be called before it, in order: the first `places` of them and the next,
    where there are as many. `later` is behind the first `places`, or behind all.
    """
    with localcontext(EXACT):
        match wanted:
            case ReturnPlace.OLD_PLACE:
                return own
            case ReturnPlace.FIRST:
                return own if not line or own < line[0] else _before(line[0], sequence)
            case ReturnPlace.LATER if len(line) > places:
                return _between(line[places - 1], line[places], sequence)
            case ReturnPlace.LATER:
                anew = effective_arrival(at, sequence)
                return anew if not line or line[-1] < anew else _behind(line[-1], sequence)


def postponed(own: Decimal, behind: Sequence[Decimal], places: int, at: datetime, sequence: int) -> Decimal:
    """The number of a ticket whose visitor lets `places` others go first, or all where fewer are behind.

    `behind` holds the numbers of those who may be called after it: the first `places` of them and the next, where
    there are as many. Some arrivals that count are still to come, such as an appointment's: nobody moves forward.
    """
    return returned(ReturnPlace.LATER, own, [own, *behind], places + 1, at, sequence)


def _between(ahead: Decimal, behind: Decimal, sequence: int) -> Decimal:
    """The middle of two numbers, with just the digits that tell it from both: three halvings cost one digit."""
    gap = behind - ahead
    unit = Decimal(1).scaleb(gap.adjusted() - 1)
    return _numbered((ahead + gap * HALF).quantize(unit), unit, sequence)


def _before(first: Decimal, sequence: int) -> Decimal:
    return _numbered(first.to_integral_value(ROUND_FLOOR) - 1, MICROSECOND, sequence)


def _behind(last: Decimal, sequence: int) -> Decimal:
    return _numbered(last.to_integral_value(ROUND_CEILING), MICROSECOND, sequence)


def _numbered(place: Decimal, unit: Decimal, sequence: int) -> Decimal:
    """A place that is a multiple of the unit, with the sequence in the digits behind it."""
    return place + Decimal(sequence) * unit.scaleb(-SEQUENCE_DIGITS)
