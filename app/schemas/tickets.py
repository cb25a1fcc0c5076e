"""Tickets on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StringConstraints

from app.domain.names import Language
from app.domain.printing import PrintState
from app.domain.queue import Chosen
from app.domain.services import Channel
from app.domain.stops import Cause
from app.domain.tickets import MOST_PLACES, AccessNeed, PriorityClass, ReturnPlace, TicketStatus
from app.schemas.base import Distinct, Input, Instant, Line, LocalizedText, MaybeProblemCode, Output
from app.schemas.estimates import Estimate
from app.schemas.visitors import Phone, PhoneCode

Number = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}-[0-9]{3,7}$"), Field(examples=["A-012"])]


class Wish(Input):
    """What a visitor wants, whatever the service."""

    channel: Annotated[
        Channel | None,
        Field(
            description="The caller's own, also if null: kiosk for kiosks and staff, partner for clients, web"
            " without credentials",
            examples=["web"],
        ),
    ] = None
    priority_class: Annotated[
        PriorityClass,
        Field(
            description="Counted as having come earlier by the service's `head_start_minutes`; unspecified: without"
            " saying why"
        ),
    ] = PriorityClass.NONE
    access_needs: Annotated[
        list[AccessNeed], Field(max_length=4, json_schema_extra={"uniqueItems": True}), Distinct
    ] = []
    language: Annotated[Language, Field(description="The visitor's language")] = Language.ID
    phone: Annotated[
        Phone | None,
        Field(
            description="The visitor's mobile number, +62 or 08: a person has one ticket at a service. Without"
            " credentials `phone_code` comes with it. A mark is kept by which it is known again that day, or while a"
            " no-show counts; the phone itself only where it was proven, sealed, until the ticket is over. Null: none"
            " is given"
        ),
    ] = None
    phone_code: Annotated[
        PhoneCode | None,
        Field(
            description="The code that was sent to the phone (`/phone-confirmations`), where somebody without"
            " credentials asks; of others it is not looked at. Null: none is given"
        ),
    ] = None


class TicketRequest(Wish):
    """A ticket to issue."""

    service_id: UUID
    visit_id: Annotated[
        UUID | None,
        Field(description="The visit it belongs to; null: a new one"),
    ] = None


class Ticket(Output):
    """A ticket: one number for its whole life."""

    id: UUID
    number: str
    service_id: UUID
    """The service at which it is now; a transfer changes it."""
    agency_id: UUID
    """The agency of that service, which handles the ticket; a transfer may change it."""
    service_day: date
    """The mall's local date."""
    status: TicketStatus
    """Where it is in its life."""
    position: int | None
    """One more than may be called before it, across all services that some counter serves together with its own; null
    unless it waits, and where `after_step` is not. If nobody else comes, or comes back from a return or elsewhere, at
    most so many are called up to it by the counters that serve it, and exactly so many where these serve the same
    services; but a ticket without priority may have its turn among those with it (`priority_calls_in_a_row`). Counters
    that only help with its service are left out of all this: they may call it sooner."""
    estimate: Estimate | None
    """How long it still waits; null: it has no position, no counter is open for it, or this is the answer to an act,
    which computes none: read the ticket."""
    channel: Channel
    priority_class: PriorityClass
    access_needs: list[AccessNeed]
    language: Language
    visit_id: UUID
    visit_step: int | None
    after_step: int | None
    counter_id: UUID | None
    """The counter where it is, or was last; null: it was at none."""
    officer_id: UUID | None
    call_count: int
    """Calls and recalls at its service so far, those before a return included."""
    print_state: PrintState | None
    """What is known of its paper; failed: it never came out. Null: it was not taken at a kiosk or a desk."""
    print_count: int
    """How often its paper has come out, as reported."""
    issued_at: Instant
    arrived_at: Instant
    called_at: Instant | None
    started_at: Instant | None
    held_at: Instant | None
    ended_at: Instant | None
    closed_by: Cause | None
    reason: str | None
    """Why it was cancelled, for its visitor; null: it was not, or no reason was given."""
    broken_rule: MaybeProblemCode
    """The problem code with which issuing it would have been refused, had the kiosk not been cut off from the network
    when it gave the number; it stands all the same. Null: no rule was broken."""


class TicketInFull(Ticket):
    """A ticket as who may read it sees it."""

    phone: str | None
    """Some digits of the phone that was proven on the web (`+62812••••890`), for who may serve the ticket and until it
    is over; null: there is none, or it is not shown."""


class GivenTicket(Ticket):
    """A ticket that somebody gets."""

    given_before: bool
    """true: the phone had this ticket already, and no number was given (200); false: it is new (201)."""


class IssuedTicket(GivenTicket):
    """A ticket that was just issued, with the claim code for its visitor alone."""

    claim_code: str | None
    """It lets the visitor read and cancel the ticket until seven days after its service day. Print it as QR. Null only
    where a request without credentials is repeated from another address."""


class TicketCall(Ticket):
    """A ticket that was just called, and why this one."""

    chosen: Chosen
    call_reason: LocalizedText
    """The same in words, for whoever asks."""


class CompletedTicket(Ticket):
    """A ticket that was just completed, and whom the same act has called to its counter."""

    next_ticket: TicketCall | None
    """The next ticket, called now; null: it was not asked for, or nobody could be called."""
    next_refusal: MaybeProblemCode
    """The problem code with which calling the next one was refused, such as `nobody_waiting`, `waiting_elsewhere` or,
    at a counter that has closed with this completion, `counter_not_open`. Null: one was called, or it was not asked
    for."""


class OwnTicket(Output):
    """A visitor's own ticket."""

    id: UUID
    """The ticket's id; by it an officer who has scanned the code goes on."""
    number: str
    visit_id: UUID
    service_day: date
    language: Language
    status: TicketStatus
    """Where it is in its life."""
    position: int | None
    """One more than may be called before it, in all queues that are served together with its own; null unless it waits,
    and where `after_step` is not. If nobody else comes or comes back, no more are."""
    after_step: int | None
    estimate: Estimate | None
    """How long it still waits; null: it has no position, no counter is open for it, or this is the answer to
    `/postponement`, which computes none: read the ticket."""
    agency: "NamedThing"
    """The agency that handles it: that of `service`."""
    service: "NamedThing"
    """The service that it waits for."""
    counter: "CounterPlace | None"
    """Where to go, once it is called; null: it is at no counter."""
    visit: "OwnVisit | None"
    """The plan that it is a step of; null: it was taken by itself."""
    call_count: int
    postponements_left: int
    """How often its visitor may still let others go first (`/postponement`); 0 unless it waits."""
    issued_at: Instant
    called_at: Instant | None
    started_at: Instant | None
    held_at: Instant | None
    ended_at: Instant | None
    closed_by: Cause | None
    reason: str | None
    """Why it was cancelled, as the office wrote it, or in the visitor's language where something stopped; null: it was
    not, or no reason was given."""


class OwnVisit(Output):
    """A visitor's own plan. Each ticket has a claim code of its own, which is not here."""

    in_order: bool
    steps: list["OwnStep"]
    """The steps, in the order of the plan."""


class OwnStep(Output):
    """A step of a visitor's own plan."""

    step: int
    """Which one, from 1."""
    number: str
    status: TicketStatus
    """Where its ticket is in its life."""
    position: int | None
    """One more than may be called before it; null unless it waits and no earlier step must be over first."""
    agency: "NamedThing"
    """The agency to go to: that of `service`."""
    service: "NamedThing"
    """The service of this step."""


class NamedThing(Output):
    """A thing by its id, code and name."""

    id: UUID
    code: str
    name: LocalizedText


class CounterPlace(NamedThing):
    """A counter and where it stands."""

    location: "Building"
    """The building that the counter stands in."""
    floor: str


class Building(Output):
    """A building of the mall, and how to find it."""

    id: UUID
    name: LocalizedText
    address: str


class TicketReturn(Input):
    """Where in the queue the ticket comes back."""

    place: Annotated[
        ReturnPlace | None,
        Field(
            description="old_place: where it stood; later: after so many others as the service's `return_places`"
            " says, or after all; first: before all. Null: later for who was called or a no-show, otherwise old_place"
        ),
    ] = None


class TicketPostponement(Input):
    """How many others go first."""

    places: Annotated[
        int,
        Field(
            strict=True,
            ge=1,
            le=MOST_PLACES,
            description="So many of those who would be called after it go first; all, where there are fewer",
            examples=[3],
        ),
    ]


class TicketCompletion(Input):
    """What follows the completion."""

    call_next: Annotated[
        StrictBool, Field(description="Whether the next ticket is called to the same counter in the same act")
    ] = False


class TicketTransfer(Input):
    """The service to which it goes."""

    service_id: UUID
    """A service of the ticket's agency, or of another one where the mall allows it."""
    keep_arrival: Annotated[
        StrictBool,
        Field(
            description="Whether it is placed there as if its visitor had come for that service when the number was"
            " issued; false: as somebody who comes now"
        ),
    ] = False


class TicketCancellation(Input):
    """Why it is cancelled."""

    reason: Annotated[
        Line | None,
        Field(description="For its visitor, who reads it; it must hold no personal data. Null: none is given"),
    ] = None
