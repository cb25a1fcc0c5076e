"""The absences of visitors at a service."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.actions import absences as actions
from app.domain.callers import Caller
from app.domain.roles import Permission
from app.domain.visitors import PhoneForeign, PhoneInvalid
from app.schemas.absences import Pardon, Pardoned
from app.web.dependencies import Context, CurrentMall, needs
from app.web.idempotency import Command
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}")


@router.post("/services/{service_id}/pardon", tags=["services"], responses=refuses(PhoneInvalid, PhoneForeign))
async def pardon_absences(
    mall: CurrentMall,
    service_id: UUID,
    body: Pardon,
    caller: Annotated[Caller, needs(Permission.OPERATE_COUNTERS)],
    context: Context,
    command: Command,
) -> Pardoned:
    """Pardon a person's absences at a service, by the phone or by a ticket: the web gives numbers again at once.

    Absences count where the service has `no_shows_before_block`. What is recorded names neither the person nor the
    phone. A no-show that is taken back with `/return` or `/reopening` never counted.
    """
    whose = body.model_dump()
    return await command(mall, caller, Pardoned, actions.pardon_absences, context.server_key, service_id, **whose)
