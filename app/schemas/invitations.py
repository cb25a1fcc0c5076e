"""Invitations on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.invitations import Answer, ShownInvitationStatus
from app.schemas.base import Day, Input, Output, Paragraph


class InvitationRequest(Input):
    """An agency to invite."""

    agency_id: UUID
    due_on: Annotated[
        Day | None, Field(description="The last day to answer, today or later; null: seven days from today")
    ] = None


class InvitationAnswer(Input):
    """The agency's answer."""

    answer: Annotated[Answer, Field(description="`withdrawn` takes back a commitment while nothing is signed")]
    note: Paragraph | None = None
    """A remark for the mall; null: none."""


class Invitation(Output):
    """An invitation and its answer."""

    id: UUID
    agency_id: UUID
    invited_on: date
    """The day of the invitation, local to the mall."""
    due_on: date
    status: ShownInvitationStatus
    """`no_response` is an unanswered invitation whose due date has passed; it can still be answered."""
    answered_on: date | None
    """The day of the answer, local to the mall; null: not answered."""
    withdrawn_on: date | None
    """The day on which the commitment was taken back; null: it was not."""
    note: str | None
    """The agency's remark; null: none."""
