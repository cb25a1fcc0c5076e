"""Messages to visitors' phones, until they are sent or over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.messages import DeliveryOutcome, MessageKind
from app.domain.names import Language
from app.models.base import Base, MallOwned, Secret, belongs_to, enum_check, of_mall


class Message(MallOwned, Base):
    """What a gateway is to send to a phone. Phone and code are sealed, and gone as soon as its outcome is known.

    What is about a ticket goes to the ticket's phone, which is kept there alone.
    """

    __tablename__ = "messages"
    __table_args__ = (
        of_mall(),
        belongs_to("tickets", "ticket_id"),
        enum_check("kind", MessageKind),
        enum_check("language", Language),
        enum_check("outcome", DeliveryOutcome, optional=True),
        CheckConstraint("outcome IS NULL OR (sealed_phone IS NULL AND sealed_code IS NULL)", name="erased_when_over"),
        CheckConstraint("(kind = 'ticket_near') = (ticket_id IS NOT NULL)", name="about_a_ticket"),
        CheckConstraint("(outcome IS NULL) = (reported_at IS NULL)", name="reported_with_an_outcome"),
        Index("ix_messages_to_send", "mall_id", "id", postgresql_where=text("outcome IS NULL")),
        Index("ix_messages_expiry", "mall_id", "expires_at"),
    )

    kind: Mapped[MessageKind]
    language: Mapped[Language]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """Then it helps nobody any more: it is not shown, and soon erased."""
    ticket_id: Mapped[UUID | None] = mapped_column(default=None)
    sealed_phone: Mapped[Secret[str] | None] = mapped_column(default=None)
    sealed_code: Mapped[Secret[str] | None] = mapped_column(default=None)
    outcome: Mapped[DeliveryOutcome | None] = mapped_column(default=None, init=False)
    reported_at: Mapped[datetime | None] = mapped_column(default=None, init=False)

    def report(self, outcome: DeliveryOutcome, at: datetime) -> None:
        """It was sent, or could not be: nobody needs the phone or the code any more. The first word counts."""
        if self.outcome is None:
            self.outcome, self.reported_at = outcome, at
            self.sealed_phone = self.sealed_code = None
