"""Visits: one person's trip to several services."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.actions import visits as actions
from app.domain.callers import Caller
from app.domain.issuing import TooManyWaiting
from app.domain.roles import Permission
from app.domain.tickets import AlreadyWaiting
from app.queries import visits as queries
from app.schemas.tickets import IssuedTicket
from app.schemas.visits import PlannedVisit, Visit, VisitRequest
from app.web.dependencies import Context, CurrentMall, needs
from app.web.idempotency import Write, creates_once
from app.web.numbers import NUMBER_REFUSED, PHONE_REFUSED, claim_codes, web_visitor
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}", tags=["tickets"])
Creation = Annotated[Write, creates_once("/v1/malls/{mall}/visits/{id}")]


@router.post(
    "/visits",
    status_code=201,
    responses=refuses(*NUMBER_REFUSED, TooManyWaiting, *PHONE_REFUSED, AlreadyWaiting),
)
async def plan_visit(
    request: Request,
    response: Response,
    mall: CurrentMall,
    body: VisitRequest,
    caller: Annotated[Caller, needs(Permission.ISSUE_TICKETS)],
    context: Context,
    command: Creation,
) -> PlannedVisit:
    """Plan a visit to several services: a ticket for each is issued now, or none.

    Each has a number, a place in its queue and a claim code of its own, from now on; the visitor is never called to two
    counters at once. With `in_order`, a ticket waits without a position, `after_step` saying why, until the tickets of
    all steps before it are over: completed, cancelled, expired or marked as a no-show. If one of these comes back to
    waiting, it is first again. Otherwise the refusals are those of a ticket, `errors` saying at which service. Without
    credentials a visit counts as so many tickets. A phone with a ticket at one of the services is `already_waiting`.
    """
    visitor = await web_visitor(request, mall, caller, body, len(body.service_ids))
    wanted = body.model_dump(exclude={"phone_code"})
    visit = await command(mall, caller, Visit, actions.plan, context.server_key, **wanted, visitor=visitor)
    ids = [each.id for each in visit.tickets]
    codes = await claim_codes(context, response, mall, ids, visitor, repeated=command.repeated)
    tickets = [
        IssuedTicket(**each.model_dump(), given_before=False, claim_code=codes[each.id]) for each in visit.tickets
    ]
    return PlannedVisit(**visit.model_dump(exclude={"tickets"}), tickets=tickets)


@router.get("/visits/{visit_id}")
async def get_visit(
    mall: CurrentMall,
    visit_id: UUID,
    caller: Annotated[Caller, needs(Permission.READ_TICKETS)],
    context: Context,
) -> Visit:
    """Read a visit: its tickets, which is next, and what each waits for.

    An agency's people see the tickets of their own agency alone, a kiosk or partner client those that it issued. A
    visitor reads the plan with any of its claim codes.
    """
    async with context.database.reading(mall) as reading:
        return Visit.model_validate(await queries.one(reading, caller, visit_id))
