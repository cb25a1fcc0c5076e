"""What follows for those who wait when a queue has moved."""

from uuid import UUID

from app import models
from app.domain.events import Event
from app.domain.messages import NEAR_LIFE, MessageKind
from app.journal import Journal
from app.queries import queue as queries
from app.queries import tickets


async def near(journal: Journal, agency_id: UUID) -> None:
    """Say whose turn is near, once a stay: for services of the agency that ask for it, and for no others."""
    await journal.session.flush()
    for service_id, places in await queries.that_say_near(journal, agency_id):
        for ticket, position in await queries.near_and_not_said(journal, service_id, places):
            ticket.near(journal.at)
            journal.record(Event.TICKET_NEARED, ticket, position=position)
            if ticket.sealed_phone:
                journal.session.add(_message(journal, ticket))


def _message(journal: Journal, ticket: models.Ticket) -> models.Message:
    """What the ticket's visitor is told on their phone."""
    return models.Message(
        mall_id=journal.mall_id,
        kind=MessageKind.TICKET_NEAR,
        language=ticket.language,
        ticket_id=ticket.id,
        created_at=journal.at,
        expires_at=journal.at + NEAR_LIFE,
    )


async def near_next_step(journal: Journal, ticket: models.Ticket) -> None:
    """A ticket of a visit in order is over, perhaps: the next one has kept its place, and may be near at once."""
    due = (await tickets.steps_due(journal, [ticket.visit_id])).get(ticket.visit_id)
    if due and due.agency_id != ticket.agency_id:
        await near(journal, due.agency_id)
