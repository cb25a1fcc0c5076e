"""What is counted of a service's day, and by which events; and what a day or a month was like, in figures."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, zip_longest
from math import ceil
from typing import Any, NamedTuple, TypeAlias, TypeVar
from uuid import UUID

from app.domain.events import Event
from app.domain.tickets import TicketStatus


class Count(StrEnum):
    """What is counted of one service on one service day.

    Tickets issued; transferred to it and away from it; calls to a counter, repeated ones left out; and tickets by how
    they ended. What came back or was reopened has not ended. So what was issued and transferred in, less what was
    transferred out and all that have ended, is still open.
    """

    ISSUED = "issued"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    CALLED = "called"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


COUNTED: Mapping[str, Count] = {
    Event.TICKET_ISSUED: Count.ISSUED,
    Event.TICKET_TRANSFERRED: Count.TRANSFERRED_IN,
    Event.TICKET_CALLED: Count.CALLED,
    Event.TICKET_COMPLETED: Count.COMPLETED,
    Event.TICKET_MARKED_NO_SHOW: Count.NO_SHOW,
    Event.TICKET_CANCELLED: Count.CANCELLED,
    Event.TICKET_EXPIRED: Count.EXPIRED,
}


TAKEN_BACK = (TicketStatus.COMPLETED, TicketStatus.NO_SHOW, TicketStatus.CANCELLED)
"""How a ticket has ended that goes on after all."""


def counted(event: str, state_before: str | None) -> Mapping[Count, int]:
    """What an event adds at its ticket's service, by the state that the ticket was in before.

    Where it was transferred from, that is one more `transferred_out`.
    """
    if event in (Event.TICKET_RETURNED, Event.TICKET_REOPENED) and state_before in TAKEN_BACK:
        return {Count(state_before): -1}
    count = COUNTED.get(event)
    return {} if count is None else {count: 1}


class By(StrEnum):
    """What figures are told apart by."""

    MALL = "mall"
    AGENCY = "agency"
    SERVICE = "service"
    COUNTER = "counter"
    OFFICER = "officer"
    HOUR = "hour"
    CHANNEL = "channel"
    PRIORITY_CLASS = "priority_class"


class Span(StrEnum):
    """Over how long figures are kept."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """A day or a month of a mall."""

    span: Span
    starts_on: date

    @classmethod
    def of(cls, text: str) -> "Period":
        """The day `2027-03-01`, or the month `2027-03`. Raises ValueError."""
        is_month = len(text) == len("2027-03")
        return cls(Span.MONTH if is_month else Span.DAY, date.fromisoformat(f"{text}-01" if is_month else text))

    def __str__(self) -> str:
        """As it is asked for."""
        return self.starts_on.isoformat()[: len("2027-03") if self.span is Span.MONTH else None]

    def days(self, today: date) -> list[date]:
        """Its days up to today."""
        day, found = self.starts_on, []
        while day <= today and (day == self.starts_on or (self.span is Span.MONTH and day.day != 1)):
            found.append(day)
            day += timedelta(days=1)
        return found


FINENESS = 0.05
"""How much longer each step of a histogram is than the one before it."""
FIRST_STEPS = 30
"""Seconds; below it steps are about FINENESS of it, and do not shrink any more."""
FEWEST = 10
"""Of fewer people nothing is told where it says what sort of people they are."""


STARTS = [FIRST_STEPS * ((1 + FINENESS) ** step - 1) for step in range(200)]
"""From which duration on each step counts, in seconds; the last is beyond any day."""


@dataclass
class Durations:
    """How many took how long, as a histogram that can be added to others.

    A duration that is read out of it is off by at most half a step: 2.5 % of it and one second.
    """

    steps: list[int] = field(default_factory=list)
    """How many fell into each step, up to the last into which any fell."""

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Durations":
        """These durations."""
        numbers = [bisect_right(STARTS, each) - 1 for each in seconds]
        found = [0] * (max(numbers, default=-1) + 1)
        for number in numbers:
            found[number] += 1
        return cls(found)

    @classmethod
    def total(cls, parts: Iterable["Durations"]) -> "Durations":
        """All of these together."""
        return cls([sum(step) for step in zip_longest(*(each.steps for each in parts), fillvalue=0)])

    def count_one(self, seconds: float, by: int = 1) -> None:
        """One more took so long; or one less, where `by` is -1."""
        step = bisect_right(STARTS, seconds) - 1
        self.steps += [0] * (step + 1 - len(self.steps))
        self.steps[step] += by
        while self.steps and not self.steps[-1]:
            self.steps.pop()

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.steps)

    @property
    def median_seconds(self) -> int | None:
        """Half of all took at most so many seconds."""
        return self._quantile(0.5)

    @property
    def ninetieth_seconds(self) -> int | None:
        """Nine of ten took at most so many seconds."""
        return self._quantile(0.9)

    def _quantile(self, part: float) -> int | None:
        """The duration that so large a part of all did not exceed: the middle of its step; None: there are none."""
        up_to = list(accumulate(self.steps))
        if not up_to:
            return None
        step = bisect_left(up_to, ceil(part * up_to[-1]))
        middle: float = (1 + FINENESS) ** (step + 0.5)
        return round(FIRST_STEPS * (middle - 1))


@dataclass
class Figures:
    """What happened, in numbers that can be added to others."""

    arrivals: int = 0
    completed: int = 0
    no_show: int = 0
    cancelled: int = 0
    expired: int = 0
    transferred: int = 0
    waiting: Durations = field(default_factory=Durations)
    handling: Durations = field(default_factory=Durations)

    @property
    def people(self) -> int:
        """At least so many people are in them: who was sent here from another service has not arrived here."""
        ended = self.completed + self.no_show + self.cancelled + self.expired
        stayed = self.transferred or self.waiting.count or self.handling.count  # one may wait often
        return max(self.arrivals, ended) or int(bool(stayed))

    @classmethod
    def total(cls, parts: Sequence["Figures"]) -> "Figures":
        """All of these together."""
        return cls(
            arrivals=sum(each.arrivals for each in parts),
            completed=sum(each.completed for each in parts),
            no_show=sum(each.no_show for each in parts),
            cancelled=sum(each.cancelled for each in parts),
            expired=sum(each.expired for each in parts),
            transferred=sum(each.transferred for each in parts),
            waiting=Durations.total(each.waiting for each in parts),
            handling=Durations.total(each.handling for each in parts),
        )

    def kept(self) -> dict[str, Any]:
        """As they are kept."""
        return {name: value.steps if isinstance(value, Durations) else value for name, value in vars(self).items()}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Figures":
        """As they were kept."""
        durations = {name: Durations(kept.get(name, [])) for name in ("waiting", "handling")}
        return cls(**{**kept, **durations})


MOST_TICKETS = 50_000
"""So many are kept in days that go on; each takes about a kilobyte."""
Group: TypeAlias = tuple[UUID, str]
"""A service, and a word of what figures are told apart by."""


class Fact(NamedTuple):
    """What a ticket adds to the figures of a group: one more, or one that took so many seconds."""

    group: Group
    figure: str
    seconds: int | None


@dataclass
class LiveDay:
    """The figures of a day that goes on, kept ticket by ticket.

    What a ticket adds follows from the ticket and where it has been, and from nothing else. So what it adds now takes
    the place of what it added before, whatever has happened to it meanwhile, and the others are not looked at.
    """

    day: date
    sequence: int
    """Of the last entry that it has heard of."""
    hash: bytes
    figures: dict[Group, Figures] = field(default_factory=dict)
    _facts: dict[UUID, list[Fact]] = field(default_factory=dict)

    @property
    def tickets(self) -> int:
        """How many tickets it knows."""
        return len(self._facts)

    def tell(self, ticket_ids: Iterable[UUID], facts: Iterable[tuple[UUID, Fact]]) -> None:
        """These are all the facts of these tickets now."""
        for ticket_id in ticket_ids:
            for fact in self._facts.pop(ticket_id, ()):
                self._count(fact, -1)
        for ticket_id, fact in facts:
            self._facts.setdefault(ticket_id, []).append(fact)
            self._count(fact, 1)

    def _count(self, fact: Fact, by: int) -> None:
        figures = self.figures.setdefault(fact.group, Figures())
        if fact.seconds is None:
            setattr(figures, fact.figure, getattr(figures, fact.figure) + by)
        else:
            getattr(figures, fact.figure).count_one(fact.seconds, by)
        if by < 0 and figures == Figures():
            del self.figures[fact.group]


class LiveDays:
    """The days that one process keeps, each told apart by one thing; the one that was kept first goes first."""

    def __init__(self) -> None:
        self._days: dict[tuple[int, By], LiveDay] = {}

    def of(self, mall_id: int, by: By, day: date) -> LiveDay | None:
        """A mall's day, if it is kept."""
        kept = self._days.get((mall_id, by))
        return kept if kept and kept.day == day else None

    def keep(self, mall_id: int, by: By, day: LiveDay) -> None:
        """Keep a day that was counted; others go where they are too many."""
        self._days.pop((mall_id, by), None)
        self._days[mall_id, by] = day
        while sum(each.tickets for each in self._days.values()) > MOST_TICKETS:
            del self._days[next(iter(self._days))]


Word = TypeVar("Word")


def too_few(people: Mapping[Word, int]) -> set[Word]:
    """The groups of which nothing is told: those of fewer than ten, and one more where these could be reckoned back."""
    by_size: Sequence[Word] = sorted((each for each in people if people[each]), key=people.__getitem__)
    hidden: list[Word] = []
    for each in by_size:
        if people[each] < FEWEST or (hidden and sum(people[one] for one in hidden) < FEWEST):
            hidden.append(each)
    return set(hidden)
