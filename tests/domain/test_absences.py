"""How many absences block the web, from when, and until which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.absences import AbsencePolicy

FIRST = date(2027, 3, 1)
POLICY = AbsencePolicy(no_shows=3, days=7)
DAYS = st.lists(st.integers(0, 60), max_size=12)


def on(*days: int) -> list[date]:
    """These days of March."""
    return [FIRST + timedelta(days=each - 1) for each in days]


def blocked(absences: list[date], today: int, policy: AbsencePolicy = POLICY) -> tuple[int, date] | None:
    found = policy.block(absences, *on(today))
    return (found.no_shows, found.next_numbers_on) if found else None


@pytest.mark.parametrize(
    ("absences", "today", "expected"),
    [
        ((), 1, None),
        ((1, 2), 2, None),
        ((1, 2, 3), 3, (3, 10)),
        ((1, 2, 3), 9, (3, 10)),
        ((1, 2, 3), 10, None),
        ((3, 3, 3), 3, (3, 10)),
        ((3, 1, 2), 9, (3, 10)),
        ((1, 2, 7), 13, (3, 14)),
        ((1, 2, 8), 8, None),
        ((1, 2, 3, 9), 9, (3, 10)),
        ((1, 2, 3, 9, 9), 9, (3, 16)),
        ((1, 2, 3, 4), 4, (4, 11)),
    ],
    ids=[
        "none",
        "one too few",
        "exactly as many, on the day itself",
        "its last day",
        "the day it ends",
        "all on one day",
        "in any order",
        "the first and the last in seven days",
        "the first and the last in eight days",
        "one more that is alone leaves the block as it is",
        "with others it makes it longer",
        "more than needed run from the latest",
    ],
)
def test_edges(absences: tuple[int, ...], today: int, expected: tuple[int, int] | None) -> None:
    assert blocked(on(*absences), today) == (expected and (expected[0], on(expected[1])[0]))


def test_one_absence_and_one_day() -> None:
    strict = AbsencePolicy(no_shows=1, days=1)
    assert blocked(on(5), 5, strict) == (1, *on(6))
    assert blocked(on(5), 6, strict) is None


@given(DAYS, st.integers(0, 60), st.integers(1, 4), st.integers(1, 9))
def test_one_absence_more_never_opens_the_web_and_what_is_forgotten_never_counts(
    days: list[int], more: int, no_shows: int, length: int
) -> None:
    policy, today = AbsencePolicy(no_shows, length), 60
    absences = on(*days)
    found, with_more = blocked(absences, today, policy), blocked([*absences, *on(more)], today, policy)
    assert found is None or (with_more is not None and with_more[1] >= found[1])
    kept = [each for each in absences if each > on(today)[0] - timedelta(days=2 * length)]
    assert blocked(kept, today, policy) == found
    assert found is None or on(today)[0] < found[1] <= on(today)[0] + timedelta(days=length)
