"""What is counted of a service's day, and by which events."""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.events import Event
from app.domain.tickets import TicketStatus


class Count(StrEnum):
    """What is counted of one service on one service day.

    Tickets issued; transferred to it and away from it; calls to a counter, repeated ones left out; and tickets by how
    they ended. A no-show that came back has not ended. So what was issued and transferred in, less what was transferred
    out and all that have ended, is still open.
    """

    ISSUED = "issued"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    CALLED = "called"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


COUNTED: Mapping[str, Count] = {
    Event.TICKET_ISSUED: Count.ISSUED,
    Event.TICKET_TRANSFERRED: Count.TRANSFERRED_IN,
    Event.TICKET_CALLED: Count.CALLED,
    Event.TICKET_COMPLETED: Count.COMPLETED,
    Event.TICKET_MARKED_NO_SHOW: Count.NO_SHOW,
    Event.TICKET_CANCELLED: Count.CANCELLED,
    Event.TICKET_EXPIRED: Count.EXPIRED,
}


def counted(event: str, state_before: str | None) -> Mapping[Count, int]:
    """What an event adds at its ticket's service, by the state that the ticket was in before.

    Where it was transferred from, that is one more `transferred_out`.
    """
    if event == Event.TICKET_RETURNED and state_before == TicketStatus.NO_SHOW:
        return {Count.NO_SHOW: -1}
    count = COUNTED.get(event)
    return {} if count is None else {count: 1}
