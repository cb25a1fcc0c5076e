"""The life of a ticket, from the kiosk to the end of the day.

Every verb reads top to bottom: the door, the facts, the rule, the change, the record.
"""

from collections.abc import Collection
from decimal import Decimal
from functools import cache
from uuid import UUID

from sqlalchemy import DateTime, SmallInteger, Text, Uuid, literal_column, select, true, update
from sqlalchemy.dialects.postgresql import insert

from app import access, models
from app.access import Caller
from app.domain.counters import CounterBusy, CounterNotOpen, CounterStatus, ServiceNotServed, SessionEnd
from app.domain.errors import NotThere
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.domain.tickets import (
    ACTIVE,
    ClosedBy,
    IntervalKind,
    NobodyWaiting,
    NoShowTooEarly,
    ReturnPlace,
    TicketStatus,
    VisitBusy,
    next_of,
    place_between,
)
from app.journal import Journal
from app.models.prepared import Prepared, parameter
from app.queries import counters as counter_queries
from app.queries import tickets as queries
from app.queries.paging import With


async def call(journal: Journal, by: Caller, counter_id: UUID, *, ticket_id: UUID | None) -> With:
    """Pick and claim the next ticket for a counter, or the one named."""
    own = by.agencies(Permission.OPERATE_COUNTERS, journal.mall_id)
    facts = await counter_queries.calling_inputs(journal, counter_id)
    if facts is None or (own is not None and facts.agency_id not in own):
        raise NotThere(thing="counter")
    if facts.officer_id is None or facts.status is CounterStatus.ON_BREAK:
        raise CounterNotOpen(state=facts.status)
    if facts.busy_with:
        raise CounterBusy(ticket_id=str(facts.busy_with))
    ticket = await (_chosen(journal, by, counter_id, ticket_id) if ticket_id else _first(journal, counter_id))
    before = ticket.status
    ticket.call(counter_id, facts.officer_id, journal.at)
    await _begin_interval(journal, ticket, "call", IntervalKind.CALLED)
    _record(journal, "called", ticket, before, chosen="by_officer" if ticket_id else "first_in_line")
    await close_finished_counters(journal, ticket.agency_id)
    return await _view(journal, ticket)


async def recall(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """Call it again: the board sounds once more."""
    ticket = await _ticket(journal, by, ticket_id)
    ticket.recall(journal.at)
    _record(journal, "recalled", ticket, ticket.status)
    return await _view(journal, ticket)


async def start(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """The visitor has come to the counter."""
    ticket = await _ticket(journal, by, ticket_id)
    before = ticket.status
    ticket.start()
    await _begin_interval(journal, ticket, "start", IntervalKind.SERVING)
    _record(journal, "started", ticket, before)
    return await _view(journal, ticket)


async def hold(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """The visitor fetches something; the counter is free meanwhile."""
    ticket = await _ticket(journal, by, ticket_id)
    before = ticket.status
    ticket.hold()
    await _begin_interval(journal, ticket, "hold", IntervalKind.ON_HOLD)
    _record(journal, "held", ticket, before)
    return await _view(journal, ticket)


async def complete(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """The visitor is done."""
    ticket = await _ticket(journal, by, ticket_id)
    before = ticket.status
    ticket.complete(journal.at)
    await _begin_interval(journal, ticket, "complete")
    _record(journal, "completed", ticket, before)
    return await _left_the_queue(journal, ticket)


async def mark_no_show(journal: Journal, by: Caller, ticket_id: UUID) -> With:
    """The visitor was called often enough and did not come."""
    ticket = await _ticket(journal, by, ticket_id)
    before = ticket.status
    ticket.miss(journal.at)
    service = await access.row(journal, models.Service, ticket.service_id, "service")
    if ticket.call_count < service.no_show_calls:
        raise NoShowTooEarly(call_count=ticket.call_count, required=service.no_show_calls)
    await _begin_interval(journal, ticket, "miss")
    _record(journal, "missed", ticket, before)
    return await _left_the_queue(journal, ticket)


async def return_(journal: Journal, by: Caller, ticket_id: UUID, *, place: ReturnPlace | None) -> With:
    """Back to waiting: at the old place, or, for who was absent and reports, some places later."""
    ticket = await _ticket(journal, by, ticket_id)
    if ticket.status is TicketStatus.NO_SHOW and ticket.service_day != journal.today:
        raise IllegalTransition(thing="ticket", state=ticket.status, verb="return")  # its day is over
    default = ReturnPlace.LATER if ticket.status is TicketStatus.NO_SHOW else ReturnPlace.OLD_PLACE
    await put_back(journal, ticket, place or default, reason=None)
    return await _view(journal, ticket)


async def cancel(journal: Journal, by: Caller, ticket_id: UUID, *, reason: str | None) -> With:
    """The agency cancels a ticket that is not being served."""
    ticket = await _ticket(journal, by, ticket_id)
    await _cancel(journal, ticket, ClosedBy.OFFICER, reason)
    return await _left_the_queue(journal, ticket)


async def cancel_own(journal: Journal, by: Caller, claim: bytes) -> With:
    """The visitor gives the place up, while waiting."""
    by.must(Permission.USE_OWN_TICKET, journal.mall_id)
    ticket = await queries.by_claim(journal, claim)
    if ticket.status in ACTIVE:
        raise CounterBusy(ticket_id=str(ticket.id))
    if ticket.status is TicketStatus.ON_HOLD:
        raise IllegalTransition(thing="ticket", state=ticket.status, verb="cancel")  # an officer's to end
    await _cancel(journal, ticket, ClosedBy.VISITOR, None)
    return await _left_the_queue(journal, ticket)


async def cancel_waiting(
    journal: Journal, agency_id: UUID, by: ClosedBy, *, reason: str, service_ids: Collection[UUID] | None = None
) -> None:
    """Cancel all who wait (or are on hold) for an agency, or for these services of it, and tell them why."""
    states = (TicketStatus.WAITING, TicketStatus.ON_HOLD)
    for ticket in await queries.open_tickets(journal, journal.today, states, agency_id, service_ids):
        await _cancel(journal, ticket, by, reason)


async def put_back(journal: Journal, ticket: models.Ticket, place: ReturnPlace, *, reason: str | None) -> None:
    """Bring a ticket back to waiting."""
    before = ticket.status
    new_place = await _place(journal, ticket, place)
    ticket.put_back(new_place)
    await _begin_interval(journal, ticket, "return", IntervalKind.WAITING)
    _record(journal, "returned", ticket, before, reason=reason, place=str(new_place))


async def close_finished_counters(journal: Journal, agency_id: UUID) -> None:
    """End the closing counters of an agency that have nobody left to serve."""
    for session in await counter_queries.closing_sessions(journal, agency_id):
        if not await queries.someone_waits(journal, session.counter_id):
            before = session.status
            session.close(journal.at, session.winding_down_for or SessionEnd.MEMBERSHIP)
            journal.record(
                "counter.closed",
                ("counter", session.counter_id),
                agency_id=agency_id,
                before={"status": before},
                after={"status": session.status, "session_id": session.id, "ended_by": session.ended_by},
            )


async def _ticket(journal: Journal, by: Caller, ticket_id: UUID) -> models.Ticket:
    """A ticket that the caller may handle: an officer, what is at the own counter or waits for the own agency."""
    ticket = await access.own(journal, by, Permission.OPERATE_COUNTERS, models.Ticket, ticket_id, "ticket")
    at_another_counter = ticket.status in ACTIVE and ticket.officer_id != by.id
    if at_another_counter and not by.may_manage(journal.mall_id, ticket.agency_id):
        raise NotThere(thing="ticket")
    return ticket


async def _chosen(journal: Journal, by: Caller, counter_id: UUID, ticket_id: UUID) -> models.Ticket:
    """The ticket that the officer names: one that waits or is on hold for a service of the counter."""
    ticket = await access.own(journal, by, Permission.OPERATE_COUNTERS, models.Ticket, ticket_id, "ticket")
    served = await counter_queries.services_of(journal, [counter_id])
    if ticket.service_id not in served.get(counter_id, []):
        raise ServiceNotServed(service_id=str(ticket.service_id))
    busy = await queries.active_of_visit(journal, ticket.visit_id)
    if busy and busy != ticket.id:
        raise VisitBusy(ticket_id=str(busy))
    return ticket


async def _first(journal: Journal, counter_id: UUID) -> models.Ticket:
    head = next_of(await queries.heads(journal, counter_id))
    if head is None:
        raise NobodyWaiting
    return await access.row(journal, models.Ticket, head.ticket_id, "ticket")


async def _place(journal: Journal, ticket: models.Ticket, wanted: ReturnPlace) -> Decimal:
    if wanted is ReturnPlace.OLD_PLACE:
        return ticket.place
    service = await access.row(journal, models.Service, ticket.service_id, "service")
    places = await queries.waiting_places(journal, ticket.service_id, service.return_places + 1)
    if wanted is ReturnPlace.FIRST:
        return places[0] - 1 if places else ticket.place
    if len(places) > service.return_places:
        return place_between(places[-2], places[-1])
    return Decimal(journal.sequence + 1)  # behind all who wait: the sequence of the entry that records it


async def _cancel(journal: Journal, ticket: models.Ticket, by: ClosedBy, reason: str | None) -> None:
    before = ticket.status
    ticket.cancel(journal.at, by, reason)
    await _begin_interval(journal, ticket, "cancel")
    _record(journal, "cancelled", ticket, before)


async def _left_the_queue(journal: Journal, ticket: models.Ticket) -> With:
    """A ticket has left the queue: a closing counter may have nothing left to do."""
    await journal.session.flush()
    await close_finished_counters(journal, ticket.agency_id)
    return await _view(journal, ticket)


async def _begin_interval(
    journal: Journal, ticket: models.Ticket, outcome: str, kind: IntervalKind | None = None
) -> None:
    """End the interval that the ticket is in with its outcome, and begin the next one, if any."""
    sent = {
        "at": journal.at,
        "of": ticket.id,
        "how": outcome,
        "interval_mall_id": journal.mall_id,
        "interval_id": models.new_id(),
        "interval_ticket_id": ticket.id,
        "interval_kind": kind,
        "interval_service_id": ticket.service_id,
        "interval_counter_id": ticket.counter_id,
        "interval_officer_id": ticket.officer_id,
        "interval_started_at": journal.at,
        "interval_ended_at": None,
        "interval_outcome": None,
    }
    await _interval_statement(begins=kind is not None).rows(journal.session, sent)


@cache
def _interval_statement(*, begins: bool) -> Prepared:
    interval = models.TicketInterval
    ended = (
        update(interval)
        .where(
            interval.mall_id == parameter("interval_mall_id", SmallInteger()),
            interval.ticket_id == parameter("of", Uuid()),
            interval.ended_at.is_(None),
        )
        .values(ended_at=parameter("at", DateTime(timezone=True)), outcome=parameter("how", Text()))
    )
    if not begins:
        return Prepared(ended)
    columns = interval.__table__.columns
    before = ended.returning(interval.id).cte("ended")
    # joined with the one that ended, if any did: so it has ended when the next begins, and one is open at a time
    begun = select(*(parameter(f"interval_{each.name}", each.type) for each in columns)).select_from(
        select(literal_column("1")).subquery("always").outerjoin(before, true())
    )
    return Prepared(insert(interval).from_select([each.name for each in columns], begun))


def _record(journal: Journal, what: str, ticket: models.Ticket, before: TicketStatus, **more: str | None) -> None:
    journal.record(
        f"ticket.{what}",
        ("ticket", ticket.id),
        agency_id=ticket.agency_id,
        before={"status": before},
        after={
            "status": ticket.status,
            "number": ticket.number,
            "service_id": ticket.service_id,
            "counter_id": ticket.counter_id,
            "officer_id": ticket.officer_id,
            "call_count": ticket.call_count,
            "closed_by": ticket.closed_by,
            **more,
        },
    )


async def _view(journal: Journal, ticket: models.Ticket) -> With:
    await journal.session.flush()
    return (await queries.views(journal, [ticket]))[0]
