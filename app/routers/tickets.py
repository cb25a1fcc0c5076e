"""Tickets, and a visitor's own ticket."""

from contextlib import AbstractAsyncContextManager
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.access import Caller
from app.actions import issuing
from app.actions import tickets as actions
from app.domain.calendar import ServiceClosed
from app.domain.counters import CounterBusy, NotYourCounter
from app.domain.errors import NotThere, RateLimited, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.members import MembershipNotInForce
from app.domain.roles import Permission
from app.domain.services import ChannelNotAllowed, NoCounter, QuotaExhausted, ServiceRetired
from app.domain.stops import QueueStopped
from app.domain.tickets import AlreadyWaiting, NoShowTooEarly, TicketStatus, VisitOver
from app.journal import Reading
from app.queries import tickets as queries
from app.queries.paging import PageRequest
from app.schemas.base import Code, Day, Page
from app.schemas.tickets import IssuedTicket, OwnTicket, Ticket, TicketCancellation, TicketRequest, TicketReturn
from app.security.secrets import claim_code as code_of
from app.security.secrets import claim_hash
from app.web.callers import CurrentMall, House, TheHouse, address, needs
from app.web.declared import refuses
from app.web.guesses import guess_key, guessing
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Writes, WritesOnce

router = APIRouter(prefix="/v1/malls/{mall}")
Officer = Annotated[Caller, needs(Permission.OPERATE_COUNTERS)]
Visitor = Annotated[Caller, needs(Permission.READ_OWN_TICKET)]
ClaimCode = Annotated[
    str,
    Path(
        min_length=16,
        max_length=24,
        description="The code that was given with the ticket",
        examples=["7ZK3M9QH2RTX4B8V"],
    ),
]


@router.post(
    "/tickets",
    tags=["tickets"],
    status_code=201,
    responses=refuses(
        ServiceRetired,
        UnknownReference,
        ChannelNotAllowed,
        MembershipNotInForce,
        NoCounter,
        ServiceClosed,
        QuotaExhausted,
        VisitOver,
        AlreadyWaiting,
    ),
)
async def issue_ticket(
    request: Request,
    mall: CurrentMall,
    body: TicketRequest,
    by: Annotated[Caller, needs(Permission.ISSUE_TICKETS)],
    house: TheHouse,
    write: WritesOnce,
    response: Response,
) -> IssuedTicket:
    """Give the next number of a service, with the claim code that is its visitor's.

    Numbers are gapless in their series and service day. Without credentials the channel is `web`; a kiosk, and staff
    at a desk, issue on `kiosk`; a partner's client issues on `partner`, for its own agency's services.
    """
    house.limits.pace_issue(by, address(request))
    ticket = await write(mall, by, Ticket, issuing.issue, house.server_key, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/tickets/{ticket.id}"
    return IssuedTicket(**ticket.model_dump(), claim_code=code_of(house.server_key, ticket.id))


@router.get("/tickets", tags=["tickets"])
async def list_tickets(
    mall: CurrentMall,
    by: Annotated[Caller, needs(Permission.LIST_TICKETS)],
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("id")],
    listed: Listed,
    whose: Whose,
    service_day: Annotated[Day | None, Query(description="Today unless given")] = None,
    status: TicketStatus | None = None,
    service_id: UUID | None = None,
    service_code: Annotated[Code | None, Query(description="The same by the service's code")] = None,
    counter_id: UUID | None = None,
) -> Page[Ticket]:
    """List the tickets of a service day; officers and agency managers see their own agency's.

    A partner's client sees the ones it issued.
    """
    wanted = queries.TicketFilter(service_day, status, whose, service_id, service_code, counter_id)
    async with house.database.reading(mall) as reading:
        return listed(await queries.tickets(reading, by, asked, wanted), asked, Ticket)


@router.get("/tickets/{ticket_id}", tags=["tickets"])
async def get_ticket(
    mall: CurrentMall,
    ticket_id: UUID,
    by: Annotated[Caller, needs(Permission.READ_TICKETS)],
    house: TheHouse,
) -> Ticket:
    """Read a ticket: its agency's people any of theirs, a kiosk or a partner's client those it issued."""
    async with house.database.reading(mall) as reading:
        return Ticket.model_validate(await queries.one(reading, by, ticket_id))


@router.post("/tickets/{ticket_id}/recall", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter))
async def recall_ticket(mall: CurrentMall, ticket_id: UUID, by: Officer, write: Writes) -> Ticket:
    """Call a called ticket again; displays sound once more."""
    return await write(mall, by, Ticket, actions.recall, ticket_id)


@router.post("/tickets/{ticket_id}/start", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter))
async def start_ticket(mall: CurrentMall, ticket_id: UUID, by: Officer, write: Writes) -> Ticket:
    """Begin to serve: the visitor has come to the counter."""
    return await write(mall, by, Ticket, actions.start, ticket_id)


@router.post("/tickets/{ticket_id}/hold", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter))
async def hold_ticket(mall: CurrentMall, ticket_id: UUID, by: Officer, write: Writes) -> Ticket:
    """Put a serving ticket on hold while the visitor fetches something; call it again with its `ticket_id`."""
    return await write(mall, by, Ticket, actions.hold, ticket_id)


@router.post("/tickets/{ticket_id}/completion", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter))
async def complete_ticket(mall: CurrentMall, ticket_id: UUID, by: Officer, write: Writes) -> Ticket:
    """Complete a serving ticket."""
    return await write(mall, by, Ticket, actions.complete, ticket_id)


@router.post(
    "/tickets/{ticket_id}/no-show",
    tags=["tickets"],
    responses=refuses(IllegalTransition, NotYourCounter, NoShowTooEarly),
)
async def mark_no_show(mall: CurrentMall, ticket_id: UUID, by: Officer, write: Writes) -> Ticket:
    """Mark a visitor absent who was called as often as the service demands (`no_show_calls`)."""
    return await write(mall, by, Ticket, actions.mark_no_show, ticket_id)


@router.post(
    "/tickets/{ticket_id}/return",
    tags=["tickets"],
    responses=refuses(IllegalTransition, NotYourCounter, QueueStopped, AlreadyWaiting),
)
async def return_ticket(
    mall: CurrentMall, ticket_id: UUID, by: Officer, write: Writes, body: TicketReturn | None = None
) -> Ticket:
    """Put a called, serving, held or absent ticket back to waiting, with the same number.

    Where nobody may call it any more today, because its agency, service or last counter stopped, it is cancelled with
    the reason instead; an absent one then stays as it is.
    """
    return await write(mall, by, Ticket, actions.return_, ticket_id, place=body.place if body else None)


@router.post(
    "/tickets/{ticket_id}/cancellation", tags=["tickets"], responses=refuses(IllegalTransition, NotYourCounter)
)
async def cancel_ticket(
    mall: CurrentMall, ticket_id: UUID, by: Officer, write: Writes, body: TicketCancellation | None = None
) -> Ticket:
    """Cancel a waiting, called or held ticket for its agency."""
    return await write(mall, by, Ticket, actions.cancel, ticket_id, reason=body.reason if body else None)


def _guess(request: Request, house: House) -> AbstractAsyncContextManager[None]:
    return guessing(house.database, [guess_key("claim", address(request))], NotThere)


@router.get("/claims/{claim_code}", tags=["own ticket"], responses=refuses(RateLimited))
async def get_own_ticket(
    request: Request, mall: CurrentMall, claim_code: ClaimCode, by: Visitor, house: TheHouse
) -> OwnTicket:
    """Read the own ticket with its claim code, until seven days after its service day.

    A wrong code, an expired one and one of another mall are the same 404.
    """
    async with _guess(request, house), house.database.reading(mall) as reading:
        return await _own(reading, claim_hash(claim_code))


@router.post(
    "/claims/{claim_code}/cancellation",
    tags=["own ticket"],
    responses=refuses(IllegalTransition, CounterBusy, RateLimited),
)
async def cancel_own_ticket(
    request: Request, mall: CurrentMall, claim_code: ClaimCode, by: Visitor, house: TheHouse, write: Writes
) -> OwnTicket:
    """Give up the own place in the queue, while waiting."""
    async with _guess(request, house):
        await write(mall, by, Ticket, actions.cancel_own, claim_hash(claim_code))
    async with house.database.reading(mall) as reading:
        return await _own(reading, claim_hash(claim_code))


async def _own(reading: Reading, claim: bytes) -> OwnTicket:
    return OwnTicket.model_validate(await queries.own_view(reading, await queries.by_claim(reading, claim)))
