"""What a stop finds, and what it leaves: who may still call whom today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import Boolean, Date, SmallInteger, Uuid, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql import ColumnElement

from app import models
from app.domain.counters import CounterStatus
from app.domain.stops import IN_THE_QUEUE, LastWord, Outlook
from app.domain.tickets import ACTIVE, UNFINISHED, TicketStatus
from app.journal import Reading
from app.models.agreements import agency_in_force_on
from app.models.counters import has_counter, is_there
from app.models.prepared import Prepared, parameter


async def outlook(reading: Reading, service_id: UUID) -> Outlook:
    """What decides whether a ticket of the service may wait today."""
    service, agency, word = models.Service, models.Agency, models.ServiceStop
    found = await reading.session.execute(
        select(
            and_(service.retired_on.is_(None), agency_in_force_on(reading.mall_id, reading.today)),
            has_counter(reading.mall_id, service.id, reading.today),
            has_counter(reading.mall_id, service.id, reading.today, or_had=True),
            word,
        )
        .join(agency, (agency.mall_id == service.mall_id) & (agency.id == service.agency_id))
        .outerjoin(
            word,
            (word.mall_id == service.mall_id) & (word.service_id == service.id) & (word.service_day == reading.today),
        )
        .where(service.mall_id == reading.mall_id, service.id == service_id)
    )
    in_force, has, had, said = found.one()
    return Outlook(in_force, has, had, LastWord(said.cause, said.reason, said.waiting_tickets) if said else None)


async def left_without_service(reading: Reading, service_id: UUID) -> set[UUID]:
    """The counters that serve this service and none that is not retired."""
    link, other, service = models.CounterService, aliased(models.CounterService), models.Service
    lives = exists().where(
        other.mall_id == reading.mall_id,
        other.counter_id == link.counter_id,
        service.mall_id == other.mall_id,
        service.id == other.service_id,
        service.retired_on.is_(None),
    )
    found = select(link.counter_id).where(link.mall_id == reading.mall_id, link.service_id == service_id, ~lives)
    return set(await reading.session.scalars(found))


async def left_without_counter(reading: Reading, counter_id: UUID) -> set[UUID]:
    """The services that this counter serves and none that is not retired."""
    link = models.CounterService
    found = select(link.service_id).where(
        link.mall_id == reading.mall_id,
        link.counter_id == counter_id,
        ~has_counter(reading.mall_id, link.service_id, reading.today),
    )
    return set(await reading.session.scalars(found))


async def in_the_queue(
    reading: Reading, agency_id: UUID | None, service_ids: Collection[UUID] | None, *, that_nobody_calls: bool = False
) -> Sequence[models.Ticket]:
    """Today's waiting and held tickets of an agency (of these services; whom no counter may call any more)."""
    ticket = models.Ticket
    statement = select(ticket).where(*_of_today(reading, agency_id), ticket.status.in_(IN_THE_QUEUE))
    if service_ids is not None:
        statement = statement.where(ticket.service_id.in_(service_ids))
    if that_nobody_calls:
        statement = statement.where(~has_counter(reading.mall_id, ticket.service_id, reading.today, or_had=True))
    return (await reading.session.scalars(statement.order_by(ticket.id))).all()


async def at_counter(reading: Reading, counter_id: UUID) -> Sequence[models.Ticket]:
    """Today's tickets of the counter: the one that is called or served first, then those on hold."""
    ticket = models.Ticket
    return (
        await reading.session.scalars(
            reading.select(ticket)
            .where(
                ticket.counter_id == counter_id,
                ticket.service_day == reading.today,
                ticket.status.in_((*ACTIVE, TicketStatus.ON_HOLD)),
            )
            .order_by(ticket.status == TicketStatus.ON_HOLD, ticket.id)
        )
    ).all()


async def needs_its_counter(reading: Reading, counter_id: UUID, service_ids: Collection[UUID]) -> UUID | None:
    """One of these services that has tickets that are not over today, and that no other counter serves."""
    ticket = models.Ticket
    found: UUID | None = await reading.session.scalar(
        select(ticket.service_id)
        .where(
            ticket.mall_id == reading.mall_id,
            ticket.service_day == reading.today,
            ticket.status.in_(UNFINISHED),
            ticket.service_id.in_(service_ids),
            ~has_counter(reading.mall_id, ticket.service_id, reading.today, or_had=True, besides=counter_id),
        )
        .limit(1)
    )
    return found


async def is_still_needed(reading: Reading, counter: models.Counter) -> bool:
    """Whether visitors wait today whom this counter may call, and, where it is retired, no other one may."""
    link, ticket = models.CounterService, models.Ticket
    if counter.retired_on and counter.retired_on != reading.today:
        return False
    waits = exists().where(
        link.mall_id == reading.mall_id,
        link.counter_id == counter.id,
        ticket.mall_id == link.mall_id,
        ticket.service_day == reading.today,
        ticket.service_id == link.service_id,
        ticket.status == TicketStatus.WAITING,
        *([~has_counter(reading.mall_id, link.service_id, reading.today)] if counter.retired_on else []),
    )
    return bool(await reading.session.scalar(select(waits)))


async def others_for_who_waits(reading: Reading, counter_id: UUID) -> dict[UUID, set[UUID]]:
    """The services of a counter for which somebody waits today, and the other counters of today that serve each."""
    link, other, ticket = models.CounterService, aliased(models.CounterService), models.Ticket
    waits = exists().where(
        ticket.mall_id == reading.mall_id,
        ticket.service_day == reading.today,
        ticket.service_id == link.service_id,
        ticket.status == TicketStatus.WAITING,
    )
    rows = await reading.session.execute(
        select(link.service_id, models.Counter.id)
        .outerjoin(
            other,
            (other.mall_id == reading.mall_id)
            & (other.service_id == link.service_id)
            & (other.counter_id != link.counter_id),
        )
        .outerjoin(
            models.Counter,
            (models.Counter.mall_id == reading.mall_id)
            & (models.Counter.id == other.counter_id)
            & models.Counter.retired_on.is_(None)
            & is_there(reading.mall_id, models.Counter, reading.today),
        )
        .where(link.mall_id == reading.mall_id, link.counter_id == counter_id, waits)
    )
    found: dict[UUID, set[UUID]] = {}
    for service_id, other_id in rows:
        found.setdefault(service_id, set()).update({other_id} - {None})
    return found


async def sessions_with_business(reading: Reading, agency_id: UUID | None) -> set[UUID]:
    """The agency's running sessions at whose counters somebody waits, is served or is on hold."""
    session = models.CounterSession
    found = select(session.id).where(
        session.mall_id == reading.mall_id,
        *(() if agency_id is None else (session.agency_id == agency_id,)),
        session.closed_at.is_(None),
        _business(reading.mall_id, reading.today),
    )
    return set(await reading.session.scalars(found))


async def finished_sessions(reading: Reading, agency_id: UUID) -> Sequence[models.CounterSession]:
    """The agency's closing sessions that have nobody left to serve."""
    sent = {"mall_id": reading.mall_id, "agency_id": agency_id, "today": reading.today}
    ids = [row["id"] for row in await _finished_sessions().rows(reading.session, sent)]
    return [await reading.session.get_one(models.CounterSession, (reading.mall_id, each)) for each in ids]


@cache
def _finished_sessions() -> Prepared:
    session, mall_id = models.CounterSession, parameter("mall_id", SmallInteger())
    return Prepared(
        select(session.id)
        .where(
            session.mall_id == mall_id,
            session.agency_id == parameter("agency_id", Uuid()),
            session.closed_at.is_(None),
            session.status == literal_column("'closing'"),
            ~_business(mall_id, parameter("today", Date())),
        )
        .order_by(session.id)
    )


@dataclass(frozen=True)
class Scope:
    """What a stop reaches of an agency, or of the mall. None: all of it."""

    agency_id: UUID | None
    service_ids: Collection[UUID] | None = None
    counter_ids: Collection[UUID] | None = None


@dataclass(frozen=True)
class Left:
    """Today's tickets within a scope that are not over, counted."""

    waiting: int
    unattended: int
    on_hold: int
    in_hand: int


async def left(reading: Reading, scope: Scope) -> Left:
    """Who still waits for these services, and is on hold or in hand for them or at these counters."""
    ticket, link, session = models.Ticket, models.CounterService, models.CounterSession
    attended = exists().where(
        link.mall_id == reading.mall_id,
        link.service_id == ticket.service_id,
        session.mall_id == link.mall_id,
        session.counter_id == link.counter_id,
        session.service_day == ticket.service_day,
        session.closed_at.is_(None),
    )
    of_services = _among(ticket.service_id, scope.service_ids)
    waiting = and_(ticket.status == TicketStatus.WAITING, of_services)
    found = await reading.session.execute(
        select(
            func.count().filter(waiting),
            func.count().filter(waiting, ~attended),
            func.count().filter(ticket.status == TicketStatus.ON_HOLD),
            func.count().filter(ticket.status.in_(ACTIVE)),
        ).where(
            *_of_today(reading, scope.agency_id),
            ticket.status.in_(UNFINISHED),
            or_(of_services, _among(ticket.counter_id, scope.counter_ids)),
        )
    )
    return Left(*found.one())


async def closing_counters(reading: Reading, scope: Scope) -> Sequence[UUID]:
    """The counters within a scope that close behind their last visitor."""
    session = models.CounterSession
    found = select(session.counter_id).where(
        session.mall_id == reading.mall_id,
        *(() if scope.agency_id is None else (session.agency_id == scope.agency_id,)),
        session.closed_at.is_(None),
        session.status == CounterStatus.CLOSING,
        _among(session.counter_id, scope.counter_ids),
    )
    return (await reading.session.scalars(found.order_by(session.counter_id))).all()


def _among(
    column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], ids: Collection[UUID] | None
) -> ColumnElement[bool]:
    return literal_column("true", Boolean()) if ids is None else column.in_(ids)


def _of_today(reading: Reading, agency_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    ticket = models.Ticket
    whose = () if agency_id is None else (ticket.agency_id == agency_id,)
    return ticket.mall_id == reading.mall_id, ticket.service_day == reading.today, *whose


def _business(mall_id: ColumnElement[int] | int, today: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Whether anybody has business at a session's counter: waits for a service of it, is there or on hold from it.

    States are written out, for the indexes of those who wait and of those who are not over.
    """
    session, link, ticket = models.CounterSession, models.CounterService, models.Ticket
    waits = exists().where(
        link.mall_id == mall_id,
        link.counter_id == session.counter_id,
        ticket.mall_id == link.mall_id,
        ticket.service_day == today,
        ticket.service_id == link.service_id,
        ticket.status == literal_column("'waiting'"),
    )
    is_there = exists().where(
        ticket.mall_id == mall_id,
        ticket.service_day == today,
        ticket.counter_id == session.counter_id,
        ticket.status.in_([literal_column(f"'{state}'") for state in (*ACTIVE, TicketStatus.ON_HOLD)]),
    )
    return or_(waits, is_there)
