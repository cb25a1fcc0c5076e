"""What an agency is to the mall on a day: one word, the first that fits."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.agreements import last_effective_day
from app.domain.invitations import InvitationStatus
from app.domain.members import Membership, MembershipInputs, membership

ENDED, BEFORE, AFTER = date(2026, 6, 30), date(2026, 6, 29), date(2026, 7, 1)
NOTHING = MembershipInputs(
    retired=False, in_force=False, suspended=False, last_effective_on=None, answer=None, answered_on=None
)


def test_the_first_word_that_fits_is_said() -> None:
    lapsed = replace(NOTHING, last_effective_on=ENDED, answer=InvitationStatus.WITHDRAWN, answered_on=BEFORE)
    suspended = replace(lapsed, suspended=True)
    in_force = replace(suspended, in_force=True)
    retired = replace(in_force, retired=True)
    withdrawn = replace(lapsed, last_effective_on=None)
    said = [membership(each) for each in (retired, in_force, suspended, lapsed, withdrawn)]
    assert said == [
        Membership.RETIRED,
        Membership.OFFICIAL_WITHOUT_INSTRUMENT,
        Membership.SUSPENDED,
        Membership.LAPSED,
        Membership.WITHDRAWN,
    ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (InvitationStatus.WITHDRAWN, Membership.WITHDRAWN),
        (InvitationStatus.DECLINED, Membership.DECLINED),
        (InvitationStatus.COMMITTED, Membership.COMMITTED),
    ],
)
def test_an_answer_counts_before_lapsed_only_when_it_is_later_than_the_last_end(
    answer: InvitationStatus, said: Membership
) -> None:
    answered = replace(NOTHING, answer=answer, answered_on=BEFORE)
    assert membership(answered) == said
    for day, expected in ((BEFORE, Membership.LAPSED), (ENDED, Membership.LAPSED), (AFTER, said)):
        assert membership(replace(answered, last_effective_on=ENDED, answered_on=day)) == expected


def test_who_has_not_answered_is_prospective_and_stays_lapsed_when_invited_again() -> None:
    invited = replace(NOTHING, answer=InvitationStatus.INVITED)
    assert membership(invited) == membership(NOTHING) == Membership.PROSPECTIVE
    assert membership(replace(invited, last_effective_on=ENDED)) == Membership.LAPSED


def test_the_last_effective_day_is_the_terms_end_cut_at_the_termination() -> None:
    assert last_effective_day(None, None) is None
    assert last_effective_day(ENDED, None) == ENDED
    assert last_effective_day(None, AFTER) == ENDED, "a termination names the first day not in force"
    assert last_effective_day(date(2027, 1, 1), AFTER) == ENDED
    assert last_effective_day(BEFORE, AFTER) == BEFORE, "a termination does not lengthen a term"
