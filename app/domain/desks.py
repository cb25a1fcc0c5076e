"""Desks (*meja*) that counters of several agencies share: on a weekday a desk is one counter's."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from app.errors import Conflict, domain_error


@domain_error
class DeskTaken(Conflict):
    """Counters that share a desk have different weekdays, and one of them is open at a time."""

    member: str | None
    """The member of the request's body that is at fault; null: none, the other counter is open now."""
    counter_id: UUID
    """The counter whose desk it is."""


@domain_error
class CounterNotToday(Conflict):
    """A counter opens on its own weekdays only; on others its desk may be another agency's."""

    weekdays: list[int]
    next_on: date
    """The next day on which it opens."""


def is_there(weekdays: Sequence[int] | None, day: date) -> bool:
    """Whether a counter with these weekdays is there on a day; without any it is there every day."""
    return weekdays is None or day.isoweekday() in weekdays


def not_today(weekdays: list[int] | None, today: date) -> CounterNotToday | None:
    """What keeps a counter with these weekdays from opening today; None: nothing does."""
    if weekdays is None or is_there(weekdays, today):
        return None
    days = (today + timedelta(days=number) for number in range(1, 8))
    return CounterNotToday(weekdays=weekdays, next_on=next(each for each in days if is_there(weekdays, each)))


def overlap(one: Sequence[int] | None, other: Sequence[int] | None) -> bool:
    """Whether there is a weekday on which both are there."""
    return one is None or other is None or not set(one).isdisjoint(other)
