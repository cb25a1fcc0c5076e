"""An invitation to join: it is answered, or its due date passes (*no response*, a question about a day)."""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.lifecycle import Lifecycle
from app.errors import Conflict, Invalid, domain_error

DAYS_TO_ANSWER = timedelta(days=7)


class InvitationStatus(StrEnum):
    """What is stored."""

    INVITED = "invited"
    COMMITTED = "committed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ShownInvitationStatus(StrEnum):
    """The stored states, and `no_response`, which follows from the due date."""

    INVITED = "invited"
    COMMITTED = "committed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NO_RESPONSE = "no_response"


class Answer(StrEnum):
    """An agency's answer; the invitation's status follows from it."""

    COMMITTED = "committed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


VERB_OF = {Answer.COMMITTED: "commit", Answer.DECLINED: "decline", Answer.WITHDRAWN: "withdraw"}
INVITATION_LIFE: Lifecycle[InvitationStatus] = Lifecycle(
    "invitation",
    {
        InvitationStatus.INVITED: {
            "commit": InvitationStatus.COMMITTED,
            "decline": InvitationStatus.DECLINED,
        },
        InvitationStatus.COMMITTED: {"withdraw": InvitationStatus.WITHDRAWN},
    },
)


@domain_error
class InvitationOpen(Conflict):
    """An agency has one unanswered invitation at a time."""

    pointer = "/agency_id"
    invitation_id: UUID
    """The open invitation."""
    due_on: date
    """Until when the open invitation can be answered."""


@domain_error
class DueDatePassed(Invalid):
    """The due date must not lie in the past."""

    pointer = "/due_on"
    due_on: date
    """The due date that was asked for."""


@domain_error
class AgreementExists(Conflict):
    """After signing, a commitment cannot be withdrawn; the agreement is terminated instead."""

    agreement_id: UUID
    """The agreement that is there."""
