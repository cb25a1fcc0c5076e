"""Agreements, and what being a member on a day means.

*In force*, *expiring* and *expired* are questions about a signed agreement and a day, never stored states.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.invitations import InvitationStatus
from app.domain.lifecycle import Lifecycle
from app.errors import Conflict, Invalid, fact


class AgreementKind(StrEnum):
    """The paper: *nota kesepahaman* or *kesepakatan*, *perjanjian kerja sama (PKS)*, or a decree for city offices."""

    MEMORANDUM = "memorandum"
    COOPERATION_AGREEMENT = "cooperation_agreement"
    DECREE = "decree"


USUAL_TITLE = {
    AgreementKind.MEMORANDUM: "Nota Kesepahaman",
    AgreementKind.COOPERATION_AGREEMENT: "Perjanjian Kerja Sama",
    AgreementKind.DECREE: "Keputusan Kepala Daerah",
}


class AgreementStatus(StrEnum):
    """What was last done to the paper."""

    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    REJECTED = "rejected"
    SIGNED = "signed"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


COUNTED = (AgreementStatus.SIGNED, AgreementStatus.SUSPENDED, AgreementStatus.TERMINATED)
"""The states in which an agreement has a term that counts on its effective days."""

AGREEMENT_LIFE: Lifecycle[AgreementStatus] = Lifecycle(
    "agreement",
    {
        AgreementStatus.DRAFT: {"review": AgreementStatus.UNDER_REVIEW},
        AgreementStatus.UNDER_REVIEW: {
            "reject": AgreementStatus.REJECTED,
            "sign": AgreementStatus.SIGNED,
        },
        AgreementStatus.SIGNED: {
            "suspend": AgreementStatus.SUSPENDED,
            "terminate": AgreementStatus.TERMINATED,
        },
        AgreementStatus.SUSPENDED: {
            "reinstate": AgreementStatus.SIGNED,
            "terminate": AgreementStatus.TERMINATED,
        },
    },
)


class WaitingTickets(StrEnum):
    """What becomes of who is already waiting when a membership is suspended or ends."""

    SERVE = "serve"
    CANCEL = "cancel"


class Membership(StrEnum):
    """What an agency is to the mall on a day."""

    RETIRED = "retired"
    OFFICIAL = "official"
    OFFICIAL_WITHOUT_INSTRUMENT = "official_without_instrument"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    COMMITTED = "committed"
    PROSPECTIVE = "prospective"


@dataclass(frozen=True)
class MembershipFacts:
    """What is known of one agency on one day; every field already belongs to that day."""

    retired: bool
    in_force: bool
    suspended: bool
    last_effective_on: date | None
    """The last day on which any agreement was effective, up to the day asked about."""
    answer: InvitationStatus | None
    answered_on: date | None


def membership(facts: MembershipFacts) -> Membership:  # noqa: PLR0911  # one line a word, in the order that counts
    """The first that fits. An answer later than the last agreement's end counts before `lapsed`."""
    if facts.retired:
        return Membership.RETIRED
    if facts.in_force:
        return Membership.OFFICIAL_WITHOUT_INSTRUMENT
    if facts.suspended:
        return Membership.SUSPENDED
    ended_on = facts.last_effective_on
    answered_since = facts.answered_on is not None and (ended_on is None or facts.answered_on > ended_on)
    if ended_on is not None and not answered_since:
        return Membership.LAPSED
    match facts.answer:
        case InvitationStatus.WITHDRAWN:
            return Membership.WITHDRAWN
        case InvitationStatus.DECLINED:
            return Membership.DECLINED
        case InvitationStatus.COMMITTED:
            return Membership.COMMITTED
        case _:
            return Membership.PROSPECTIVE


def last_effective_day(ends_on: date | None, terminated_from: date | None) -> date | None:
    """The term cut at its termination, which names the first day not in force. None is open-ended."""
    ends = [day for day in (ends_on, terminated_from and terminated_from - timedelta(days=1)) if day]
    return min(ends, default=None)


@fact
class MembershipNotInForce(Conflict):
    """Only an agency whose membership is in force opens counters and issues tickets."""

    agency_id: str
    membership: Membership


@fact
class AgreementOverlap(Conflict):
    """No two effective agreements of one kind of one agency overlap."""

    pointer = "/starts_on"
    agreement_id: str


@fact
class TermReversed(Invalid):
    """An agreement ends on or after the day it begins."""

    pointer = "/ends_on"
    starts_on: str
    ends_on: str


@fact
class NumberMissing(Invalid):
    """Every paper but a decree carries the numbers of both parties."""

    pointer = "/agency_number"
    kind: AgreementKind


@fact
class SignedInFuture(Invalid):
    """A signature is a thing of today or of the past."""

    pointer = "/signed_on"
    today: str


@fact
class DateInPast(Invalid):
    """A suspension, reinstatement or termination does not begin in the past."""

    pointer = "/from_on"
    today: str


@fact
class AfterTheTerm(Invalid):
    """The day named lies outside the days on which the agreement is effective."""

    pointer = "/from_on"
    ends_on: str
