"""Retiring services, counters and agencies."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.actions import retirements as actions
from app.domain.callers import Caller
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.schemas.retirements import RetiredAgency, RetiredCounter, RetiredService, Retirement
from app.web.dependencies import CurrentMall, needs
from app.web.idempotency import Command
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}")


@router.post("/services/{service_id}/retirement", tags=["services"], responses=refuses(IllegalTransition))
async def retire_service(
    mall: CurrentMall,
    service_id: UUID,
    body: Retirement,
    caller: Annotated[Caller, needs(Permission.CHANGE_SERVICES)],
    command: Command,
) -> RetiredService:
    """Retire a service, from now on: it issues no tickets, and its code stays taken.

    Waiting tickets are served today or cancelled, as `waiting_tickets` says. Counters that serve nothing else close
    when no ticket waits; the others stay open.
    """
    return await command(mall, caller, RetiredService, actions.retire_service, service_id, **body.model_dump())


@router.post("/counters/{counter_id}/retirement", tags=["counters"], responses=refuses(IllegalTransition))
async def retire_counter(
    mall: CurrentMall,
    counter_id: UUID,
    body: Retirement,
    caller: Annotated[Caller, needs(Permission.MANAGE_COUNTERS)],
    command: Command,
) -> RetiredCounter:
    """Retire a counter from this act on.

    `serve`: it serves visitors who wait for its services and closes once nobody does, or with the day; until then it
    opens again for visitors whom no other counter may call. `cancel`: it closes now, or behind the ticket in hand;
    cancelled are visitors who wait for a service that no other counter serves. A service without a counter gives no
    tickets.
    """
    return await command(mall, caller, RetiredCounter, actions.retire_counter, counter_id, **body.model_dump())


@router.post("/agencies/{agency_id}/retirement", tags=["agencies"], responses=refuses(IllegalTransition))
async def retire_agency(
    mall: CurrentMall,
    agency_id: UUID,
    body: Retirement,
    caller: Annotated[Caller, needs(Permission.CHANGE_AGENCIES)],
    command: Command,
) -> RetiredAgency:
    """Retire an agency, from now on, with its services and counters. Its membership is `retired` from today.

    Waiting visitors are cancelled, or its counters may still open for them today, as `waiting_tickets` says.
    """
    return await command(mall, caller, RetiredAgency, actions.retire_agency, agency_id, **body.model_dump())
