"""Weeks, exceptions and instants of March 2027, as short as people say them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.calendar import CalendarException, ClosedBy, ClosedReason, ExceptionKind, OpenFor, Schedule
from app.domain.hours import DayHours, Span, Weekly, minutes
from app.domain.names import LocalizedText

ZONE = ZoneInfo("Asia/Makassar")
CIVIL, BANK = UUID(int=1), UUID(int=2)
MONDAY, FRIDAY, SATURDAY, SUNDAY = (date(2027, 3, day) for day in (1, 5, 6, 7))
OPEN, CLOSED = ExceptionKind.OPEN, ExceptionKind.CLOSED


def day_of(weekday: int, opens: str, closes: str, *breaks: str) -> DayHours:
    """`day_of(5, "08:00", "16:00", "11:30-13:30")`."""
    pauses = [pause.split("-") for pause in breaks]
    return {
        "weekday": weekday,
        "opens": opens,
        "closes": closes,
        "breaks": [{"starts": starts, "ends": ends} for starts, ends in pauses],
    }


def week(days: Sequence[int], opens: str, closes: str) -> Weekly:
    return Weekly.of(day_of(day, opens, closes) for day in days)


MALL_WEEK = Weekly.of(
    [
        *(day_of(day, "08:00", "16:00", "12:00-13:00") for day in (1, 2, 3, 4)),
        day_of(5, "08:00", "16:00", "11:30-13:30"),
        day_of(6, "08:00", "12:00"),
    ]
)
MALL = Schedule(None, MALL_WEEK)
CIVIL_WEEK = Schedule(CIVIL, week((1, 3, 5), "09:00", "12:30"))


def an(
    kind: ExceptionKind,
    days: tuple[date, date | None],
    hours: str = "00:00-24:00",
    agency_id: UUID | None = None,
    why: str = "Kegiatan",
    service_id: UUID | None = None,
    agencies: OpenFor = OpenFor.SCHEDULED,
) -> CalendarException:
    starts, ends = hours.split("-")
    span = Span(minutes(starts), minutes(ends))
    return CalendarException(kind, *days, span, told(why), agency_id, service_id, agencies=agencies)


def because(cause: ClosedBy, text: LocalizedText, first: date, last: date | None) -> ClosedReason:
    return {"cause": cause, "starts_on": first, "ends_on": last, "text": text}


def told(why: str) -> LocalizedText:
    return {"id": why, "en": f"{why} (en)"}


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)
