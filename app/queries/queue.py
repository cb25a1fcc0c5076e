"""The order of the queue, in SQL: who may be called, in which order, and how many stand before whom.

A counter calls across all its own services, so places are counted across all that are some living counter's own
together with the ticket's. With others it only helps out, when nobody waits for its own. Who is elsewhere is skipped in
calling and not counted as waiting: at a counter now with another ticket of the same visit, or with an earlier step of a
visit that is in order. Nobody else compares effective arrivals.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import takewhile
from operator import itemgetter
from typing import Any, TypeAlias
from uuid import UUID

from asyncpg import Record
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Numeric,
    Select,
    SmallInteger,
    SQLColumnExpression,
    Uuid,
    and_,
    func,
    literal_column,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import aliased

from app import access, models
from app.domain.queue import Chosen, QueueHead, effective_arrival, next_of, order_of_calling
from app.domain.tickets import ACTIVE, UNFINISHED, TicketStatus
from app.journal import Reading
from app.models.base import written_out
from app.models.counters import is_own
from app.models.prepared import Prepared, parameter

TicketTable: TypeAlias = type[models.Ticket]
Services: TypeAlias = Select[Any] | Select[Any, Any] | CompoundSelect[Any]


@dataclass(frozen=True)
class Queues:
    """The queues of a mall on a day, as conditions of a statement that has these two parameters.

    States are written out, as the partial indexes say them.
    """

    mall_id: ColumnElement[int]
    day: ColumnElement[date]

    def waits(self, ticket: TicketTable) -> ColumnElement[bool]:
        """That a ticket waits."""
        return and_(
            ticket.mall_id == self.mall_id,
            ticket.service_day == self.day,
            ticket.status == literal_column("'waiting'"),
        )

    def is_elsewhere(
        self, ticket: TicketTable, *, but_at: SQLColumnExpression[UUID] | None = None
    ) -> ColumnElement[bool]:
        """That its visitor is at a counter now, with a ticket other than `but_at`, or has an earlier step to go to."""
        other = aliased(models.Ticket)
        at_a_counter = select(other.visit_id).where(
            other.mall_id == self.mall_id,
            other.service_day == self.day,
            other.status.in_(written_out(ACTIVE)),
        )
        busy = ticket.visit_id.in_(at_a_counter if but_at is None else at_a_counter.where(other.id != but_at))
        return or_(busy, self.is_behind(ticket))

    def is_behind(self, ticket: TicketTable) -> ColumnElement[bool]:
        """That an earlier step of its visit is not over, where that is in order. Nothing is looked up without steps."""
        earlier, visit = aliased(models.Ticket), aliased(models.Visit)
        not_over = (
            select(earlier.id)
            .join(visit, (visit.mall_id == self.mall_id) & (visit.id == earlier.visit_id))
            .where(
                earlier.mall_id == self.mall_id,
                earlier.visit_id == ticket.visit_id,
                earlier.visit_step < ticket.visit_step,
                earlier.status.in_(written_out(UNFINISHED)),
                visit.in_order,
            )
            .correlate(ticket)
        )
        return and_(ticket.visit_step.is_not(None), ticket.visit_step > literal_column("1"), not_over.exists())

    def served_at(self, counter_id: SQLColumnExpression[UUID]) -> Services:
        """The services of a counter, and whether each is its own."""
        link = aliased(models.CounterService)
        here = (link.mall_id == self.mall_id, link.counter_id == counter_id)
        return select(link.service_id, is_own(self.mall_id, link).label("own")).where(*here)

    def served_together(self) -> CompoundSelect[Any]:
        """Pairs of services that are some living counter's own; each with itself, too.

        Who only helps out calls its own visitors first: it brings others forward, and keeps nobody's promise.
        """
        service, counter = aliased(models.Service), aliased(models.Counter)
        link, beside = aliased(models.CounterService), aliased(models.CounterService)
        return union(
            select(service.id.label("service_id"), service.id.label("beside_id")).where(
                service.mall_id == self.mall_id
            ),
            select(link.service_id, beside.service_id)
            .join(beside, (beside.mall_id == self.mall_id) & (beside.counter_id == link.counter_id))
            .join(counter, (counter.mall_id == self.mall_id) & (counter.id == link.counter_id))
            .where(link.mall_id == self.mall_id, counter.retired_on.is_(None))
            .where(is_own(self.mall_id, link), is_own(self.mall_id, beside)),
        )

    def served_with(self, service_id: SQLColumnExpression[UUID]) -> Select[Any]:
        """A service, and all that are some living counter's own together with it."""
        pair = self.served_together().subquery("pair")
        return select(pair.c.beside_id.label("service_id")).where(pair.c.service_id == service_id)

    def people_ahead(self, service_id: SQLColumnExpression[UUID], arrival: SQLColumnExpression[Decimal]) -> Select[Any]:
        """How many may be called before a ticket of the service with this effective arrival; never that ticket."""
        ticket = aliased(models.Ticket)
        services = func.array(self.served_with(service_id).scalar_subquery(), type_=ARRAY(Uuid()))
        return select(func.count().label("ahead")).where(
            self.waits(ticket),
            ~self.is_elsewhere(ticket),
            ticket.service_id == func.any(services),
            ticket.effective_arrival < arrival,
        )

    def first_of_each(
        self,
        services: Services,
        count: ColumnElement[int],
        *,
        but_for: SQLColumnExpression[UUID] | None = None,
        behind: SQLColumnExpression[Decimal] | None = None,
        with_priority: bool = True,
    ) -> Select[Any]:
        """The first so many who may be called of each of these services, or of those behind an effective arrival.

        It looks past one ticket, or past all with priority. What else is known of each service is told with it.

        One lateral read a service: sorting the union of their queues would read all of them.
        """
        ticket, service = aliased(models.Ticket), services.subquery("service")
        priority = ticket.priority_class != literal_column("'none'")
        looked_past = [*(() if but_for is None else (ticket.id == but_for,)), *(() if with_priority else (priority,))]
        further = () if behind is None else (ticket.effective_arrival > behind,)
        first = (
            select(ticket.id, ticket.effective_arrival, ticket.service_id, priority.label("priority"))
            .where(self.waits(ticket), ~self.is_elsewhere(ticket, but_at=but_for))
            .where(ticket.service_id == service.c.service_id, *further, *(~each for each in looked_past))
            .order_by(ticket.effective_arrival)
            .limit(count)
            .correlate(service)
            .lateral("first")
        )
        known = [each for each in service.c if each is not service.c.service_id]
        return select(first, *known).select_from(service).join(first, true())


HERE = Queues(parameter("mall_id", SmallInteger()), parameter("today", Date()))


async def heads(reading: Reading, counter_id: UUID, *, with_priority: bool = True) -> list[QueueHead]:
    """The first who may be called of each service of the counter; without priority, the first of those others."""
    rows = await _rows(_heads(with_priority=with_priority), reading, counter_id=counter_id)
    return [QueueHead(*row) for row in rows]


@cache
def _heads(*, with_priority: bool) -> Prepared:
    one, served = literal_column("1", Integer()), HERE.served_at(parameter("counter_id", Uuid()))
    return Prepared(HERE.first_of_each(served, one, with_priority=with_priority))


@dataclass(frozen=True)
class Next:
    """Whom a counter calls next, and why."""

    head: QueueHead
    chosen: Chosen
    priority_calls: int = 0
    """How many with priority were called there just before, where that was asked."""


async def next_at(
    reading: Reading, counter_id: UUID, kept: Container[UUID] = (), first: Sequence[QueueHead] | None = None
) -> Next | None:
    """The first in line, or the first without priority where as many with priority were called as may be in a row.

    Those for whose services the counter only helps out come after all others. `kept` are the services whose visitors a
    closure keeps waiting; `first` are the heads, where they were read already.
    """
    first = await heads(reading, counter_id) if first is None else first
    found = [each for each in first if each.service_id not in kept]
    head = next_of(found)
    if head is None:
        return None
    passes = any(each.effective_arrival < head.effective_arrival for each in found)
    chosen = Chosen.OWN_FIRST if passes else Chosen.FIRST_IN_LINE
    if not head.priority:
        return Next(head, chosen)
    most = (await access.row(reading, models.Service, head.service_id, "service")).priority_calls_in_a_row
    run = await priority_run(reading, counter_id, most) if most else 0
    plain = await heads(reading, counter_id, with_priority=False) if run == most else []
    other = next_of(each for each in plain if each.service_id not in kept and each.own == head.own)
    return Next(other, Chosen.AFTER_PRIORITY, run) if other else Next(head, chosen, run)


async def first_at(reading: Reading, counter_id: UUID, count: int) -> list[QueueHead]:
    """The first so many who may be called of each service of a counter, in the order in which it calls them."""
    rows = await _rows(_first_at(), reading, counter_id=counter_id, count=count)
    return sorted((QueueHead(*row) for row in rows), key=order_of_calling)


@cache
def _first_at() -> Prepared:
    return Prepared(HERE.first_of_each(HERE.served_at(parameter("counter_id", Uuid())), parameter("count", Integer())))


async def priority_run(reading: Reading, counter_id: UUID, most: int) -> int:
    """How many of the counter's last calls today, one after another, were of tickets with priority; `most` at most."""
    rows = await _rows(_last_calls(), reading, counter_id=counter_id, count=most)
    return len(list(takewhile(lambda row: row["priority"], rows)))


@cache
def _last_calls() -> Prepared:
    interval, ticket = models.TicketInterval, models.Ticket
    return Prepared(
        select((ticket.priority_class != literal_column("'none'")).label("priority"))
        .select_from(interval)
        .join(ticket, (ticket.mall_id == HERE.mall_id) & (ticket.id == interval.ticket_id))
        .where(
            interval.mall_id == HERE.mall_id,
            interval.counter_id == parameter("counter_id", Uuid()),
            interval.kind == literal_column("'called'"),
            ticket.service_day == HERE.day,
        )
        .order_by(interval.started_at.desc())
        .limit(parameter("count", Integer()))
    )


async def line(reading: Reading, ticket: models.Ticket, count: int) -> list[Decimal]:
    """The effective arrivals of the first so many who may be called before a ticket that comes back, in order."""
    rows = await _rows(_line(waits=False), reading, service_id=ticket.service_id, ticket_id=ticket.id, count=count)
    return sorted(row["effective_arrival"] for row in rows)[:count]


@cache
def _line(*, waits: bool) -> Prepared:
    count, ticket_id = parameter("count", Integer()), parameter("ticket_id", Uuid())
    behind = parameter("behind", Numeric()) if waits else None
    services = HERE.served_with(parameter("service_id", Uuid()))
    return Prepared(HERE.first_of_each(services, count, but_for=ticket_id, behind=behind))


async def line_behind(reading: Reading, ticket: models.Ticket, count: int) -> list[Decimal]:
    """The effective arrivals of the first so many who may be called after a ticket that waits, in order."""
    sent = {"service_id": ticket.service_id, "ticket_id": ticket.id, "behind": ticket.effective_arrival}
    rows = await _rows(_line(waits=True), reading, **sent, count=count)
    return sorted(row["effective_arrival"] for row in rows)[:count]


async def that_say_near(reading: Reading, agency_id: UUID) -> list[tuple[UUID, int]]:
    """The agency's services that say whose turn is near, and for how many places."""
    rows = await _rows(_that_say_near(), reading, agency_id=agency_id)
    return [(row["id"], row["near_places"]) for row in rows]


@cache
def _that_say_near() -> Prepared:
    service = models.Service
    return Prepared(
        select(service.id, service.near_places).where(
            service.mall_id == HERE.mall_id,
            service.agency_id == parameter("agency_id", Uuid()),
            service.near_places.is_not(None),
        )
    )


async def near_and_not_said(reading: Reading, service_id: UUID, places: int) -> list[tuple[models.Ticket, int]]:
    """The service's tickets in the first so many places, with their positions, for which that was not said yet."""
    rows = await _rows(_first_with(), reading, service_id=service_id, count=places)
    first = sorted(rows, key=itemgetter("effective_arrival"))[:places]
    position = {row["id"]: number for number, row in enumerate(first, 1) if row["service_id"] == service_id}
    if not position:
        return []
    ticket = models.Ticket
    found = await reading.session.scalars(
        reading.select(ticket)
        .where(ticket.id.in_(position), ticket.neared_at.is_(None))
        .order_by(ticket.effective_arrival)
    )
    return [(each, position[each.id]) for each in found]


@cache
def _first_with() -> Prepared:
    services = HERE.served_with(parameter("service_id", Uuid()))
    return Prepared(HERE.first_of_each(services, parameter("count", Integer())))


async def positions(reading: Reading, tickets: Sequence[models.Ticket]) -> dict[UUID, int]:
    """Where each ticket that waits today stands, from 1; not one whose visitor has an earlier step to go to."""
    wait = [each.id for each in tickets if each.status is TicketStatus.WAITING and each.service_day == reading.today]
    rows = await _rows(_positions(), reading, ids=wait) if wait else ()
    return {row["id"]: row["ahead"] + 1 for row in rows}


@cache
def _positions() -> Prepared:
    """All queues that are served with theirs are gone through once, as far as the last of these tickets stands."""
    ticket, named = aliased(models.Ticket), aliased(models.Ticket)
    ids, pair = parameter("ids", ARRAY(Uuid())), HERE.served_together().subquery("pair")
    of_them = (named.mall_id == HERE.mall_id, named.id == func.any(ids))
    asked = select(named.service_id).where(*of_them)
    last = select(func.max(named.effective_arrival)).where(*of_them).scalar_subquery()
    before = (
        func.count()
        .filter(~HERE.is_elsewhere(ticket))
        .over(partition_by=pair.c.service_id, order_by=ticket.effective_arrival, rows=(None, -1))
    )
    line = (
        select(ticket.id, before.label("ahead"), (ticket.service_id == pair.c.service_id).label("own"))
        .add_columns(HERE.is_behind(ticket).label("behind"))
        .select_from(pair)
        .join(ticket, HERE.waits(ticket) & (ticket.service_id == pair.c.beside_id))
        .where(pair.c.service_id.in_(asked), ticket.effective_arrival <= last)
        .subquery("line")
    )
    return Prepared(select(line.c.id, line.c.ahead).where(line.c.own, line.c.id == func.any(ids), ~line.c.behind))


async def ahead_of_new(reading: Reading, head_start_minutes: int = 0) -> dict[UUID, int]:
    """How many a ticket with this head start would have ahead if issued now, by service, where anybody waits."""
    rows = await _rows(_ahead_of_new(), reading, now=effective_arrival(reading.at, 0, head_start_minutes))
    return {row["service_id"]: row["ahead"] for row in rows}


@cache
def _ahead_of_new() -> Prepared:
    ticket, pair = aliased(models.Ticket), HERE.served_together().subquery("pair")
    return Prepared(
        select(pair.c.service_id, func.count().label("ahead"))
        .join(ticket, HERE.waits(ticket) & (ticket.service_id == pair.c.beside_id))
        .where(~HERE.is_elsewhere(ticket), ticket.effective_arrival < parameter("now", Numeric()))
        .group_by(pair.c.service_id)
    )


@dataclass(frozen=True)
class Waiting:
    """How many wait for the services of a counter."""

    here: int = 0
    """Who may be called now."""
    elsewhere: int = 0
    """Who is at another counter now, or has an earlier step of a visit to go to."""


async def waiting_at(reading: Reading, counter_ids: Sequence[UUID]) -> dict[UUID, Waiting]:
    """How many wait for the services of each counter, where anybody does."""
    rows = await _rows(_waiting_at(), reading, counter_ids=list(counter_ids))
    return {row["counter_id"]: Waiting(row["all"] - row["elsewhere"], row["elsewhere"]) for row in rows}


@cache
def _waiting_at() -> Prepared:
    link, ticket = models.CounterService, models.Ticket
    return Prepared(
        select(
            link.counter_id,
            func.count().label("all"),
            func.count().filter(HERE.is_elsewhere(ticket)).label("elsewhere"),
        )
        .join(ticket, HERE.waits(ticket) & (ticket.service_id == link.service_id))
        .where(link.mall_id == HERE.mall_id, link.counter_id == func.any(parameter("counter_ids", ARRAY(Uuid()))))
        .group_by(link.counter_id)
    )


async def _rows(statement: Prepared, reading: Reading, **more: object) -> list[Record]:
    return await statement.rows(reading.session, {"mall_id": reading.mall_id, "today": reading.today, **more})
