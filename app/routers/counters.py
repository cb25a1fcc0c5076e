"""Counters, and calling."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import access, models
from app.access import Caller
from app.actions import counters as actions
from app.actions import tickets
from app.domain.agencies import AgencyRetired
from app.domain.counters import (
    CounterBusy,
    CounterNotOpen,
    CounterRetired,
    ForeignService,
    LastCounter,
    NotYourCounter,
    OfficerBusy,
    ServiceNotServed,
)
from app.domain.errors import CodeTaken, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.locations import FloorUnknown
from app.domain.members import MembershipNotInForce
from app.domain.roles import Permission
from app.domain.services import ServiceRetired
from app.domain.tickets import NobodyWaiting, VisitBusy, WaitingElsewhere
from app.queries import counters as queries
from app.queries.paging import PageRequest
from app.schemas.base import Code, Page
from app.schemas.counters import CallRequest, Counter, CounterChanges, CounterClosing, CounterRequest
from app.schemas.tickets import Ticket
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}/counters", tags=["counters"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Officer = Annotated[Caller, needs(Permission.OPERATE_COUNTERS)]


@router.get("")
async def list_counters(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("code", "id")],
    listed: Listed,
    whose: Whose,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="The retired ones, instead of the living")] = False,
) -> Page[Counter]:
    """List the counters of the mall with what they serve and whether they are open."""
    async with house.database.reading(mall) as reading:
        found = await queries.counters(reading, by, asked, of=whose, code=code, retired=retired)
        return listed(found, asked, Counter)


@router.post(
    "",
    status_code=201,
    responses=refuses(CodeTaken, UnknownReference, FloorUnknown, ForeignService, AgencyRetired, ServiceRetired),
)
async def create_counter(
    mall: CurrentMall,
    body: CounterRequest,
    by: Annotated[Caller, needs(Permission.CREATE_COUNTERS)],
    write: Writes,
    response: Response,
) -> Counter:
    """Give an agency a counter on a floor of the mall. It opens once the agency is in force."""
    counter = await write(mall, by, Counter, actions.create, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/counters/{counter.id}"
    return counter


@router.get("/{counter_id}")
async def get_counter(mall: CurrentMall, counter_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> Counter:
    """Read a counter: its state, how many wait for it and, for its own people, the ticket in hand."""
    async with house.database.reading(mall) as reading:
        counter = await access.row(reading, models.Counter, counter_id, "counter")
        return fresh(Counter.model_validate((await queries.views(reading, by, [counter]))[0]))


@router.patch(
    "/{counter_id}", responses=refuses(UnknownReference, FloorUnknown, ForeignService, ServiceRetired, LastCounter)
)
async def change_counter(
    mall: CurrentMall,
    counter_id: UUID,
    body: CounterChanges,
    by: Annotated[Caller, needs(Permission.CHANGE_COUNTERS)],
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> Counter:
    """Change where a counter stands and what it serves; an agency's manager changes what it serves.

    A service that visitors wait for keeps a counter: give it to another one first, or retire the service.
    """
    return fresh(await write(mall, by, Counter, actions.change, counter_id, version, body.given()))


@router.post(
    "/{counter_id}/opening", responses=refuses(CounterRetired, MembershipNotInForce, IllegalTransition, OfficerBusy)
)
async def open_counter(mall: CurrentMall, counter_id: UUID, by: Officer, write: Writes) -> Counter:
    """Open a counter for the rest of the service day. Its agency must be in force.

    Where the agency is out of force since today, or the counter retired today, it opens as `closing` for visitors who
    still wait for it: it calls them, and closes behind the last one or with the day.
    """
    return await write(mall, by, Counter, actions.open_, counter_id)


@router.post("/{counter_id}/closing", responses=refuses(IllegalTransition, CounterBusy, NotYourCounter))
async def close_counter(
    mall: CurrentMall, counter_id: UUID, by: Officer, write: Writes, body: CounterClosing | None = None
) -> Counter:
    """Close a counter and lose nobody.

    A called ticket goes back to its place. A serving or held one must be completed or put back first; a manager may
    force the closing, and it goes back first in line. Where nobody may call it any more today, it is cancelled and its
    visitor told why. A colleague closes a counter at which no ticket is in hand.
    """
    force = body.force if body else False
    return await write(mall, by, Counter, actions.close, counter_id, force=force)


@router.post("/{counter_id}/break", responses=refuses(IllegalTransition, CounterBusy, NotYourCounter))
async def pause_counter(mall: CurrentMall, counter_id: UUID, by: Officer, write: Writes) -> Counter:
    """Take a break from calling."""
    return await write(mall, by, Counter, actions.pause, counter_id)


@router.post("/{counter_id}/resumption", responses=refuses(IllegalTransition, NotYourCounter))
async def resume_counter(mall: CurrentMall, counter_id: UUID, by: Officer, write: Writes) -> Counter:
    """Come back from a break."""
    return await write(mall, by, Counter, actions.resume, counter_id)


@router.post(
    "/{counter_id}/calls",
    status_code=201,
    responses=refuses(
        NobodyWaiting,
        WaitingElsewhere,
        CounterNotOpen,
        NotYourCounter,
        CounterBusy,
        ServiceNotServed,
        VisitBusy,
        IllegalTransition,
    ),
)
async def call_next_ticket(
    mall: CurrentMall,
    counter_id: UUID,
    by: Officer,
    write: Writes,
    response: Response,
    body: CallRequest | None = None,
) -> Ticket:
    """Pick and claim the next ticket in one act, or call the one named in `ticket_id`.

    The next one is the first in the order of the queue across all services of the counter. Who is at another counter
    now is skipped.
    """
    chosen = body.ticket_id if body else None
    ticket = await write(mall, by, Ticket, tickets.call, counter_id, ticket_id=chosen)
    response.headers["Location"] = f"/v1/malls/{mall.slug}/tickets/{ticket.id}"
    return ticket
