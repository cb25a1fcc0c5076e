"""The life of a ticket, from the kiosk to the end of the day.

Every verb reads top to bottom: the door, the facts, the rule, the change, the record.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from app import access, models
from app.actions import intervals, issuing, stops
from app.actions import queue as moving
from app.domain.calendar import CounterClosed, Opening, ServiceClosed
from app.domain.callers import CallerKind
from app.domain.closures import calling_at, kept_waiting
from app.domain.counters import CounterBusy, CounterNotOpen, CounterStatus, NotYourCounter, ServiceNotServed
from app.domain.errors import NotThere, UnknownReference
from app.domain.events import Event
from app.domain.lifecycle import IllegalTransition
from app.domain.queue import Choice, Chosen, usual_return
from app.domain.roles import Permission
from app.domain.stops import Cause, Target
from app.domain.tickets import (
    ACTIVE,
    AT_A_COUNTER,
    POSTPONEMENTS,
    TICKET_LIFE,
    AlreadyCalled,
    AlreadyWaiting,
    IntervalKind,
    NobodyWaiting,
    NoShowTooEarly,
    PostponedTooOften,
    ReturnPlace,
    SameService,
    TicketStatus,
    TransferNotAllowed,
    VisitBusy,
    WaitingElsewhere,
)
from app.domain.visits import VisitOutOfOrder
from app.journal import Journal
from app.queries import calendar as calendar_queries
from app.queries import counters as counter_queries
from app.queries import malls, queue
from app.queries import tickets as queries
from app.queries.issuing import issuing_inputs
from app.queries.tickets import CompletedView, OwnTicketView, TicketCallView, TicketView
from app.texts.calls import call_reason

NOBODY_CALLED = (NobodyWaiting, WaitingElsewhere, ServiceClosed, CounterClosed, CounterNotOpen)
"""Why a counter that has just completed a ticket may call nobody; each is found before anything is changed."""


async def call(journal: Journal, counter_id: UUID, *, ticket_id: UUID | None) -> TicketCallView:
    """Pick and claim the next ticket for a counter, or the one named."""
    own = journal.caller.agencies(Permission.OPERATE_COUNTERS, journal.mall_id)
    facts = await counter_queries.calling_inputs(journal, counter_id)
    if facts is None or (own is not None and facts.agency_id not in own):
        raise NotThere(thing="counter")
    if facts.officer_id is None:
        raise CounterNotOpen(state=facts.status)
    if facts.officer_id != journal.caller.id and not journal.caller.may_manage(journal.mall_id, facts.agency_id):
        raise NotYourCounter(counter_id=counter_id)
    if facts.status is CounterStatus.ON_BREAK:
        raise CounterNotOpen(state=facts.status)
    if facts.busy_with and facts.busy_with != ticket_id:
        busy = await access.row(journal, models.Ticket, facts.busy_with, "ticket")
        raise CounterBusy(ticket_id=busy.id, number=busy.number)
    kept = await _kept_waiting(journal, counter_id, facts.agency_id) if facts.any_closure else {}
    if ticket_id:
        ticket, chosen, run = await _named(journal, counter_id, ticket_id), Chosen.BY_OFFICER, 0
        _must_be_called(ticket.service_id, kept)
    else:
        ticket, chosen, run = await _next(journal, counter_id, kept)
    before = ticket.status
    ticket.call(counter_id, facts.officer_id, journal.at)
    await intervals.turn(journal, ticket, "call", IntervalKind.CALLED)
    journal.record(Event.TICKET_CALLED, ticket, before={"status": before}, chosen=chosen)
    view = await _moved_on(journal, ticket)
    choice = Choice(
        chosen,
        waited_minutes=(journal.at - ticket.arrived_at) // timedelta(minutes=1),
        head_start_minutes=await _head_start(journal, ticket),
        priority_calls=run,
    )
    return TicketCallView(ticket, view.status, view.position, chosen=chosen, call_reason=call_reason(choice))


async def recall(journal: Journal, ticket_id: UUID) -> TicketView:
    """Call it again: the board sounds once more."""
    ticket = await _ticket(journal, ticket_id)
    ticket.recall(journal.at)
    journal.record(Event.TICKET_RECALLED, ticket, before={"status": ticket.status})
    return await _view(journal, ticket)


async def start(journal: Journal, ticket_id: UUID) -> TicketView:
    """The visitor has come to the counter."""
    ticket = await _ticket(journal, ticket_id)
    before = ticket.status
    ticket.start(journal.at)
    await intervals.turn(journal, ticket, "start", IntervalKind.SERVING)
    journal.record(Event.TICKET_STARTED, ticket, before={"status": before})
    return await _view(journal, ticket)


async def hold(journal: Journal, ticket_id: UUID) -> TicketView:
    """The visitor fetches something; the counter is free meanwhile."""
    ticket = await _ticket(journal, ticket_id)
    before = ticket.status
    ticket.hold(journal.at)
    await intervals.turn(journal, ticket, "hold", IntervalKind.ON_HOLD)
    journal.record(Event.TICKET_HELD, ticket, before={"status": before})
    return await _moved_on(journal, ticket)


async def complete(journal: Journal, ticket_id: UUID, *, call_next: bool) -> CompletedView:
    """The visitor is done; `call_next` calls the next one to the same counter.

    Where nobody can be called, the completion stands and says why.
    """
    ticket = await _ticket(journal, ticket_id)
    before, counter_id = ticket.status, ticket.counter_id
    ticket.complete(journal.at)
    await intervals.turn(journal, ticket, "complete")
    journal.record(Event.TICKET_COMPLETED, ticket, before={"status": before})
    view = await _moved_on(journal, ticket)
    if not call_next or counter_id is None:
        return CompletedView(**vars(view))
    try:
        following = await call(journal, counter_id, ticket_id=None)
    except NOBODY_CALLED as refused:
        return CompletedView(**vars(view), next_refusal=refused.code)
    return CompletedView(**vars(view), next_ticket=following)


async def mark_no_show(journal: Journal, ticket_id: UUID) -> TicketView:
    """The visitor was called often enough and did not come."""
    ticket = await _ticket(journal, ticket_id)
    before = ticket.status
    TICKET_LIFE.must_allow(before, "mark_no_show")
    service = await _service(journal, ticket.service_id)
    if ticket.call_count < service.no_show_calls:
        raise NoShowTooEarly(call_count=ticket.call_count, required=service.no_show_calls)
    ticket.mark_no_show(journal.at, counts=service.no_shows_before_block is not None)
    await intervals.turn(journal, ticket, "mark_no_show")
    journal.record(Event.TICKET_MARKED_NO_SHOW, ticket, before={"status": before})
    return await _moved_on(journal, ticket)


async def return_(journal: Journal, ticket_id: UUID, *, place: ReturnPlace | None) -> TicketView:
    """Back to waiting: at the old place, or, for who was absent and reports, some places later.

    Where nobody may call it any more today, it is cancelled instead.
    """
    ticket = await _ticket(journal, ticket_id)
    if ticket.status is TicketStatus.NO_SHOW and ticket.service_day != journal.today:
        raise IllegalTransition(thing=TICKET_LIFE.thing, state=ticket.status, verb="return")  # its day is over
    if ticket.status is TicketStatus.NO_SHOW:
        await _must_have_no_other_place(journal, ticket)
    await stops.return_ticket(journal, ticket, place or usual_return(ticket.status), cause=None)
    return await _moved_on(journal, ticket)


async def transfer(journal: Journal, ticket_id: UUID, *, service_id: UUID, keep_arrival: bool) -> TicketView:
    """On to another service, with the same number: it arrives there now, or as if it had been issued for it.

    Quotas are not asked: it counts where it was issued.
    """
    ticket = await _ticket(journal, ticket_id)
    TICKET_LIFE.must_allow(ticket.status, "transfer")
    target, came_from = await _taking_it(journal, ticket, service_id), ticket.agency_id
    stops.transfer(journal, ticket, target, keep_arrival=keep_arrival)
    await intervals.turn(journal, ticket, "transfer", IntervalKind.WAITING)
    await stops.close_finished_counters(journal, came_from)
    for agency_id in sorted({came_from, ticket.agency_id}):
        await moving.near(journal, agency_id)
    return await _view(journal, ticket)


async def _taking_it(journal: Journal, ticket: models.Ticket, service_id: UUID) -> Target:
    """The service that takes a ticket from another one.

    Raises SameService, AlreadyWaiting, TransferNotAllowed, or what says why the service is closed.
    """
    if service_id == ticket.service_id:
        raise SameService(service_id=service_id)
    facts = await issuing_inputs(journal, service_id, ticket.visit_id, None)
    if facts is None:
        raise UnknownReference(thing="service", member="service_id")
    if facts.agency_id != ticket.agency_id and not (await malls.mall(journal)).transfers_between_agencies:
        raise TransferNotAllowed(agency_id=facts.agency_id)
    if facts.already:
        raise AlreadyWaiting(ticket_id=facts.already[0], number=facts.already[1])
    return await issuing.target(journal, service_id, facts)


async def cancel(journal: Journal, ticket_id: UUID, *, reason: str | None) -> TicketView:
    """The agency cancels a ticket; a partner's system one that it issued, for its visitor."""
    if journal.caller.kind is CallerKind.CLIENT:
        return await _give_up(journal, await _issued(journal, ticket_id), reason)
    ticket = await _ticket(journal, ticket_id)
    await cancel_for(journal, ticket, Cause.OFFICER, reason)
    return await _moved_on(journal, ticket)


async def cancel_own(journal: Journal, claim: bytes) -> TicketView:
    """The visitor gives the place up with the claim code."""
    journal.caller.must(Permission.USE_OWN_TICKET, journal.mall_id)
    return await _give_up(journal, await queries.by_claim(journal, claim), None)


async def postpone_own(journal: Journal, claim: bytes, *, places: int) -> OwnTicketView:
    """The visitor lets others go first: so many of those behind, or all where fewer wait there."""
    journal.caller.must(Permission.USE_OWN_TICKET, journal.mall_id)
    ticket = await queries.by_claim(journal, claim)
    await _must_wait(journal, ticket, "postpone")
    if ticket.postponements >= POSTPONEMENTS:
        raise PostponedTooOften(limit=POSTPONEMENTS)
    behind = await queue.line_behind(journal, ticket, places + 1)
    ticket.postpone(behind, places, journal.at, journal.sequence + 1)
    journal.record(Event.TICKET_POSTPONED, ticket, places=places)
    return await queries.as_own(journal, journal.caller, await _moved_on(journal, ticket))


async def _give_up(journal: Journal, ticket: models.Ticket, reason: str | None) -> TicketView:
    """The visitor gives the place up, while waiting. What is cancelled already stays as it is."""
    if ticket.status is TicketStatus.CANCELLED:
        return await _view(journal, ticket)
    await _must_wait(journal, ticket, "cancel")
    await cancel_for(journal, ticket, Cause.VISITOR, reason)
    return await _moved_on(journal, ticket)


async def _issued(journal: Journal, ticket_id: UUID) -> models.Ticket:
    """A ticket that a partner's system has issued itself, wherever it has gone since. Raises NotThere."""
    journal.caller.agencies(Permission.CANCEL_TICKETS, journal.mall_id)
    ticket = await access.row(journal, models.Ticket, ticket_id, "ticket")
    if ticket.issued_by != journal.caller.id:
        raise NotThere(thing="ticket")
    return ticket


async def _ticket(journal: Journal, ticket_id: UUID) -> models.Ticket:
    """A ticket that the caller may handle: an officer, what is at their counter or waits for their agency."""
    ticket = await access.own(journal, journal.caller, Permission.OPERATE_COUNTERS, models.Ticket, ticket_id, "ticket")
    at_another_counter = ticket.status in AT_A_COUNTER and ticket.officer_id != journal.caller.id
    if ticket.counter_id and at_another_counter and not journal.caller.may_manage(journal.mall_id, ticket.agency_id):
        raise NotYourCounter(counter_id=ticket.counter_id)
    return ticket


async def _named(journal: Journal, counter_id: UUID, ticket_id: UUID) -> models.Ticket:
    """The ticket that the officer names: one that waits or is on hold for a service of the counter."""
    ticket = await access.own(journal, journal.caller, Permission.OPERATE_COUNTERS, models.Ticket, ticket_id, "ticket")
    served = await counter_queries.services_of(journal, [counter_id])
    if ticket.service_id not in served.get(counter_id, {}):
        raise ServiceNotServed(service_id=ticket.service_id)
    await _must_not_be_called(journal, ticket)
    if busy := await queries.active_of_visit(journal, ticket.visit_id):
        raise VisitBusy(ticket_id=busy.id, number=busy.number)
    if ticket.visit_step and (step := (await _view(journal, ticket)).after_step):
        raise VisitOutOfOrder(after_step=step)
    return ticket


async def _must_wait(journal: Journal, ticket: models.Ticket, verb: str) -> None:
    """Raise AlreadyCalled or IllegalTransition unless it waits: all else is the office's, no visitor's verb."""
    await _must_not_be_called(journal, ticket)
    if ticket.status is not TicketStatus.WAITING:
        raise IllegalTransition(thing=TICKET_LIFE.thing, state=ticket.status, verb=verb)


async def _must_not_be_called(journal: Journal, ticket: models.Ticket) -> None:
    """Raise AlreadyCalled where it is at a counter now."""
    if ticket.status in ACTIVE and ticket.counter_id:
        counter = await access.row(journal, models.Counter, ticket.counter_id, "counter")
        raise AlreadyCalled(
            ticket_id=ticket.id,
            number=ticket.number,
            state=ticket.status,
            counter_id=counter.id,
            counter_name=counter.name,
        )


async def _kept_waiting(journal: Journal, counter_id: UUID, agency_id: UUID) -> Mapping[UUID, Opening]:
    """The services whose visitors closures keep waiting, and until when. Raises CounterClosed where all are kept."""
    calendar = await calendar_queries.calendar(journal, agency_id)
    here = calling_at(calendar, journal.at, counter_id, agency_id)
    if not here.is_open:
        raise CounterClosed(next_opening_at=here.changes_at, reasons=here.reasons)
    return kept_waiting(calendar, journal.at)


def _must_be_called(service_id: UUID, kept: Mapping[UUID, Opening]) -> None:
    """Raise ServiceClosed where a closure keeps the service's visitors waiting."""
    if closed := kept.get(service_id):
        raise ServiceClosed(next_opening_at=closed.changes_at, reason=closed.reasons[0]["text"], reasons=closed.reasons)


async def _next(journal: Journal, counter_id: UUID, kept: Mapping[UUID, Opening]) -> tuple[models.Ticket, Chosen, int]:
    """Whom a call takes. Raises NobodyWaiting, WaitingElsewhere, or ServiceClosed where all who wait are kept."""
    found = await queue.next_at(journal, counter_id, kept=kept)
    if found is None:
        for head in await queue.heads(journal, counter_id):
            _must_be_called(head.service_id, kept)
        waiting = (await queue.waiting_at(journal, [counter_id])).get(counter_id)
        raise WaitingElsewhere(waiting=waiting.elsewhere) if waiting else NobodyWaiting
    ticket = await access.row(journal, models.Ticket, found.head.ticket_id, "ticket")
    return ticket, found.chosen, found.priority_calls


async def _head_start(journal: Journal, ticket: models.Ticket) -> int:
    if not ticket.priority:
        return 0
    minutes: int = (await _service(journal, ticket.service_id)).head_start_minutes.get(ticket.priority_class, 0)
    return minutes


async def _service(journal: Journal, service_id: UUID) -> models.Service:
    return await access.row(journal, models.Service, service_id, "service")


async def _must_have_no_other_place(journal: Journal, ticket: models.Ticket) -> None:
    """A visitor who took another ticket for the service meanwhile has a place there. Raises AlreadyWaiting."""
    if other := await queries.place_of_visit(journal, ticket.visit_id, ticket.service_id):
        raise AlreadyWaiting(ticket_id=other.id, number=other.number)


async def cancel_for(journal: Journal, ticket: models.Ticket, by: Cause, reason: str | None) -> None:
    """Cancel a ticket, whoever or whatever ends it."""
    before = ticket.status
    ticket.cancel(journal.at, by, reason)
    await intervals.turn(journal, ticket, "cancel")
    journal.record(Event.TICKET_CANCELLED, ticket, before={"status": before}, stop_reason=None)


async def _moved_on(journal: Journal, ticket: models.Ticket) -> TicketView:
    """A ticket has left an officer's hand or the queue: a closing counter may have nothing left to do."""
    await stops.close_finished_counters(journal, ticket.agency_id)
    await moving.near(journal, ticket.agency_id)
    if ticket.visit_step:
        await moving.near_next_step(journal, ticket)
    return await _view(journal, ticket)


async def _view(journal: Journal, ticket: models.Ticket) -> TicketView:
    await journal.session.flush()
    return (await queries.views(journal, [ticket]))[0]
