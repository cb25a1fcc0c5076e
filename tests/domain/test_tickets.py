"""Numbers as people see them, and who is next."""

from decimal import Decimal
from uuid import UUID

import pytest

from app.domain.number_series import shown_number
from app.domain.tickets import Head, next_of, place_between


@pytest.mark.parametrize(
    ("prefix", "ordinal", "shown"),
    [("A", 1, "A-001"), ("A", 42, "A-042"), ("A", 999, "A-999"), ("A", 1000, "A-1000"), ("KTP", 12, "KTP-012")],
)
def test_a_number_has_a_prefix_and_at_least_three_digits(prefix: str, ordinal: int, shown: str) -> None:
    assert shown_number(prefix, ordinal) == shown


def test_the_smallest_place_is_next() -> None:
    heads = [Head(UUID(int=number), Decimal(place)) for number, place in ((1, "17"), (2, "4.5"), (3, "5"), (4, "-1"))]
    assert next_of(heads) == heads[3]
    assert next_of(heads[:3]) == heads[1]
    assert next_of([]) is None


def test_a_place_between_two_lies_between_them_however_often_it_is_halved() -> None:
    ahead, behind = Decimal(4), Decimal(5)
    for _ in range(20):
        middle = place_between(ahead, behind)
        assert ahead < middle < behind
        behind = middle
    assert place_between(Decimal(9), None) > 9, "behind the last"
