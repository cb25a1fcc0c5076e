"""Services and their availability on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool

from app.domain.absences import LONGEST_BLOCK, MOST_NO_SHOWS, NO_SHOW_BLOCK_DAYS
from app.domain.members import Membership
from app.domain.queue import LONGEST_HEAD_START
from app.domain.services import Channel, GovernmentLevel, QuotaOf, ServiceKind, ServiceScope
from app.domain.tickets import MOST_PLACES, NO_SHOW_CALLS, PRIORITY_CALLS, RETURN_PLACES
from app.domain.windows import MOST_WINDOWS
from app.schemas.base import (
    Changes,
    Clock,
    Code,
    Distinct,
    Editable,
    Input,
    Instant,
    LocalizedText,
    MaybeProblemCode,
    Output,
    absent,
)
from app.schemas.calendar import Reasons
from app.schemas.estimates import Estimate

Quota = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Channels = Annotated[
    list[Channel], Field(min_length=1, max_length=4, json_schema_extra={"uniqueItems": True}), Distinct
]
Minutes = Annotated[int, Field(strict=True, ge=1, le=480, description="How long one visitor usually takes, in minutes")]

NoShowCalls = Annotated[
    int,
    Field(
        strict=True,
        ge=1,
        le=10,
        description="How often a visitor is called before the ticket may be marked as a no-show",
    ),
]
ReturnPlaces = Annotated[
    int,
    Field(strict=True, ge=1, le=MOST_PLACES, description="How many others are called first when a no-show comes back"),
]
NearPlaces = Annotated[int, Field(strict=True, ge=1, le=MOST_PLACES)]
NoShowsBeforeBlock = Annotated[int, Field(strict=True, ge=1, le=MOST_NO_SHOWS)]
NoShowBlockDays = Annotated[int, Field(strict=True, ge=1, le=LONGEST_BLOCK)]
PriorityCalls = Annotated[int, Field(strict=True, ge=1, le=50)]
HeadStart = Annotated[int, Field(strict=True, ge=0, le=LONGEST_HEAD_START)]


class Window(Input):
    """Hours of every day at which numbers are given."""

    opens: Annotated[Clock, Field(examples=["07:00"])]
    """When the window begins, `HH:MM` in the mall's zone."""
    closes: Annotated[Clock, Field(examples=["11:00"])]
    """When it ends, `HH:MM` in the mall's zone; `24:00` is the day's end."""


ChannelWindows = dict[Channel, Annotated[list[Window], Field(min_length=1, max_length=MOST_WINDOWS)]]


class HeadStarts(Input):
    """By how many minutes each priority class is counted as having come earlier."""

    unspecified: HeadStart = 0
    """Minutes for priority without saying why; 0: like everybody."""
    disability: HeadStart = 0
    """Minutes for people with a disability; 0: like everybody."""
    elderly: HeadStart = 0
    """Minutes for the elderly; 0: like everybody."""
    pregnant_or_nursing: HeadStart = 0
    """Minutes for women who are pregnant or nursing; 0: like everybody."""
    with_small_child: HeadStart = 0
    """Minutes for who has a small child along; 0: like everybody."""


class ServiceRequest(Input):
    """A service to add to the catalogue."""

    agency_id: UUID
    """The agency that offers it; it never changes."""
    number_series_id: UUID
    code: Annotated[Code, Field(examples=["KTP-BARU"])]
    name: LocalizedText
    kind: ServiceKind = ServiceKind.ADMINISTRATIVE
    """Goods, services or administrative services."""
    level: GovernmentLevel = GovernmentLevel.CITY
    scope: ServiceScope = ServiceScope.WHOLE
    scope_note: Annotated[
        LocalizedText | None, Field(description="What is done here, and where the rest is done; null: all is done here")
    ] = None
    channels: Channels = [Channel.KIOSK, Channel.WEB]
    daily_quota: Annotated[Quota | None, Field(description="Tickets a day; null: no limit")] = None
    channel_quotas: Annotated[
        dict[Channel, Quota], Field(description="Tickets a day on one channel", examples=[{"web": 20}])
    ] = {}
    channel_windows: ChannelWindows = {}
    handling_minutes: Minutes = 10
    no_show_calls: NoShowCalls = NO_SHOW_CALLS
    return_places: ReturnPlaces = RETURN_PLACES
    priority_calls_in_a_row: PriorityCalls | None = PRIORITY_CALLS
    near_places: NearPlaces | None = None
    no_shows_before_block: NoShowsBeforeBlock | None = None
    no_show_block_days: NoShowBlockDays = NO_SHOW_BLOCK_DAYS
    web_needs_phone: StrictBool = False
    head_start_minutes: HeadStarts = HeadStarts()


class ServiceChanges(Changes):
    """Changes to a service. Its code and its agency never change."""

    number_series_id: UUID = absent()
    name: LocalizedText = absent()
    kind: ServiceKind = absent()
    """Goods, services or administrative services."""
    level: GovernmentLevel = absent()
    scope: ServiceScope = absent()
    scope_note: LocalizedText | None = None
    channels: Channels = absent()
    daily_quota: Quota | None = None
    channel_quotas: dict[Channel, Quota] = absent()
    channel_windows: ChannelWindows = absent()
    handling_minutes: Minutes = absent()
    no_show_calls: NoShowCalls = absent()
    return_places: ReturnPlaces = absent()
    priority_calls_in_a_row: PriorityCalls | None = None
    near_places: NearPlaces | None = None
    no_shows_before_block: NoShowsBeforeBlock | None = None
    no_show_block_days: NoShowBlockDays = absent()
    web_needs_phone: StrictBool = absent()
    head_start_minutes: HeadStarts = absent()


class Service(Editable):
    """A service at the mall. It is shown also when its agency's membership is not in force; `membership` says why."""

    id: UUID
    code: str
    name: LocalizedText
    agency_id: UUID
    """The agency that offers it, and whose people serve it."""
    number_series_id: UUID
    kind: ServiceKind
    """Goods, services or administrative services."""
    level: GovernmentLevel
    scope: ServiceScope
    scope_note: LocalizedText | None
    channels: list[Channel]
    daily_quota: int | None
    channel_quotas: dict[Channel, int]
    channel_windows: dict[Channel, list[Window]]
    handling_minutes: int
    no_show_calls: int
    """How often a visitor is called before the ticket may be marked as a no-show."""
    return_places: int
    """How many others are called first when a no-show comes back."""
    priority_calls_in_a_row: int | None
    near_places: int | None
    no_shows_before_block: int | None
    no_show_block_days: int
    web_needs_phone: bool
    head_start_minutes: HeadStarts
    membership: Membership
    in_force: bool
    retired_on: date | None
    """Since when it is retired, and issues no tickets; null: it is not."""


class ServedFloor(Output):
    """The counters of a service on one floor."""

    location_id: UUID
    """The id of the building that the floor is in."""
    floor: str
    open_counters: int
    """How many of them call now; one on a break or closing is not counted."""


class Availability(Output):
    """Whether a service issues a ticket on the channel now, and if not, why."""

    service_id: UUID
    code: MaybeProblemCode
    """The problem code with which issuing would be refused; null: it can issue."""
    service_code: str
    name: LocalizedText
    """The service's name, in both languages."""
    agency_id: UUID
    agency_code: str
    """The code of the service's agency."""
    agency_name: LocalizedText
    """The name of the service's agency, in both languages."""
    can_issue: bool
    """Whether a ticket would be issued now. That needs open hours and no open counter: see `open_counters`."""
    needs_phone: bool
    """Whether a number on this channel needs a phone that was proven (`/phone-confirmations`)."""
    reason: str | None
    """For people, in the language asked for; null: it can issue."""
    reasons: Reasons
    next_opening_at: Instant | None
    """When it opens next, if it is outside its opening hours; null: it is within them, or it is not known when."""
    remaining: int | None
    """Tickets left today on this channel; null: no limit."""
    quota_of: QuotaOf | None
    """Whose quota is used up, the service's or the channel's; null: none is, or it is closed anyway."""
    next_numbers_at: Instant | None
    """When numbers are given again, if today's are used up: as it opens on its next day; null: not known."""
    other_channels: list[Channel]
    """If this channel's numbers are used up: the other ones that still have some today."""
    people_ahead: int
    """How many would be called before a ticket without priority that is issued now, across all services that some
    counter serves together with this one. If nobody else comes or comes back, no more are."""
    open_counters: int
    """How many counters call for it now."""
    floors: list[ServedFloor]
    """Where its counters stand, open or not; empty: it has none yet."""
    estimate: Estimate | None
    """How long somebody without priority would wait who takes a ticket now; null: it cannot issue, or no counter is
    open for it."""
