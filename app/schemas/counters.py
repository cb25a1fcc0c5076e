"""Counters on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool

from app.domain.counters import CounterStatus
from app.domain.tickets import TicketStatus
from app.schemas.base import Changes, Code, Distinct, FloorCode, Input, Line, LocalizedText, Output, absent

ServiceIds = Annotated[
    list[UUID],
    Field(max_length=100, description="Services of the counter's own agency", json_schema_extra={"uniqueItems": True}),
    Distinct,
]


class CounterRequest(Input):
    """A counter to give an agency."""

    agency_id: UUID
    location_id: UUID
    code: Annotated[Code, Field(examples=["L-07"])]
    name: Annotated[LocalizedText, Field(examples=[{"id": "Loket 7", "en": "Counter 7"}])]
    floor: Annotated[FloorCode, Field(description="A floor of the location")]
    booth: Annotated[Line | None, Field(description="The agency's place that the counter stands in")] = None
    service_ids: ServiceIds = []


class CounterChanges(Changes):
    """What may be changed of a counter; an agency's manager changes `service_ids` only."""

    location_id: UUID = absent()
    name: LocalizedText = absent()
    floor: FloorCode = absent()
    booth: Line | None = None
    service_ids: ServiceIds = absent()


class TicketInHand(Output):
    """The ticket that is at a counter."""

    id: UUID
    number: str
    status: TicketStatus
    service_id: UUID
    call_count: int


class Counter(Output):
    """A counter, and what goes on there."""

    id: UUID
    code: str
    name: LocalizedText
    agency_id: UUID
    location_id: UUID
    floor: str
    booth: str | None
    service_ids: list[UUID]
    status: CounterStatus
    in_force: bool
    """Whether its agency is in force today: otherwise it does not open."""
    waiting: int
    """How many may be called here now; who is at another counter now is not counted."""
    officer_id: UUID | None
    """Who has it open; null also for who may not know."""
    ticket: TicketInHand | None
    """The ticket in hand; null also for who may not know."""
    retired_on: date | None
    """Since when it is no more; it does not open again."""
    version: int
    """What If-Match compares, in the ETag."""


class CounterClosing(Input):
    """How to close."""

    force: Annotated[
        StrictBool,
        Field(description="A manager's: a serving or held ticket goes back to waiting, first in line"),
    ] = False


class CallRequest(Input):
    """Which ticket to call."""

    ticket_id: Annotated[
        UUID | None,
        Field(description="One that waits or is on hold for a service of the counter; null: whoever is next"),
    ] = None
