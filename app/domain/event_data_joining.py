"""What entries say of agencies, invitations and agreements: see `event_data.py`."""

import datetime as dt

from typing_extensions import TypedDict

from app.domain.agencies import AgencyCategory
from app.domain.agreements import AgreementKind, AgreementStatus
from app.domain.event_data import Edited, Retired
from app.domain.hours import DayHours
from app.domain.invitations import InvitationStatus
from app.domain.names import LocalizedText
from app.domain.stops import WaitingTickets


class AgencyData(TypedDict):
    """An agency."""

    code: str
    name: LocalizedText
    category: AgencyCategory
    office_address: str | None
    office_hours: list[DayHours] | None
    website: str | None
    retired_on: dt.date | None


class AgencyChanged(AgencyData, Edited):
    """An agency after an edit."""


class AgencyRetired(AgencyData, Retired):
    """An agency that has ended."""


class InvitationData(TypedDict):
    """An invitation."""

    invited_on: dt.date
    """The day of the invitation."""
    due_on: dt.date
    status: InvitationStatus
    """What the agency has said."""


class AgreementData(TypedDict):
    """An agreement."""

    kind: AgreementKind
    """A memorandum, a cooperation agreement, or a decree."""
    status: AgreementStatus
    """What was done with it last."""
    mall_number: str | None
    """The mall's number of the paper; null: not signed."""
    agency_number: str | None
    signed_on: dt.date | None
    starts_on: dt.date | None
    """The first day of its term; null: not signed."""
    ends_on: dt.date | None


class AgreementCorrected(AgreementData):
    """An agreement as its paper says, and what becomes of waiting visitors where it is not in force any more."""

    waiting_tickets: WaitingTickets
    """What becomes of who waits."""


class AgreementSuspended(AgreementData):
    """An agreement, the first day on which it is not in force, and what becomes of waiting visitors."""

    suspended_from: dt.date
    """The first day on which it is not in force."""
    waiting_tickets: WaitingTickets
    """What becomes of who waits."""


class AgreementReinstated(AgreementData):
    """An agreement, and the first day on which it is in force again."""

    reinstated_from: dt.date
    """The first day on which it is in force again."""


class AgreementTerminated(AgreementData):
    """An agreement, the first day on which it is not in force, and what becomes of waiting visitors."""

    terminated_from: dt.date
    """The first day on which it is not in force."""
    waiting_tickets: WaitingTickets
    """What becomes of who waits."""
