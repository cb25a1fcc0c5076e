"""A visitor's own ticket, by its claim code."""

from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.actions import tickets as actions
from app.auth.brute_force import attempt_key, register, throttled
from app.domain.callers import Caller
from app.domain.errors import NotThere
from app.domain.lifecycle import IllegalTransition
from app.domain.malls import MallRef
from app.domain.paces import ACTS_OF_CLAIMANT, GUESSES
from app.domain.roles import Permission
from app.domain.tickets import AlreadyCalled, PostponedTooOften
from app.journal import Reading
from app.queries import tickets as queries
from app.schemas.tickets import OwnTicket, Ticket, TicketPostponement
from app.security.secrets import claim_hash
from app.web.context import AppContext
from app.web.dependencies import Context, CurrentMall, address, needs, streams_of
from app.web.etags import ConditionalGet
from app.web.idempotency import Command
from app.web.kept_pages import KEPT, changes
from app.web.problems import refuses
from app.web.streams import known_to

router = APIRouter(prefix="/v1/malls/{mall}/claims/{claim_code}", tags=["own ticket"])
Visitor = Annotated[Caller, needs(Permission.USE_OWN_TICKET)]
ClaimCode = Annotated[
    str,
    Path(
        min_length=16,
        max_length=24,
        description="The code that came with the ticket, in either case and with hyphens or without; O is read as 0,"
        " I and L as 1",
        examples=["7ZK3M9QH2RTX4B8V"],
    ),
]
Watching = streams_of(ticket=OwnTicket)


def _throttled(request: Request, caller: Caller, context: AppContext) -> AbstractAsyncContextManager[None]:
    """Counts codes that are nobody's: a known caller's by itself, all others by their address."""
    who = caller.key if caller.id else address(request)
    return throttled(context.database, {attempt_key("claim", who): GUESSES}, NotThere)


@router.get("", dependencies=[KEPT])
async def get_own_ticket(
    request: Request,
    mall: CurrentMall,
    claim_code: ClaimCode,
    caller: Visitor,
    context: Context,
    conditional: ConditionalGet,
) -> OwnTicket:
    """Read your own ticket by its claim code, until seven days after its service day.

    A step of a planned visit shows the other steps, without their claim codes. An officer who scans the code goes on
    with the ticket's `id`. A wrong code, an expired one and one of another mall all answer the same 404.
    """
    async with _throttled(request, caller, context), context.database.reading(mall) as reading:
        found = await _own(reading, caller, claim_hash(claim_code))
    changes(request, reading.changes_at)
    return conditional(found)


@router.get(
    "/stream",
    responses={204: {"description": "The ticket is over, and its last event is known: nothing more will come"}},
    dependencies=[Watching],
)
async def stream_own_ticket(
    request: Request, mall: CurrentMall, claim_code: ClaimCode, caller: Visitor, context: Context
) -> Response:
    """Follow your own ticket as a stream of events: its state, place and estimate whenever they change.

    `ticket` is the whole ticket, the first one at once. When it is completed, cancelled or expired, the last `ticket`
    is followed by `end`, and whoever comes again with its id is answered 204, which ends a browser's reconnecting.
    A wrong code is refused as by `get_own_ticket`.
    """
    async with _throttled(request, caller, context):
        channel = await context.ticket_streams.channel(mall, caller, claim_hash(claim_code))
    if channel.is_over and known_to(request) == channel.id:
        return Response(status_code=204)
    return context.streams.answer(request, mall, channel)


@router.post("/cancellation", responses=refuses(IllegalTransition, AlreadyCalled))
async def cancel_own_ticket(
    request: Request, mall: CurrentMall, claim_code: ClaimCode, caller: Visitor, context: Context, command: Command
) -> OwnTicket:
    """Cancel your own ticket while it is waiting. One that is cancelled already is answered as it is."""
    claim = claim_hash(claim_code)
    await _must_be_a_claim(request, mall, claim, caller, context)
    await command(mall, caller, Ticket, actions.cancel_own, claim)
    async with context.database.reading(mall) as reading:
        return await _own(reading, caller, claim)


@router.post("/postponement", responses=refuses(IllegalTransition, AlreadyCalled, PostponedTooOften))
async def postpone_own_ticket(
    request: Request,
    mall: CurrentMall,
    claim_code: ClaimCode,
    caller: Visitor,
    context: Context,
    command: Command,
    body: TicketPostponement,
) -> OwnTicket:
    """Let others go first with your own ticket while it is waiting: twice at most, so many places back each time.

    It keeps its number. Send an `Idempotency-Key`: a retry without one lets others go first once more.
    """
    claim = claim_hash(claim_code)
    await _must_be_a_claim(request, mall, claim, caller, context)
    return await command(mall, caller, OwnTicket, actions.postpone_own, claim, places=body.places)


async def _must_be_a_claim(request: Request, mall: MallRef, claim: bytes, caller: Caller, context: AppContext) -> None:
    """Raise NotThere or RateLimited, before the journal is taken, for a code that is nobody's or used too often."""
    async with _throttled(request, caller, context), context.database.reading(mall) as reading:
        await queries.by_claim(reading, claim)
    await register(context.database, {attempt_key("own_ticket", mall.id, claim): ACTS_OF_CLAIMANT})


async def _own(reading: Reading, caller: Caller, claim: bytes) -> OwnTicket:
    return OwnTicket.model_validate(await queries.own_view(reading, caller, await queries.by_claim(reading, claim)))
