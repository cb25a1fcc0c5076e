"""The board: who is served, who was called, how many wait, what is closed and why. Numbers only, never names."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, func, select

from app import models
from app.domain.agreements import MembershipNotInForce
from app.domain.calendar import ServiceClosed
from app.domain.names import Names
from app.domain.services import ServiceRetired, soonest
from app.domain.tickets import ACTIVE
from app.errors import MallError
from app.journal import Reading
from app.models.services import drawn_on
from app.queries import malls, members, services
from app.queries.shown import With
from app.texts.calls import call_texts

RECENT = 10


@dataclass(frozen=True)
class BoardFilter:
    """The part of the building that a display stands in."""

    floor: str | None = None
    agency_id: UUID | None = None
    counter_id: UUID | None = None


@dataclass(frozen=True)
class ServiceLine:
    """One service's queue as the board shows it."""

    service_id: UUID
    code: str
    name: Names
    agency_id: UUID
    waiting: int
    closed: MallError | None
    next_opening_at: datetime | None


@dataclass(frozen=True)
class Board:
    """One instant of the mall's queues, with the journal's sequence it belongs to."""

    service_day: Any
    sequence: int
    changes_at: datetime | None
    """When it next changes by the clock alone."""
    now_serving: list[With]
    recently_called: list[With]
    services: list[ServiceLine]


async def board(reading: Reading, wanted: BoardFilter, before: Board | None = None) -> Board:
    """Read it all, the same for whoever may read the catalogue; `reading` must be one snapshot.

    `before` is what it was: where only tickets have moved since, everything but them is taken from there.
    """
    known = before.sequence if before else 0
    sequence, others = await _since(reading, known)
    called = await _called(reading, wanted)
    waiting = await services.waiting_today(reading)
    turned = before is None or (before.changes_at is not None and reading.at >= before.changes_at)
    if before is None or turned or others:
        changes_at, lines = await _lines(reading, wanted)
    else:
        changes_at, lines = before.changes_at, before.services
    return Board(
        service_day=reading.today,
        sequence=sequence or known,
        changes_at=changes_at,
        now_serving=sorted((each for each in called if each.status in ACTIVE), key=lambda each: str(each.counter_code)),
        recently_called=called[:RECENT],
        services=[replace(each, waiting=waiting.get(each.service_id, 0)) for each in lines],
    )


async def _since(reading: Reading, sequence: int) -> tuple[int, bool]:
    """The journal's last sequence after this one (0: none), and whether more than tickets moved since."""
    entry = models.Entry
    [row] = await reading.session.execute(
        select(
            func.coalesce(func.max(entry.sequence), 0),
            func.coalesce(func.bool_or(entry.type.not_like("ticket.%")), false()),
        ).where(entry.mall_id == reading.mall_id, entry.sequence > sequence)
    )
    return row[0], row[1]


async def _lines(reading: Reading, wanted: BoardFilter) -> tuple[datetime | None, list[ServiceLine]]:
    """The services and why they are closed, without their queues; and when that changes by the clock."""
    standings = await members.standings(reading)
    calendar = await malls.calendar(reading)
    openings = {agency_id: calendar.opening(reading.at, agency_id) for agency_id in standings}
    lines = []
    for each in await _services(reading, wanted):
        standing, opening = standings[each.agency_id], openings[each.agency_id]
        closed: MallError | None = None
        if each.retired_on:
            closed = ServiceRetired(retired_on=str(each.retired_on))
        elif not standing.in_force:
            closed = MembershipNotInForce(agency_id=str(each.agency_id), membership=standing.membership)
        elif not opening.is_open:
            closed = ServiceClosed(next_opening_at=opening.changes_at, reason=opening.reason)
        lines.append(
            ServiceLine(
                service_id=each.id,
                code=each.code,
                name=each.name,
                agency_id=each.agency_id,
                waiting=0,
                closed=closed,
                next_opening_at=None if opening.is_open else opening.changes_at,
            )
        )
    return soonest([*(each.changes_at for each in openings.values()), calendar.midnight_after(reading.at)]), lines


async def _called(reading: Reading, wanted: BoardFilter) -> list[With]:
    """Today's active tickets and those called last, newest call first."""
    ticket, counter = models.Ticket, models.Counter
    base = (
        select(
            *(ticket.id, ticket.number, ticket.status, ticket.service_id, ticket.counter_id),
            *(ticket.called_at, ticket.call_count),
            counter.code.label("counter_code"),
            counter.name.label("counter_name"),
            counter.floor,
        )
        .join(counter, (counter.mall_id == ticket.mall_id) & (counter.id == ticket.counter_id))
        .where(ticket.mall_id == reading.mall_id, ticket.service_day == reading.today, ticket.called_at.is_not(None))
        .order_by(ticket.called_at.desc(), ticket.id.desc())
    )
    if wanted.floor:
        base = base.where(counter.floor == wanted.floor)
    if wanted.agency_id:
        base = base.where(counter.agency_id == wanted.agency_id)
    if wanted.counter_id:
        base = base.where(counter.id == wanted.counter_id)
    found: dict[UUID, With] = {}
    for statement in (base.limit(RECENT), base.where(ticket.status.in_(ACTIVE))):
        for row in await reading.session.execute(statement):
            found[row.id] = With(row, text=call_texts(row.number, row.counter_name))
    return sorted(found.values(), key=lambda each: each.called_at, reverse=True)


async def _services(reading: Reading, wanted: BoardFilter) -> list[models.Service]:
    """The services whose queues the board shows."""
    service, link, counter = models.Service, models.CounterService, models.Counter
    statement = (
        select(service).where(service.mall_id == reading.mall_id, drawn_on(reading.today)).order_by(service.code)
    )
    if wanted.agency_id:
        statement = statement.where(service.agency_id == wanted.agency_id)
    if wanted.floor or wanted.counter_id:
        served = (
            select(link.service_id)
            .join(counter, (counter.mall_id == link.mall_id) & (counter.id == link.counter_id))
            .where(link.mall_id == reading.mall_id)
        )
        if wanted.floor:
            served = served.where(counter.floor == wanted.floor)
        if wanted.counter_id:
            served = served.where(counter.id == wanted.counter_id)
        statement = statement.where(service.id.in_(served))
    return list(await reading.session.scalars(statement))
