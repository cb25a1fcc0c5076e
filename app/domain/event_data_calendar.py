"""What entries say of opening hours, holidays and closures: see `event_data.py`."""

import datetime as dt
from uuid import UUID

from typing_extensions import TypedDict

from app.domain.calendar import ExceptionKind, OpenFor
from app.domain.closures import WaitingVisitors
from app.domain.event_data import Edited
from app.domain.holidays import HolidayKind
from app.domain.hours import DayHours
from app.domain.names import LocalizedText


class CalendarData(TypedDict):
    """Weekly hours of the mall, or of the entry's agency at it."""

    hours: list[DayHours]


class CalendarChanged(CalendarData, Edited):
    """Weekly hours after an edit."""


class CalendarPeriodData(CalendarData):
    """Days with weekly hours of their own."""

    name: LocalizedText
    starts_on: dt.date
    ends_on: dt.date


class CalendarPeriodChanged(CalendarPeriodData, Edited):
    """Such days after an edit."""


class CalendarExceptionData(TypedDict):
    """A dated deviation of the mall, of the entry's agency, or of a service or counter of it."""

    service_id: UUID | None
    """The service; null: more than one service."""
    counter_id: UUID | None
    """The counter; null: more than one counter."""
    kind: ExceptionKind
    """Whether its days have other hours, or a stretch is taken away."""
    agencies: OpenFor
    """Who comes on the mall's special day."""
    starts_on: dt.date
    ends_on: dt.date | None
    opens: str
    closes: str
    reason: LocalizedText
    """Why, as everybody is told."""


class CalendarExceptionChanged(CalendarExceptionData, Edited):
    """Such a deviation after an edit."""


class ClosureData(TypedDict):
    """A closure of the mall, a floor, the entry's agency, or a service or counter of it."""

    service_id: UUID | None
    """The service that is closed; null: no single one."""
    counter_id: UUID | None
    """The counter that is closed; null: no single one."""
    location_id: UUID | None
    """The building that is closed, or whose floor is; null: neither."""
    floor: str | None
    """The floor that is closed; null: no single one."""
    reason: LocalizedText
    """Why, as everybody is told."""
    waiting_tickets: WaitingVisitors
    """What becomes of who waits."""
    move_to_service_id: UUID | None
    """Where who waited went; each of them is told by `ticket.transferred`. Null: nowhere."""
    starts_at: dt.datetime
    """Since when."""
    ends_at: dt.datetime | None
    """Until when; null: until it is ended by hand."""
    ended_at: dt.datetime | None


class HolidayData(TypedDict):
    """A holiday or a day of collective leave."""

    date: dt.date
    kind: HolidayKind
    """A national holiday, or collective leave."""
    name: LocalizedText
    source: str
    """The decree or page that sets the day."""
    closes_mall: bool
    """Whether the mall is closed on it."""
    estimated: bool
    """Whether the date is computed, and may move."""
    proposal: str | None
    """The key of the proposal that it follows; null: people entered it."""


class HolidayChanged(HolidayData, Edited):
    """Such a day after an edit, by hand or by a newer proposal."""


class DayEnded(TypedDict):
    """The entry's service day, and how many of its tickets were still open."""

    tickets: int
    """How many were still open."""
