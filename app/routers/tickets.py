"""Tickets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.actions import issuing, reopening
from app.actions import tickets as actions
from app.domain.calendar import ServiceClosed
from app.domain.callers import Caller
from app.domain.counters import CounterBusy, CounterNotOpen, NotYourCounter
from app.domain.errors import UnknownReference
from app.domain.issuing import TooManyWaiting
from app.domain.lifecycle import IllegalTransition
from app.domain.members import MembershipNotInForce
from app.domain.reopening import EndedOtherwise, ReopeningTooLate
from app.domain.roles import Permission
from app.domain.services import NoCounter, ServiceRetired
from app.domain.stops import QueueStopped
from app.domain.tickets import (
    AlreadyCalled,
    AlreadyWaiting,
    NoShowTooEarly,
    SameService,
    TicketStatus,
    TransferNotAllowed,
    VisitBusy,
    VisitOver,
)
from app.queries import tickets as queries
from app.schemas.base import Day, Page
from app.schemas.tickets import (
    CompletedTicket,
    GivenTicket,
    IssuedTicket,
    Number,
    Ticket,
    TicketCancellation,
    TicketCompletion,
    TicketInFull,
    TicketRequest,
    TicketReturn,
    TicketTransfer,
)
from app.security.seals import masked_phone
from app.web.dependencies import Context, CurrentMall, needs
from app.web.idempotency import Command, Write, creates_once
from app.web.numbers import NUMBER_REFUSED, PHONE_REFUSED, claim_codes, web_visitor
from app.web.paging import ListPage, OfAgency, ServiceCode, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}")
Officer = Annotated[Caller, needs(Permission.OPERATE_COUNTERS)]
Creation = Annotated[Write, creates_once("/v1/malls/{mall}/tickets/{id}")]


@router.post(
    "/tickets",
    tags=["tickets"],
    status_code=201,
    responses=refuses(
        *NUMBER_REFUSED,
        VisitOver,
        AlreadyWaiting,
        TooManyWaiting,
        *PHONE_REFUSED,
    )
    | {200: {"model": IssuedTicket, "description": "The ticket that this phone has at the service already"}},
)
async def issue_ticket(
    request: Request,
    response: Response,
    mall: CurrentMall,
    body: TicketRequest,
    caller: Annotated[Caller, needs(Permission.ISSUE_TICKETS)],
    context: Context,
    command: Creation,
) -> IssuedTicket:
    """Issue a ticket: the next number of the service's series, with a claim code for its visitor.

    Numbers have no gaps within a series and service day. Without credentials the channel is `web`; a kiosk, and staff
    at a desk, issue on `kiosk`; a partner's client issues on `partner`, for its own agency's services. It may be left
    out. Issuing needs open hours and no open counter: also a service that never had a counter issues, so that numbers
    can be given before its counters are set up; one that has lost its last counter answers `no_counter`. `Location` is
    where the ticket can be read: without credentials by its claim code, otherwise by its id.

    A service with `web_needs_phone` gives numbers on the web only with a phone that was proven, by the code that
    `confirm_phone` has sent to it. A proven phone that has taken a ticket there on the web gets that one again, with
    its claim code (200, `given_before`): this is how somebody who has lost the code comes back. Where others than the
    public ask, or the first ticket was given elsewhere to who typed this phone, it is `already_waiting`.
    """
    visitor = await web_visitor(request, mall, caller, body)
    wanted = body.model_dump(exclude={"phone_code"})
    ticket = await command(mall, caller, GivenTicket, issuing.issue, context.server_key, **wanted, visitor=visitor)
    if ticket.given_before:
        response.status_code = 200
    codes = await claim_codes(context, response, mall, [ticket.id], visitor, repeated=command.repeated)
    return IssuedTicket(**ticket.model_dump(), claim_code=codes[ticket.id])


@router.get("/tickets", tags=["tickets"])
async def list_tickets(
    mall: CurrentMall,
    caller: Annotated[Caller, needs(Permission.LIST_TICKETS)],
    context: Context,
    page: Annotated[ListPage, paged_by("id")],
    agency: OfAgency,
    service_day: Annotated[Day | None, Query(description="Today if left out")] = None,
    status: Annotated[list[TicketStatus] | None, Query()] = None,
    number: Annotated[Number | None, Query()] = None,
    service_id: UUID | None = None,
    service_code: ServiceCode = None,
    counter_id: UUID | None = None,
) -> Page[Ticket]:
    """List the tickets of a service day; officers and agency managers see their own agency's.

    A partner client sees those that it issued.
    """
    wanted = queries.TicketFilter(service_day, status or (), number, agency, service_id, service_code, counter_id)
    async with context.database.reading(mall) as reading:
        return page.of(Ticket, await queries.tickets(reading, caller, page.asked, wanted))


@router.get("/tickets/{ticket_id}", tags=["tickets"])
async def get_ticket(
    mall: CurrentMall,
    ticket_id: UUID,
    caller: Annotated[Caller, needs(Permission.READ_TICKETS)],
    context: Context,
) -> TicketInFull:
    """Read a ticket. An agency's people read all of their agency, a kiosk or partner client those that it issued.

    Who has transferred one to another agency still reads where it is, and nothing that only the other's people see:
    not the officer, the reason, the access needs, nor which priority class. Who may serve it sees some digits of a
    phone that was proven on the web, until the ticket is over.
    """
    async with context.database.reading(mall) as reading:
        view = await queries.one(reading, caller, ticket_id)
    sealed = queries.phone_shown_to(caller, view)
    phone = masked_phone(sealed, context.server_key) if sealed else None
    return TicketInFull(**Ticket.model_validate(view).model_dump(), phone=phone)


@router.post("/tickets/{ticket_id}/recall", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter))
async def recall_ticket(mall: CurrentMall, ticket_id: UUID, caller: Officer, command: Command) -> Ticket:
    """Call a called ticket again; displays sound once more.

    `call_count` grows by one and `called_at` is new: displays take that as the sign to sound. Only a ticket that is
    `called` can be recalled. How many calls a no-show needs is the service's `no_show_calls`.
    """
    return await command(mall, caller, Ticket, actions.recall, ticket_id)


@router.post("/tickets/{ticket_id}/start", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter))
async def start_ticket(mall: CurrentMall, ticket_id: UUID, caller: Officer, command: Command) -> Ticket:
    """Start serving a called ticket: the visitor has come to the counter.

    `started_at` is set: handling time is counted from here. Only a ticket that is `called` can be started. The board
    goes on showing it at its counter.
    """
    return await command(mall, caller, Ticket, actions.start, ticket_id)


@router.post("/tickets/{ticket_id}/hold", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter))
async def hold_ticket(mall: CurrentMall, ticket_id: UUID, caller: Officer, command: Command) -> Ticket:
    """Put a ticket being served on hold while the visitor fetches something; call it again with its `ticket_id`.

    The counter is free meanwhile and may call others. The time on hold is not counted as handling time; what is still
    on hold when the day ends expires. Only a ticket that is `serving` can be put on hold.
    """
    return await command(mall, caller, Ticket, actions.hold, ticket_id)


@router.post("/tickets/{ticket_id}/completion", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter))
async def complete_ticket(
    mall: CurrentMall, ticket_id: UUID, caller: Officer, command: Command, body: TicketCompletion | None = None
) -> CompletedTicket:
    """Complete a ticket that is being served; with `call_next`, call the next one to the same counter in the same act.

    Where nobody can be called, the completion stands all the same: `next_ticket` is null, and `next_refusal` says why.
    A repeat with the same `Idempotency-Key` answers with the same next ticket.
    """
    call_next = body.call_next if body else False
    return await command(mall, caller, CompletedTicket, actions.complete, ticket_id, call_next=call_next)


@router.post(
    "/tickets/{ticket_id}/no-show",
    tags=["tickets"],
    responses=refuses(IllegalTransition, NotYourCounter, NoShowTooEarly),
)
async def mark_no_show(mall: CurrentMall, ticket_id: UUID, caller: Officer, command: Command) -> Ticket:
    """Mark a called ticket as a no-show, once it was called as often as its service requires (`no_show_calls`).

    Before that it answers `no_show_too_early` with both counts. The counter is free then. A visitor who comes later
    today is put back into the queue (`return`); on the next day the ticket stays as it is.
    """
    return await command(mall, caller, Ticket, actions.mark_no_show, ticket_id)


@router.post(
    "/tickets/{ticket_id}/return",
    tags=["tickets"],
    responses=refuses(IllegalTransition, NotYourCounter, QueueStopped, AlreadyWaiting),
)
async def return_ticket(
    mall: CurrentMall, ticket_id: UUID, caller: Officer, command: Command, body: TicketReturn | None = None
) -> Ticket:
    """Return a called, serving, held or no-show ticket to waiting. It keeps its number."""
    return await command(mall, caller, Ticket, actions.return_, ticket_id, place=body.place if body else None)


@router.post(
    "/tickets/{ticket_id}/transfer",
    tags=["tickets"],
    responses=refuses(
        IllegalTransition,
        NotYourCounter,
        UnknownReference,
        SameService,
        TransferNotAllowed,
        AlreadyWaiting,
        ServiceRetired,
        MembershipNotInForce,
        NoCounter,
        ServiceClosed,
    ),
)
async def transfer_ticket(
    mall: CurrentMall, ticket_id: UUID, caller: Officer, command: Command, body: TicketTransfer
) -> Ticket:
    """Transfer a waiting, called, serving or held ticket to another service, where it waits with the same number.

    Id, number and claim code stay. It arrives there now, or with `keep_arrival` as if it had been issued for that
    service; the head start of its priority class is that service's, and `call_count` begins anew. The service must be
    open, and some counter must serve it. Another agency's service takes it where the mall allows that
    (`transfers_between_agencies`); from then on that agency handles it, and the first one's people only read it.
    """
    return await command(mall, caller, Ticket, actions.transfer, ticket_id, **body.model_dump())


@router.post(
    "/tickets/{ticket_id}/reopening",
    tags=["tickets"],
    responses=refuses(
        IllegalTransition,
        NotYourCounter,
        EndedOtherwise,
        ReopeningTooLate,
        AlreadyWaiting,
        QueueStopped,
        CounterNotOpen,
        CounterBusy,
        VisitBusy,
    ),
)
async def reopen_ticket(mall: CurrentMall, ticket_id: UUID, caller: Officer, command: Command) -> Ticket:
    """Reopen a ticket that was completed, cancelled or marked as a no-show by mistake.

    Within the mall's `reopening_minutes`, the officer whose ticket it was or a manager takes that back. It is served
    again, or on hold, at the counter where it was, which must be open and, to serve it, free; if it was waiting or
    called, it waits at its old place: call it with its `ticket_id`. One that was cancelled while waiting any officer of
    its agency reopens. What its visitor gave up, and what something stopped, stays as it is.
    """
    return await command(mall, caller, Ticket, reopening.reopen, ticket_id)


@router.post(
    "/tickets/{ticket_id}/cancellation",
    tags=["tickets"],
    responses=refuses(IllegalTransition, NotYourCounter, AlreadyCalled),
)
async def cancel_ticket(
    mall: CurrentMall,
    ticket_id: UUID,
    caller: Annotated[Caller, needs(Permission.CANCEL_TICKETS)],
    command: Command,
    body: TicketCancellation | None = None,
) -> Ticket:
    """Cancel a waiting, called, serving or held ticket for its agency.

    A partner's client cancels one that it issued, for its visitor and so only while it is waiting.
    """
    return await command(mall, caller, Ticket, actions.cancel, ticket_id, reason=body.reason if body else None)
