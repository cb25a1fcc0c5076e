"""The one place where things stop: what becomes of tickets and counters, and what is left to handle.

A new cause calls `stop`; a new consequence (appointments, number blocks, visits) is a line in it. No ticket is left
waiting whom no counter may call any more: it is cancelled in the act that makes it so, and told why.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, literal, select
from sqlalchemy.dialects.postgresql import insert

from app import access, models
from app.actions import intervals
from app.actions import queue as moving
from app.domain.calendar import last_instant
from app.domain.closures import Reach, WaitingVisitors
from app.domain.counters import CounterBusy, CounterStatus
from app.domain.events import Event
from app.domain.names import LocalizedText
from app.domain.stops import (
    AT_DAY_END,
    RELEASED,
    Aftermath,
    Cause,
    LastWord,
    OneCounter,
    OneService,
    OneSession,
    QueueStopped,
    Stop,
    Target,
    WaitingTickets,
    WholeAgency,
    WholeDay,
)
from app.domain.tickets import TICKET_LIFE, IntervalKind, ReturnPlace, TicketStatus
from app.journal import Journal
from app.queries import closures as closure_queries
from app.queries import counters as counter_queries
from app.queries import queue
from app.queries import stops as queries
from app.queries import tickets as ticket_queries
from app.queries.stops import Scope
from app.texts.stops import why_stopped


async def stop(journal: Journal, stopping: Stop) -> Aftermath:
    """Stop it within the act that says so. Raises CounterBusy where a session may not end yet."""
    match stopping.what:
        case WholeDay(day):
            return Aftermath(ended=await _end_day(journal, day))
        case OneSession(agency_id, counter_id):
            served = await counter_queries.services_of(journal, [counter_id])
            scope = Scope(agency_id, list(served.get(counter_id, {})), [counter_id])
            ended = await _end_session(journal, counter_id, stopping)
        case WholeAgency(agency_id):
            scope = Scope(agency_id)
            ended = await _stop_queues(journal, scope, stopping)
        case OneService(agency_id, service_id):
            scope = Scope(agency_id, [service_id], await queries.left_without_service(journal, service_id))
            ended = await _stop_queues(journal, scope, stopping)
        case OneCounter(agency_id, counter_id):
            scope = Scope(agency_id, await queries.left_without_counter(journal, counter_id), [counter_id])
            ended = await _stop_queues(journal, scope, stopping)
            await renew_closures(journal)
    await close_finished_counters(journal, agency_id)
    await moving.near(journal, agency_id)
    return await _aftermath(journal, scope, ended)


async def close(
    journal: Journal, reach: Reach, reason: LocalizedText, waiting: WaitingVisitors, target: Target | None = None
) -> Aftermath:
    """Close for a while: sessions stay, and who is at a counter. The calendar says that nobody new is called."""
    scope = Scope(reach.agency_id, reach.service_ids, reach.counter_ids)
    gone: Sequence[models.Ticket] = ()
    if waiting in (WaitingVisitors.CANCEL, WaitingVisitors.MOVE):
        gone = await queries.in_the_queue(journal, scope.agency_id, scope.service_ids)
        if target:
            gone = await _transfer_all(journal, gone, target)
        else:
            await _cancel_all(journal, gone, Cause.CLOSURE, reason)
        await _see_to_others(journal, gone)
    after = await _aftermath(journal, scope, 0 if target else len(gone))
    return replace(after, moved=len(gone)) if target else after


def transfer(journal: Journal, ticket: models.Ticket, target: Target, *, keep_arrival: bool) -> None:
    """Let a ticket go on to another service: it arrives there now, or as if it had been issued for it."""
    before, came_from = {"status": ticket.status, "service_id": ticket.service_id}, ticket.agency_id
    arrived_at = ticket.issued_at if keep_arrival else journal.at
    head_start = target.head_start_minutes.get(ticket.priority_class, 0)
    ticket.transfer(target.agency_id, target.service_id, arrived_at, journal.sequence + 1, head_start)
    journal.record(
        Event.TICKET_TRANSFERRED,
        ticket,
        before=before,
        from_agency_id=came_from,
        from_service_id=before["service_id"],
        kept_arrival=keep_arrival,
    )


async def _transfer_all(journal: Journal, tickets: Sequence[models.Ticket], target: Target) -> Sequence[models.Ticket]:
    """Move all but those whose visitor has a place at the other service already; return whom."""
    placed, moved = set(await ticket_queries.visits_at(journal, target.service_id)), []
    for ticket in tickets:
        if ticket.visit_id not in placed:
            transfer(journal, ticket, target, keep_arrival=True)
            placed.add(ticket.visit_id)
            moved.append(ticket)
    await journal.session.flush()
    await intervals.end_all(journal, [each.id for each in moved], "transfer", journal.at)
    journal.session.add_all(intervals.waiting(each, journal.at) for each in moved)
    return moved


async def renew_closures(journal: Journal) -> None:
    """Counters, or what they serve, have changed: closed counters take other services along now.

    Who waits for one that a closure takes along and cancels is told.
    """
    await journal.session.flush()
    for each in await closure_queries.of_counters(journal):
        before = each.reach
        served = await closure_queries.served_only_at(journal, before.counter_ids or (), each.starts_at, each.ends_at)
        more = set(served) - set(before.service_ids or ())
        each.service_ids = [str(service_id) for service_id in served]
        if more and each.starts_at <= journal.at and each.waiting_tickets is WaitingVisitors.CANCEL:
            gone = await queries.in_the_queue(journal, None, more)
            await _cancel_all(journal, gone, Cause.CLOSURE, each.reason)
            await _see_to_others(journal, gone)


async def _see_to_others(journal: Journal, gone: Sequence[models.Ticket]) -> None:
    """These have left their queues: a closing counter may have nothing left to do, and others are nearer."""
    for agency_id in sorted({each.agency_id for each in gone}):
        await close_finished_counters(journal, agency_id)
        await moving.near(journal, agency_id)


async def return_ticket(journal: Journal, ticket: models.Ticket, place: ReturnPlace, *, cause: Cause | None) -> None:
    """Bring a ticket back to waiting; or cancel it, where nobody may call it any more today.

    Raises QueueStopped for one that is over already.
    """
    before = ticket.status
    TICKET_LIFE.must_allow(before, "return")
    if stopped := await why_nobody_calls(journal, ticket):
        why, reason = stopped
        if before is TicketStatus.NO_SHOW:
            raise QueueStopped(reason=reason)
        await _cancel_all(journal, [ticket], why, reason)
        return
    service = await access.row(journal, models.Service, ticket.service_id, "service")
    line = await queue.line(journal, ticket, service.return_places + 1)
    ticket.return_(place, line, service.return_places, journal.at, journal.sequence + 1)
    await intervals.turn(journal, ticket, "return", IntervalKind.WAITING)
    journal.record(Event.TICKET_RETURNED, ticket, before={"status": before}, cause=cause, place=place)


async def why_nobody_calls(journal: Journal, ticket: models.Ticket) -> tuple[Cause, LocalizedText] | None:
    """Why a ticket must not go back to its queue today; None: it may."""
    if word := (await queries.outlook(journal, ticket.service_id)).why_nobody_calls():
        return word.cause, why_stopped(word.reason)
    closed = await closure_queries.why_cancelled(journal, ticket.agency_id, ticket.service_id)
    return (Cause.CLOSURE, closed) if closed else None


async def close_finished_counters(journal: Journal, agency_id: UUID) -> None:
    """End the agency's closing sessions that have nobody left to serve.

    Every verb that takes a ticket out of an officer's hand or out of a queue asks for it.
    """
    for session in await queries.finished_sessions(journal, agency_id):
        close_session(journal, session, session.closing_for or Cause.MEMBERSHIP)


def close_session(
    journal: Journal,
    session: models.CounterSession,
    cause: Cause,
    *,
    at: datetime | None = None,
    day: date | None = None,
) -> None:
    """End a session at whose counter no ticket is left in hand."""
    before = session.status
    session.close(at or journal.at, cause)
    journal.record(Event.COUNTER_CLOSED, session, before={"status": before}, day=day)


def start_closing(journal: Journal, session: models.CounterSession, cause: Cause) -> None:
    """Let a session serve who waits, and end behind the last of them."""
    before = session.status
    session.start_closing(cause)
    journal.record(Event.COUNTER_STARTED_CLOSING, session, before={"status": before})


async def _stop_queues(journal: Journal, scope: Scope, stopping: Stop) -> int:
    """Stop services and counters in the catalogue or with their agency; return how many tickets were cancelled."""
    word = LastWord(stopping.cause, stopping.reason or stopping.cause, stopping.waiting)
    await _remember(journal, scope, word)
    at_once = stopping.waiting is WaitingTickets.CANCEL
    gone = await queries.in_the_queue(journal, scope.agency_id, scope.service_ids, that_nobody_calls=not at_once)
    await _cancel_all(journal, gone, word.cause, why_stopped(word.reason))
    if at_once and isinstance(stopping.what, OneCounter):
        await _take_from_service(journal, stopping.what.counter_id, word)
    await _close_counters(journal, scope, stopping.cause)
    return len(gone)


async def _remember(journal: Journal, scope: Scope, word: LastWord) -> None:
    """Keep what the stop says of the services' visitors, for tickets that come back later today."""
    service, kept = models.Service, models.ServiceStop
    said = {"cause": word.cause, "reason": word.reason, "waiting_tickets": word.waiting, "at": journal.at}
    stopped = select(
        service.mall_id,
        service.id,
        literal(journal.today),
        *(literal(value, kept.__table__.columns[name].type) for name, value in said.items()),
    ).where(service.mall_id == journal.mall_id, service.agency_id == scope.agency_id)
    if scope.service_ids is not None:
        stopped = stopped.where(service.id.in_(scope.service_ids))
    await journal.session.execute(
        insert(kept)
        .from_select(["mall_id", "service_id", "service_day", *said], stopped)
        .on_conflict_do_update(index_elements=[kept.mall_id, kept.service_id, kept.service_day], set_=said)
    )


async def _cancel_all(journal: Journal, tickets: Sequence[models.Ticket], cause: Cause, reason: LocalizedText) -> None:
    """Cancel these tickets, and tell their visitors why."""
    for ticket in tickets:
        before = ticket.status
        ticket.stop(journal.at, cause, reason[ticket.language.value])
        journal.record(Event.TICKET_CANCELLED, ticket, before={"status": before}, stop_reason=reason)
    if tickets:
        await intervals.end_all(journal, [each.id for each in tickets], "stop", journal.at)


async def _take_from_service(journal: Journal, counter_id: UUID, word: LastWord) -> None:
    """Let a counter call nobody any more: what it holds goes to other counters, what is in hand is finished."""
    for ticket in await queries.at_counter(journal, counter_id):
        if ticket.status is TicketStatus.ON_HOLD:
            await return_ticket(journal, ticket, ReturnPlace.FIRST, cause=word.cause)
    link = models.CounterService
    await journal.session.execute(delete(link).where(link.mall_id == journal.mall_id, link.counter_id == counter_id))


async def _close_counters(journal: Journal, scope: Scope, cause: Cause) -> None:
    """Counters of the scope serve who waits for them or is in hand, and end then; the others end now."""
    busy = await queries.sessions_with_business(journal, scope.agency_id)
    for session in await counter_queries.open_sessions(journal, scope.agency_id):
        if scope.counter_ids is not None and session.counter_id not in scope.counter_ids:
            continue
        if session.id not in busy:
            close_session(journal, session, cause)
        elif session.status is not CounterStatus.CLOSING:
            start_closing(journal, session, cause)


async def _end_session(journal: Journal, counter_id: UUID, stopping: Stop) -> int:
    """Release the tickets of a counter and end its session; return how many tickets were cancelled."""
    places = RELEASED[stopping.cause is Cause.FORCED]
    released = await queries.at_counter(journal, counter_id)
    if kept := next((each for each in released if each.status not in places), None):
        raise CounterBusy(ticket_id=kept.id, number=kept.number)
    for ticket in released:
        await return_ticket(journal, ticket, places[ticket.status], cause=stopping.cause)
    if session := await counter_queries.session_at(journal, counter_id):
        close_session(journal, session, stopping.cause)
    return sum(each.status is TicketStatus.CANCELLED for each in released)


async def _end_day(journal: Journal, day: date) -> int:
    """End a day's tickets and all sessions; return how many tickets were not over."""
    at = min(journal.at, last_instant(day, journal.mall.zone))
    found = await ticket_queries.open_tickets(journal, day)
    ended: dict[str, list[UUID]] = {}
    for ticket in found:
        before = ticket.status
        verb = AT_DAY_END[before]
        if verb == "complete":
            ticket.complete(at, Cause.DAY_END)
        else:
            ticket.expire(at)
        event = Event.TICKET_COMPLETED if verb == "complete" else Event.TICKET_EXPIRED
        journal.record(event, ticket, before={"status": before}, day=day)
        ended.setdefault(verb, []).append(ticket.id)
    for verb, ticket_ids in ended.items():
        await intervals.end_all(journal, ticket_ids, verb, at)
    for session in await counter_queries.open_sessions(journal):
        close_session(journal, session, Cause.DAY_END, at=at, day=day)
    return len(found)


async def _aftermath(journal: Journal, scope: Scope, ended: int) -> Aftermath:
    left = await queries.left(journal, scope)
    midnight = last_instant(journal.today, journal.mall.zone) + timedelta(microseconds=1)
    return Aftermath(
        ended=ended,
        waiting=left.waiting,
        unattended=left.unattended,
        on_hold=left.on_hold,
        in_hand=left.in_hand,
        closing_counter_ids=await queries.closing_counters(journal, scope),
        serve_until=midnight if left.waiting or left.on_hold or left.in_hand else None,
    )
