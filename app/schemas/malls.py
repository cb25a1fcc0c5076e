"""Malls, locations and calendars on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.domain.calendar import ExceptionKind, TimeZone
from app.schemas.base import (
    SLUG,
    Changes,
    Clock,
    Day,
    Distinct,
    FloorCode,
    Input,
    Instant,
    Line,
    Names,
    Output,
    Paragraph,
    absent,
)


class BreakHours(Input):
    """A pause within a day's hours."""

    starts: Annotated[Clock, Field(examples=["12:00"])]
    ends: Annotated[Clock, Field(examples=["13:00"])]


class DayHours(Input):
    """The hours of one weekday."""

    weekday: Annotated[int, Field(strict=True, ge=1, le=7, description="ISO: 1 is Monday, 7 is Sunday", examples=[1])]
    opens: Annotated[Clock, Field(examples=["08:00"])]
    closes: Annotated[Clock, Field(examples=["15:00"])]
    breaks: Annotated[list[BreakHours], Field(max_length=5)] = []


Hours = Annotated[list[DayHours], Field(max_length=7, description="Weekdays that are not named are closed")]

OFFICE_HOURS = [DayHours(weekday=weekday, opens="08:00", closes="15:00") for weekday in range(1, 6)]


class MallRequest(Input):
    """A mall to found."""

    slug: Annotated[
        str,
        StringConstraints(pattern=SLUG),
        Field(description="Its place in every path; never changes", examples=["samarinda"]),
    ]
    name: Names
    region: Annotated[Line, Field(examples=["Kota Samarinda, Kalimantan Timur"])]
    operator: Annotated[Line, Field(examples=["DPMPTSP Kota Samarinda"])]
    time_zone: Annotated[TimeZone, Field(description="Never changes")]
    hours: Annotated[Hours, Field(description="Weekly hours; Monday to Friday 08.00-15.00 unless given")] = OFFICE_HOURS


class MallChanges(Changes):
    """What may be changed of a mall."""

    name: Names = absent()
    region: Line = absent()
    operator: Line = absent()


class Mall(Output):
    """A mall."""

    slug: str
    name: Names
    region: str
    operator: str
    time_zone: str
    created_at: Instant
    version: int
    """What If-Match compares, in the ETag."""


class Floor(Input):
    """A floor of a location."""

    code: FloorCode
    name: Names


class LocationRequest(Input):
    """A building of the mall."""

    name: Names
    address: Paragraph
    floors: Annotated[list[Floor], Field(min_length=1, max_length=50), Distinct]
    from_on: Day
    until_on: Day | None = None


class LocationChanges(Changes):
    """What may be changed of a building."""

    name: Names = absent()
    address: Paragraph = absent()
    floors: Annotated[list[Floor], Field(min_length=1, max_length=50), Distinct] = absent()
    from_on: Day = absent()
    until_on: Day | None = None


class Location(Output):
    """A building of the mall, with the days between which it is one."""

    id: UUID
    name: Names
    address: str
    floors: list[Floor]
    from_on: date
    until_on: date | None
    version: int
    """What If-Match compares, in the ETag."""


class HoursRequest(Input):
    """Weekly hours to set."""

    hours: Hours


class WeeklyHours(Output):
    """Weekly hours as they are set."""

    hours: list[DayHours]


class CalendarExceptionRequest(Input):
    """Days on which the hours are other ones."""

    agency_id: Annotated[UUID | None, Field(description="One agency's exception; null: the whole mall's")] = None
    kind: Annotated[
        ExceptionKind,
        Field(description="open: these hours replace weekly hours and holidays; closed: these hours are cut out"),
    ]
    starts_on: Day
    ends_on: Annotated[Day | None, Field(description="Null: until the exception is deleted")]
    opens: Annotated[Clock, Field(description="From when on each of the days")] = "00:00"
    closes: Annotated[Clock, Field(description="Until when on each of the days")] = "24:00"
    reason: Names


class CalendarException(Output):
    """Days on which the hours are other ones, and why."""

    id: UUID
    agency_id: UUID | None
    kind: ExceptionKind
    starts_on: date
    ends_on: date | None
    opens: str
    closes: str
    reason: Names


class OpenSpan(Output):
    """A stretch of a day."""

    opens: str
    closes: str


class CalendarDay(Output):
    """When the mall is open on one day, all layers considered."""

    on: date
    open: list[OpenSpan]
    holiday: Names | None
    """Also where the mall opens on it."""
    period: Names | None
    """The period whose weekly hours hold, Ramadan say; the agency's own, or the mall's."""


class Calendar(Output):
    """The mall's weekly hours, and what becomes of them on the next days."""

    time_zone: str
    hours: list[DayHours]
    is_open: bool
    changes_at: Instant | None
    """When it closes, if open; when it opens next, if not; null: not soon."""
    days: list[CalendarDay]
    """Today and the six days after it."""
