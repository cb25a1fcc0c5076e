"""Reopening (*pembukaan kembali*): what an officer ended by mistake goes on as it was, for some minutes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.domain.stops import Cause
from app.domain.tickets import IntervalKind, TicketStatus
from app.errors import Conflict, domain_error

REOPENING_MINUTES = 10
"""For so long after its end a ticket may be reopened, unless the mall says otherwise."""
LONGEST_REOPENING = 120
"""Minutes."""
REOPENED_AS: Mapping[IntervalKind, TicketStatus] = {
    IntervalKind.WAITING: TicketStatus.WAITING,
    IntervalKind.CALLED: TicketStatus.WAITING,
    IntervalKind.SERVING: TicketStatus.SERVING,
    IntervalKind.ON_HOLD: TicketStatus.ON_HOLD,
}
"""What a ticket becomes again, by what it was doing last. Who was called waits: nobody is called in silence."""


@domain_error
class EndedOtherwise(Conflict):
    """Only what an officer ended is reopened: not what its visitor gave up, nor what something had stopped."""

    closed_by: Cause
    """Who or what ended it."""


@domain_error
class ReopeningTooLate(Conflict):
    """A ticket is reopened within some minutes of its end (`reopening_minutes` of the mall), and not later."""

    ended_at: datetime
    """When the ticket ended; the minutes are counted from then."""
    reopening_minutes: int
    """For how long after that it could be reopened."""


def must_be_reopenable(closed_by: Cause | None, ended_at: datetime, at: datetime, minutes: int) -> None:
    """Raise EndedOtherwise or ReopeningTooLate. A no-show was closed by nobody."""
    if closed_by not in (None, Cause.OFFICER):
        raise EndedOtherwise(closed_by=closed_by)
    if at - ended_at > timedelta(minutes=minutes):
        raise ReopeningTooLate(ended_at=ended_at, reopening_minutes=minutes)
