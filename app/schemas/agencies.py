"""Agencies, invitations and agreements on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from app.domain.agencies import AgencyCategory
from app.domain.agreements import AgreementKind, AgreementStatus, Membership, WaitingTickets
from app.domain.invitations import Answer, InvitationStanding
from app.schemas.base import Changes, Code, Day, Input, Line, Names, Output, Paragraph, absent
from app.schemas.malls import DayHours, Hours


class Contact(Input):
    """Who answers for the agency. Shown to the mall's people and the agency's own only."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: Line
    phone: Annotated[str | None, StringConstraints(pattern=r"^\+?[0-9 ()-]{5,24}$")] = None
    email: Annotated[
        str | None, StringConstraints(pattern=r"^[^@\s\x00-\x1f\x7f-\x9f]{1,64}@[^@\s\x00-\x1f\x7f-\x9f]{1,190}$")
    ] = None


Website = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00-\x1f\x7f-\x9f]{3,190}$")]


class AgencyRequest(Input):
    """An agency to put into the catalogue."""

    code: Annotated[Code, Field(examples=["DISDUKCAPIL"])]
    name: Names
    category: AgencyCategory
    office_address: Annotated[Paragraph | None, Field(description="Its own office, which it keeps")] = None
    office_hours: Annotated[Hours | None, Field(description="The hours of its own office")] = None
    website: Website | None = None
    contact: Contact | None = None


class AgencyChanges(Changes):
    """What may be changed of an agency. Its code never changes."""

    name: Names = absent()
    category: AgencyCategory = absent()
    office_address: Paragraph | None = None
    office_hours: Hours | None = None
    website: Website | None = None
    contact: Contact | None = None


class Agency(Output):
    """An agency, with what it is to the mall today."""

    id: UUID
    code: str
    name: Names
    category: AgencyCategory
    membership: Membership
    in_force: bool
    """Whether it may open counters and issue tickets today."""
    hours: list[DayHours] | None
    """Its hours at the mall; null: the mall's."""
    office_address: str | None
    office_hours: list[DayHours] | None
    website: str | None
    contact: Contact | None
    """Null also for who may not read it."""
    retired_on: date | None
    version: int
    """What If-Match compares, in the ETag."""


class MouStatus(Output):
    """One agency's standing on a day."""

    agency_id: UUID
    code: str
    name: Names
    membership: Membership
    in_force: bool
    agreement_id: UUID | None
    agreement_kind: AgreementKind | None
    agreement_number: str | None
    """The mall's number of the agreement that speaks for the day."""
    agency_number: str | None
    starts_on: date | None
    ends_on: date | None
    """The last effective day; null: open-ended, or no agreement."""
    days_left: int | None
    """Days after this one on which the agreement is still effective; null when open-ended or not effective."""
    invitation_due_on: date | None
    """Until when an unanswered invitation waits for its answer."""


class InvitationRequest(Input):
    """An agency to invite."""

    agency_id: UUID
    due_on: Annotated[Day | None, Field(description="The last day to answer; seven days from today unless given")] = (
        None
    )


class InvitationAnswer(Input):
    """What the agency says."""

    answer: Annotated[Answer, Field(description="`withdrawn` takes back a commitment while nothing is signed")]
    note: Paragraph | None = None


class Invitation(Output):
    """An invitation and its answer."""

    id: UUID
    agency_id: UUID
    invited_on: date
    due_on: date
    status: InvitationStanding
    """`no_response` is an unanswered invitation whose due date is over; it can still be answered."""
    answered_on: date | None
    withdrawn_on: date | None
    note: str | None


class AgreementDraft(Input):
    """A paper to begin."""

    agency_id: UUID
    kind: AgreementKind
    title: Annotated[
        Line | None,
        Field(description="The paper's own title; null: what such a paper is usually called"),
    ] = None
    scope: Annotated[Paragraph | None, Field(description="What is agreed on, in a few sentences")] = None


class Signature(Input):
    """The term and both parties' numbers."""

    signed_on: Annotated[Day | None, Field(description="Today or in the past; null: today")] = None
    starts_on: Annotated[Day, Field(description="The first day in force; may lie in the past")]
    ends_on: Annotated[Day | None, Field(description="The last day in force; null: open-ended")] = None
    mall_number: Annotated[Line, Field(examples=["100.3.7/12/DPMPTSP/2026"])]
    agency_number: Annotated[
        Line | None, Field(description="May be null for a decree only", examples=["B-77/KP/2026"])
    ] = None


class Rejection(Input):
    """Why the review ended without a signature."""

    reason: Paragraph


class Interruption(Input):
    """From when the agreement is not in force, why, and what becomes of who waits."""

    from_on: Annotated[
        Day | None,
        Field(description="The first day not in force, today or later; null or today: from this very moment"),
    ] = None
    waiting_tickets: Annotated[
        WaitingTickets,
        Field(description="serve: who waits is still called today; cancel: they are cancelled, and told why"),
    ]
    reason: Annotated[Paragraph | None, Field(description="Why, for the parties")] = None


class Reinstatement(Input):
    """From when the agreement is in force again."""

    from_on: Annotated[Day | None, Field(description="Today or later; null: today, from this very moment")] = None


class Retirement(Input):
    """The end of a thing of the catalogue, from this very act, and what becomes of who waits."""

    waiting_tickets: Annotated[
        WaitingTickets,
        Field(description="serve: who waits is still called today; cancel: they are cancelled, and told why"),
    ]


class Suspension(Output):
    """Days on which a signed agreement is not in force."""

    from_on: date
    """The first day not in force."""
    until_on: date | None
    """The first day in force again; null: not reinstated."""
    reason: str | None
    waiting_tickets: WaitingTickets


class Agreement(Output):
    """A paper between the mall and an agency."""

    id: UUID
    agency_id: UUID
    kind: AgreementKind
    title: str
    scope: str | None
    status: AgreementStatus
    """What was last done to it; whether it is in force today is another question."""
    in_force: bool
    mall_number: str | None
    agency_number: str | None
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    terminated_from: date | None
    """The first day not in force after a termination."""
    reason: str | None
    suspensions: list[Suspension]
