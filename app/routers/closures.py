"""Closing something from now on, and opening it again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app import access, models
from app.actions import closures as actions
from app.domain.agencies import AgencyRetired
from app.domain.calendar import ServiceClosed
from app.domain.callers import Caller
from app.domain.closures import ClosureEnded, ClosureNotPossible
from app.domain.errors import Forbidden, UnknownReference
from app.domain.locations import FloorUnknown
from app.domain.members import MembershipNotInForce
from app.domain.roles import Permission
from app.domain.services import NoCounter, ServiceRetired
from app.queries import closures as queries
from app.schemas.base import Page
from app.schemas.closures import Closure, ClosureRequest, MadeClosure
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, Write, creates
from app.web.paging import ListPage, OfAgency, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}/closures", tags=["malls"])
Reader = Annotated[Caller, needs(Permission.READ_CATALOGUE)]
Closer = Annotated[Caller, needs(Permission.CLOSE_FOR_A_WHILE)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/closures/{id}")]


@router.get("")
async def list_closures(
    mall: CurrentMall, caller: Reader, context: Context, page: Annotated[ListPage, paged_by("id")], agency: OfAgency
) -> Page[Closure]:
    """List the closures, past ones included.

    With an agency, only its own ones; those of the whole mall and of floors belong to none. One runs where `ended_at`
    is null and now is between `starts_at` and `ends_at`.
    """
    async with context.database.reading(mall) as reading:
        return page.of(Closure, await queries.closures(reading, page.asked, agency))


@router.post(
    "",
    status_code=201,
    responses=refuses(
        ClosureNotPossible,
        FloorUnknown,
        UnknownReference,
        AgencyRetired,
        Forbidden,
        ServiceRetired,
        MembershipNotInForce,
        NoCounter,
        ServiceClosed,
    ),
)
async def create_closure(mall: CurrentMall, body: ClosureRequest, caller: Closer, command: Creation) -> MadeClosure:
    """Close the mall, a floor, an agency, a service or a counter, until it is ended or until `ends_at`.

    No ticket is issued for what is closed. `waiting_tickets` says whether who waits is still called, keeps the place,
    is cancelled, or moves to another service (`move_to_service_id`, for the closure of a service or a counter); the
    answer says what is left to handle. Who has a place at that other service already stays and keeps the place. An
    agency's manager closes what is of their own agency.
    """
    return await command(mall, caller, MadeClosure, actions.create, **body.model_dump())


@router.get("/{closure_id}")
async def get_closure(
    mall: CurrentMall, closure_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Closure:
    """Read a closure.

    `ended_at` is null also where it ended by itself: look at `ends_at`. What it left to handle was told in the answer
    that made it.
    """
    async with context.database.reading(mall) as reading:
        return conditional(Closure.model_validate(await access.row(reading, models.Closure, closure_id, "closure")))


@router.post("/{closure_id}/ending", responses=refuses(ClosureEnded, Forbidden))
async def end_closure(mall: CurrentMall, closure_id: UUID, caller: Closer, command: Command) -> Closure:
    """End a closure: tickets are issued and called again at once, and who was kept waiting has the old place.

    Counters that were open stayed open, and call again. Tickets that it cancelled or moved stay so. One that is still
    to come can be ended, too, and never begins; one that is over answers `closure_ended`. An agency's manager ends what
    an agency's manager made.
    """
    return await command(mall, caller, Closure, actions.end, closure_id)
