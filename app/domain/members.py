"""The membership of an agency on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.invitations import InvitationStatus
from app.errors import Conflict, domain_error


class Membership(StrEnum):
    """The membership of an agency on a day: the first of these that fits.

    `retired`: it has left the mall for good. `official`: an agreement is in force and a legal instrument names
    the agency. `official_without_instrument`: an agreement is in force, no instrument names it. `suspended`: an
    agreement is effective but suspended. `lapsed`: it had an agreement and has none now, or it was terminated.
    `withdrawn`, `declined`, `committed`: its last answer to an invitation. `prospective`: it is in the
    catalogue, perhaps invited, and has not answered. Only `official` and `official_without_instrument` are in
    force.
    """

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
class MembershipInputs:
    """What is known of one agency on one day; every field already belongs to that day."""

    retired: bool
    in_force: bool
    suspended: bool
    last_effective_on: date | None
    """The last day on which any agreement was effective, up to the day asked about."""
    answer: InvitationStatus | None
    answered_on: date | None


def membership(facts: MembershipInputs) -> Membership:  # noqa: PLR0911  # one line a word, in the order that counts
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


@domain_error
class MembershipNotInForce(Conflict):
    """Only an agency whose membership is in force opens counters and issues tickets."""

    agency_id: UUID
    membership: Membership
