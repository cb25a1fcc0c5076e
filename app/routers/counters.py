"""Counters, and calling."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from app import access, models
from app.actions import counters as actions
from app.actions import tickets
from app.domain.agencies import AgencyRetired
from app.domain.calendar import CounterClosed, ServiceClosed
from app.domain.callers import Caller
from app.domain.counters import (
    BreakEndNotPossible,
    CounterBusy,
    CounterNotOpen,
    CounterRetired,
    CounterStatus,
    ForeignService,
    HelpsWithUnserved,
    LastCounter,
    NotYourCounter,
    OfficerBusy,
    ServiceNotServed,
)
from app.domain.desks import CounterNotToday, DeskTaken
from app.domain.errors import CodeTaken, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.locations import FloorUnknown, LocationNotInUse
from app.domain.members import MembershipNotInForce
from app.domain.roles import Permission
from app.domain.services import ServiceRetired
from app.domain.tickets import AlreadyCalled, NobodyWaiting, VisitBusy, WaitingElsewhere
from app.domain.visits import VisitOutOfOrder
from app.queries import counters as queries
from app.schemas.base import Code, Page
from app.schemas.counters import (
    CallRequest,
    Counter,
    CounterBreak,
    CounterChanges,
    CounterClosing,
    CounterOpening,
    CounterQueue,
    CounterRequest,
)
from app.schemas.tickets import TicketCall
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, IfMatch, Write, creates
from app.web.kept_pages import KEPT, changes, kept_for
from app.web.paging import LIMIT, ListPage, OfAgency, paged_by
from app.web.problems import refuses

NOT_FITTING = (
    UnknownReference,
    FloorUnknown,
    LocationNotInUse,
    ForeignService,
    HelpsWithUnserved,
    DeskTaken,
    ServiceRetired,
)
"""How a counter's place, or what it shall serve, may not fit."""
router = APIRouter(prefix="/v1/malls/{mall}/counters", tags=["counters"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Officer = Annotated[Caller, needs(Permission.OPERATE_COUNTERS)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/counters/{id}")]
Call = Annotated[Write, creates("/v1/malls/{mall}/tickets/{id}")]


@router.get("", dependencies=[KEPT])
async def list_counters(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("code", "id")],
    agency: OfAgency,
    code: Code | None = None,
    status: Annotated[list[CounterStatus] | None, Query()] = None,
    retired: Annotated[bool, Query(description="True: the retired ones; false: all others")] = False,
) -> Page[Counter]:
    """List the counters of the mall, each with its services and its status.

    With `status=open` and `status=closing` it is those that call now.
    """
    async with context.database.reading(mall) as reading:
        wanted = queries.CounterFilter(agency, code, status or (), retired=retired)
        return page.of(Counter, await queries.counters(reading, caller, page.asked, wanted))


@router.post(
    "",
    status_code=201,
    responses=refuses(CodeTaken, *NOT_FITTING, AgencyRetired),
)
async def create_counter(
    mall: CurrentMall,
    body: CounterRequest,
    caller: Annotated[Caller, needs(Permission.MANAGE_COUNTERS)],
    command: Creation,
) -> Counter:
    """Create a counter for an agency on a floor of the mall. It can open when the agency's membership is in force.

    Where agencies take turns at one desk, each has a counter of its own there: with the same `desk` and other
    `weekdays`.
    """
    return await command(mall, caller, Counter, actions.create, **body.model_dump())


@router.get("/{counter_id}", dependencies=[KEPT])
async def get_counter(
    mall: CurrentMall, counter_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Counter:
    """Read a counter: its status, how many tickets wait for it and, for its agency's people, the ticket at it.

    Read it after a reload of the counter's screen; who waits there, in order, is at `…/queue`.
    """
    async with context.database.reading(mall) as reading:
        counter = await access.row(reading, models.Counter, counter_id, "counter")
        return conditional(Counter.model_validate((await queries.views(reading, caller, [counter]))[0]))


@router.get("/{counter_id}/queue", dependencies=[kept_for(Permission.OPERATE_COUNTERS)])
async def list_counter_queue(
    request: Request,
    mall: CurrentMall,
    counter_id: UUID,
    caller: Officer,
    context: Context,
    conditional: ConditionalGet,
    limit: Annotated[int, Query(ge=1, le=LIMIT, description="How many of those who wait")] = 20,
) -> CounterQueue:
    """Read who is at a counter, who is on hold for it, and who waits, in the order in which they are called.

    One request for an officer's screen, also after a reload.
    """
    async with context.database.reading(mall, snapshot=True) as reading:
        counter = await access.own(reading, caller, Permission.OPERATE_COUNTERS, models.Counter, counter_id, "counter")
        found = await queries.queue_at(reading, counter, limit)
    changes(request, reading.changes_at)
    return conditional(CounterQueue.model_validate(found))


@router.patch(
    "/{counter_id}",
    responses=refuses(*NOT_FITTING, LastCounter),
)
async def change_counter(
    mall: CurrentMall,
    counter_id: UUID,
    body: CounterChanges,
    caller: Annotated[Caller, needs(Permission.CHANGE_COUNTERS)],
    edit: IfMatch,
) -> Counter:
    """Change the place and the services of a counter. An agency's manager changes the services only.

    With `helps_with_service_ids` it helps out: it calls for these only when nobody waits for its other services.
    """
    return await edit(mall, caller, Counter, actions.change, counter_id, edit.versions, body.given())


@router.post(
    "/{counter_id}/opening",
    responses=refuses(
        CounterClosed,
        CounterRetired,
        CounterNotToday,
        DeskTaken,
        LocationNotInUse,
        MembershipNotInForce,
        NotYourCounter,
        IllegalTransition,
        OfficerBusy,
        ServiceNotServed,
    ),
)
async def open_counter(
    mall: CurrentMall, counter_id: UUID, caller: Officer, command: Command, body: CounterOpening | None = None
) -> Counter:
    """Open a counter for the rest of the service day. The agency's membership must be in force.

    With `move`, whoever has another counter open moves here in the same act: that one closes, and the tickets that are
    there, in hand and on hold, come along. A called visitor is called again, to this counter. Where this counter does
    not serve one of them, nothing happens.
    """
    return await command(mall, caller, Counter, actions.open_, counter_id, move=body.move if body else False)


@router.post("/{counter_id}/closing", responses=refuses(IllegalTransition, CounterBusy, NotYourCounter))
async def close_counter(
    mall: CurrentMall, counter_id: UUID, caller: Officer, command: Command, body: CounterClosing | None = None
) -> Counter:
    """Close a counter. No ticket is lost.

    A called ticket goes back to its old place. A ticket that is being served or on hold must be completed or returned
    first; a manager may force the closing, and then it goes back to waiting, first in line. Where nobody may call it
    any more today, it is cancelled and its visitor told why. A colleague closes a counter that has no ticket in hand.
    """
    force = body.force if body else False
    return await command(mall, caller, Counter, actions.close, counter_id, force=force)


@router.post(
    "/{counter_id}/break", responses=refuses(IllegalTransition, CounterBusy, NotYourCounter, BreakEndNotPossible)
)
async def pause_counter(
    mall: CurrentMall, counter_id: UUID, caller: Officer, command: Command, body: CounterBreak | None = None
) -> Counter:
    """Pause a counter: it calls nobody until it is resumed. Say why and until when, if you can.

    Visitors read both, and estimates expect the counter at that time. It does not resume by itself.
    """
    said = body or CounterBreak()
    return await command(mall, caller, Counter, actions.pause, counter_id, **said.model_dump())


@router.post("/{counter_id}/takeover", responses=refuses(IllegalTransition, OfficerBusy))
async def take_over_counter(mall: CurrentMall, counter_id: UUID, caller: Officer, command: Command) -> Counter:
    """Take an open counter over from a colleague of the agency, with the ticket in hand and those on hold.

    One act, also where the colleague is on a break or has gone: from then on the caller calls and serves there. Who has
    a counter open, this one included, is refused.
    """
    return await command(mall, caller, Counter, actions.take_over, counter_id)


@router.post("/{counter_id}/resumption", responses=refuses(IllegalTransition, NotYourCounter))
async def resume_counter(mall: CurrentMall, counter_id: UUID, caller: Officer, command: Command) -> Counter:
    """Resume a paused counter.

    Whoever waited meanwhile is called as if there had been no break.
    """
    return await command(mall, caller, Counter, actions.resume, counter_id)


@router.post(
    "/{counter_id}/calls",
    status_code=201,
    responses=refuses(
        NobodyWaiting,
        WaitingElsewhere,
        CounterNotOpen,
        NotYourCounter,
        CounterBusy,
        CounterClosed,
        ServiceClosed,
        ServiceNotServed,
        AlreadyCalled,
        VisitBusy,
        VisitOutOfOrder,
        IllegalTransition,
    ),
)
async def call_next_ticket(
    mall: CurrentMall,
    counter_id: UUID,
    caller: Officer,
    command: Call,
    body: CallRequest | None = None,
) -> TicketCall:
    """Call the next ticket, or the one named in `ticket_id`. Choosing and calling are one act.

    The next one is the first in the order of the queue across the counter's own services, and where nobody waits for
    these, across those that it helps with (`helps_with_service_ids`); where that one has priority
    and as many with priority were called in a row as its service allows (`priority_calls_in_a_row`), the first one
    without. Who is at another counter now, or has an earlier step of a visit to go to, is skipped and keeps the place.
    `chosen` and `call_reason` say why it is this one.
    """
    chosen = body.ticket_id if body else None
    return await command(mall, caller, TicketCall, tickets.call, counter_id, ticket_id=chosen)
