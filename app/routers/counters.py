"""Counters, and calling."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import access, models, schemas
from app.access import Caller
from app.actions import counters as actions
from app.actions import tickets
from app.domain.agencies import AgencyRetired, CodeTaken
from app.domain.agreements import MembershipNotInForce
from app.domain.counters import (
    CounterBusy,
    CounterNotOpen,
    CounterRetired,
    FloorUnknown,
    ForeignService,
    OfficerBusy,
    ServiceNotServed,
)
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Verb
from app.domain.services import ServiceRetired, UnknownReference
from app.domain.tickets import NobodyWaiting, VisitBusy
from app.queries import counters as queries
from app.queries.shown import Asked
from app.schemas.base import Code
from app.web.callers import Mall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, Whose, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}/counters", tags=["counters"])
Reader = Annotated[Caller, needs(Verb.READ_CATALOGUE)]
Officer = Annotated[Caller, needs(Verb.OPERATE_COUNTERS)]


@router.get("")
async def list_counters(
    mall: Mall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[Asked, asked_for("code", "id")],
    listed: Listed,
    whose: Whose,
    code: Code | None = None,
    retired: Annotated[bool, Query(description="The retired ones, instead of the living")] = False,
) -> schemas.Page[schemas.Counter]:
    """List the counters of the mall with what they serve and whether they are open."""
    async with house.database.reading(mall) as reading:
        found = await queries.counters(reading, by, asked, of=whose, code=code, retired=retired)
        return listed(found, asked, schemas.Counter)


@router.post(
    "",
    status_code=201,
    responses=refuses(CodeTaken, UnknownReference, FloorUnknown, ForeignService, AgencyRetired, ServiceRetired),
)
async def create_counter(
    mall: Mall,
    body: schemas.CounterRequest,
    by: Annotated[Caller, needs(Verb.CREATE_COUNTERS)],
    write: Writes,
    response: Response,
) -> schemas.Counter:
    """Give an agency a counter on a floor of the mall. It opens once the agency is in force."""
    counter = await write(mall, by, schemas.Counter, actions.create, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/counters/{counter.id}"
    return counter


@router.get("/{counter_id}")
async def get_counter(mall: Mall, counter_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> schemas.Counter:
    """Read a counter: its state, how many wait for it and, for its own people, the ticket in hand."""
    async with house.database.reading(mall) as reading:
        counter = await access.row(reading, models.Counter, counter_id, "counter")
        return fresh(schemas.Counter.model_validate((await queries.shown(reading, by, [counter]))[0]))


@router.patch("/{counter_id}", responses=refuses(UnknownReference, FloorUnknown, ForeignService, ServiceRetired))
async def change_counter(
    mall: Mall,
    counter_id: UUID,
    body: schemas.CounterChanges,
    by: Annotated[Caller, needs(Verb.CHANGE_COUNTERS)],
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> schemas.Counter:
    """Change where a counter stands and what it serves; an agency's manager changes what it serves."""
    return fresh(await write(mall, by, schemas.Counter, actions.change, counter_id, version, body.given()))


@router.post(
    "/{counter_id}/opening", responses=refuses(CounterRetired, MembershipNotInForce, IllegalTransition, OfficerBusy)
)
async def open_counter(mall: Mall, counter_id: UUID, by: Officer, write: Writes) -> schemas.Counter:
    """Open a counter for the rest of the service day. Its agency must be in force."""
    return await write(mall, by, schemas.Counter, actions.open_, counter_id)


@router.post("/{counter_id}/closing", responses=refuses(IllegalTransition, CounterBusy))
async def close_counter(
    mall: Mall, counter_id: UUID, by: Officer, write: Writes, body: schemas.CounterClosing | None = None
) -> schemas.Counter:
    """Close a counter and lose nobody.

    A called ticket goes back to its place. A serving or held one must be completed or put back first; a manager may
    force the closing, and it goes back first in line.
    """
    force = body.force if body else False
    return await write(mall, by, schemas.Counter, actions.close, counter_id, force=force)


@router.post("/{counter_id}/break", responses=refuses(IllegalTransition, CounterBusy))
async def pause_counter(mall: Mall, counter_id: UUID, by: Officer, write: Writes) -> schemas.Counter:
    """Take a break from calling."""
    return await write(mall, by, schemas.Counter, actions.pause, counter_id)


@router.post("/{counter_id}/resumption", responses=refuses(IllegalTransition))
async def resume_counter(mall: Mall, counter_id: UUID, by: Officer, write: Writes) -> schemas.Counter:
    """Come back from a break."""
    return await write(mall, by, schemas.Counter, actions.resume, counter_id)


@router.post(
    "/{counter_id}/calls",
    status_code=201,
    responses=refuses(NobodyWaiting, CounterNotOpen, CounterBusy, ServiceNotServed, VisitBusy, IllegalTransition),
)
async def call_next_ticket(
    mall: Mall,
    counter_id: UUID,
    by: Officer,
    write: Writes,
    response: Response,
    body: schemas.CallRequest | None = None,
) -> schemas.Ticket:
    """Pick and claim the next ticket in one act, or call the one named in `ticket_id`.

    The next one is the smallest place in the queues of the counter's services, skipping who is at another counter.
    """
    chosen = body.ticket_id if body else None
    ticket = await write(mall, by, schemas.Ticket, tickets.call, counter_id, ticket_id=chosen)
    response.headers["Location"] = f"/v1/malls/{mall.slug}/tickets/{ticket.id}"
    return ticket
