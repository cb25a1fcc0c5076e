"""Closures on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.closures import WaitingVisitors
from app.schemas.base import Editable, FloorCode, GivenInstant, Input, Instant, LocalizedText
from app.schemas.stops import Aftermath

REASON = "Why, as kiosks and boards show it, in both languages"
WAITING = (
    "serve: only the intake closes, who waits is called all the same; keep: nobody is called until it ends, who waits "
    "keeps the place; cancel: nobody is called, and waiting tickets are cancelled with the reason; move: nobody is "
    "called, and waiting tickets go on to `move_to_service_id`, as transfers that keep their arrival. Who is at a "
    "counter is served to the end"
)
MOVE_TO = "Where waiting tickets go with `move`: another open service of the same agency; null: they do not move"


class ClosureRequest(Input):
    """Closing one thing, now or for a stretch: what is named, or the whole mall."""

    agency_id: Annotated[
        UUID | None, Field(description="This agency with all its services and counters; null: no whole agency")
    ] = None
    service_id: Annotated[UUID | None, Field(description="This service alone; null: no single service")] = None
    counter_id: Annotated[
        UUID | None, Field(description="This counter, and the services that no other counter serves; null: no counter")
    ] = None
    location_id: Annotated[
        UUID | None, Field(description="The building of the floor that is closed; null: no floor")
    ] = None
    floor: Annotated[
        FloorCode | None,
        Field(description="This floor's counters, and the services that only these serve; null: no floor"),
    ] = None
    reason: Annotated[LocalizedText, Field(description=REASON)]
    waiting_tickets: Annotated[WaitingVisitors, Field(description=WAITING, examples=["serve"])]
    move_to_service_id: Annotated[UUID | None, Field(description=MOVE_TO)] = None
    starts_at: Annotated[
        GivenInstant | None,
        Field(description="When it begins; null: now. Only a closure that begins now cancels or moves who waits"),
    ] = None
    ends_at: Annotated[
        GivenInstant | None, Field(description="When it ends by itself, in whole minutes; null: somebody ends it")
    ] = None


class Closure(Editable):
    """What was closed, why and until when."""

    id: UUID
    agency_id: UUID | None
    """The agency that it belongs to; null: the mall's, or a floor's."""
    service_id: UUID | None
    """The service that is closed; null: not one alone."""
    counter_id: UUID | None
    """The counter that is closed; null: not one alone."""
    location_id: UUID | None
    """The building of the floor that is closed; null: no floor."""
    floor: str | None
    """The floor that is closed; null: no floor."""
    reason: Annotated[LocalizedText, Field(description=REASON)]
    waiting_tickets: Annotated[WaitingVisitors, Field(description=WAITING)]
    move_to_service_id: Annotated[UUID | None, Field(description=MOVE_TO)]
    starts_at: Instant
    """When it begins, or began."""
    ends_at: Instant | None
    """When it ends by itself; null: somebody ends it."""
    ended_at: Instant | None
    """When somebody ended it; null: nobody did."""
    by_mall: bool
    """Whether the mall's manager made it; then an agency's manager cannot end it."""


class MadeClosure(Closure):
    """A closure that was just made, and what it leaves to handle."""

    aftermath: Aftermath
