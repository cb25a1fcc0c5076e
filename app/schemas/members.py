"""Membership on a day, on the wire."""

from datetime import date
from uuid import UUID

from app.domain.agreements import AgreementKind
from app.domain.members import Membership
from app.schemas.base import LocalizedText, Output


class MouStatus(Output):
    """One agency's membership on a day."""

    agency_id: UUID
    code: str
    name: LocalizedText
    membership: Membership
    in_force: bool
    agreement_id: UUID | None
    agreement_kind: AgreementKind | None
    agreement_number: str | None
    """The mall's number of the agreement that counts on the day."""
    agency_number: str | None
    starts_on: date | None
    ends_on: date | None
    """The last effective day; null: open-ended, or no agreement."""
    days_left: int | None
    """Days after this one on which the agreement is still effective; null when open-ended or not effective."""
    invitation_due_on: date | None
    """The last day to answer an invitation that is still open."""
