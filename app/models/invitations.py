"""Invitations to join a mall."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_joining
from app.domain.invitations import INVITATION_LIFE, VERB_OF, Answer, InvitationStatus
from app.models.base import Base, MallOwned, Personal, Recorded, belongs_to, enum_check


class Invitation(Recorded, MallOwned, Base):
    """An invitation with a due date, and the answer."""

    records = event_data_joining.InvitationData

    __tablename__ = "invitations"
    __table_args__ = (
        belongs_to("agencies", "agency_id"),
        enum_check("status", InvitationStatus),
        CheckConstraint("due_on >= invited_on", name="dates_in_order"),
        CheckConstraint("(answered_on IS NULL) = (status = 'invited')", name="answered_when_answered"),
        CheckConstraint("(withdrawn_on IS NULL) = (status <> 'withdrawn')", name="withdrawn_when_withdrawn"),
        Index("ix_invitations_agency", "mall_id", "agency_id", "id"),
    )

    agency_id: Mapped[UUID]
    invited_on: Mapped[date]
    due_on: Mapped[date]
    status: Mapped[InvitationStatus] = mapped_column(default=InvitationStatus.INVITED, init=False)
    answered_on: Mapped[date | None] = mapped_column(default=None, init=False)
    withdrawn_on: Mapped[date | None] = mapped_column(default=None, init=False)
    note: Mapped[Personal[str] | None] = mapped_column(default=None, init=False)

    def answer(self, answer: Answer, on: date, note: str | None) -> None:
        """Commit, decline, or withdraw a commitment."""
        self.status = INVITATION_LIFE.after(self.status, VERB_OF[answer])
        self.note = note
        if answer is Answer.WITHDRAWN:
            self.withdrawn_on = on
        else:
            self.answered_on = on
