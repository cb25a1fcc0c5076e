"""When a mall and its agencies are open: weekly hours, periods, holidays and exceptions, in the mall's zone.

Everything here is local: a day is a date of the mall, a time is minutes since its midnight (1440 is the day's end).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from typing_extensions import TypedDict

from app.domain.names import LocalizedText
from app.errors import Conflict, Invalid, domain_error

DAY = 24 * 60
LOOK_AHEAD_DAYS = 400
"""How far the next opening is looked for: past a year nobody's answer is a plan."""
CLOSING_LOOK_AHEAD_DAYS = 2
"""Who closes later than that is simply open."""


class TimeZone(StrEnum):
    """The zones of Indonesia: WIB, WITA and WIT."""

    JAKARTA = "Asia/Jakarta"
    PONTIANAK = "Asia/Pontianak"
    MAKASSAR = "Asia/Makassar"
    JAYAPURA = "Asia/Jayapura"


class ExceptionKind(StrEnum):
    """Open replaces all lower layers with its hours; closed takes its hours away."""

    OPEN = "open"
    CLOSED = "closed"


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


@dataclass(frozen=True)
class Schedule:
    """Weekly hours of the mall (no agency) or an agency; a period's (with dates) replace the owner's on its days."""

    agency_id: UUID | None
    weekly: Weekly
    starts_on: date | None = None
    ends_on: date | None = None
    name: LocalizedText | None = None
    """A period is called something."""

    def covers(self, day: date) -> bool:
        """Whether its dates, if it has any, hold the day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@domain_error
class PeriodsOverlap(Conflict):
    """Two periods of the mall, or two of one agency, must not share a day."""

    pointer = "/starts_on"
    period_id: UUID


@dataclass(frozen=True)
class CalendarException:
    """A dated deviation of the mall (no agency) or of one agency, with its reason."""

    agency_id: UUID | None
    kind: ExceptionKind
    starts_on: date
    ends_on: date | None
    span: Span
    reason: LocalizedText

    def covers(self, day: date) -> bool:
        """An exception without an end goes on until it is deleted."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Opening:
    """The answer to 'open now?': until when, or from when again, and why not."""

    is_open: bool
    changes_at: datetime | None
    """When it closes, if open; when it opens next, if not. None: not within the days looked at."""
    reason: LocalizedText | None


@domain_error
class ServiceClosed(Conflict):
    """Outside opening hours no ticket is issued; the problem says when the service opens next."""

    next_opening_at: datetime | None
    """When it opens next; null: it is not known when."""
    reason: LocalizedText | None
    """What has closed it, in both languages; null: these are no opening hours."""


@dataclass(frozen=True)
class Calendar:
    """All that decides when a mall's agencies are open."""

    zone: ZoneInfo
    schedules: Sequence[Schedule]
    exceptions: Sequence[CalendarException] = ()
    holidays: Mapping[date, LocalizedText] = field(default_factory=dict)
    """The days that close: leave on which the mall opens is not among them."""

    def spans(self, day: date, agency_id: UUID | None) -> list[Span]:
        """The open stretches of a day for an agency, or for the mall itself.

        From below: weekly hours, a period's instead of them on its days, for mall and agency each, and the two
        intersected; holidays, which close; an open exception of either, which replaces all of that; closed
        exceptions of either, cut out last.
        """
        exceptions = [each for each in self.exceptions if each.agency_id in (None, agency_id) and each.covers(day)]
        opened = [each.span for each in exceptions if each.kind is ExceptionKind.OPEN]
        spans = joined(opened) if opened else self._regular(day, agency_id)
        for each in exceptions:
            if each.kind is ExceptionKind.CLOSED:
                spans = without(spans, each.span)
        return spans

    def opening(self, at: datetime, agency_id: UUID | None) -> Opening:
        """Whether the agency (or, without one, the mall) is open at an instant, and when that next changes."""
        local = at.astimezone(self.zone)
        today, minute = local.date(), local.hour * 60 + local.minute
        spans = self.spans(today, agency_id)
        current = next((span for span in spans if span.starts <= minute < span.ends), None)
        if current:
            return Opening(is_open=True, changes_at=self._closing(today, current, agency_id), reason=None)
        later = [(today, span) for span in spans if span.starts > minute]
        for ahead in range(1, LOOK_AHEAD_DAYS):
            if later:
                break
            day = today + timedelta(days=ahead)
            later = [(day, span) for span in self.spans(day, agency_id)]
        opens = self._instant(later[0][0], later[0][1].starts) if later else None
        until = later[0][1].starts if later and later[0][0] == today else DAY
        return Opening(is_open=False, changes_at=opens, reason=self._reason(today, Span(minute, until), agency_id))

    def period(self, day: date, agency_id: UUID | None) -> LocalizedText | None:
        """What the period is called whose hours hold on a day: the agency's own, or the mall's."""
        dated = [each for each in self.schedules if each.starts_on and each.covers(day)]
        own = [each.name for each in dated if agency_id and each.agency_id == agency_id]
        return next(iter([*own, *(each.name for each in dated if each.agency_id is None)]), None)

    def midnight_after(self, at: datetime) -> datetime:
        """When the mall's next day begins."""
        return self._instant(at.astimezone(self.zone).date(), DAY)

    def _regular(self, day: date, agency_id: UUID | None) -> list[Span]:
        if day in self.holidays:
            return []
        mall = self._weekly(day, None)
        own = self._weekly(day, agency_id) if agency_id else None
        hours = list(mall.on(day)) if mall else [WHOLE_DAY]
        return shared(hours, own.on(day)) if own else hours

    def _weekly(self, day: date, agency_id: UUID | None) -> Weekly | None:
        fitting = [each for each in self.schedules if each.agency_id == agency_id and each.covers(day)]
        dated = [each for each in fitting if each.starts_on]
        return next((each.weekly for each in dated or fitting), None)

    def _closing(self, day: date, span: Span, agency_id: UUID | None) -> datetime | None:
        for _ in range(CLOSING_LOOK_AHEAD_DAYS):
            if span.ends < DAY:
                return self._instant(day, span.ends)
            tomorrow = day + timedelta(days=1)
            spans = self.spans(tomorrow, agency_id)
            if not spans or spans[0].starts > 0:
                return self._instant(day, DAY)
            day, span = tomorrow, spans[0]
        return None

    def _reason(self, day: date, closed: Span, agency_id: UUID | None) -> LocalizedText | None:
        for each in self.exceptions:
            holds = each.agency_id in (None, agency_id) and each.covers(day) and shared([each.span], [closed])
            if each.kind is ExceptionKind.CLOSED and holds:
                return each.reason
        return self.holidays.get(day)

    def _instant(self, day: date, minute: int) -> datetime:
        local = datetime.combine(day, time(), tzinfo=self.zone)
        return local + timedelta(minutes=minute)


def service_day(at: datetime, zone: ZoneInfo) -> date:
    """The mall's date at an instant."""
    return at.astimezone(zone).date()


def last_instant(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of a mall's day."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return midnight - timedelta(microseconds=1)
