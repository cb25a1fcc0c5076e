"""What entries say of the things they are about: one type for each shape of `data`.

A row is recorded by the members of its type here, and by nothing else. Members are only ever added: an entry is hashed
and stays as it was written. Never in here: names, phones, user names or free text about people, and which priority
class or access need a visitor has. Joining and people have a file each beside this one.

(From `typing_extensions`: of Python 3.11's own, Pydantic makes no JSON schema.)
"""

import datetime as dt
from uuid import UUID

from typing_extensions import TypedDict

from app.domain.calendar import ExceptionKind, OpenFor, TimeZone
from app.domain.closures import WaitingVisitors
from app.domain.counters import CounterStatus
from app.domain.holidays import HolidayKind
from app.domain.hours import DayHours
from app.domain.names import LocalizedText
from app.domain.number_blocks import BlockStatus
from app.domain.printing import PrintOutcome
from app.domain.queue import Chosen
from app.domain.services import Channel, GovernmentLevel, ServiceKind, ServiceScope
from app.domain.stops import Cause, WaitingTickets
from app.domain.tickets import PriorityClass, ReturnPlace, TicketStatus
from app.domain.windows import Window


class Edited(TypedDict):
    """What every edit tells."""

    changed: list[str]
    """The members that were changed; one that is personal is named here, and its value nowhere."""


class Retired(TypedDict):
    """What every retirement tells."""

    waiting_tickets: WaitingTickets


class TicketData(TypedDict):
    """A ticket."""

    number: str
    service_id: UUID
    visit_id: UUID
    channel: Channel
    priority: bool
    """Whether it has a priority class; which one is nobody's business."""
    status: TicketStatus
    counter_id: UUID | None
    officer_id: UUID | None
    call_count: int
    closed_by: Cause | None


class TicketIssued(TicketData):
    """A ticket, and its number's place in the series: ordinals of a series and day have no gap but a kiosk's blocks."""

    series_id: UUID
    ordinal: int
    broken_rule: str | None
    """The code with which a kiosk that was cut off would have been refused it."""


class TicketCalled(TicketData):
    """A ticket, and how it was picked."""

    chosen: Chosen


class TicketReturned(TicketData):
    """A ticket, where it was put in the queue, and why the program brought it back; null: an officer did so."""

    place: ReturnPlace
    cause: Cause | None


class TicketPostponed(TicketData):
    """A ticket, and how many others its visitor wanted to go first; where fewer stood behind it, it is the last."""

    places: int


class TicketTransferred(TicketData):
    """A ticket at its new service, which is the entry's agency's, and where it comes from."""

    from_agency_id: UUID
    from_service_id: UUID
    kept_arrival: bool


class TicketNeared(TicketData):
    """A ticket whose turn is near, and its place in the order of the queue."""

    position: int


class TicketPrintReported(TicketData):
    """A ticket, what became of its paper, and how often that has come out so far."""

    outcome: PrintOutcome
    print_count: int


class VisitData(TypedDict):
    """One person's trip."""

    in_order: bool
    """Whether a step is called only when all before it are over."""


class VisitPlanned(VisitData):
    """A trip whose tickets were all issued at once, in the order of the plan."""

    ticket_ids: list[UUID]


class NumberBlockData(TypedDict):
    """Numbers that a kiosk took ahead, the last one included."""

    series_id: UUID
    device_id: UUID
    first_ordinal: int
    last_ordinal: int
    status: BlockStatus


class NumberBlockReported(NumberBlockData):
    """A block, and what the kiosk gave of it."""

    given: int
    """So many from the first on; the rest is unused."""
    issued: int
    """How many of these are tickets; the others are void."""
    broken: list[UUID]
    """The tickets that stand though a rule forbade them that the kiosk could not know."""


class CounterData(TypedDict):
    """A counter of the catalogue."""

    code: str
    name: LocalizedText
    spoken: LocalizedText | None
    location_id: UUID
    floor: str
    booth: str | None
    desk: str | None
    weekdays: list[int] | None
    retired_on: dt.date | None


class CounterServed(CounterData):
    """A counter, the services that it serves, and those of them with which it only helps out."""

    service_ids: list[UUID]
    helps_with_service_ids: list[UUID]


class CounterChanged(CounterServed, Edited):
    """A counter after an edit."""


class CounterRetired(CounterData, Retired):
    """A counter that has ended."""


class SessionData(TypedDict):
    """An officer's session at a counter; the counter's status is the session's."""

    session_id: UUID
    officer_id: UUID
    status: CounterStatus
    ended_by: Cause | None


class SessionPaused(SessionData):
    """A session with a break, and until when; why is said to visitors and kept nowhere."""

    until: dt.datetime | None


class ServiceData(TypedDict):
    """A service."""

    code: str
    name: LocalizedText
    kind: ServiceKind
    level: GovernmentLevel
    scope: ServiceScope
    scope_note: LocalizedText | None
    number_series_id: UUID
    channels: list[Channel]
    daily_quota: int | None
    channel_quotas: dict[Channel, int]
    channel_windows: dict[Channel, list[Window]]
    head_start_minutes: dict[PriorityClass, int]
    handling_minutes: int
    no_show_calls: int
    return_places: int
    priority_calls_in_a_row: int | None
    near_places: int | None
    no_shows_before_block: int | None
    no_show_block_days: int
    web_needs_phone: bool
    retired_on: dt.date | None


class ServiceChanged(ServiceData, Edited):
    """A service after an edit."""


class ServiceRetired(ServiceData, Retired):
    """A service that has ended."""


class ServiceAbsencesPardoned(ServiceData):
    """A service, and how many absences of somebody it no longer counts; whose is kept nowhere."""

    no_shows: int


class NumberSeriesData(TypedDict):
    """A number series."""

    prefix: str
    name: LocalizedText


class NumberSeriesChanged(NumberSeriesData, Edited):
    """A number series after an edit."""


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
    counter_id: UUID | None
    kind: ExceptionKind
    agencies: OpenFor
    starts_on: dt.date
    ends_on: dt.date | None
    opens: str
    closes: str
    reason: LocalizedText


class CalendarExceptionChanged(CalendarExceptionData, Edited):
    """Such a deviation after an edit."""


class ClosureData(TypedDict):
    """A closure of the mall, a floor, the entry's agency, or a service or counter of it."""

    service_id: UUID | None
    counter_id: UUID | None
    location_id: UUID | None
    floor: str | None
    reason: LocalizedText
    waiting_tickets: WaitingVisitors
    move_to_service_id: UUID | None
    """Where who waited went; each of them is told by `ticket.transferred`."""
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    ended_at: dt.datetime | None


class HolidayData(TypedDict):
    """A holiday or a day of collective leave."""

    date: dt.date
    kind: HolidayKind
    name: LocalizedText
    source: str
    closes_mall: bool
    estimated: bool
    proposal: str | None
    """The key of the proposal that it follows."""


class HolidayChanged(HolidayData, Edited):
    """Such a day after an edit, by hand or by a newer proposal."""


class Floor(TypedDict):
    """A floor of a building."""

    code: str
    name: LocalizedText


class LocationData(TypedDict):
    """A building of the mall."""

    name: LocalizedText
    address: str
    floors: list[Floor]
    starts_on: dt.date
    ends_on: dt.date | None


class LocationChanged(LocationData, Edited):
    """A building after an edit."""


class MallData(TypedDict):
    """A mall."""

    slug: str
    name: LocalizedText
    region: str
    operator: str
    time_zone: TimeZone
    transfers_between_agencies: bool
    reopening_minutes: int


class MallChanged(MallData, Edited):
    """A mall after an edit."""


class DayEnded(TypedDict):
    """The entry's service day, and how many of its tickets were still open."""

    tickets: int
