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
    due_on: dt.date
    status: InvitationStatus


class AgreementData(TypedDict):
    """An agreement."""

    kind: AgreementKind
    status: AgreementStatus
    mall_number: str | None
    agency_number: str | None
    signed_on: dt.date | None
    starts_on: dt.date | None
    ends_on: dt.date | None


class AgreementCorrected(AgreementData):
    """An agreement as its paper says, and what becomes of waiting visitors where it is not in force any more."""

    waiting_tickets: WaitingTickets


class AgreementSuspended(AgreementData):
    """An agreement, the first day on which it is not in force, and what becomes of waiting visitors."""

    suspended_from: dt.date
    waiting_tickets: WaitingTickets


class AgreementReinstated(AgreementData):
    """An agreement, and the first day on which it is in force again."""

    reinstated_from: dt.date


class AgreementTerminated(AgreementData):
    """An agreement, the first day on which it is not in force, and what becomes of waiting visitors."""

    terminated_from: dt.date
    waiting_tickets: WaitingTickets
