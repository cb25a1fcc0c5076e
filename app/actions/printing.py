"""What became of a ticket's paper."""

from uuid import UUID

from app.actions import queue, stops, tickets
from app.domain.devices import DeviceKind
from app.domain.events import Event
from app.domain.lifecycle import IllegalTransition
from app.domain.printing import NotOnPaper, PrintOutcome, PrintState, must_be_in_print_time, must_be_nobodys
from app.domain.stops import Cause
from app.domain.tickets import TICKET_LIFE
from app.journal import Journal
from app.queries import printing as queries
from app.queries.tickets import TicketView
from app.queries.tickets import views as ticket_views


async def report_print(journal: Journal, ticket_id: UUID, *, outcome: PrintOutcome) -> TicketView:
    """The ticket has come out of the printer, once more perhaps; or it never did, and leaves the queue."""
    ticket = await queries.theirs(journal, journal.caller, ticket_id)
    if journal.caller.plays(DeviceKind.KIOSK, journal.mall_id):
        must_be_in_print_time(ticket.issued_at, journal.at)
    if ticket.print_state is None:
        raise NotOnPaper
    is_void = ticket.print_state is PrintState.FAILED
    if is_void and outcome is PrintOutcome.PRINTED:
        raise IllegalTransition(thing=TICKET_LIFE.thing, state=ticket.status, verb="print")
    never_printed = outcome is PrintOutcome.FAILED and ticket.print_state is PrintState.NOT_REPORTED
    if never_printed:
        must_be_nobodys(ticket.status)
    if not is_void:
        ticket.report_print(outcome)
        journal.record(Event.TICKET_PRINT_REPORTED, ticket, outcome=outcome, print_count=ticket.print_count)
    if never_printed:
        await tickets.cancel_for(journal, ticket, Cause.NOT_PRINTED, None)
        await stops.close_finished_counters(journal, ticket.agency_id)
        await queue.near(journal, ticket.agency_id)
    await journal.session.flush()
    return (await ticket_views(journal, [ticket]))[0]
