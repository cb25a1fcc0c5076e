"""Visits (*kunjungan*): one person's trip to several services, on a ticket for each."""

from collections.abc import Iterable
from uuid import UUID

from app.domain.tickets import ACTIVE, TicketStatus
from app.errors import Conflict, domain_error

FEWEST_SERVICES = 2
MOST_SERVICES = 10


@domain_error
class VisitOutOfOrder(Conflict):
    """A ticket of a visit in order is called only when the tickets of all steps before it are over."""

    after_step: int
    """The step that comes first."""


def next_of_visit(tickets: Iterable[tuple[UUID, TicketStatus, int | None]]) -> UUID | None:
    """Which ticket of a visit comes next, of tickets with their status and position: the one that is at a counter.

    Otherwise the one with the fewest before it of those that may be called; None: there is none.
    """
    found = list(tickets)
    if here := next((each for each, status, _ in found if status in ACTIVE), None):
        return here
    waiting = [(position, at, each) for at, (each, _, position) in enumerate(found) if position]
    return min(waiting)[2] if waiting else None
