"""What the database keeps of tickets in a test's mall."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app import models
from tests.given.asking import Json
from tests.given.base import MallBase


class Tickets(MallBase):
    """Issued, called and handled by an `Asker`; looked at here."""

    async def intervals(self, ticket: Json) -> Sequence[models.TicketInterval]:
        """Where a ticket has been."""
        interval = models.TicketInterval
        async with self.database.reading(self.ref) as reading:
            rows = await reading.session.scalars(
                select(interval)
                .where(interval.mall_id == self.ref.id, interval.ticket_id == UUID(ticket["id"]))
                .order_by(interval.started_at, interval.id)
            )
            return rows.all()
