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
    """The agency's code: upper case, unique in the mall, never changes."""
    name: LocalizedText
    """What the agency is called, in both languages."""
    membership: Membership
    in_force: bool
    agreement_id: UUID | None
    """The agreement that counts on the day; null: there is none."""
    agreement_kind: AgreementKind | None
    """What kind of paper it is; null: there is none."""
    agreement_number: str | None
    """The mall's number of the agreement that counts on the day; null: there is none."""
    agency_number: str | None
    """The agency's number of that agreement; null: it has none."""
    starts_on: date | None
    """The first day of its term; null: there is none."""
    ends_on: date | None
    """The last effective day; null: open-ended, or no agreement."""
    days_left: int | None
    """Days after this one on which the agreement is still effective; null when open-ended or not effective."""
    invitation_due_on: date | None
    """The last day to answer an invitation that is still open; null: none is."""
