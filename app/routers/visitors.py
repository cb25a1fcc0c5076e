"""Proving that a phone is one's own."""

from typing import Annotated

from fastapi import APIRouter, Request

from app.actions import visitors as actions
from app.domain.callers import Caller
from app.domain.roles import Permission
from app.domain.visitors import PhoneForeign, PhoneInvalid
from app.schemas.visitors import PhoneConfirmation, PhoneConfirmationRequest
from app.web.dependencies import Context, CurrentMall, address, needs
from app.web.idempotency import Command
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}", tags=["own ticket"])


@router.post("/phone-confirmations", status_code=202, responses=refuses(PhoneInvalid, PhoneForeign))
async def confirm_phone(
    request: Request,
    mall: CurrentMall,
    body: PhoneConfirmationRequest,
    caller: Annotated[Caller, needs(Permission.CONFIRM_PHONES)],
    context: Context,
    command: Command,
) -> PhoneConfirmation:
    """Ask for a code to a phone, to take a number on the web with it (`phone` and `phone_code` of `issue_ticket`).

    Six digits go to the phone as a message, never into this answer. They work for ten minutes, for every service, until
    another code is asked for or five wrong ones were tried. The answer is the same for every phone: whether it has a
    ticket, or gets no more messages this hour, is not told. An address may ask for three codes to a phone at once and
    one more every twenty minutes, and for ten to all phones; a phone gets six an hour, from all malls together. A
    repeat under the same key counts for nothing and sends nothing.
    """
    if again := await command.again(mall, caller, PhoneConfirmation):
        return again
    asked = await context.phone_codes.new(mall, address(request), body.phone)
    return await command(mall, caller, PhoneConfirmation, actions.confirm, asked, language=body.language)
