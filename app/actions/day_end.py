"""The end of a service day: whoever still waits or is served is settled, and yesterday never blocks today."""

from datetime import date

from app.access import Caller
from app.domain.calendar import last_instant
from app.domain.counters import SessionEnd
from app.domain.errors import Forbidden
from app.domain.events import Event
from app.domain.tickets import ClosedBy, TicketStatus
from app.journal import Journal
from app.queries import counters, tickets


async def end(journal: Journal, by: Caller, day: date) -> int:
    """End a day's queue, and return how many tickets it found open. Today's may be ended by hand: it is no closure."""
    if by.kind != "system":
        raise Forbidden
    at = min(journal.at, last_instant(day, journal.mall.zone))
    found = await tickets.open_tickets(journal, day)
    intervals = await tickets.open_intervals(journal, [each.id for each in found])
    for ticket in found:
        before = ticket.status
        serving = before is TicketStatus.SERVING
        if serving:
            ticket.complete(at, ClosedBy.DAY_END)
        else:
            ticket.expire(at)
        if interval := intervals.get(ticket.id):
            interval.ended_at, interval.outcome = at, "complete" if serving else "expire"
        journal.record(
            Event.TICKET_COMPLETED if serving else Event.TICKET_EXPIRED, ticket, before={"status": before}, day=day
        )
    for session in await counters.open_sessions(journal):
        status = session.status
        session.close(at, SessionEnd.DAY_END)
        journal.record(Event.COUNTER_CLOSED, session, before={"status": status}, day=day)
    journal.record(Event.DAY_ENDED, tickets=len(found), day=day)
    return len(found)
