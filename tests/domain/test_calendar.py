"""When a mall and its agencies are open: weeks, holidays, exceptions, in that order of precedence."""

from datetime import date
from uuid import UUID

import pytest

from app.domain.calendar import Calendar, ClosedBy, OpenFor, Schedule
from app.domain.hours import DayHours, HoursInvalid, Span, Weekly
from tests.domain.weeks import (
    BANK,
    CIVIL,
    CIVIL_WEEK,
    CLOSED,
    FRIDAY,
    MALL,
    MONDAY,
    OPEN,
    SATURDAY,
    SUNDAY,
    ZONE,
    an,
    at,
    because,
    day_of,
    told,
    week,
)


def hours(calendar: Calendar, day: date, agency_id: UUID | None = None) -> list[str]:
    """A day's open stretches as people write them."""
    return [
        f"{span.starts // 60:02d}:{span.starts % 60:02d}-{span.ends // 60:02d}:{span.ends % 60:02d}"
        for span in calendar.spans(day, agency_id)
    ]


def test_a_week_has_breaks_and_a_longer_one_on_friday() -> None:
    calendar = Calendar(ZONE, [MALL])
    assert hours(calendar, MONDAY) == ["08:00-12:00", "13:00-16:00"]
    assert hours(calendar, FRIDAY) == ["08:00-11:30", "13:30-16:00"]
    assert hours(calendar, SATURDAY) == ["08:00-12:00"]
    assert hours(calendar, SUNDAY) == []
    several = Weekly.of([day_of(1, "08:00", "16:00", "12:00-13:00", "08:00-08:30", "15:30-16:00")])
    assert hours(Calendar(ZONE, [Schedule(None, several)]), MONDAY) == ["08:30-12:00", "13:00-15:30"]


def test_an_agency_is_open_when_the_mall_and_its_own_schedule_are() -> None:
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK])
    assert hours(calendar, MONDAY, CIVIL) == ["09:00-12:00"]
    assert hours(calendar, date(2027, 3, 2), CIVIL) == []
    assert hours(calendar, FRIDAY, CIVIL) == ["09:00-11:30"]
    assert hours(calendar, MONDAY, BANK) == hours(calendar, MONDAY), "without a schedule of its own it has the mall's"
    night = Calendar(ZONE, [MALL, Schedule(CIVIL, week(range(1, 8), "00:00", "24:00"))])
    assert hours(night, SUNDAY, CIVIL) == [], "an agency is not open in a closed mall"


def test_dated_hours_replace_the_undated_ones_on_their_days() -> None:
    ramadan = Schedule(None, week((1, 2, 3, 4), "08:00", "14:00"), date(2027, 3, 2), date(2027, 3, 4))
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK, ramadan])
    assert hours(calendar, MONDAY) == ["08:00-12:00", "13:00-16:00"], "the day before"
    assert hours(calendar, date(2027, 3, 2)) == hours(calendar, date(2027, 3, 4)) == ["08:00-14:00"]
    assert hours(calendar, date(2027, 3, 3), CIVIL) == ["09:00-12:30"], "the agency's own still intersect"
    assert hours(calendar, FRIDAY) == ["08:00-11:30", "13:30-16:00"], "the day after"


def test_nobody_is_open_on_a_holiday_unless_the_mall_has_a_special_day() -> None:
    holidays = {MONDAY: told("Nyepi")}
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], holidays=holidays)
    assert hours(calendar, MONDAY) == hours(calendar, MONDAY, CIVIL) == []
    assert calendar.opening(at(MONDAY, "09:00"), CIVIL).reasons[0]["text"] == told("Nyepi")
    special = an(OPEN, (MONDAY, MONDAY), "10:00-11:00", CIVIL)
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], [special], holidays)
    assert hours(calendar, MONDAY, CIVIL) == [], "the holiday is the mall's"
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], [special, an(OPEN, (MONDAY, MONDAY), "08:00-10:30")], holidays)
    assert hours(calendar, MONDAY) == hours(calendar, MONDAY, BANK) == ["08:00-10:30"]
    assert hours(calendar, MONDAY, CIVIL) == ["10:00-10:30"]


def test_an_open_exception_replaces_the_hours_of_its_own_layer_alone() -> None:
    night = an(OPEN, (SUNDAY, SUNDAY), "18:00-21:00")
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], [night])
    assert hours(calendar, SUNDAY) == hours(calendar, SUNDAY, BANK) == ["18:00-21:00"]
    assert hours(calendar, SUNDAY, CIVIL) == [], "it does not come on Sundays"
    shorter = Calendar(ZONE, [MALL, CIVIL_WEEK], [an(OPEN, (MONDAY, MONDAY), "08:00-10:00")])
    assert hours(shorter, MONDAY) == ["08:00-10:00"], "it replaces, it does not add"
    assert hours(shorter, MONDAY, CIVIL) == ["09:00-10:00"], "a shorter day shortens"
    tuesday = date(2027, 3, 2)
    shorter = Calendar(ZONE, [MALL, CIVIL_WEEK], [an(OPEN, (tuesday, tuesday), "08:00-10:00")])
    assert hours(shorter, tuesday, CIVIL) == [], "and opens nobody"
    several = [night, an(OPEN, (SUNDAY, SUNDAY), "20:00-22:00", CIVIL), an(OPEN, (SUNDAY, SUNDAY), "08:00-09:00")]
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], several)
    assert hours(calendar, SUNDAY, CIVIL) == ["20:00-21:00"], "its own special day, as far as the mall's goes"
    assert hours(calendar, SUNDAY, BANK) == ["08:00-09:00", "18:00-21:00"], "several make one sum"


def test_a_special_day_for_all_opens_everybody_without_one_of_their_own() -> None:
    for_all = an(OPEN, (SUNDAY, SUNDAY), "18:00-21:00", agencies=OpenFor.ALL)
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], [for_all], {SUNDAY: told("Nyepi")})
    assert hours(calendar, SUNDAY, CIVIL) == hours(calendar, SUNDAY, BANK) == ["18:00-21:00"]
    own = [for_all, an(OPEN, (SUNDAY, SUNDAY), "19:00-20:00", CIVIL)]
    assert hours(Calendar(ZONE, [MALL, CIVIL_WEEK], own), SUNDAY, CIVIL) == ["19:00-20:00"]
    closed = [for_all, an(CLOSED, (SUNDAY, SUNDAY), "19:00-20:00", CIVIL)]
    assert hours(Calendar(ZONE, [MALL, CIVIL_WEEK], closed), SUNDAY, CIVIL) == ["18:00-19:00", "20:00-21:00"]


def test_a_closed_exception_is_one_stretch_cut_out_last() -> None:
    outage = an(CLOSED, (MONDAY, MONDAY), "10:00-14:00")
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], [outage])
    assert hours(calendar, MONDAY) == ["08:00-10:00", "14:00-16:00"]
    assert hours(calendar, MONDAY, CIVIL) == ["09:00-10:00"]
    everything = an(OPEN, (MONDAY, MONDAY))
    both = [an(CLOSED, (MONDAY, MONDAY), "12:00-13:00", CIVIL), everything, outage]
    assert hours(Calendar(ZONE, [MALL], both), MONDAY) == ["00:00-10:00", "14:00-24:00"]
    agency_only = Calendar(ZONE, [MALL], both[:2])
    assert hours(agency_only, MONDAY, CIVIL) == ["00:00-12:00", "13:00-24:00"]
    assert hours(agency_only, MONDAY, BANK) == ["00:00-24:00"]
    days = Calendar(ZONE, [MALL], [an(CLOSED, (date(2027, 3, 4), date(2027, 3, 8)), "13:30-10:00")])
    assert hours(days, date(2027, 3, 4)) == ["08:00-12:00", "13:00-13:30"], "from Thursday at half past one"
    assert hours(days, FRIDAY) == hours(days, SATURDAY) == []
    assert hours(days, date(2027, 3, 8)) == ["10:00-12:00", "13:00-16:00"], "to Monday at ten"


def test_one_service_is_closed_while_its_agency_is_open() -> None:
    passport, other = UUID(int=8), UUID(int=9)
    closed = an(CLOSED, (MONDAY, MONDAY), "10:30-24:00", CIVIL, why="Printer", service_id=passport)
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], [closed])
    assert hours(calendar, MONDAY, CIVIL) == ["09:00-12:00"]
    assert calendar.spans(MONDAY, CIVIL, other) == calendar.spans(MONDAY, CIVIL)
    assert calendar.spans(MONDAY, CIVIL, passport) == [Span(9 * 60, 10 * 60 + 30)]
    found = calendar.opening(at(MONDAY, "11:00"), CIVIL, passport)
    assert found.changes_at == at(date(2027, 3, 3), "09:00")
    assert found.reasons[0] == because(ClosedBy.EXCEPTION, told("Printer"), MONDAY, MONDAY)
    assert (calendar.own_part(passport), calendar.own_part(other)) == (passport, None)


def test_an_exception_without_an_end_holds_from_its_first_day_on() -> None:
    calendar = Calendar(ZONE, [MALL], [an(OPEN, (FRIDAY, None))], {date(2030, 1, 1): told("Tahun Baru")})
    assert hours(calendar, date(2027, 3, 4)) == ["08:00-12:00", "13:00-16:00"]
    assert hours(calendar, FRIDAY) == hours(calendar, SUNDAY) == hours(calendar, date(2030, 1, 1)) == ["00:00-24:00"]
    ended = Calendar(ZONE, [MALL], [an(OPEN, (FRIDAY, SATURDAY))])
    assert hours(ended, SATURDAY) == ["00:00-24:00"], "the last day is included"
    assert hours(ended, SUNDAY) == []


@pytest.mark.parametrize(
    "wrong",
    [
        [day_of(2, "16:00", "08:00")],
        [day_of(2, "08:00", "08:00")],
        [day_of(1, "08:00", "16:00"), day_of(2, "08:00", "12:00"), day_of(2, "13:00", "16:00")],
        [day_of(2, "08:00", "16:00", "07:30-08:30")],
        [day_of(2, "08:00", "16:00", "15:30-16:30")],
        [day_of(2, "08:00", "16:00", "13:00-12:00")],
        [day_of(2, "08:00", "16:00", "12:00-12:00")],
    ],
    ids=["reversed", "empty", "twice", "break before", "break after", "break reversed", "break empty"],
)
def test_hours_that_cannot_be_are_refused_and_the_weekday_named(wrong: list[DayHours]) -> None:
    with pytest.raises(HoursInvalid) as refused:
        Weekly.of(wrong)
    assert (refused.value.weekday, refused.value.where()) == (2, "/hours")


def test_hours_may_last_to_the_days_end_and_breaks_touch_the_edges() -> None:
    assert Weekly.of([day_of(1, "00:00", "24:00")]).on(MONDAY) == [Span(0, 1440)]
    assert Weekly.of([day_of(1, "08:00", "16:00", "08:00-16:00")]).on(MONDAY) == []


def test_what_is_closed_until_somebody_ends_it_is_not_looked_for_on_all_days_to_come() -> None:
    looked: list[date] = []

    class Watched(Calendar):
        def spans(self, day: date, agency_id: UUID | None = None, service_id: UUID | None = None) -> list[Span]:
            looked.append(day)
            return super().spans(day, agency_id, service_id)

    endless = an(CLOSED, (MONDAY, None))
    assert Watched(ZONE, [MALL], [endless]).opening(at(MONDAY, "09:00")).changes_at is None
    assert len(looked) < 5
    begins_later = an(CLOSED, (SATURDAY, None))
    assert Watched(ZONE, [MALL], [begins_later]).opening(at(FRIDAY, "17:00")).changes_at is None
    on_friday = Watched(ZONE, [MALL], [begins_later]).opening(at(FRIDAY, "07:00"))
    assert on_friday.changes_at == at(FRIDAY, "08:00")
