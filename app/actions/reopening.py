"""Taking back the end of a ticket."""

from uuid import UUID

from app import access, models
from app.actions import intervals, stops
from app.actions import queue as moving
from app.domain.counters import CounterBusy, CounterNotOpen, CounterStatus, NotYourCounter
from app.domain.events import Event
from app.domain.lifecycle import IllegalTransition
from app.domain.reopening import REOPENED_AS, must_be_reopenable
from app.domain.roles import Permission
from app.domain.stops import QueueStopped
from app.domain.tickets import TICKET_LIFE, AlreadyWaiting, IntervalKind, TicketStatus, VisitBusy
from app.journal import Journal
from app.queries import counters as counter_queries
from app.queries import malls
from app.queries import tickets as queries
from app.queries.tickets import TicketView


async def reopen(journal: Journal, ticket_id: UUID) -> TicketView:
    """What an officer completed, cancelled or marked absent goes on as it was; who was called waits again."""
    ticket = await access.own(journal, journal.caller, Permission.OPERATE_COUNTERS, models.Ticket, ticket_id, "ticket")
    manages = journal.caller.may_manage(journal.mall_id, ticket.agency_id)
    if ticket.counter_id and ticket.officer_id != journal.caller.id and not manages:
        raise NotYourCounter(counter_id=ticket.counter_id)
    TICKET_LIFE.must_allow(ticket.status, "reopen")
    if ticket.service_day != journal.today or ticket.ended_at is None:
        raise IllegalTransition(thing=TICKET_LIFE.thing, state=ticket.status, verb="reopen")  # its day is over
    minutes = (await malls.mall(journal)).reopening_minutes
    must_be_reopenable(ticket.closed_by, ticket.ended_at, journal.at, minutes)
    if other := await queries.place_of_visit(journal, ticket.visit_id, ticket.service_id):
        raise AlreadyWaiting(ticket_id=other.id, number=other.number)
    back_to = REOPENED_AS[await queries.last_kind(journal, ticket.id)]
    officer_id = await _at_its_counter(journal, ticket, back_to)
    before = {"status": ticket.status, "closed_by": ticket.closed_by}
    ticket.reopen(back_to, officer_id)
    await intervals.turn(journal, ticket, "reopen", IntervalKind(back_to))
    journal.record(Event.TICKET_REOPENED, ticket, before=before)
    await moving.near(journal, ticket.agency_id)
    return (await queries.views(journal, [ticket]))[0]


async def _at_its_counter(journal: Journal, ticket: models.Ticket, back_to: TicketStatus) -> UUID | None:
    """The officer at whose counter it goes on; None where it waits.

    Raises QueueStopped, CounterNotOpen, NotYourCounter, CounterBusy or VisitBusy.
    """
    if back_to is TicketStatus.WAITING or ticket.counter_id is None:
        if stopped := await stops.why_nobody_calls(journal, ticket):
            raise QueueStopped(reason=stopped[1])
        return None
    session = await counter_queries.session_at(journal, ticket.counter_id)
    if session is None or (back_to is TicketStatus.SERVING and session.status is CounterStatus.ON_BREAK):
        raise CounterNotOpen(state=session.status if session else CounterStatus.CLOSED)
    if session.officer_id != journal.caller.id and not journal.caller.may_manage(journal.mall_id, ticket.agency_id):
        raise NotYourCounter(counter_id=ticket.counter_id)
    if back_to is TicketStatus.SERVING:
        await _must_be_free(journal, ticket, ticket.counter_id)
    return session.officer_id


async def _must_be_free(journal: Journal, ticket: models.Ticket, counter_id: UUID) -> None:
    """Neither the counter nor the visitor has another ticket in hand. Raises CounterBusy or VisitBusy."""
    if busy := await counter_queries.in_hand(journal, [counter_id]):
        raise CounterBusy(ticket_id=busy[0].id, number=busy[0].number)
    if elsewhere := await queries.active_of_visit(journal, ticket.visit_id):
        raise VisitBusy(ticket_id=elsewhere.id, number=elsewhere.number)
