"""Tickets on paper."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.actions import printing as actions
from app.domain.callers import Caller
from app.domain.lifecycle import IllegalTransition
from app.domain.printing import NotOnPaper, PrintTimeOver
from app.domain.roles import Permission
from app.queries import printing as queries
from app.schemas.printing import PrintLine, PrintReport, QrCode, TicketPrint
from app.schemas.tickets import Ticket
from app.security.secrets import claim_code
from app.texts.printing import lines, qr_svg
from app.web.dependencies import Context, CurrentMall, needs
from app.web.idempotency import Command
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}")
Printer = Annotated[Caller, needs(Permission.PRINT_TICKETS)]


@router.get("/tickets/{ticket_id}/print", tags=["tickets"], responses=refuses(IllegalTransition, PrintTimeOver))
async def get_ticket_print(mall: CurrentMall, ticket_id: UUID, caller: Printer, context: Context) -> TicketPrint:
    """Read a ticket as data for a printer, with its claim code as QR: for ten minutes from its issuing.

    A kiosk prints what it has issued itself, an officer or a manager what they have issued or what waits for their
    agency. Print it again where paper got stuck; a ticket that is over is not printed.
    """
    async with context.database.reading(mall) as reading:
        printed = await queries.printable(reading, caller, ticket_id)
    code = claim_code(context.server_key, ticket_id)
    return TicketPrint(
        ticket_id=ticket_id,
        number=printed.number,
        lines=[PrintLine(part=part, text=text) for part, text in lines(printed)],
        qr=QrCode(content=code, svg=qr_svg(code)),
    )


@router.post(
    "/tickets/{ticket_id}/print-report",
    tags=["tickets"],
    responses=refuses(IllegalTransition, NotOnPaper, PrintTimeOver),
)
async def report_print(
    mall: CurrentMall, ticket_id: UUID, caller: Printer, command: Command, body: PrintReport
) -> Ticket:
    """Report whether a ticket was printed.

    One that never was is cancelled (`closed_by` `not_printed`) and its place in the quota given back: nobody holds it.
    A reprint that failed changes nothing, the first paper is out. A kiosk reports what it has issued itself, within
    ten minutes; an officer or a manager reports later too, while the ticket is not served.
    """
    return await command(mall, caller, Ticket, actions.report_print, ticket_id, outcome=body.outcome)
