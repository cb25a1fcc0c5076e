"""Agreements on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.agreements import AgreementKind, AgreementStatus
from app.domain.stops import WaitingTickets
from app.schemas.base import Day, Input, Line, Output, Paragraph
from app.schemas.stops import Aftermath


class AgreementDraft(Input):
    """An agreement to draft."""

    agency_id: UUID
    kind: AgreementKind
    """What kind of paper it is."""
    title: Annotated[
        Line | None,
        Field(description="The title of the paper; null: the usual one of its kind"),
    ] = None
    scope: Annotated[
        Paragraph | None, Field(description="What is agreed on, in a few sentences; null: nothing is written")
    ] = None


class Signature(Input):
    """The term of the agreement and the numbers of both parties."""

    signed_on: Annotated[Day | None, Field(description="Today or in the past; null: today")] = None
    starts_on: Annotated[Day, Field(description="The first day in force; may lie in the past")]
    ends_on: Annotated[Day | None, Field(description="The last day in force; null: open-ended")] = None
    mall_number: Annotated[Line, Field(examples=["100.3.7/12/DPMPTSP/2026"])]
    agency_number: Annotated[
        Line | None, Field(description="May be null for a decree only", examples=["B-77/KP/2026"])
    ] = None


class Correction(Input):
    """What the paper says, all of it, where the signature was entered wrongly."""

    signed_on: Annotated[Day, Field(description="Today or in the past")]
    starts_on: Annotated[Day, Field(description="The first day in force")]
    ends_on: Annotated[Day | None, Field(description="The last day in force; null: open-ended")]
    mall_number: Annotated[Line, Field(examples=["100.3.7/12/DPMPTSP/2026"])]
    agency_number: Annotated[Line | None, Field(description="May be null for a decree only", examples=["B-77/KP/2026"])]
    waiting_tickets: Annotated[
        WaitingTickets,
        Field(
            description="Where the agency is not in force any more: whether waiting tickets are still called today "
            "(serve), or cancelled with the reason (cancel)"
        ),
    ] = WaitingTickets.SERVE


class Rejection(Input):
    """Why the review ended without a signature."""

    reason: Paragraph
    """Why the review ended without a signature, for the parties."""


class Interruption(Input):
    """From when the agreement is not in force, why, and what happens to waiting tickets."""

    from_on: Annotated[
        Day | None,
        Field(description="The first day not in force, today or later; null or today: from this moment"),
    ] = None
    waiting_tickets: Annotated[
        WaitingTickets,
        Field(description="serve: waiting tickets are still called today; cancel: they are cancelled with the reason"),
    ]
    reason: Annotated[Paragraph | None, Field(description="The reason, for the parties; null: none is given")] = None


class Reinstatement(Input):
    """From when the agreement is in force again."""

    from_on: Annotated[Day | None, Field(description="Today or later; null: today, from this moment")] = None


class Suspension(Output):
    """Days on which a signed agreement is not in force."""

    suspended_from: date
    """The first day not in force."""
    reinstated_from: date | None
    """The first day in force again; null: not reinstated."""
    reason: str | None
    """The reason, for the parties; null: none was given."""
    waiting_tickets: WaitingTickets
    """What becomes of who waits when it begins."""


class Agreement(Output):
    """An agreement between the mall and an agency."""

    id: UUID
    agency_id: UUID
    kind: AgreementKind
    """What kind of paper it is."""
    title: str
    """The title of the paper: what was given, or the usual one of its kind."""
    scope: str | None
    """What is agreed on; null: nothing was written."""
    status: AgreementStatus
    """The last step that was taken. Whether the agreement is in force today is in `in_force`."""
    in_force: bool
    """Whether it is signed, effective and not suspended today."""
    mall_number: str | None
    """The mall's number of the paper; null: not signed."""
    agency_number: str | None
    signed_on: date | None
    starts_on: date | None
    """The first day of the term; null: not signed."""
    ends_on: date | None
    """The last day of the term; null: open-ended, or not signed."""
    terminated_from: date | None
    """The first day not in force after a termination; null: it was not terminated."""
    reason: str | None
    """Why it was rejected or terminated; null: it was not, or no reason was given."""
    suspensions: list[Suspension]
    """The days on which it was not in force, or will not be, in the order in which they were entered."""


class InterruptedAgreement(Agreement):
    """An agreement that was just suspended, terminated or corrected, and what that leaves to handle."""

    aftermath: Aftermath | None
    """Null: nothing stopped, because the day is still to come or another agreement is in force."""
