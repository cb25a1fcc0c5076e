"""What entries say of the things they are about: one type for each shape of `data`.

A row is recorded by the members of its type here, and by nothing else. Members are only ever added: an entry is hashed
and stays as it was written. Never in here: names, phones, user names or free text about people, and which priority
class or access need a visitor has. Calendar, joining and people have a file each beside this one.

(From `typing_extensions`: of Python 3.11's own, Pydantic makes no JSON schema.)
"""

import datetime as dt
from uuid import UUID

from typing_extensions import TypedDict

from app.domain.calendar import TimeZone
from app.domain.counters import CounterStatus
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
    """What became of who waited: served to the end of the day, or cancelled and told why."""


class TicketData(TypedDict):
    """A ticket."""

    number: str
    service_id: UUID
    visit_id: UUID
    channel: Channel
    priority: bool
    """Whether it has a priority class; which one is nobody's business."""
    status: TicketStatus
    """What has become of it."""
    counter_id: UUID | None
    """The counter that called it last since it came to wait; null: none has."""
    officer_id: UUID | None
    call_count: int
    closed_by: Cause | None


class TicketIssued(TicketData):
    """A ticket, and its number's place in the series: ordinals of a series and day have no gap but a kiosk's blocks."""

    series_id: UUID
    ordinal: int
    """Which number of its series and day."""
    broken_rule: str | None
    """The code with which a kiosk that was cut off would have been refused it; null: no rule forbade it."""


class TicketCalled(TicketData):
    """A ticket, and how it was picked."""

    chosen: Chosen


class TicketReturned(TicketData):
    """A ticket, where it was put in the queue, and why the program brought it back; null: an officer did so."""

    place: ReturnPlace
    """Where in the queue: at its old place, behind some others, or first."""
    cause: Cause | None
    """What brought it back; null: an officer did."""


class TicketPostponed(TicketData):
    """A ticket, and how many others its visitor wanted to go first; where fewer stood behind it, it is the last."""

    places: int
    """How many others go first."""


class TicketTransferred(TicketData):
    """A ticket at its new service, which is the entry's agency's, and where it comes from."""

    from_agency_id: UUID
    """The agency that it leaves."""
    from_service_id: UUID
    """The service that it leaves."""
    kept_arrival: bool
    """Whether it waits as if it had been issued for the new service."""


class TicketCancelled(TicketData):
    """A ticket, and why it was cancelled, as its visitor is told."""

    stop_reason: LocalizedText | None
    """Null: nothing had stopped; what an officer has written of it is kept with the ticket alone."""


class TicketNeared(TicketData):
    """A ticket whose turn is near, and its place in the order of the queue."""

    position: int
    """Its place in the order of the queue, from 1."""


class TicketPrintReported(TicketData):
    """A ticket, what became of its paper, and how often that has come out so far."""

    outcome: PrintOutcome
    """What became of the paper this time."""
    print_count: int
    """How often it has come out so far."""


class VisitData(TypedDict):
    """One person's trip."""

    in_order: bool
    """Whether a step is called only when all before it are over."""


class VisitPlanned(VisitData):
    """A trip whose tickets were all issued at once, in the order of the plan."""

    ticket_ids: list[UUID]
    """Its tickets, in the order of the plan."""


class NumberBlockData(TypedDict):
    """Numbers that a kiosk took ahead, the last one included."""

    series_id: UUID
    device_id: UUID
    first_ordinal: int
    """The first number of it in its series and day."""
    last_ordinal: int
    """The last one."""
    status: BlockStatus
    """Whether the kiosk has reported it."""


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
    """What it is called in a spoken call; null: by its name."""
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
    """The session, from opening to closing."""
    officer_id: UUID
    status: CounterStatus
    """What the counter does."""
    ended_by: Cause | None
    """What ended it; null: it goes on."""


class SessionPaused(SessionData):
    """A session with a break, and until when; why is said to visitors and kept nowhere."""

    until: dt.datetime | None
    """Until when the break lasts; null: nobody has said."""


class ServiceData(TypedDict):
    """A service."""

    code: str
    name: LocalizedText
    kind: ServiceKind
    """A good, a service, or an administrative service."""
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
    """So many calls before a visitor may be marked as absent."""
    return_places: int
    """How many others go before one who comes back later."""
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
    """How many absences count no longer."""


class NumberSeriesData(TypedDict):
    """A number series."""

    prefix: str
    """What stands before its numbers."""
    name: LocalizedText


class NumberSeriesChanged(NumberSeriesData, Edited):
    """A number series after an edit."""


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
    """The mall's name in every path."""
    name: LocalizedText
    region: str
    operator: str
    time_zone: TimeZone
    transfers_between_agencies: bool
    """Whether tickets may go on to another agency's services."""
    reopening_minutes: int
    """For how long after its end a ticket may be reopened."""


class MallChanged(MallData, Edited):
    """A mall after an edit."""
