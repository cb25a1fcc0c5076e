"""Hours of a day and of a week, as minutes since midnight (1440 is the day's end)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from typing_extensions import TypedDict

from app.errors import Invalid, domain_error

DAY = 24 * 60


class BreakHours(TypedDict):
    """A pause within a day's hours, `HH:MM`."""

    starts: str
    ends: str


class DayHours(TypedDict):
    """One weekday's hours (ISO, 1 is Monday), `HH:MM`; `24:00` is the day's end."""

    weekday: int
    opens: str
    closes: str
    breaks: list[BreakHours]


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of one day, from a minute up to but without another."""

    starts: int
    ends: int


WHOLE_DAY = Span(0, DAY)
NOTHING = Span(0, 0)


def minutes(clock: str) -> int:
    """Minutes since midnight of `HH:MM`."""
    return int(clock[:2]) * 60 + int(clock[3:])


def without(spans: Iterable[Span], hole: Span) -> list[Span]:
    """What is left of the spans when the hole is cut out."""
    left = []
    for span in spans:
        left += [
            part
            for part in (Span(span.starts, min(span.ends, hole.starts)), Span(max(span.starts, hole.ends), span.ends))
            if part.starts < part.ends
        ]
    return left


def shared(one: Iterable[Span], other: Sequence[Span]) -> list[Span]:
    """The stretches that both have."""
    both = (Span(max(a.starts, b.starts), min(a.ends, b.ends)) for a in one for b in other)
    return sorted(span for span in both if span.starts < span.ends)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same minutes as sorted spans that neither touch nor overlap."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.starts <= merged[-1].ends:
            merged[-1] = Span(merged[-1].starts, max(merged[-1].ends, span.ends))
        else:
            merged.append(span)
    return merged


@domain_error
class HoursInvalid(Invalid):
    """Hours open before they close, name each weekday once, and hold their breaks."""

    weekday: int
    """The weekday whose hours are wrong (ISO: 1 is Monday)."""
    member: str = "hours"


@dataclass(frozen=True)
class Weekly:
    """A week of opening hours."""

    days: Mapping[int, Sequence[Span]]

    @classmethod
    def of(cls, hours: Iterable[DayHours], member: str = "hours") -> "Weekly":
        """Read stored or sent hours. Raises HoursInvalid."""
        days: dict[int, list[Span]] = {}
        for day in hours:
            opens, closes = minutes(day["opens"]), minutes(day["closes"])
            spans = [Span(opens, closes)]
            if opens >= closes or day["weekday"] in days:
                raise HoursInvalid(weekday=day["weekday"], member=member)
            for pause in day["breaks"]:
                starts, ends = minutes(pause["starts"]), minutes(pause["ends"])
                if not opens <= starts < ends <= closes:
                    raise HoursInvalid(weekday=day["weekday"], member=member)
                spans = without(spans, Span(starts, ends))
            days[day["weekday"]] = spans
        return cls(days)

    def on(self, day: date) -> Sequence[Span]:
        """The hours of that day's weekday."""
        return self.days.get(day.isoweekday(), ())
