"""Which absences of a person a service still counts."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app import models
from app.journal import Reading


async def days_of(reading: Reading, phone_mark: bytes, service_id: UUID) -> Sequence[date]:
    """The days on which the phone's owner was absent at the service, as far as these are kept."""
    ticket = models.Ticket
    statement = select(ticket.service_day).where(
        ticket.mall_id == reading.mall_id, ticket.absence_mark == phone_mark, ticket.service_id == service_id
    )
    return (await reading.session.scalars(statement)).all()
