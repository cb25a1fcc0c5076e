"""Messages to visitors' phones: fetched and reported by the mall's gateway."""

from collections.abc import Iterator, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from joserfc.errors import JoseError

from app.actions import messages as actions
from app.domain.callers import Caller
from app.domain.roles import Permission
from app.queries import messages as queries
from app.schemas.base import Page
from app.schemas.messages import DeliveryReport, Message, ReportedMessage
from app.security.seals import unsealed
from app.texts.messages import phone_code, ticket_near
from app.web.dependencies import Context, CurrentMall, needs
from app.web.idempotency import Command
from app.web.paging import ListPage, paged_by

router = APIRouter(prefix="/v1/malls/{mall}/messages", tags=["messages"])
Gateway = Annotated[Caller, needs(Permission.SEND_MESSAGES)]


@router.get("")
async def list_messages(
    mall: CurrentMall, caller: Gateway, context: Context, page: Annotated[ListPage, paged_by("id")]
) -> Page[Message]:
    """List the messages that are to be sent to visitors' phones, the oldest first.

    For the gateway of the mall (SMS, WhatsApp): ask every few seconds, send each one, and report it
    (`report_delivery`); until then it is listed, so keep the ids of what was sent. What is over is listed no more.
    """
    async with context.database.reading(mall, snapshot=True) as reading:
        found = await queries.to_send(reading, page.asked)
    return page.of(Message, found.showing(list(_opened(found.data, context.server_key))))


def _opened(found: Sequence[queries.MessageView], server_key: bytes) -> Iterator[Message]:
    """The messages in words. What was sealed under another key of the server nobody can read any more."""
    for each in found:
        row = each.row
        try:
            phone, text = unsealed(each.sealed_phone, server_key), _text(each, server_key)
        except JoseError:
            continue
        yield Message(
            id=row.id, kind=row.kind, phone=phone, language=row.language, text=text, expires_at=row.expires_at
        )


def _text(message: queries.MessageView, server_key: bytes) -> str:
    row, about = message.row, message.about
    if about:
        return ticket_near(row.language, message.mall_name, about.row.number, about.service_name)
    return phone_code(row.language, message.mall_name, unsealed(row.sealed_code or "", server_key))


@router.post("/{message_id}/delivery")
async def report_delivery(
    mall: CurrentMall, message_id: UUID, body: DeliveryReport, caller: Gateway, command: Command
) -> ReportedMessage:
    """Report that a message was sent, or that it cannot be: it holds neither phone nor text from then on.

    A ticket keeps its own phone until it is over. A repeat changes nothing, whatever it says: the first outcome counts.
    A message that was over long ago is `not_found`.
    """
    return await command(mall, caller, ReportedMessage, actions.report, message_id, outcome=body.outcome)
