"""Pardoning absences, and forgetting those that count no more."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Date, literal, or_, update

from app import access, models
from app.domain.events import Event
from app.domain.roles import Permission
from app.domain.visitors import phone_of
from app.journal import Journal
from app.security.secrets import phone_mark


@dataclass(frozen=True)
class Pardoned:
    """What of a person a service no longer counts."""

    service_id: UUID
    no_shows: int


async def pardon_absences(
    journal: Journal, server_key: bytes, service_id: UUID, *, phone: str | None, ticket_id: UUID | None
) -> Pardoned:
    """Forget a person's absences at a service: of this phone, or of the one that a ticket was issued with."""
    service = await access.own(
        journal, journal.caller, Permission.OPERATE_COUNTERS, models.Service, service_id, "service"
    )
    if ticket_id:
        mark = await _mark_of(journal, ticket_id)
    else:
        mark = phone_mark(server_key, journal.mall_id, phone_of(phone or ""))
    ticket = models.Ticket
    counted = await _forget(journal, ticket.absence_mark == mark, ticket.service_id == service.id) if mark else 0
    journal.record(Event.SERVICE_ABSENCES_PARDONED, service, no_shows=counted)
    return Pardoned(service.id, counted)


async def _mark_of(journal: Journal, ticket_id: UUID) -> bytes | None:
    """The mark of the phone that a ticket of the agency came with, if it did and it is kept. Raises NotThere."""
    ticket = await access.own(journal, journal.caller, Permission.OPERATE_COUNTERS, models.Ticket, ticket_id, "ticket")
    return ticket.absence_mark or ticket.phone_mark


async def forget_old(journal: Journal) -> None:
    """Forget what no block follows from any more: a block and the days before it that it counts are over."""
    ticket, service = models.Ticket, models.Service
    counted_from = literal(journal.today, Date()) - 2 * service.no_show_block_days
    await _forget(
        journal,
        service.mall_id == journal.mall_id,
        service.id == ticket.service_id,
        or_(service.no_shows_before_block.is_(None), ticket.service_day <= counted_from),
    )


async def _forget(journal: Journal, *which: ColumnElement[bool]) -> int:
    """Take the marks from absences, and return from how many. The tickets stay."""
    ticket = models.Ticket
    statement = (
        update(ticket)
        .where(ticket.mall_id == journal.mall_id, ticket.absence_mark.is_not(None), *which)
        .values(absence_mark=None)
        .returning(ticket.id)
        .execution_options(synchronize_session=False)
    )
    return len((await journal.session.scalars(statement)).all())
