"""The end of a service day: whoever still waits or is served is settled, and yesterday never blocks today."""

from datetime import date

from app.access import Caller
from app.domain.calendar import last_instant
from app.domain.counters import SessionEnd
from app.domain.errors import Forbidden
from app.domain.tickets import ClosedBy, TicketStatus
from app.journal import DAY_ENDED, Journal
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
            "ticket.completed" if serving else "ticket.expired",
            ("ticket", ticket.id),
            agency_id=ticket.agency_id,
            before={"status": before},
            after={
                "status": ticket.status,
                "number": ticket.number,
                "service_id": ticket.service_id,
                "closed_by": ticket.closed_by,
            },
            day=day,
        )
    for session in await counters.open_sessions(journal):
        session.close(at, SessionEnd.DAY_END)
        journal.record(
            "counter.closed",
            ("counter", session.counter_id),
            agency_id=session.agency_id,
            after={"status": session.status, "session_id": session.id, "ended_by": session.ended_by},
            day=day,
        )
    journal.record(DAY_ENDED, after={"day": day, "tickets": len(found)}, day=day)
    return len(found)
