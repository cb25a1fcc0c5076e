"""When a mall and its agencies are open: weekly hours, periods, holidays and exceptions, in the mall's zone.

Everything here is local: a day is a date of the mall, a time is minutes since its midnight (1440 is the day's end).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from typing_extensions import TypedDict

from app.domain.errors import must_be_in_order
from app.domain.hours import DAY, NOTHING, WHOLE_DAY, HoursInvalid, Span, Weekly, joined, minutes, shared, without
from app.domain.names import LocalizedText
from app.errors import Conflict, Invalid, domain_error

LOOK_AHEAD_DAYS = 400
"""How far the next opening is looked for: past a year nobody's answer is a plan."""
CLOSING_LOOK_AHEAD_DAYS = 2
"""Who closes later than that is simply open."""
REASON_DAYS = 31
"""How many days are explained where it is not known when it opens."""
OUTSIDE_HOURS: LocalizedText = {"id": "Di luar jam pelayanan", "en": "Outside opening hours"}
NO_HOURS: LocalizedText = {"id": "Tidak ada pelayanan pada hari itu", "en": "No opening hours on that day"}


class TimeZone(StrEnum):
    """The zones of Indonesia: WIB, WITA and WIT."""

    JAKARTA = "Asia/Jakarta"
    PONTIANAK = "Asia/Pontianak"
    MAKASSAR = "Asia/Makassar"
    JAYAPURA = "Asia/Jayapura"


class ExceptionKind(StrEnum):
    """Open: other hours on some days, instead of its layer's own. Closed: one stretch is cut out of its layer."""

    OPEN = "open"
    CLOSED = "closed"


class OpenFor(StrEnum):
    """Whom a special day of the mall opens: who would come on such a day (or has a special day too), or everybody."""

    SCHEDULED = "scheduled"
    ALL = "all"


class ClosedBy(StrEnum):
    """What keeps closed: an exception, a holiday or leave, the hours of a day that has some, a day that has none."""

    EXCEPTION = "exception"
    HOLIDAY = "holiday"
    OUTSIDE_HOURS = "outside_hours"
    DAY_OFF = "day_off"


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
    """A dated deviation of one layer: the mall's (none named), an agency's, or (closing) a service's or counter's."""

    kind: ExceptionKind
    starts_on: date
    ends_on: date | None
    span: Span
    """Open: the hours of each day. Closed: from a minute of the first day to one of the last."""
    reason: LocalizedText
    agency_id: UUID | None = None
    service_id: UUID | None = None
    counter_id: UUID | None = None
    agencies: OpenFor = OpenFor.SCHEDULED
    altogether: bool = False
    """Nobody is called meanwhile and no counter opens, not only no ticket is issued."""

    def covers(self, day: date) -> bool:
        """An exception without an end goes on until it is deleted."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def closes(self, day: date) -> Span:
        """The part of a day that its stretch takes; nothing of it where the two ends meet."""
        if not self.covers(day):
            return NOTHING
        return Span(self.span.starts if day == self.starts_on else 0, self.span.ends if day == self.ends_on else DAY)


class ClosedReason(TypedDict):
    """One thing that keeps closed between now and the next opening."""

    cause: ClosedBy
    starts_on: date
    """The first day, local to the mall."""
    ends_on: date | None
    """The last day; null: until somebody ends it."""
    text: LocalizedText
    """What it is called, or why, in both languages."""


@dataclass(frozen=True)
class Opening:
    """The answer to 'open now?': until when, or from when again, and why not."""

    is_open: bool
    changes_at: datetime | None
    """When it closes, if open; when it opens next, if not. None: not within the days looked at."""
    reasons: Sequence[ClosedReason] = ()
    """All that lies between now and the next opening, in order; empty: it is open."""


@domain_error
class ServiceClosed(Conflict):
    """Outside opening hours no ticket is issued; the problem says when the service opens next."""

    next_opening_at: datetime | None
    """When it opens next; null: it is not known when."""
    reason: LocalizedText
    """What keeps it closed at this moment, in both languages."""
    reasons: Sequence[ClosedReason]
    """All that keeps it closed between now and the next opening, in order."""


@domain_error
class CounterClosed(Conflict):
    """The counter itself is closed by the calendar; until then it opens only where it alone may call who waits."""

    next_opening_at: datetime | None
    """When it can be opened again; null: it is not known when."""
    reasons: Sequence[ClosedReason]
    """What keeps it closed, in order."""


@domain_error
class ExceptionNotPossible(Invalid):
    """Only the mall's special days open all agencies; one service or one counter can be closed, and only closed."""

    member: str


def must_be_possible(
    kind: ExceptionKind,
    starts_on: date,
    ends_on: date | None,
    opens: str,
    closes: str,
    *,
    agencies: OpenFor,
    whose: str,
) -> None:
    """Raise where such an exception cannot be; `whose` layer it is: `mall`, or the member that names it."""
    if kind is ExceptionKind.OPEN and whose in ("service_id", "counter_id"):
        raise ExceptionNotPossible(member=whose)
    if agencies is OpenFor.ALL and (kind is ExceptionKind.CLOSED or whose != "mall"):
        raise ExceptionNotPossible(member="agencies")
    must_be_in_order(starts_on, ends_on)
    is_one_stretch = kind is ExceptionKind.CLOSED and ends_on != starts_on
    if (not is_one_stretch or ends_on is None) and minutes(opens) >= minutes(closes):
        raise HoursInvalid(weekday=starts_on.isoweekday(), member="closes")
    if kind is ExceptionKind.CLOSED and ends_on is None and minutes(closes) != DAY:
        raise HoursInvalid(weekday=starts_on.isoweekday(), member="closes")


@dataclass(frozen=True)
class Calendar:
    """All that decides when a mall's agencies are open."""

    zone: ZoneInfo
    schedules: Sequence[Schedule]
    exceptions: Sequence[CalendarException] = ()
    holidays: Mapping[date, LocalizedText] = field(default_factory=dict)
    """The days that close: leave on which the mall opens is not among them."""

    def spans(self, day: date, agency_id: UUID | None = None, service_id: UUID | None = None) -> list[Span]:
        """The open stretches of a day for the mall itself, an agency, or one of its services.

        Each layer is judged by itself: its weekly hours, a period's instead of them on its days (and no hours of the
        mall on a holiday); its open exceptions instead of all that; its closed stretches cut out last. A service has
        closed stretches alone. Then the layers are intersected.
        """
        spans = self._unclosed(day, agency_id)
        for each in self._closing(day, agency_id, service_id):
            spans = without(spans, each.closes(day))
        return spans

    def opening(self, at: datetime, agency_id: UUID | None = None, service_id: UUID | None = None) -> Opening:
        """Whether the mall, the agency or the service is open at an instant, when that next changes, and why not."""
        local = at.astimezone(self.zone)
        today, minute = local.date(), local.hour * 60 + local.minute
        spans = self.spans(today, agency_id, service_id)
        current = next((span for span in spans if span.starts <= minute < span.ends), None)
        if current:
            return Opening(is_open=True, changes_at=self._closes_at(today, current, agency_id, service_id))
        later = next((span for span in spans if span.starts > minute), None)
        opens = (today, later.starts) if later else self._opens_after(today, agency_id, service_id)
        return Opening(
            is_open=False,
            changes_at=self._instant(*opens) if opens else None,
            reasons=self._reasons(today, minute, opens, agency_id, service_id),
        )

    def next_day_opening(self, at: datetime, agency_id: UUID, service_id: UUID) -> datetime | None:
        """When the service opens on the next day that it opens at all: then its numbers are given again."""
        opens = self._opens_after(at.astimezone(self.zone).date(), agency_id, service_id)
        return self._instant(*opens) if opens else None

    def begins_today(self, at: datetime, agency_id: UUID, ago_minutes: int) -> datetime | None:
        """When the agency's hours begin next today, or have begun so short a time ago; None: not again today."""
        local = at.astimezone(self.zone)
        since = local.hour * 60 + local.minute - ago_minutes
        starts = [span.starts for span in self.spans(local.date(), agency_id) if span.starts >= since]
        return self._instant(local.date(), starts[0]) if starts else None

    def counter_opening(self, at: datetime, counter_id: UUID) -> Opening:
        """Whether the counter itself is closed at an instant; a counter has no hours of its own."""
        return self.only(e for e in self.exceptions if e.counter_id == counter_id and not e.altogether).opening(at)

    def only(self, exceptions: Iterable[CalendarException]) -> "Calendar":
        """These exceptions and nothing else, as the mall's."""
        layer = [replace(each, agency_id=None, service_id=None, counter_id=None) for each in exceptions]
        return Calendar(self.zone, (), layer)

    def own_part(self, service_id: UUID) -> UUID | None:
        """The service, if it has closed stretches of its own; None: its agency's hours are its hours."""
        return next((each.service_id for each in self.exceptions if each.service_id == service_id), None)

    def period(self, day: date, agency_id: UUID | None) -> LocalizedText | None:
        """What the period is called whose hours hold on a day: the agency's own, or the mall's."""
        dated = [each for each in self.schedules if each.starts_on and each.covers(day)]
        own = [each.name for each in dated if agency_id and each.agency_id == agency_id]
        return next(iter([*own, *(each.name for each in dated if each.agency_id is None)]), None)

    def midnight_after(self, at: datetime) -> datetime:
        """When the mall's next day begins."""
        return self._instant(at.astimezone(self.zone).date(), DAY)

    def _unclosed(self, day: date, agency_id: UUID | None) -> list[Span]:
        """A day's hours before closed stretches are cut out of them."""
        mall = self._opened(day, None)
        if mall is None:
            mall = [] if day in self.holidays else self._hours(day, None)
        if agency_id is None:
            return mall
        own = self._opened(day, agency_id)
        if own is None:
            for_all = [each.span for each in self._special(day, None) if each.agencies is OpenFor.ALL]
            own = joined([*self._hours(day, agency_id), *for_all])
        return shared(mall, own)

    def _special(self, day: date, agency_id: UUID | None) -> list[CalendarException]:
        return [
            each
            for each in self.exceptions
            if each.kind is ExceptionKind.OPEN and each.agency_id == agency_id and each.covers(day)
        ]

    def _opened(self, day: date, agency_id: UUID | None) -> list[Span] | None:
        """The hours of a layer's open exceptions; None: it has none on that day."""
        return joined(each.span for each in self._special(day, agency_id)) or None

    def _closing(self, day: date, agency_id: UUID | None, service_id: UUID | None) -> list[CalendarException]:
        """The closed stretches of these layers that take something of a day, in the order in which they begin."""
        found = [
            each
            for each in self.exceptions
            if each.kind is ExceptionKind.CLOSED
            and each.agency_id in (None, agency_id)
            and each.service_id in (None, service_id)
            and each.counter_id is None
            and each.closes(day).starts < each.closes(day).ends
        ]
        return sorted(found, key=lambda each: (each.starts_on, each.span.starts, str(each.agency_id), str(each.reason)))

    def _hours(self, day: date, agency_id: UUID | None) -> list[Span]:
        """A layer's weekly hours, or its period's; all day where it has none of its own."""
        fitting = [each for each in self.schedules if each.agency_id == agency_id and each.covers(day)]
        dated = [each for each in fitting if each.starts_on]
        return next((list(each.weekly.on(day)) for each in dated or fitting), [WHOLE_DAY])

    def _opens_after(self, today: date, agency_id: UUID | None, service_id: UUID | None) -> tuple[date, int] | None:
        for ahead in range(1, LOOK_AHEAD_DAYS):
            day = today + timedelta(days=ahead)
            if spans := self.spans(day, agency_id, service_id):
                return day, spans[0].starts
            if any(each.ends_on is None for each in self._closing(day, agency_id, service_id)):
                return None  # it closes every day from here on, until somebody ends it
        return None

    def _closes_at(self, day: date, span: Span, agency_id: UUID | None, service_id: UUID | None) -> datetime | None:
        for _ in range(CLOSING_LOOK_AHEAD_DAYS):
            if span.ends < DAY:
                return self._instant(day, span.ends)
            tomorrow = day + timedelta(days=1)
            spans = self.spans(tomorrow, agency_id, service_id)
            if not spans or spans[0].starts > 0:
                return self._instant(day, DAY)
            day, span = tomorrow, spans[0]
        return None

    def _reasons(
        self, today: date, minute: int, opens: tuple[date, int] | None, agency_id: UUID | None, service_id: UUID | None
    ) -> list[ClosedReason]:
        """All that keeps closed from a minute of today to the next opening; days with one reason are one."""
        last, end = opens or (today + timedelta(days=REASON_DAYS), DAY)
        reasons: list[ClosedReason] = []
        for ahead in range((last - today).days + 1):
            day = today + timedelta(days=ahead)
            closed = Span(minute if day == today else 0, end if day == last else DAY)
            found = self._named(day, closed, agency_id, service_id)
            opens_later_that_day = opens is not None and day == last != today
            if not found and not opens_later_that_day:
                has_hours = bool(self._unclosed(day, agency_id))
                cause, text = (ClosedBy.OUTSIDE_HOURS, OUTSIDE_HOURS) if has_hours else (ClosedBy.DAY_OFF, NO_HOURS)
                found = [ClosedReason(cause=cause, starts_on=day, ends_on=day, text=text)]
            for each in found:
                if each in reasons:
                    continue  # a closed stretch names its own days
                if reasons and _goes_on(reasons[-1], each):
                    reasons[-1]["ends_on"] = each["ends_on"]
                else:
                    reasons.append(each)
        return reasons

    def _named(self, day: date, closed: Span, agency_id: UUID | None, service_id: UUID | None) -> list[ClosedReason]:
        """The exceptions and the holiday that close a part of a day: what takes hours away, or covers all of it."""
        hours = shared([closed], self._unclosed(day, agency_id))

        def counts(part: Span) -> bool:
            return bool(shared(hours, [part])) if hours else not without([closed], part)

        found = [
            ClosedReason(cause=ClosedBy.EXCEPTION, starts_on=each.starts_on, ends_on=each.ends_on, text=each.reason)
            for each in self._closing(day, agency_id, service_id)
            if counts(each.closes(day))
        ]
        if day in self.holidays and self._opened(day, None) is None:
            found.append(ClosedReason(cause=ClosedBy.HOLIDAY, starts_on=day, ends_on=day, text=self.holidays[day]))
        return found

    def _instant(self, day: date, minute: int) -> datetime:
        local = datetime.combine(day, time(), tzinfo=self.zone)
        return local + timedelta(minutes=minute)


def _goes_on(before: ClosedReason, after: ClosedReason) -> bool:
    """Whether the same thing keeps closed on the next day."""
    same = (before["cause"], before["text"]) == (after["cause"], after["text"])
    return same and before["ends_on"] == after["starts_on"] - timedelta(days=1)


def service_day(at: datetime, zone: ZoneInfo) -> date:
    """The mall's date at an instant."""
    return at.astimezone(zone).date()


def minute_after(at: datetime) -> datetime:
    """When the next whole minute begins: hours and closures begin and end with one."""
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def last_instant(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of a mall's day."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return midnight - timedelta(microseconds=1)
