"""Numbers as people see them."""

import pytest

from app.domain.number_series import shown_number


@pytest.mark.parametrize(
    ("prefix", "ordinal", "shown"),
    [("A", 1, "A-001"), ("A", 42, "A-042"), ("A", 999, "A-999"), ("A", 1000, "A-1000"), ("KTP", 12, "KTP-012")],
)
def test_a_number_has_a_prefix_and_at_least_three_digits(prefix: str, ordinal: int, shown: str) -> None:
    assert shown_number(prefix, ordinal) == shown
