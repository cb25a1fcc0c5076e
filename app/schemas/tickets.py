"""Tickets and the board on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.names import Language
from app.domain.services import Channel
from app.domain.tickets import AccessNeed, ClosedBy, PriorityClass, ReturnPlace, TicketStatus
from app.schemas.base import Distinct, Input, Instant, Line, Names, Output


class TicketRequest(Input):
    """A ticket to issue."""

    service_id: UUID
    channel: Annotated[Channel, Field(description="Kiosk or desk: kiosk; client: partner; without credentials: web")]
    priority_class: Annotated[
        PriorityClass, Field(description="Stored, and shown to the counter; the calling order does not use it yet")
    ] = PriorityClass.NONE
    access_needs: Annotated[
        list[AccessNeed], Field(max_length=4, json_schema_extra={"uniqueItems": True}), Distinct
    ] = []
    visit_id: Annotated[
        UUID | None,
        Field(description="The trip it belongs to; null: a new one"),
    ] = None
    language: Annotated[Language, Field(description="The visitor's")] = Language.ID


class Ticket(Output):
    """A ticket: one number for its whole life."""

    id: UUID
    number: str
    service_id: UUID
    agency_id: UUID
    service_day: date
    """The mall's local date."""
    status: TicketStatus
    position: int | None
    """Its place in the queue of its service, from 1; null unless it waits."""
    estimate: None
    """Minutes to wait; null while there is no data for an estimate."""
    channel: Channel
    priority_class: PriorityClass
    access_needs: list[AccessNeed]
    language: Language
    visit_id: UUID
    counter_id: UUID | None
    """Where it is, or was last."""
    officer_id: UUID | None
    call_count: int
    issued_at: Instant
    called_at: Instant | None
    ended_at: Instant | None
    closed_by: ClosedBy | None
    reason: str | None


class IssuedTicket(Ticket):
    """A ticket just issued, with the code that is its visitor's alone."""

    claim_code: str
    """Reads and cancels the ticket without credentials until seven days after its service day. Print it as QR."""


class OwnTicket(Output):
    """A visitor's own ticket."""

    number: str
    service_day: date
    status: TicketStatus
    position: int | None
    estimate: None
    service: "NamedCode"
    counter: "CounterPlace | None"
    """Where to go, once it is called."""
    call_count: int
    issued_at: Instant
    called_at: Instant | None
    ended_at: Instant | None
    reason: str | None


class NamedCode(Output):
    """A thing by its code and name."""

    code: str
    name: Names


class CounterPlace(NamedCode):
    """A counter and where it stands."""

    floor: str


class TicketReturn(Input):
    """Where the ticket goes back to."""

    place: Annotated[
        ReturnPlace | None,
        Field(
            description="old_place: where it stood; later: some places behind (the service's `return_places`);"
            " first: before all. Null: later for a no-show, otherwise old_place"
        ),
    ] = None


class TicketCancellation(Input):
    """Why it is cancelled."""

    reason: Annotated[Line | None, Field(description="No personal data")] = None


class CallText(Output):
    """A call in one language."""

    sentence: str
    tokens: list[str]
    """What to speak, one recording each."""


class CallTexts(Output):
    """A call in both languages."""

    id: CallText
    en: CallText


class CalledTicket(Output):
    """A number on the board."""

    number: str
    status: TicketStatus
    counter_id: UUID
    counter_code: str
    counter_name: Names
    floor: str
    service_id: UUID
    called_at: Instant
    call_count: int
    """Grows with every recall, so that a display sounds again."""
    text: CallTexts


class BoardService(Output):
    """A service's queue on the board."""

    service_id: UUID
    code: str
    name: Names
    agency_id: UUID
    waiting: int
    closed_code: str | None
    """Why nothing is issued, as a problem's code; null: it is open."""
    closed_reason: str | None
    """The same for people, in the language asked for."""
    next_opening_at: Instant | None


class Board(Output):
    """What displays show. Numbers only, never names."""

    service_day: date
    sequence: int
    """The journal's sequence that this picture belongs to."""
    changes_at: Instant | None
    """When it next changes by the clock alone."""
    now_serving: list[CalledTicket]
    recently_called: list[CalledTicket]
    services: list[BoardService]
