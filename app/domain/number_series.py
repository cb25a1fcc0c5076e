"""Number series: a prefix of the mall's choice and a number that counts up on each service day."""

from app.errors import Conflict, domain_error


@domain_error
class PrefixTaken(Conflict):
    """A prefix is unique in its mall: two queues never show the same number."""

    pointer = "/prefix"
    value: str


LIKE_DIGITS = frozenset("IO")


def looks_like_digits(prefix: str) -> bool:
    """Whether a prefix has a letter that people take for a digit: O for 0, I for 1."""
    return not LIKE_DIGITS.isdisjoint(prefix)


def parts_of(number: str) -> tuple[str, int]:
    """The prefix and the ordinal of a number as people see it."""
    prefix, _, ordinal = number.partition("-")
    return prefix, int(ordinal)


def shown_number(prefix: str, ordinal: int) -> str:
    """The number as people see it: `A-001`, and `A-1000` after `A-999`."""
    return f"{prefix}-{ordinal:03d}"
