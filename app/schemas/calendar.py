"""Opening hours on the wire."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.calendar import ExceptionKind, TimeZone
from app.schemas.base import Clock, Day, Input, Instant, LocalizedText, Output


class BreakHours(Input):
    """A break within a day's hours."""

    starts: Annotated[Clock, Field(examples=["12:00"])]
    """When the break begins, `HH:MM` in the mall's zone."""
    ends: Annotated[Clock, Field(examples=["13:00"])]
    """When the break ends, `HH:MM` in the mall's zone."""


class DayHours(Input):
    """The hours of one weekday."""

    weekday: Annotated[int, Field(strict=True, ge=1, le=7, description="ISO: 1 is Monday, 7 is Sunday", examples=[1])]
    opens: Annotated[Clock, Field(examples=["08:00"])]
    closes: Annotated[Clock, Field(examples=["15:00"])]
    breaks: Annotated[list[BreakHours], Field(max_length=5)] = []
    """The pauses within the hours; none if left out."""


Hours = Annotated[list[DayHours], Field(max_length=7, description="Weekdays that are not named are closed")]


OFFICE_HOURS = [DayHours(weekday=weekday, opens="08:00", closes="15:00") for weekday in range(1, 6)]


class HoursRequest(Input):
    """Weekly hours to set."""

    hours: Hours


class WeeklyHours(Output):
    """Weekly hours as they are set."""

    hours: list[DayHours]


class CalendarExceptionRequest(Input):
    """Days with other hours."""

    agency_id: Annotated[UUID | None, Field(description="Only for this agency; null: for the whole mall")] = None
    kind: Annotated[
        ExceptionKind,
        Field(description="open: these hours replace weekly hours and holidays; closed: these hours are cut out"),
    ]
    starts_on: Day
    """The first day, local to the mall."""
    ends_on: Annotated[Day | None, Field(description="Null: until the exception is deleted")]
    opens: Annotated[Clock, Field(description="When the hours begin on each of the days")] = "00:00"
    closes: Annotated[Clock, Field(description="When the hours end on each of the days")] = "24:00"
    reason: LocalizedText
    """Why, as kiosks and boards show it, in both languages."""


class CalendarException(Output):
    """Days with other hours, and the reason."""

    id: UUID
    agency_id: UUID | None
    """The agency whose hours they are; null: the whole mall's."""
    kind: ExceptionKind
    """Whether hours are added or taken away."""
    starts_on: dt.date
    ends_on: dt.date | None
    """The last day, local to the mall; null: until it is deleted."""
    opens: str
    """When the hours begin on each of the days, `HH:MM` in the mall's zone."""
    closes: str
    """When the hours end on each of the days, `HH:MM` in the mall's zone; `24:00` is the day's end."""
    reason: LocalizedText
    """Why, as kiosks and boards show it, in both languages."""


class OpenSpan(Output):
    """A part of a day."""

    opens: str
    closes: str


class CalendarDay(Output):
    """When the mall is open on one day: weekly hours, periods, holidays and exceptions together."""

    date: dt.date
    open: list[OpenSpan]
    """The parts of the day on which it is open; empty: closed all day."""
    holiday: LocalizedText | None
    """Its name, also if the mall opens on it."""
    period: LocalizedText | None
    """The period whose weekly hours count, such as Ramadan: the agency's own, or the mall's."""


class Calendar(Output):
    """The weekly hours, and the resulting hours of the next days."""

    time_zone: TimeZone
    hours: list[DayHours]
    is_open: bool
    """Whether it is open at this moment."""
    changes_at: Instant | None
    """When it closes, if open; when it opens next, if not; null: not soon."""
    days: list[CalendarDay]
    """Today and the six days after it."""
