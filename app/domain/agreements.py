"""Agreements.

*In force*, *expiring* and *expired* are questions about a signed agreement and a day, never stored states.
"""

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.lifecycle import Lifecycle
from app.errors import Conflict, Invalid, domain_error


class AgreementKind(StrEnum):
    """*Nota kesepahaman* or *kesepakatan*, *perjanjian kerja sama (PKS)*, or a decree for city offices."""

    MEMORANDUM = "memorandum"
    COOPERATION_AGREEMENT = "cooperation_agreement"
    DECREE = "decree"


USUAL_TITLE = {
    AgreementKind.MEMORANDUM: "Nota Kesepahaman",
    AgreementKind.COOPERATION_AGREEMENT: "Perjanjian Kerja Sama",
    AgreementKind.DECREE: "Keputusan Kepala Daerah",
}


class AgreementStatus(StrEnum):
    """The last step that was taken with the agreement."""

    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    REJECTED = "rejected"
    SIGNED = "signed"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


COUNTED = (AgreementStatus.SIGNED, AgreementStatus.SUSPENDED, AgreementStatus.TERMINATED)
"""The states in which an agreement has a term that counts on its effective days. What was dated ahead can be corrected
until its day comes, so that in these the same verbs are known; a day that has come is history. What was entered
otherwise than the paper says is corrected on any day."""

AGREEMENT_LIFE: Lifecycle[AgreementStatus] = Lifecycle(
    "agreement",
    {
        AgreementStatus.DRAFT: {"review": AgreementStatus.UNDER_REVIEW},
        AgreementStatus.UNDER_REVIEW: {
            "reject": AgreementStatus.REJECTED,
            "sign": AgreementStatus.SIGNED,
        },
        AgreementStatus.SIGNED: {
            "correct": AgreementStatus.SIGNED,
            "suspend": AgreementStatus.SUSPENDED,
            "reinstate": AgreementStatus.SIGNED,
            "terminate": AgreementStatus.TERMINATED,
        },
        AgreementStatus.SUSPENDED: {
            "correct": AgreementStatus.SUSPENDED,
            "suspend": AgreementStatus.SUSPENDED,
            "reinstate": AgreementStatus.SIGNED,
            "terminate": AgreementStatus.TERMINATED,
        },
        AgreementStatus.TERMINATED: {
            "correct": AgreementStatus.TERMINATED,
            "suspend": AgreementStatus.SUSPENDED,
            "reinstate": AgreementStatus.SIGNED,
            "terminate": AgreementStatus.TERMINATED,
        },
    },
)


def last_effective_day(ends_on: date | None, terminated_from: date | None) -> date | None:
    """The term cut at its termination, which names the first day not in force. None is open-ended."""
    ends = [day for day in (ends_on, terminated_from and terminated_from - timedelta(days=1)) if day]
    return min(ends, default=None)


@domain_error
class AgreementOverlap(Conflict):
    """No two effective agreements of one kind of one agency overlap."""

    member: str
    agreement_id: UUID
    """The agreement whose term is in the way."""


@domain_error
class TermReversed(Invalid):
    """An agreement ends on or after the day it begins."""

    pointer = "/ends_on"
    starts_on: date
    ends_on: date


@domain_error
class NumberMissing(Invalid):
    """Every paper but a decree carries the numbers of both parties."""

    pointer = "/agency_number"
    kind: AgreementKind
    """What kind of paper it is."""


@domain_error
class SignedInFuture(Invalid):
    """The date of signature must not lie in the future."""

    pointer = "/signed_on"
    today: date


@domain_error
class DateInPast(Invalid):
    """A suspension, reinstatement or termination does not begin in the past."""

    pointer = "/from_on"
    today: date


@domain_error
class AfterTheTerm(Invalid):
    """The day named lies behind the last day on which the agreement is effective."""

    pointer = "/from_on"
    ends_on: date
    """The last effective day."""
