"""Opening hours on the wire."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.calendar import ClosedBy, ExceptionKind, OpenFor, TimeZone
from app.schemas.base import Changes, Clock, Day, Editable, Input, Instant, LocalizedText, Output, absent


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


class WeeklyHours(Editable):
    """Weekly hours as they are set."""

    hours: list[DayHours]


KIND = (
    "open: the hours of each of the days, instead of the hours that the mall (or the agency) has on them; "
    "closed: one stretch, from `opens` on the first day to `closes` on the last, is cut out"
)
OPENS = "open: when the hours begin on each of the days; closed: when the stretch begins on the first day"
CLOSES = "open: when the hours end on each of the days; closed: when the stretch ends on the last day"
AGENCIES = (
    "Whom a special day of the mall opens. scheduled: the agencies that come on such a day, or have an exception of "
    "their own; all: every agency without one of its own. Only an open exception of the mall can be `all`"
)
COUNTER = (
    "Only this counter is closed: it cannot be opened, unless somebody waits whom no other counter may call; null: not "
    "one alone"
)
REASON = "Why, as kiosks and boards show it, in both languages"


class CalendarExceptionRequest(Input):
    """A special day, or a stretch of being closed: of the mall, or of what is named."""

    agency_id: Annotated[UUID | None, Field(description="Only for this agency; null: for the whole mall")] = None
    service_id: Annotated[
        UUID | None, Field(description="Only this service of an agency is closed; null: not one alone")
    ] = None
    counter_id: Annotated[UUID | None, Field(description=COUNTER)] = None
    kind: Annotated[ExceptionKind, Field(description=KIND, examples=["closed"])]
    agencies: Annotated[OpenFor, Field(description=AGENCIES)] = OpenFor.SCHEDULED
    starts_on: Day
    """The first day, local to the mall."""
    ends_on: Annotated[Day | None, Field(description="The last day; null: until the exception is deleted")]
    opens: Annotated[Clock, Field(description=OPENS)] = "00:00"
    closes: Annotated[Clock, Field(description=CLOSES)] = "24:00"
    reason: Annotated[LocalizedText, Field(description=REASON)]


class CalendarExceptionChanges(Changes):
    """Changes to an exception. Whose it is, and whether it opens or closes, never changes."""

    agencies: Annotated[OpenFor, Field(description=AGENCIES)] = absent()
    starts_on: Day = absent()
    ends_on: Annotated[Day | None, Field(description="The last day; null: until the exception is deleted")] = None
    opens: Annotated[Clock, Field(description=OPENS)] = absent()
    closes: Annotated[Clock, Field(description=CLOSES)] = absent()
    reason: Annotated[LocalizedText, Field(description=REASON)] = absent()


class CalendarException(Editable):
    """A special day, or a stretch of being closed, and the reason."""

    id: UUID
    agency_id: UUID | None
    """The agency whose hours they are; null: the whole mall's."""
    service_id: UUID | None
    """The service that is closed; null: not one alone."""
    counter_id: UUID | None
    """The counter that is closed; null: not one alone."""
    kind: Annotated[ExceptionKind, Field(description=KIND)]
    agencies: Annotated[OpenFor, Field(description=AGENCIES)]
    starts_on: dt.date
    ends_on: dt.date | None
    """The last day, local to the mall; null: until it is deleted."""
    opens: Annotated[str, Field(description=OPENS)]
    closes: Annotated[str, Field(description=CLOSES)]
    reason: Annotated[LocalizedText, Field(description=REASON)]
    by_mall: bool
    """Whether the mall's manager made it; then an agency's manager cannot change or delete it."""


class ClosedReason(Output):
    """One thing that keeps closed between now and the next opening."""

    cause: ClosedBy
    """exception: somebody closed it; holiday: a holiday or collective leave; outside_hours: the rest of a day that has
    hours; day_off: a day without hours."""
    starts_on: dt.date
    ends_on: dt.date | None
    """The last day, local to the mall; null: until somebody ends it."""
    text: LocalizedText
    """What it is called, or why, in both languages."""


Reasons = Annotated[
    list[ClosedReason],
    Field(
        description="All that keeps it closed between now and the next opening, in order (of a month, where it is not "
        "known when it opens); empty: it is within its hours"
    ),
]


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
    """Its name, also if the mall opens on it; null: it is no holiday."""
    period: LocalizedText | None
    """The period whose weekly hours count, such as Ramadan: the agency's own, or the mall's; null: none does."""


class Calendar(Editable):
    """The weekly hours, and the resulting hours of the next days. Its version is that of the weekly hours, 0: none."""

    time_zone: TimeZone
    hours: list[DayHours]
    own_hours: bool
    """Whether the agency has weekly hours of its own; false: it comes when the mall is open."""
    is_open: bool
    """Whether it is open at this moment."""
    changes_at: Instant | None
    """When it closes, if open; when it opens next, if not; null: not soon."""
    reasons: Reasons
    days: list[CalendarDay]
    """Today and the six days after it."""
