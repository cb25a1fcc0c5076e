"""What follows for those who wait when a queue has moved."""

from uuid import UUID

from app.domain.events import Event
from app.journal import Journal
from app.queries import queue as queries


async def near(journal: Journal, agency_id: UUID) -> None:
    """Say whose turn is near, once a stay: for services of the agency that ask for it, and for no others."""
    await journal.session.flush()
    for service_id, places in await queries.that_say_near(journal, agency_id):
        for ticket, position in await queries.near_and_not_said(journal, service_id, places):
            ticket.near(journal.at)
            journal.record(Event.TICKET_NEARED, ticket, position=position)
