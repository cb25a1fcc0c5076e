"""Tickets: one, many, who is next, and what the day's end finds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Select,
    SmallInteger,
    Uuid,
    exists,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from app import models
from app.domain.callers import Caller, CallerKind
from app.domain.devices import DeviceKind
from app.domain.errors import NotThere
from app.domain.roles import Permission
from app.domain.tickets import ACTIVE, UNFINISHED, Head, TicketStatus
from app.journal import Reading
from app.models.prepared import Prepared, parameter
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest, With, id_of_code, page

SORTS = {"id": models.Ticket.id}
CLAIM_LIFE = timedelta(days=7)


@dataclass(frozen=True)
class TicketFilter:
    """What a list of tickets is narrowed to."""

    service_day: date | None = None
    status: TicketStatus | None = None
    of: AgencyFilter = ALL_AGENCIES
    service_id: UUID | None = None
    service_code: str | None = None
    counter_id: UUID | None = None


async def tickets(reading: Reading, by: Caller, asked: PageRequest, wanted: TicketFilter) -> Page[object]:
    """Tickets that the caller may list. Without a day, today's."""
    ticket = models.Ticket
    day = wanted.service_day or reading.today
    statement = select(ticket).where(ticket.mall_id == reading.mall_id, ticket.service_day == day)
    own = by.agencies(Permission.LIST_TICKETS, reading.mall_id)
    if by.kind is CallerKind.CLIENT:  # its own list, wherever the tickets have gone since
        statement = statement.where(ticket.channel == literal_column("'partner'"), ticket.issued_by == by.id)
    elif own is not None:
        statement = statement.where(ticket.agency_id.in_(own))
    statement = statement.where(*wanted.of.among(reading.mall_id, ticket.agency_id))
    if wanted.service_id:
        statement = statement.where(ticket.service_id == wanted.service_id)
    if wanted.service_code:
        statement = statement.where(
            ticket.service_id == id_of_code(models.Service, reading.mall_id, wanted.service_code)
        )
    if wanted.counter_id:
        statement = statement.where(ticket.counter_id == wanted.counter_id)
    if wanted.status:
        statement = _with_status(statement, wanted.status, over=day < reading.today)
    found = await page(reading.session, statement, SORTS, asked)
    return found.showing(await views(reading, found.data))


def _with_status(statement: Select[Any], status: TicketStatus, *, over: bool) -> Select[Any]:
    """A day that is over shows what is still open in it as expired."""
    if not over:
        return statement.where(models.Ticket.status == status)
    if status is TicketStatus.EXPIRED:
        return statement.where(models.Ticket.status.in_((status, *UNFINISHED)))
    return statement.where(models.Ticket.status == status, models.Ticket.status.not_in(UNFINISHED))


async def one(reading: Reading, by: Caller, ticket_id: UUID) -> With:
    """A ticket that the caller may read: its agency's people, or the machine that issued it. Raises NotThere."""
    agencies = by.agencies(Permission.READ_TICKETS, reading.mall_id)
    ticket = await reading.session.get(models.Ticket, (reading.mall_id, ticket_id))
    if ticket is None:
        raise NotThere(thing="ticket")
    by_machine = by.kind is CallerKind.CLIENT or by.plays(DeviceKind.KIOSK, reading.mall_id)
    theirs = ticket.issued_by == by.id if by_machine else agencies is None or ticket.agency_id in agencies
    if not theirs:
        raise NotThere(thing="ticket")
    return (await views(reading, [ticket]))[0]


async def by_claim(reading: Reading, claim_hash: bytes) -> models.Ticket:
    """The ticket of a claim code that still works. Raises NotThere."""
    ticket = models.Ticket
    found = (
        await reading.session.scalars(
            select(ticket).where(
                ticket.mall_id == reading.mall_id,
                ticket.claim_hash == claim_hash,
                ticket.service_day >= reading.today - CLAIM_LIFE,
            )
        )
    ).one_or_none()
    if found is None:
        raise NotThere(thing="ticket")
    return found


async def own_view(reading: Reading, ticket: models.Ticket) -> With:
    """A ticket as its visitor sees it: with its service, and where to go once it is called."""
    service = await reading.session.get(models.Service, (reading.mall_id, ticket.service_id))
    answer, counter = (await views(reading, [ticket]))[0], None
    if answer.status in ACTIVE:
        counter = await reading.session.get(models.Counter, (reading.mall_id, ticket.counter_id))
    return With(answer, service=service, counter=counter)


async def views(reading: Reading, rows: Sequence[models.Ticket]) -> list[With]:
    """Tickets with their position, and as expired where their day is over."""
    places = await positions(reading, rows)
    return [
        With(
            each,
            status=TicketStatus.EXPIRED
            if each.service_day < reading.today and each.status in UNFINISHED
            else each.status,
            position=places.get(each.id),
            estimate=None,
        )
        for each in rows
    ]


async def positions(reading: Reading, rows: Sequence[models.Ticket]) -> dict[UUID, int]:
    """Where each waiting ticket of today stands in the queue of its service, from 1."""
    ticket, ahead = models.Ticket, aliased(models.Ticket)
    waiting = [each.id for each in rows if each.status is TicketStatus.WAITING and each.service_day == reading.today]
    if not waiting:
        return {}
    before = (
        select(func.count())
        .where(
            ahead.mall_id == ticket.mall_id,
            ahead.service_day == ticket.service_day,
            ahead.service_id == ticket.service_id,
            ahead.status == TicketStatus.WAITING,
            tuple_(ahead.place, ahead.id) < tuple_(ticket.place, ticket.id),
        )
        .correlate(ticket)
        .scalar_subquery()
    )
    found = await reading.session.execute(
        select(ticket.id, before + 1).where(ticket.mall_id == reading.mall_id, ticket.id.in_(waiting))
    )
    return {ticket_id: position for ticket_id, position in found}  # noqa: C416  # rows are no pairs to the type checker


async def heads(reading: Reading, counter_id: UUID) -> list[Head]:
    """The first who waits for each service of the counter and is not busy at another one."""
    sent = {"mall_id": reading.mall_id, "counter_id": counter_id, "today": reading.today}
    return [Head(row["id"], row["place"]) for row in await _heads().rows(reading.session, sent)]


@cache
def _heads() -> Prepared:
    """One lateral head per service: sorting the union of the queues would read all of them."""
    link, ticket, other = models.CounterService, models.Ticket, aliased(models.Ticket)
    busy = exists().where(
        other.mall_id == ticket.mall_id,
        other.visit_id == ticket.visit_id,
        other.service_day == ticket.service_day,
        other.status.in_(ACTIVE),
    )
    first = (
        select(ticket.id, ticket.place)
        .where(
            ticket.mall_id == link.mall_id,
            ticket.service_day == parameter("today", Date()),
            ticket.service_id == link.service_id,
            ticket.status == literal_column("'waiting'"),  # as the index that serves it says
            ~busy,
        )
        .order_by(ticket.place, ticket.id)
        .limit(1)
        .correlate(link)
        .lateral("first")
    )
    return Prepared(
        select(first.c.id, first.c.place)
        .select_from(link)
        .join(first, true())
        .where(
            link.mall_id == parameter("mall_id", SmallInteger()),
            link.counter_id == parameter("counter_id", Uuid()),
        )
    )


async def active_of_visit(reading: Reading, visit_id: UUID) -> UUID | None:
    """The visit's ticket that is at a counter now."""
    ticket = models.Ticket
    return await reading.session.scalar(
        select(ticket.id).where(
            ticket.mall_id == reading.mall_id,
            ticket.visit_id == visit_id,
            ticket.service_day == reading.today,
            ticket.status.in_(ACTIVE),
        )
    )


async def waiting_places(reading: Reading, service_id: UUID, limit: int) -> Sequence[Decimal]:
    """The places of the first who wait for a service, in order."""
    ticket = models.Ticket
    return (
        await reading.session.scalars(
            select(ticket.place)
            .where(
                ticket.mall_id == reading.mall_id,
                ticket.service_day == reading.today,
                ticket.service_id == service_id,
                ticket.status == TicketStatus.WAITING,
            )
            .order_by(ticket.place)
            .limit(limit)
        )
    ).all()


async def someone_waits(reading: Reading, counter_id: UUID) -> bool:
    """Whether anybody still has business at the counter today: waiting for a service of it, or on hold from it."""
    link, ticket = models.CounterService, models.Ticket
    waits = exists().where(
        ticket.mall_id == reading.mall_id,
        ticket.service_day == reading.today,
        ticket.status == TicketStatus.WAITING,
        ticket.service_id.in_(
            select(link.service_id).where(link.mall_id == reading.mall_id, link.counter_id == counter_id)
        ),
    )
    held = exists().where(
        ticket.mall_id == reading.mall_id,
        ticket.service_day == reading.today,
        ticket.status.in_((TicketStatus.ON_HOLD, *ACTIVE)),
        ticket.counter_id == counter_id,
    )
    return bool(await reading.session.scalar(select(waits | held)))


async def open_tickets(
    reading: Reading,
    day: date,
    statuses: Sequence[TicketStatus] = UNFINISHED,
    agency_id: UUID | None = None,
    service_ids: Collection[UUID] | None = None,
) -> Sequence[models.Ticket]:
    """The tickets of a day (of one agency, of some services) that are not over, in order of number."""
    ticket = models.Ticket
    statement = select(ticket).where(
        ticket.mall_id == reading.mall_id, ticket.service_day == day, ticket.status.in_(statuses)
    )
    if agency_id:
        statement = statement.where(ticket.agency_id == agency_id)
    if service_ids is not None:
        statement = statement.where(ticket.service_id.in_(service_ids))
    return (await reading.session.scalars(statement.order_by(ticket.id))).all()


async def open_intervals(reading: Reading, ticket_ids: Sequence[UUID]) -> dict[UUID, models.TicketInterval]:
    """The interval that each ticket is in."""
    interval = models.TicketInterval
    rows = await reading.session.scalars(
        select(interval).where(
            interval.mall_id == reading.mall_id,
            interval.ticket_id.in_(ticket_ids),
            interval.ended_at.is_(None),
        )
    )
    return {each.ticket_id: each for each in rows}
