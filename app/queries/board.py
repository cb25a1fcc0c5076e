"""The board: who is served, who was called, how many wait, what is closed and why. Numbers only, never names."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache, partial
from uuid import UUID

from asyncpg import Record
from sqlalchemy import (
    BigInteger,
    Date,
    SmallInteger,
    Text,
    Uuid,
    exists,
    func,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.engine import Row

from app import access, models
from app.domain.calendar import ClosedReason
from app.domain.errors import UnknownReference
from app.domain.names import Language, LocalizedText
from app.domain.services import soonest
from app.domain.tickets import ACTIVE, TicketStatus
from app.errors import MallError
from app.journal import Reading
from app.models.counters import is_attended
from app.models.prepared import Prepared, parameter
from app.models.services import visible_on
from app.queries import calendar as calendar_queries
from app.queries import members, queue
from app.queries.locations import floor_exists
from app.queries.services import gate_of
from app.texts.calls import Callee, CallText, call_texts, vocabulary

RECENT = 10


@dataclass(frozen=True)
class BoardFilter:
    """The part of the mall that a display shows. A floor is that of the building, or any building's."""

    location_id: UUID | None = None
    floor: str | None = None
    agency_id: UUID | None = None
    counter_id: UUID | None = None

    def includes(self, counter: models.Counter) -> bool:
        """Whether a counter belongs to the building, floor and agency."""
        asked = (self.location_id, self.floor, self.agency_id)
        own = (counter.location_id, counter.floor, counter.agency_id)
        return all(part in (None, its) for part, its in zip(asked, own, strict=True))


@dataclass(frozen=True)
class ServiceLine:
    """One service's queue as the board shows it."""

    service_id: UUID
    code: str
    name: LocalizedText
    agency_id: UUID
    waiting: int
    closed: MallError | None
    reasons: Sequence[ClosedReason]
    next_opening_at: datetime | None


@dataclass(frozen=True)
class Called:
    """A ticket that was called, as the board shows it."""

    number: str
    status: TicketStatus
    service_id: UUID
    counter_id: UUID
    counter_code: str
    counter_name: LocalizedText
    location_id: UUID
    floor: str
    language: Language
    called_at: datetime
    call_count: int
    text: dict[Language, CallText]


@dataclass(frozen=True)
class Board:
    """One instant of the mall's queues, with the journal's sequence it belongs to."""

    service_day: date
    sequence: int
    changes_at: datetime | None
    """When it next changes by the clock alone."""
    now_serving: list[Called]
    recently_called: list[Called]
    services: list[ServiceLine]


async def board(reading: Reading, wanted: BoardFilter, before: Board | None = None) -> Board:
    """Read it all, the same for whoever may read the catalogue; `reading` must be one snapshot.

    `before` is what it was: where only tickets have moved since, one statement tells all that is new. Raises
    UnknownReference where the mall has no such part.
    """
    rows = await _moves().rows(
        reading.session,
        {
            "mall_id": reading.mall_id,
            "today": reading.today,
            "known": before.sequence if before else 0,
            **vars(wanted),
        },
    )
    if before is None or rows[0]["others"] or (before.changes_at and reading.at >= before.changes_at):
        await _must_be_there(reading, wanted)
        changes_at, lines = await _lines(reading, wanted)
    else:
        changes_at, lines = before.changes_at, before.services
    waiting = {each["service_id"]: each["count"] for each in rows[0]["waiting"] or ()}
    called = [_called(row) for row in rows if row["number"]]
    return Board(
        service_day=reading.today,
        sequence=rows[0]["sequence"],
        changes_at=changes_at,
        now_serving=sorted((each for each in called if each.status in ACTIVE), key=lambda each: each.counter_code),
        recently_called=called[:RECENT],
        services=[replace(each, waiting=waiting.get(str(each.service_id), 0)) for each in lines],
    )


def _called(row: Record) -> Called:
    shown = {each.name: row[each.name] for each in fields(Called) if each.name != "text"}
    counter = Callee(code=row["counter_code"], name=row["counter_name"], spoken=row["counter_spoken"])
    return Called(**shown, text=call_texts(row["number"], counter))


async def _must_be_there(reading: Reading, wanted: BoardFilter) -> None:
    """Raise UnknownReference for a part that the mall does not have: an empty board would look like a quiet day."""
    counter = await reading.get(models.Counter, wanted.counter_id)
    await access.must_be_there(reading, "location", models.Location, wanted.location_id)
    await access.must_be_there(reading, "agency", models.Agency, wanted.agency_id)
    if wanted.floor and not await floor_exists(reading, wanted.floor, wanted.location_id):
        raise UnknownReference(thing="floor", member="#query/floor")
    if wanted.counter_id and (counter is None or not wanted.includes(counter)):
        raise UnknownReference(thing="counter", member="#query/counter_id")


@cache
def _moves() -> Prepared:
    """How far the journal is, and whether more than tickets moved; who waits; who was called, the last one first.

    States are written out, for the indexes of those who wait and of those at a counter.
    """
    entry, ticket, counter = models.JournalEntry, models.Ticket, models.Counter
    mall_id, today = parameter("mall_id", SmallInteger()), parameter("today", Date())
    sequence = select(func.coalesce(func.max(entry.sequence), 0)).where(entry.mall_id == mall_id)
    others = exists().where(
        entry.mall_id == mall_id, entry.sequence > parameter("known", BigInteger()), entry.type.not_like("ticket.%")
    )
    here = queue.Queues(mall_id, today)
    queues = (
        select(ticket.service_id, func.count().label("count"))
        .where(here.waits(ticket), ~here.is_elsewhere(ticket))
        .group_by(ticket.service_id)
        .subquery("queues")
    )
    waiting = select(func.json_agg(queues.table_valued()))
    base = (
        select(
            *(ticket.id, ticket.number, ticket.status, ticket.service_id, ticket.counter_id),
            *(ticket.called_at, ticket.call_count, ticket.language),
            counter.code.label("counter_code"),
            counter.name.label("counter_name"),
            counter.spoken.label("counter_spoken"),
            *(counter.location_id, counter.floor),
        )
        .join(counter, (counter.mall_id == ticket.mall_id) & (counter.id == ticket.counter_id))
        .where(
            ticket.mall_id == mall_id,
            ticket.service_day == today,
            ticket.called_at.is_not(None),
            counter.location_id == func.coalesce(parameter("location_id", Uuid()), counter.location_id),
            counter.floor == func.coalesce(parameter("floor", Text()), counter.floor),
            counter.agency_id == func.coalesce(parameter("agency_id", Uuid()), counter.agency_id),
            counter.id == func.coalesce(parameter("counter_id", Uuid()), counter.id),
        )
    )
    last = base.order_by(ticket.called_at.desc(), ticket.id.desc()).limit(RECENT)
    called = union(last, base.where(models.tickets.ACTIVE)).subquery("called")
    head = select(
        sequence.scalar_subquery().label("sequence"),
        others.label("others"),
        waiting.scalar_subquery().label("waiting"),
    ).subquery("head")
    return Prepared(
        select(head, called).outerjoin(called, true()).order_by(called.c.called_at.desc(), called.c.id.desc())
    )


async def _lines(reading: Reading, wanted: BoardFilter) -> tuple[datetime | None, list[ServiceLine]]:
    """The services and why they are closed, without their queues; and when that changes by the clock."""
    memberships = await members.memberships(reading)
    calendar = await calendar_queries.calendar(reading)
    opening_of = cache(partial(calendar.opening, reading.at))
    changes, lines = [opening_of(agency_id).changes_at for agency_id in memberships], []
    for each, served in await _services(reading, wanted):
        opening = opening_of(each.agency_id, calendar.own_part(each.id))
        changes.append(opening.changes_at)
        lines.append(
            ServiceLine(
                service_id=each.id,
                code=each.code,
                name=each.name,
                agency_id=each.agency_id,
                waiting=0,
                closed=gate_of(each, memberships[each.agency_id], opening, is_attended=served).closed(),
                reasons=opening.reasons,
                next_opening_at=None if opening.is_open else opening.changes_at,
            )
        )
    return soonest([*changes, calendar.midnight_after(reading.at)]), lines


async def _services(reading: Reading, wanted: BoardFilter) -> Sequence[Row[models.Service, bool]]:
    """The services whose queues the board shows, and whether a counter serves each."""
    service, link, counter = models.Service, models.CounterService, models.Counter
    statement = (
        select(service, is_attended(reading.mall_id, reading.today))
        .where(service.mall_id == reading.mall_id, visible_on(reading.today))
        .order_by(service.code)
    )
    if wanted.agency_id:
        statement = statement.where(service.agency_id == wanted.agency_id)
    if wanted.location_id or wanted.floor or wanted.counter_id:
        served = (
            select(link.service_id)
            .join(counter, (counter.mall_id == link.mall_id) & (counter.id == link.counter_id))
            .where(link.mall_id == reading.mall_id)
        )
        if wanted.location_id:
            served = served.where(counter.location_id == wanted.location_id)
        if wanted.floor:
            served = served.where(counter.floor == wanted.floor)
        if wanted.counter_id:
            served = served.where(counter.id == wanted.counter_id)
        statement = statement.where(service.id.in_(served))
    return (await reading.session.execute(statement)).all()


async def words(reading: Reading) -> dict[Language, list[str]]:
    """All that calls at the mall's counters are spoken with; those that are retired call nobody."""
    counter = models.Counter
    statement = select(counter.code, counter.name, counter.spoken).where(
        counter.mall_id == reading.mall_id, or_(counter.retired_on.is_(None), counter.retired_on == reading.today)
    )
    found = [
        Callee(code=code, name=name, spoken=spoken) for code, name, spoken in await reading.session.execute(statement)
    ]
    return {each: vocabulary(each, found) for each in Language}
