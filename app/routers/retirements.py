"""The end of services, counters and agencies in the catalogue."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.access import Caller
from app.actions import retirements as actions
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.schemas.agencies import Agency
from app.schemas.counters import Counter
from app.schemas.retirements import Retirement
from app.schemas.services import Service
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
) -> Service:
    """Retire a service from this act on: it gives no tickets, and its code stays taken.

    Who waits is served today or cancelled, as `waiting_tickets` says. Counters that serve nothing else close once
    nobody waits; the others go on.
    """
    return await command(mall, caller, Service, actions.service, service_id, **body.model_dump())


@router.post("/counters/{counter_id}/retirement", tags=["counters"], responses=refuses(IllegalTransition))
async def retire_counter(
    mall: CurrentMall,
    counter_id: UUID,
    body: Retirement,
    caller: Annotated[Caller, needs(Permission.MANAGE_COUNTERS)],
    command: Command,
) -> Counter:
    """Retire a counter from this act on: it does not open again.

    `serve`: it serves who waits for its services and closes once nobody does, or with the day. `cancel`: it closes
    now, or with the ticket in hand; cancelled is who waits for a service that no other counter serves.
    """
    return await command(mall, caller, Counter, actions.counter, counter_id, **body.model_dump())


@router.post("/agencies/{agency_id}/retirement", tags=["agencies"], responses=refuses(IllegalTransition))
async def retire_agency(
    mall: CurrentMall,
    agency_id: UUID,
    body: Retirement,
    caller: Annotated[Caller, needs(Permission.CHANGE_AGENCIES)],
    command: Command,
) -> Agency:
    """Retire an agency from this act on, with its services and counters. Its membership is `retired` from today."""
    return await command(mall, caller, Agency, actions.agency, agency_id, **body.model_dump())
