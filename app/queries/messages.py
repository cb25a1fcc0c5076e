"""Messages that are to be sent, and one that was."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from app import models
from app.domain.errors import NotThere
from app.domain.names import LocalizedText
from app.domain.tickets import TicketStatus
from app.journal import Reading
from app.queries.paging import Page, PageRequest, page


@dataclass(frozen=True)
class AboutTicket:
    """The ticket that a message is about."""

    row: models.Ticket
    service_name: LocalizedText


@dataclass(frozen=True)
class MessageView:
    """A message with what its text says beside the code."""

    row: models.Message
    mall_name: LocalizedText
    about: AboutTicket | None

    @property
    def sealed_phone(self) -> str:
        """Where it goes: to its own phone, or to that of its ticket."""
        return (self.about.row.sealed_phone if self.about else self.row.sealed_phone) or ""


async def to_send(reading: Reading, asked: PageRequest) -> Page[MessageView]:
    """Messages whose time is not over and of which nobody has said that they were sent.

    What is about a ticket helps while it waits with its phone; `reading` must be one snapshot, so that it still does
    when its ticket is read.
    """
    message, ticket = models.Message, models.Ticket
    statement = (
        reading.select(message)
        .outerjoin(ticket, (ticket.mall_id == message.mall_id) & (ticket.id == message.ticket_id))
        .where(message.outcome.is_(None), message.expires_at > reading.at)
        .where(
            or_(
                message.ticket_id.is_(None),
                ticket.sealed_phone.is_not(None) & (ticket.status == TicketStatus.WAITING),
            )
        )
    )
    found = await page(reading.session, statement, {"id": message.id}, asked)
    mall = await reading.session.get_one(models.Mall, reading.mall_id)
    about = await _tickets(reading, {each.ticket_id for each in found.data if each.ticket_id})
    return found.showing(
        [MessageView(each, mall.name, about[each.ticket_id] if each.ticket_id else None) for each in found.data]
    )


async def _tickets(reading: Reading, ids: Collection[UUID]) -> dict[UUID, AboutTicket]:
    if not ids:
        return {}
    ticket, service = models.Ticket, models.Service
    rows = await reading.session.execute(
        select(ticket, service.name)
        .join(service, (service.mall_id == ticket.mall_id) & (service.id == ticket.service_id))
        .where(ticket.mall_id == reading.mall_id, ticket.id.in_(ids))
    )
    return {row.id: AboutTicket(row, name) for row, name in rows}


async def one(reading: Reading, message_id: UUID) -> models.Message:
    """A message that is still kept. Raises NotThere."""
    found = await reading.get(models.Message, message_id)
    if found is None:
        raise NotThere(thing="message")
    return found
