"""Visits: one, with the tickets that its reader may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import models
from app.domain.callers import Caller, CallerKind
from app.domain.devices import DeviceKind
from app.domain.errors import NotThere
from app.domain.roles import Permission
from app.domain.visits import next_of_visit
from app.journal import Reading
from app.queries import tickets as ticket_queries
from app.queries.tickets import TicketView

MOST_TICKETS = 100
"""So many tickets of a visit are shown, the last ones: more than anybody takes on a day."""


@dataclass(frozen=True)
class VisitView:
    """A visit with tickets of it."""

    row: models.Visit
    tickets: Sequence[TicketView]
    """In the order of issuing, which is that of the plan."""

    @property
    def next_ticket_id(self) -> UUID | None:
        """The one that is at a counter, or the first that may be called."""
        return next_of_visit((each.row.id, each.status, each.position) for each in self.tickets)


async def one(reading: Reading, caller: Caller, visit_id: UUID) -> VisitView:
    """A visit with the tickets of it that the caller may read: its agency's, or those that the machine has issued.

    Raises NotThere where there are none.
    """
    agencies = caller.agencies(Permission.READ_TICKETS, reading.mall_id)
    visit, ticket = await reading.get(models.Visit, visit_id), models.Ticket
    statement = reading.select(ticket).where(ticket.visit_id == visit_id)
    if caller.kind is CallerKind.CLIENT or caller.plays(DeviceKind.KIOSK, reading.mall_id):
        statement = statement.where(ticket.issued_by == caller.id)
    elif agencies is not None:
        statement = statement.where(ticket.agency_id.in_(agencies))
    found = (await reading.session.scalars(statement.order_by(ticket.id.desc()).limit(MOST_TICKETS))).all()
    if visit is None or not found:
        raise NotThere(thing="visit")
    return VisitView(visit, await ticket_queries.estimated_views(reading, found[::-1]))


async def planned(reading: Reading, visit: models.Visit, tickets: Sequence[models.Ticket]) -> VisitView:
    """A visit as it was planned just now: an act computes no estimate."""
    return VisitView(visit, await ticket_queries.views(reading, tickets))
