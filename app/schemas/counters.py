"""Counters on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool

from app.domain.counters import CounterStatus
from app.domain.tickets import TicketStatus
from app.schemas.base import (
    Changes,
    Code,
    Distinct,
    Editable,
    FloorCode,
    GivenInstant,
    Input,
    Instant,
    Line,
    LocalizedText,
    Output,
    absent,
)
from app.schemas.tickets import Ticket

Spoken = Annotated[
    LocalizedText | None,
    Field(
        description="How displays say the name, where not as it is written: `Loket sim` says SIM as a word,"
        " `Loket S I M` spells it; null: as it is written",
        examples=[{"id": "Loket sim", "en": "Counter S I M"}],
    ),
]
Desk = Annotated[
    Code | None,
    Field(description="The desk that it shares with counters of other weekdays; null: it shares none"),
]
Weekdays = Annotated[
    Annotated[list[Annotated[int, Field(strict=True, ge=1, le=7)]], Distinct, AfterValidator(sorted)] | None,
    Field(
        min_length=1,
        max_length=7,
        description="On which weekdays it opens (ISO: 1 is Monday, 7 is Sunday); null: on all",
        json_schema_extra={"uniqueItems": True},
        examples=[[1, 3, 5]],
    ),
]
ServiceIds = Annotated[
    list[UUID],
    Field(max_length=100, description="Services of the counter's own agency", json_schema_extra={"uniqueItems": True}),
    Distinct,
]

HelpsWith = Annotated[
    list[UUID],
    Field(
        max_length=100,
        description="Those of `service_ids` with which it only helps out: it calls for them when nobody waits for its"
        " others",
        json_schema_extra={"uniqueItems": True},
    ),
    Distinct,
]


class CounterRequest(Input):
    """A counter to create."""

    agency_id: UUID
    """The agency that works there."""
    location_id: UUID
    """The building where it stands."""
    code: Annotated[Code, Field(examples=["L-07"])]
    name: Annotated[LocalizedText, Field(examples=[{"id": "Loket 7", "en": "Counter 7"}])]
    spoken: Spoken = None
    floor: Annotated[FloorCode, Field(description="The code of a floor of the building: one of its `floors`")]
    booth: Annotated[
        Line | None, Field(description="The agency's booth that the counter belongs to; null: none is named")
    ] = None
    desk: Desk = None
    weekdays: Weekdays = None
    service_ids: ServiceIds = []
    helps_with_service_ids: HelpsWith = []


class CounterChanges(Changes):
    """Changes to a counter; an agency's manager changes `service_ids` and `helps_with_service_ids` only."""

    location_id: UUID = absent()
    name: LocalizedText = absent()
    spoken: Spoken = None
    floor: FloorCode = absent()
    booth: Line | None = None
    desk: Desk = None
    weekdays: Weekdays = None
    service_ids: ServiceIds = absent()
    helps_with_service_ids: HelpsWith = absent()


class TicketInHand(Output):
    """The ticket that is at a counter."""

    id: UUID
    number: str
    status: TicketStatus
    """Whether it is called or served."""
    service_id: UUID
    call_count: int


class Counter(Editable):
    """A counter, and its state now."""

    id: UUID
    code: str
    """What is written on the counter: upper case, unique in the mall, never changed."""
    name: LocalizedText
    spoken: Spoken
    agency_id: UUID
    location_id: UUID
    """The building where it stands."""
    floor: str
    booth: str | None
    desk: str | None
    weekdays: list[int] | None
    service_ids: list[UUID]
    helps_with_service_ids: list[UUID]
    status: CounterStatus
    """Whether it calls: the state of its session today; without one it is closed."""
    break_reason: LocalizedText | None
    """Why it is on a break, for visitors; null: it is on none, or that was not said."""
    break_until: Instant | None
    """When its officer will be back, as was said when the break began; the counter does not resume by itself. Null: it
    is on no break, or that was not said."""
    in_force: bool
    """Whether the agency's membership is in force today; otherwise the counter cannot open."""
    waiting: int
    """How many may be called here now; who is elsewhere (`waiting_elsewhere`) is not counted."""
    officer_id: UUID | None
    """The officer who has it open; null also for callers who may not know."""
    ticket: TicketInHand | None
    """The ticket at the counter; null also for callers who may not know."""
    retired_on: date | None
    """Since when it is retired, and does not open again; null: it is not."""


class CounterQueue(Output):
    """All that an officer's screen shows of a counter's queue."""

    ticket: Ticket | None
    """The ticket at the counter; null: there is none."""
    on_hold: list[Ticket]
    """On hold for services of the counter, at most 100: call one of them with its `ticket_id`."""
    waiting: list[Ticket]
    """The first who may be called here, in the order of the queue; as many as `limit`."""
    next_ticket_id: UUID | None
    """Whom the next call takes: the first, or, after calls of as many with priority as may be in a row, the first
    without; null: nobody may be called."""
    waiting_count: int
    """How many may be called here now."""
    elsewhere_count: int
    """How many more wait for services of the counter and are elsewhere: at another counter now, or with an earlier step
    of a visit to go to."""


class CounterOpening(Input):
    """Where the officer comes from."""

    move: Annotated[
        StrictBool,
        Field(
            description="Whether the caller's other open counter closes, and what is in hand and on hold there comes"
            " along; false: who has another counter open is refused"
        ),
    ] = False


class CounterBreak(Input):
    """Why the counter pauses, and until when."""

    reason: Annotated[
        LocalizedText | None,
        Field(
            description="Why, as visitors read it while the break lasts; it must hold no personal data. Null: not said",
            examples=[{"id": "Istirahat makan siang", "en": "Lunch break"}],
        ),
    ] = None
    until: Annotated[
        GivenInstant | None,
        Field(
            description="When the officer will be back, later today; estimates expect the counter then. Null: not"
            " said, and it is expected after a quarter of an hour"
        ),
    ] = None


class CounterClosing(Input):
    """How to close."""

    force: Annotated[
        StrictBool,
        Field(description="For managers: a ticket that is being served or on hold goes back to waiting, first in line"),
    ] = False


class CallRequest(Input):
    """Which ticket to call."""

    ticket_id: Annotated[
        UUID | None,
        Field(description="One that waits or is on hold for a service of the counter; null: the next one"),
    ] = None
