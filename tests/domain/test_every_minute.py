"""'Open now' and 'when next', against a slow reading of the same rules that looks at every minute.

Examples are derived from the test itself, the same in every run.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.calendar import (
    CLOSING_LOOK_AHEAD_DAYS,
    Calendar,
    CalendarException,
    ExceptionKind,
    OpenFor,
    Schedule,
    TimeZone,
)
from app.domain.hours import DAY, BreakHours, DayHours, Span, Weekly
from tests.domain.weeks import BANK, CIVIL, MONDAY, told

DATED = 12
"""All that has dates lies within so many days of a Monday; instants too."""
HORIZON = DATED + 8
"""Days that the slow reading looks at: a whole ordinary week comes after what has dates."""
HOURS = {TimeZone.JAKARTA: 7, TimeZone.PONTIANAK: 7, TimeZone.MAKASSAR: 8, TimeZone.JAYAPURA: 9}
AGENCIES = [None, CIVIL, BANK]
"""The mall itself, and two agencies at it."""


@dataclass(frozen=True)
class Rules:
    """What a mall's manager entered, as it was entered."""

    zone: TimeZone
    weeks: dict[UUID | None, list[DayHours]]
    periods: list[tuple[UUID | None, date, date, list[DayHours]]]
    closing: frozenset[date]
    exceptions: list[CalendarException]

    def calendar(self) -> Calendar:
        return Calendar(
            zone=ZoneInfo(self.zone),
            schedules=[
                *(Schedule(owner, Weekly.of(hours)) for owner, hours in self.weeks.items()),
                *(
                    Schedule(owner, Weekly.of(hours), first, last, told("P"))
                    for owner, first, last, hours in self.periods
                ),
            ],
            exceptions=self.exceptions,
            holidays={day: told("Libur") for day in self.closing},
        )


def is_open(rules: Rules, agency: UUID | None, day: date, minute: int) -> bool:
    """The rules read aloud, for one minute."""
    return all(layer_is_open(rules, owner, day, minute) for owner in dict.fromkeys([None, agency]))


def layer_is_open(rules: Rules, owner: UUID | None, day: date, minute: int) -> bool:
    """One layer by itself: the mall's, or an agency's."""
    standing = [each for each in rules.exceptions if each.starts_on <= day <= (each.ends_on or day)]
    opened = [each for each in standing if each.kind is ExceptionKind.OPEN]
    own = [each for each in opened if each.agency_id == owner]
    for each in rules.exceptions:
        begins = (each.starts_on, each.span.starts)
        ends = (each.ends_on or date.max, each.span.ends)
        if each.kind is ExceptionKind.CLOSED and each.agency_id == owner and begins <= (day, minute) < ends:
            return False
    if own:
        return any(each.span.starts <= minute < each.span.ends for each in own)
    if owner is None and day in rules.closing:
        return False
    everybody = [each for each in opened if each.agency_id is None and each.agencies is OpenFor.ALL]
    if any(each.span.starts <= minute < each.span.ends for each in everybody):
        return True
    hours = weekly(rules, owner, day)
    return hours is None or works(hours, day, minute)


def weekly(rules: Rules, owner: UUID | None, day: date) -> list[DayHours] | None:
    """The weekly hours that hold for the mall or an agency: its period's, or its ordinary ones; None: it has none."""
    for of, first, last, hours in rules.periods:
        if of == owner and first <= day <= last:
            return hours
    return rules.weeks.get(owner)


def works(hours: list[DayHours], day: date, minute: int) -> bool:
    """Whether weekly hours hold a minute."""
    for each in hours:
        if each["weekday"] == day.isoweekday() and each["opens"] <= clock(minute) < each["closes"]:
            return not any(pause["starts"] <= clock(minute) < pause["ends"] for pause in each["breaks"])
    return False


@cache
def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


MINUTES = some.one_of(some.integers(0, DAY), some.sampled_from([0, 8 * 60, 12 * 60, 15 * 60, DAY]))
OFFSETS = some.integers(0, DATED - 1)
DAYS = OFFSETS.map(lambda offset: MONDAY + timedelta(days=offset))


@some.composite
def stretches(draw: some.DrawFn, of: some.SearchStrategy[int] = MINUTES) -> tuple[int, int]:
    """From a minute until a later one."""
    starts, ends = sorted(draw(some.lists(of, min_size=2, max_size=2, unique=True)))
    return starts, ends


@some.composite
def weeks(draw: some.DrawFn) -> list[DayHours]:
    """Some weekdays' hours, with up to two breaks anywhere in them."""
    week: list[DayHours] = []
    for weekday in sorted(draw(some.sets(some.integers(1, 7)))):
        opens, closes = draw(stretches())
        pauses = draw(some.lists(stretches(some.integers(opens, closes)), max_size=2))
        breaks: list[BreakHours] = [{"starts": clock(starts), "ends": clock(ends)} for starts, ends in pauses]
        week.append({"weekday": weekday, "opens": clock(opens), "closes": clock(closes), "breaks": breaks})
    return week


@some.composite
def exceptions(draw: some.DrawFn) -> CalendarException:
    """Days, or all days from one on, on which other hours hold."""
    first = draw(DAYS)
    last = draw(some.one_of(some.integers(0, 3).map(lambda more: first + timedelta(days=more)), some.none()))
    starts, ends = draw(some.one_of(some.just((0, DAY)), stretches()))
    owner, kind = draw(some.sampled_from(AGENCIES)), draw(some.sampled_from(ExceptionKind))
    is_stretch = kind is ExceptionKind.CLOSED and last is not None and last > first
    if is_stretch and draw(some.booleans()):
        starts, ends = ends, starts  # from late on one day to early on another
    if kind is ExceptionKind.CLOSED and last is None:
        ends = DAY
    special = owner is None and kind is ExceptionKind.OPEN
    agencies = draw(some.sampled_from(OpenFor)) if special else OpenFor.SCHEDULED
    return CalendarException(kind, first, last, Span(starts, ends), told("Kegiatan"), owner, agencies=agencies)


@some.composite
def rules(draw: some.DrawFn) -> Rules:
    """A mall's whole calendar: one agency has hours of its own, another has not."""
    found: dict[UUID | None, list[DayHours]] = {None: draw(weeks())}
    if draw(some.booleans()):
        found[CIVIL] = draw(weeks())
    periods = []
    for owner in (None, CIVIL):
        cuts = sorted(draw(some.sets(OFFSETS, max_size=4)))
        for first, last in zip(cuts[::2], cuts[1::2], strict=False):
            days = MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)
            periods.append((owner, *days, draw(weeks())))
    return Rules(
        zone=draw(some.sampled_from(TimeZone)),
        weeks=found,
        periods=periods,
        closing=draw(some.frozensets(DAYS, max_size=4)),
        exceptions=draw(some.lists(exceptions(), max_size=3)),
    )


def instant(found: Rules, day: date, minute: int) -> datetime:
    """A local minute as an instant, by the zone's fixed hours."""
    local = datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minute)
    return local - timedelta(hours=HOURS[found.zone])


def next_change(found: Rules, agency: UUID | None, day: date, minute: int) -> datetime | None:
    """The first later minute at which open and closed change places, minute by minute."""
    now, end = is_open(found, agency, day, minute), MONDAY + timedelta(days=HORIZON)
    while day < end:
        minute += 1
        if minute == DAY:
            day, minute = day + timedelta(days=1), 0
        if is_open(found, agency, day, minute) != now:
            return instant(found, day, minute)
    return None


steady = settings(max_examples=60, derandomize=True, deadline=None, database=None)


@steady
@given(rules(), some.sampled_from(AGENCIES), DAYS)
def test_a_days_open_stretches_hold_the_minutes_at_which_the_rules_say_open(
    found: Rules, agency: UUID | None, day: date
) -> None:
    spans = found.calendar().spans(day, agency)
    held = {minute for span in spans for minute in range(span.starts, span.ends)}
    assert held == {minute for minute in range(DAY) if is_open(found, agency, day, minute)}
    assert all(before.ends < after.starts for before, after in pairwise(spans))


@steady
@given(rules(), some.sampled_from(AGENCIES), DAYS, some.integers(0, DAY - 1), some.integers(0, 59))
def test_open_now_and_when_next_are_right_to_the_minute(
    found: Rules, agency: UUID | None, day: date, minute: int, second: int
) -> None:
    opening = found.calendar().opening(instant(found, day, minute) + timedelta(seconds=second), agency)
    change = next_change(found, agency, day, minute)
    assert opening.is_open == is_open(found, agency, day, minute)
    if opening.is_open:
        soon = instant(found, day + timedelta(days=CLOSING_LOOK_AHEAD_DAYS), 0)
        assert opening.changes_at == (change if change and change <= soon else None)
        assert opening.reasons == ()
    else:
        assert opening.reasons, "nothing is closed without a word why"
        assert opening.changes_at == change, "nothing that opens lies beyond a whole ordinary week"
