"""Open now? Until when, from when again, and why not; and where a mall's day ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.domain.calendar import (
    LOOK_AHEAD_DAYS,
    NO_HOURS,
    REASON_DAYS,
    Calendar,
    ClosedBy,
    Opening,
    Schedule,
    last_instant,
    service_day,
)
from tests.domain.weeks import (
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
    told,
    week,
)

EID = {18: "Cuti bersama", 19: "Nyepi", 20: "Cuti bersama", 21: "Idul Fitri", 22: "Idul Fitri"} | dict.fromkeys(
    (23, 24), "Cuti bersama"
)
NEXT_MONDAY, NEXT_TUESDAY = date(2027, 3, 8), date(2027, 3, 9)


def closes(calendar: Calendar, when: datetime) -> datetime | None:
    """When the mall, open at an instant, closes."""
    opening = calendar.opening(when, None)
    assert opening.is_open
    assert opening.reasons == ()
    return opening.changes_at


def opens(calendar: Calendar, when: datetime) -> datetime | None:
    """When the mall, closed at an instant, opens next."""
    opening = calendar.opening(when, None)
    assert not opening.is_open
    return opening.changes_at


def test_it_opens_on_the_minute_and_is_closed_on_the_minute() -> None:
    calendar = Calendar(ZONE, [MALL])
    assert opens(calendar, at(FRIDAY, "07:59:59.999999")) == at(FRIDAY, "08:00")
    assert closes(calendar, at(FRIDAY, "08:00")) == at(FRIDAY, "11:30")
    assert closes(calendar, at(FRIDAY, "11:29:59.999999")) == at(FRIDAY, "11:30")
    assert opens(calendar, at(FRIDAY, "11:30")) == at(FRIDAY, "13:30"), "a break ends the same day"
    assert closes(calendar, at(FRIDAY, "00:00").astimezone(UTC) + timedelta(hours=14)) == at(FRIDAY, "16:00")


def test_the_next_opening_is_found_past_weekends_holidays_and_exceptions() -> None:
    assert opens(Calendar(ZONE, [MALL]), at(SATURDAY, "12:00")) == at(NEXT_MONDAY, "08:00")
    holiday = {NEXT_MONDAY: told("Isra Mikraj")}
    assert opens(Calendar(ZONE, [MALL], holidays=holiday), at(SUNDAY, "10:00")) == at(NEXT_TUESDAY, "08:00")
    outage = an(CLOSED, (NEXT_TUESDAY, NEXT_TUESDAY), "00:00-14:00")
    calendar = Calendar(ZONE, [MALL], [outage], holiday)
    assert opens(calendar, at(SATURDAY, "12:00")) == at(NEXT_TUESDAY, "14:00")
    bazaar = an(OPEN, (SUNDAY, SUNDAY), "18:00-21:00")
    assert opens(Calendar(ZONE, [MALL], [outage, bazaar], holiday), at(SATURDAY, "12:00")) == at(SUNDAY, "18:00")
    own = Calendar(ZONE, [MALL, CIVIL_WEEK]).opening(at(FRIDAY, "11:30"), CIVIL)
    assert own.changes_at == at(NEXT_MONDAY, "09:00")


def test_what_closes_at_midnight_and_opens_at_midnight_does_not_close() -> None:
    nights = Schedule(None, week((5, 6), "20:00", "24:00"))
    assert closes(Calendar(ZONE, [nights]), at(FRIDAY, "21:00")) == at(SATURDAY, "00:00")
    through = [an(OPEN, (FRIDAY, FRIDAY), "20:00-24:00"), an(OPEN, (SATURDAY, SATURDAY), "00:00-02:00")]
    assert closes(Calendar(ZONE, [MALL], through), at(FRIDAY, "21:00")) == at(SATURDAY, "02:00")
    always = Calendar(ZONE, [MALL], [an(OPEN, (FRIDAY, None))])
    assert closes(always, at(FRIDAY, "21:00")) is None, "simply open"
    until_sunday = Calendar(ZONE, [MALL], [an(OPEN, (FRIDAY, SATURDAY))])
    assert closes(until_sunday, at(FRIDAY, "21:00")) == at(SUNDAY, "00:00")


def test_a_calendar_that_never_opens_knows_no_next_opening() -> None:
    never = Calendar(ZONE, [Schedule(None, week((), "08:00", "16:00"))])
    [month] = never.opening(at(FRIDAY, "09:00"), None).reasons
    assert month == because(ClosedBy.DAY_OFF, NO_HOURS, FRIDAY, FRIDAY + timedelta(days=REASON_DAYS))
    shut = Calendar(ZONE, [MALL], [an(CLOSED, (MONDAY, None), why="Renovasi")])
    opening = shut.opening(at(FRIDAY, "09:00"), CIVIL)
    renovation = because(ClosedBy.EXCEPTION, told("Renovasi"), MONDAY, None)
    assert opening == Opening(is_open=False, changes_at=None, reasons=[renovation])
    soon = FRIDAY + timedelta(days=LOOK_AHEAD_DAYS - 1)
    for day, found in ((soon, at(soon, "08:00")), (soon + timedelta(days=1), None)):
        one_day = [an(OPEN, (day, day), "08:00-09:00")]
        assert opens(Calendar(ZONE, never.schedules, one_day), at(FRIDAY, "09:00")) == found


def why(calendar: Calendar, when: datetime, agency_id: UUID | None = None) -> list[str]:
    """What is said of being closed, each with its days."""
    return [
        f"{each['text']['id']} {each['starts_on']:%d}-{each['ends_on'] or date.max:%d}"
        for each in calendar.opening(when, agency_id).reasons
    ]


def test_the_reason_is_that_of_what_keeps_it_closed_now() -> None:
    outage = an(CLOSED, (FRIDAY, FRIDAY), "09:00-11:00", why="Listrik padam")
    other = an(CLOSED, (FRIDAY, FRIDAY), "09:00-11:00", CIVIL, why="Rapat")
    calendar = Calendar(ZONE, [MALL], [other, outage])
    assert why(calendar, at(FRIDAY, "10:00")) == ["Listrik padam 05-05"]
    assert why(calendar, at(FRIDAY, "10:00"), CIVIL) == ["Rapat 05-05", "Listrik padam 05-05"]
    for quiet in ("07:00", "12:00", "20:00"):
        said = why(calendar, at(FRIDAY, quiet))
        assert said == ["Di luar jam pelayanan 05-05"], "an outage is no reason before nor after it"
    early = Calendar(ZONE, [MALL], [an(CLOSED, (FRIDAY, FRIDAY), "08:00-10:00", why="Apel")])
    assert why(early, at(FRIDAY, "07:00")) == ["Apel 05-05"], "it would open at eight but for that"


def test_everything_between_now_and_the_next_opening_is_named_in_order() -> None:
    week_of = {date(2026, 3, day): told(name) for day, name in EID.items()}
    office = Schedule(None, week((1, 2, 3, 4, 5), "08:00", "15:00"))
    eid = Calendar(ZONE, [office], holidays=week_of)
    evening = at(date(2026, 3, 17), "16:00")
    assert eid.opening(evening).changes_at == at(date(2026, 3, 25), "08:00")
    assert why(eid, evening) == [
        "Di luar jam pelayanan 17-17",
        "Cuti bersama 18-18",
        "Nyepi 19-19",
        "Cuti bersama 20-20",
        "Idul Fitri 21-22",
        "Cuti bersama 23-24",
    ]
    weekend = Calendar(ZONE, [office], [an(CLOSED, (MONDAY, MONDAY), "00:00-10:00", why="Apel")])
    before = at(date(2027, 2, 26), "16:00")
    assert why(weekend, before) == [
        "Di luar jam pelayanan 26-26",
        "Tidak ada pelayanan pada hari itu 27-28",
        "Apel 01-01",
    ]
    stretch = an(CLOSED, (date(2027, 3, 4), date(2027, 3, 8)), "13:30-10:00", why="Pindahan")
    moving = Calendar(ZONE, [office], [stretch], {FRIDAY: told("Nyepi")})
    assert why(moving, at(date(2027, 3, 4), "14:00")) == ["Pindahan 04-08", "Nyepi 05-05"]


def test_a_counter_is_closed_by_itself_whatever_the_hours() -> None:
    lamp, other = UUID(int=7), UUID(int=8)
    closed = replace(an(CLOSED, (FRIDAY, MONDAY + timedelta(days=7)), "10:00-09:00", CIVIL), counter_id=lamp)
    calendar = Calendar(ZONE, [MALL, CIVIL_WEEK], [closed])
    assert calendar.counter_opening(at(SUNDAY, "12:00"), lamp).changes_at == at(NEXT_MONDAY, "09:00")
    assert calendar.counter_opening(at(FRIDAY, "09:59"), lamp).is_open
    assert calendar.counter_opening(at(SUNDAY, "12:00"), other).is_open
    assert calendar.opening(at(FRIDAY, "10:30"), CIVIL).is_open, "the agency is open all the same"


@pytest.mark.parametrize(
    ("zone", "hours"), [("Asia/Jakarta", 7), ("Asia/Pontianak", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)]
)
def test_the_service_day_turns_at_local_midnight(zone: str, hours: int) -> None:
    local = ZoneInfo(zone)
    midnight = datetime(2027, 3, 5, tzinfo=UTC) - timedelta(hours=hours)
    instant = timedelta(microseconds=1)
    assert service_day(midnight - instant, local) == date(2027, 3, 4)
    assert service_day(midnight, local) == date(2027, 3, 5)
    assert last_instant(date(2027, 3, 4), local) == midnight - instant
    calendar = Calendar(local, [MALL])
    assert calendar.midnight_after(midnight - instant) == midnight
    assert calendar.midnight_after(midnight) == midnight + timedelta(days=1)
    assert opens(calendar, midnight) == midnight + timedelta(hours=8)
