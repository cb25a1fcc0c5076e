"""Counters, their sessions, and the tickets in hand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    SmallInteger,
    Uuid,
    func,
    literal,
    select,
    union_all,
)

from app import models
from app.domain.calendar import minute_after
from app.domain.callers import Caller, CallerKind
from app.domain.closures import kept_waiting
from app.domain.counters import CounterStatus
from app.domain.names import LocalizedText
from app.domain.queue import QueueHead
from app.domain.roles import Permission
from app.domain.stops import Aftermath
from app.domain.tickets import ACTIVE, TicketStatus
from app.journal import Reading
from app.models.closures import any_keeps
from app.models.prepared import Prepared, parameter
from app.queries import calendar as calendar_queries
from app.queries import members, queue
from app.queries import tickets as ticket_queries
from app.queries.paging import AgencyFilter, Page, PageRequest, page
from app.queries.tickets import TicketView

MOST_HELD = 100
"""So many on hold are shown at a counter."""
SORTS = {"code": models.Counter.code, "id": models.Counter.id}


@dataclass(frozen=True)
class CounterView:
    """A counter, and what goes on there."""

    row: models.Counter
    service_ids: list[UUID]
    helps_with_service_ids: list[UUID]
    status: CounterStatus
    in_force: bool
    waiting: int
    """How many may be called there now."""
    officer_id: UUID | None
    """None also for who may not know, as is the ticket in hand."""
    ticket: models.Ticket | None
    break_reason: LocalizedText | None = None
    break_until: datetime | None = None
    aftermath: Aftermath | None = None
    """What its retirement left to handle, in that act's answer only."""


@dataclass(frozen=True)
class CounterFilter:
    """Which counters: the living, or the retired."""

    of: AgencyFilter
    code: str | None
    statuses: Sequence[CounterStatus]
    retired: bool


async def counters(reading: Reading, caller: Caller, asked: PageRequest, wanted: CounterFilter) -> Page[CounterView]:
    """The catalogue's counters."""
    counter = models.Counter
    statement = reading.select(counter).where(counter.retired_on.is_not(None) == wanted.retired)
    statement = statement.where(*wanted.of.conditions(reading.mall_id, counter.agency_id))
    if wanted.code:
        statement = statement.where(counter.code == wanted.code)
    if wanted.statuses:
        statement = statement.where(_status(reading).in_(wanted.statuses))
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await views(reading, caller, found.data))


def _status(reading: Reading) -> ColumnElement[CounterStatus]:
    """What a counter is shown to be: as today's session stands, closed without one."""
    session = models.CounterSession
    running = select(session.status).where(
        session.mall_id == reading.mall_id,
        session.counter_id == models.Counter.id,
        session.service_day == reading.today,
        session.closed_at.is_(None),
    )
    return func.coalesce(running.scalar_subquery(), literal(CounterStatus.CLOSED, session.status.type))


async def views(reading: Reading, caller: Caller, rows: Sequence[models.Counter]) -> list[CounterView]:
    """Counters with their services and session; the officer and the ticket in hand for their own people only."""
    ids = [each.id for each in rows]
    served = await services_of(reading, ids)
    sessions = {each.counter_id: each for each in await sessions_of(reading, ids)}
    hands = {each.counter_id: each for each in await in_hand(reading, ids)}
    waiting = await queue.waiting_at(reading, ids)
    memberships = await members.memberships(reading, list({each.agency_id for each in rows}))
    answers = []
    for each in rows:
        session, ticket = sessions.get(each.id), hands.get(each.id)
        own = caller.kind is not CallerKind.CLIENT and caller.may(
            Permission.LIST_TICKETS, reading.mall_id, each.agency_id
        )
        answers.append(
            CounterView(
                each,
                service_ids=list(served.get(each.id, {})),
                helps_with_service_ids=[one for one, helps in served.get(each.id, {}).items() if helps],
                status=session.status if session else CounterStatus.CLOSED,
                in_force=memberships[each.agency_id].in_force,
                waiting=waiting.get(each.id, queue.Waiting()).here,
                officer_id=session.officer_id if session and own else None,
                ticket=ticket if own else None,
                break_reason=session.break_reason if session else None,
                break_until=session.break_until if session else None,
            )
        )
    return answers


async def at_desk(reading: Reading, desk: str) -> Sequence[models.Counter]:
    """The living counters that share a desk."""
    counter = models.Counter
    found = reading.select(counter).where(counter.desk == desk, counter.retired_on.is_(None)).order_by(counter.id)
    return (await reading.session.scalars(found)).all()


async def services_of(reading: Reading, counter_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, bool]]:
    """The services that each counter serves, in order, and whether it only helps with each."""
    link = models.CounterService
    rows = await reading.session.execute(
        select(link.counter_id, link.service_id, link.helps)
        .where(link.mall_id == reading.mall_id, link.counter_id.in_(counter_ids))
        .order_by(link.service_id)
    )
    served: dict[UUID, dict[UUID, bool]] = {}
    for counter_id, service_id, helps in rows:
        served.setdefault(counter_id, {})[service_id] = helps
    return served


async def sessions_of(reading: Reading, counter_ids: Sequence[UUID]) -> Sequence[models.CounterSession]:
    """Today's running sessions at these counters."""
    session = models.CounterSession
    return (
        await reading.session.scalars(
            reading.select(session).where(
                session.counter_id.in_(counter_ids),
                session.service_day == reading.today,
                session.closed_at.is_(None),
            )
        )
    ).all()


async def session_at(reading: Reading, counter_id: UUID) -> models.CounterSession | None:
    """Today's running session at the counter."""
    return next(iter(await sessions_of(reading, [counter_id])), None)


async def session_of(reading: Reading, officer_id: UUID) -> models.CounterSession | None:
    """The counter that the officer has open today."""
    session = models.CounterSession
    return (
        await reading.session.scalars(
            reading.select(session).where(
                session.officer_id == officer_id,
                session.service_day == reading.today,
                session.closed_at.is_(None),
            )
        )
    ).one_or_none()


async def open_sessions(reading: Reading, agency_id: UUID | None = None) -> Sequence[models.CounterSession]:
    """All sessions of the mall (or of one agency) that are not closed, whatever their day."""
    session = models.CounterSession
    statement = reading.select(session).where(session.closed_at.is_(None))
    if agency_id:
        statement = statement.where(session.agency_id == agency_id)
    return (await reading.session.scalars(statement.order_by(session.id))).all()


async def in_hand(reading: Reading, counter_ids: Sequence[UUID]) -> Sequence[models.Ticket]:
    """Today's called and serving tickets at these counters."""
    ticket = models.Ticket
    return (
        await reading.session.scalars(
            reading.select(ticket).where(
                ticket.counter_id.in_(counter_ids),
                ticket.service_day == reading.today,
                ticket.status.in_(ACTIVE),
            )
        )
    ).all()


@dataclass(frozen=True)
class CounterQueue:
    """What an officer's screen shows."""

    ticket: TicketView | None
    on_hold: list[TicketView]
    waiting: list[TicketView]
    next_ticket_id: UUID | None
    waiting_count: int
    elsewhere_count: int


async def queue_at(reading: Reading, counter: models.Counter, count: int) -> CounterQueue:
    """Who is at a counter, on hold for it, and the first so many who wait for it."""
    waiting = (await queue.waiting_at(reading, [counter.id])).get(counter.id, queue.Waiting())
    first = await queue.first_at(reading, counter.id, count)
    following = await queue.next_at(reading, counter.id, await _kept(reading, counter), _heads_of(first))
    shown = [each.ticket_id for each in first[:count]]
    rows = (await reading.session.scalars(_at_the_counter(reading, counter.id, shown))).all()
    views = {each.row.id: each for each in await ticket_queries.estimated_views(reading, rows)}
    return CounterQueue(
        ticket=next((each for each in views.values() if each.status in ACTIVE), None),
        on_hold=[each for each in views.values() if each.status is TicketStatus.ON_HOLD],
        waiting=[views[each] for each in shown],
        next_ticket_id=following.head.ticket_id if following else None,
        waiting_count=waiting.here,
        elsewhere_count=waiting.elsewhere,
    )


async def _kept(reading: Reading, counter: models.Counter) -> Collection[UUID]:
    """The services whose visitors closures keep waiting now."""
    hours = await calendar_queries.calendar(reading, counter.agency_id)
    if any(each.altogether for each in hours.exceptions):
        reading.holds_until(minute_after(reading.at))
    return kept_waiting(hours, reading.at)


def _heads_of(first: Iterable[QueueHead]) -> list[QueueHead]:
    """The first of each service."""
    heads: dict[UUID, QueueHead] = {}
    for each in first:
        heads.setdefault(each.service_id, each)
    return list(heads.values())


def _at_the_counter(reading: Reading, counter_id: UUID, also: Sequence[UUID]) -> Select[models.Ticket]:
    """The ticket in hand, those on hold for the counter's services, and these, by their ids."""
    ticket, link = models.Ticket, models.CounterService
    today = select(ticket.id).where(ticket.mall_id == reading.mall_id, ticket.service_day == reading.today)
    served = select(link.service_id).where(link.mall_id == reading.mall_id, link.counter_id == counter_id)
    held = today.where(ticket.status == TicketStatus.ON_HOLD, ticket.service_id.in_(served))
    shown = union_all(
        today.where(ticket.counter_id == counter_id, ticket.status.in_(ACTIVE)),
        held.order_by(ticket.id).limit(MOST_HELD).subquery().select(),
        select(func.unnest(literal(list(also), ARRAY(Uuid())))),
    )
    return reading.select(ticket).where(ticket.id.in_(shown)).order_by(ticket.id)


@dataclass(frozen=True)
class CallingInputs:
    """What decides whether a counter may call, read in one statement."""

    agency_id: UUID
    status: CounterStatus
    officer_id: UUID | None
    busy_with: UUID | None
    any_closure: bool
    """The mall has a running closure that keeps somebody from being called."""


async def calling_inputs(reading: Reading, counter_id: UUID) -> CallingInputs | None:
    """The facts, or None where the mall has no such counter."""
    sent = {"mall_id": reading.mall_id, "counter_id": counter_id, "today": reading.today}
    row = await _calling().row(reading.session, sent)
    if row is None:
        return None
    status = CounterStatus(row["status"]) if row["status"] else CounterStatus.CLOSED
    return CallingInputs(row["agency_id"], status, row["officer_id"], row["busy_with"], row["any_closure"])


@cache
def _calling() -> Prepared:
    counter, session, ticket = models.Counter, models.CounterSession, models.Ticket
    mall_id, today = parameter("mall_id", SmallInteger()), parameter("today", Date())
    busy_with = (
        select(ticket.id)
        .where(
            ticket.mall_id == mall_id,
            ticket.counter_id == counter.id,
            ticket.service_day == today,
            ticket.status.in_(ACTIVE),
        )
        .correlate(counter)
        .scalar_subquery()
    )
    return Prepared(
        select(
            counter.agency_id,
            session.status,
            session.officer_id,
            busy_with.label("busy_with"),
            any_keeps(mall_id, today).label("any_closure"),
        )
        .outerjoin(
            session,
            (session.mall_id == mall_id)
            & (session.counter_id == counter.id)
            & (session.service_day == today)
            & session.closed_at.is_(None),
        )
        .where(
            counter.mall_id == mall_id,
            counter.id == parameter("counter_id", Uuid()),
        )
    )
