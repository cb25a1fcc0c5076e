"""Statistics: how a day or a month went. Days that are over are kept (`ServiceFigures`), all others are counted now.

The present day is counted once in each process, and after that only what has happened since (`LiveDay`). All of it
comes from one statement over tickets and their intervals, so all of it says the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    SmallInteger,
    Subquery,
    Text,
    Uuid,
    and_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app import access, models
from app.domain.callers import Caller
from app.domain.malls import MallRef
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.domain.statistics import By, Durations, Fact, Figures, Group, LiveDay, LiveDays, Period, Span, too_few
from app.journal import Head, Reading
from app.models.base import written_out
from app.models.prepared import Prepared, parameter
from app.queries import journals
from app.queries.paging import ALL_AGENCIES, AgencyFilter, Page, PageRequest

KEPT = (By.SERVICE, By.HOUR, By.CHANNEL, By.COUNTER, By.OFFICER)
"""What is kept of days that are over; what visitors are like is not."""
ENDS = ("completed", "no_show", "cancelled", "expired")


@dataclass(frozen=True)
class StatisticsFilter:
    """Which statistics."""

    period: Period
    by: By
    of: AgencyFilter = ALL_AGENCIES
    service_id: UUID | None = None


@dataclass(frozen=True)
class Statistics:
    """One row: whose figures, and what they are."""

    code: str
    id: UUID | None = None
    name: LocalizedText | None = None
    promised_minutes: int | None = None
    figures: Figures | None = None
    """None: they are of too few people."""


async def statistics(
    reading: Reading, caller: Caller, asked: PageRequest, wanted: StatisticsFilter, live: LiveDays
) -> Page[Statistics]:
    """A page of the statistics that the caller may see, by their codes. Raises Forbidden."""
    backwards = asked.sort.startswith("-")
    rows = sorted(await all_statistics(reading, caller, wanted, live), key=lambda each: each.code, reverse=backwards)
    if (after := asked.after) is not None:
        rows = [each for each in rows if (each.code < after if backwards else each.code > after)]
    return Page(rows[: asked.limit], rows[asked.limit - 1].code if len(rows) > asked.limit else None)


async def all_statistics(
    reading: Reading, caller: Caller, wanted: StatisticsFilter, live: LiveDays
) -> list[Statistics]:
    """All of them, by their codes. Raises Forbidden."""
    services = await _services(reading, caller, wanted)
    parts: dict[str, list[Figures]] = defaultdict(list)
    for (service_id, word), figures in await _grouped(reading, wanted, live):
        if service := services.get(service_id):
            parts[_group(reading, wanted.by, service, word)].append(figures)
    found = {word: Figures.total(each) for word, each in parts.items()}
    hidden = too_few({word: each.people for word, each in found.items()}) if wanted.by is By.PRIORITY_CLASS else ()
    told = await _told(reading, wanted.by, services, found.keys())
    rows = [replace(told[word], figures=None if word in hidden else each) for word, each in found.items()]
    return sorted(rows, key=lambda each: each.code)


async def own_figures(reading: Reading, caller: Caller, day: date, live: LiveDays) -> Figures:
    """What the caller has done on a day, at all counters."""
    found = await _grouped(reading, StatisticsFilter(Period(Span.DAY, day), By.OFFICER), live)
    own = [each for (_, word), each in found if word == str(caller.id)]
    return Figures.total(own) if own else Figures()


async def _services(reading: Reading, caller: Caller, wanted: StatisticsFilter) -> Mapping[UUID, Any]:
    """The services whose figures the caller may see; persons are for who may read the staff. Raises Forbidden."""
    service, asked = models.Service, [Permission.READ_STATISTICS]
    asked += [Permission.READ_STAFF] if wanted.by is By.OFFICER else []
    statement = select(service.id, service.agency_id, service.code, service.name, service.handling_minutes).where(
        service.mall_id == reading.mall_id,
        *(each for one in asked for each in access.visible(caller, one, reading, service.agency_id)),
        *wanted.of.conditions(reading.mall_id, service.agency_id),
    )
    if wanted.service_id:
        statement = statement.where(service.id == wanted.service_id)
    return {each.id: each for each in await reading.session.execute(statement)}


def _group(reading: Reading, by: By, service: Any, word: str) -> str:  # noqa: ANN401  # a row
    """By which word a service's figures are shown."""
    match by:
        case By.MALL:
            return reading.mall.slug
        case By.AGENCY:
            return str(service.agency_id)
        case By.SERVICE:
            return str(service.id)
        case _:
            return word


async def _grouped(reading: Reading, wanted: StatisticsFilter, live: LiveDays) -> list[tuple[Group, Figures]]:
    """What is kept of the period, and what is not kept, counted now. To be added up at once: the day goes on."""
    part = By.SERVICE if wanted.by in (By.MALL, By.AGENCY) else wanted.by
    days, found = wanted.period.days(reading.today), list[tuple[Group, Figures]]()
    anew = days
    if part in KEPT:
        anew = []
        if over := [each for each in days if each != reading.today]:
            found = await _kept(reading, wanted.period, part)
            kept = await _kept_days(reading, over)
            anew = [each for each in over if each not in kept]
    if anew:
        found += (await counted(reading.session, reading.mall, anew, part)).items()
    if part in KEPT and reading.today in days:
        found += (await _live(reading, part, live)).items()
    return found


async def _live(reading: Reading, part: By, live: LiveDays) -> Mapping[Group, Figures]:
    """The figures of the present day: only the tickets that entries have named since are counted again.

    The entry that was the last then must still be there: a snapshot may be older than what is kept, and a database
    that was restored has forgotten what it said before.
    """
    session, mall = reading.session, reading.mall
    day = live.of(mall.id, part, reading.today)
    named = await journals.named_since(session, mall.id, day.sequence) if day else ()
    if not day or not named or named[0]["hash"] != day.hash:
        head = (await journals.heads(session, [mall.id])).get(mall.id, Head())
        day = LiveDay(reading.today, head.sequence, head.hash)
        day.tell((), await _facts(session, mall, reading.today, part))
        live.keep(mall.id, part, day)
    elif tickets := {each["subject_id"] for each in named[1:]} - {None}:
        facts = await _facts(session, mall, reading.today, part, tickets)
        if named[-1]["sequence"] > day.sequence:  # otherwise somebody else has told it meanwhile
            day.tell(tickets, facts)
            day.sequence, day.hash = named[-1]["sequence"], named[-1]["hash"]
    return day.figures


async def _kept(reading: Reading, period: Period, part: By) -> list[tuple[Group, Figures]]:
    sent = {"mall_id": reading.mall_id, "span": period.span.value, "starts_on": period.starts_on}
    return [
        ((row["service_id"], word), Figures.read(figures))
        for row in await _kept_of(part).rows(reading.session, sent)
        for word, figures in row["words"].items()
    ]


@cache
def _kept_of(part: By) -> Prepared:
    row = models.ServiceFigures
    return Prepared(
        select(row.service_id, getattr(row, part).label("words")).where(
            row.mall_id == parameter("mall_id", SmallInteger()),
            row.span == parameter("span", Text()),
            row.starts_on == parameter("starts_on", Date()),
        )
    )


async def _kept_days(reading: Reading, days: Sequence[date]) -> set[date]:
    """Which of these days are kept; so are their figures in those of their month."""
    row = models.ServiceFigures
    statement = select(row.starts_on).where(
        row.mall_id == reading.mall_id, row.span == Span.DAY, row.starts_on.in_(days)
    )
    return set(await reading.session.scalars(statement.distinct()))


async def _told(
    reading: Reading, by: By, services: Mapping[UUID, Any], words: Collection[str]
) -> dict[str, Statistics]:
    """What each word of the figures is called."""
    match by:
        case By.SERVICE:
            offered = services.values()
            return {str(each.id): Statistics(each.code, each.id, each.name, each.handling_minutes) for each in offered}
        case By.AGENCY | By.COUNTER:
            kind = models.Agency if by is By.AGENCY else models.Counter
            rows: Sequence[Any] = (
                await reading.session.scalars(reading.select(kind).where(kind.id.in_([UUID(each) for each in words])))
            ).all()
            return {str(each.id): Statistics(each.code, each.id, each.name) for each in rows}
        case By.OFFICER:
            account = models.Account
            people = await reading.session.execute(
                select(account.id, account.username).where(account.id.in_([UUID(each) for each in words]))
            )
            return {str(id_): Statistics(username, id_) for id_, username in people}
        case _:
            return {each: Statistics(each) for each in words}


async def counted(session: AsyncSession, mall: MallRef, days: Sequence[date], by: By) -> dict[Group, Figures]:
    """The figures of these days, from the tickets and where they have been."""
    sent = {"mall_id": mall.id, "days": list(days), "zone": str(mall.zone)}
    found: dict[Group, Figures] = defaultdict(Figures)
    for row in await _counted(by).rows(session, sent):
        figures = found[row["service_id"], row["word"]]
        if row["seconds"] is None:
            setattr(figures, row["figure"], row["count"])
        else:
            setattr(figures, row["figure"], Durations.of(row["seconds"]))
    return dict(found)


@cache
def _counted(by: By) -> Prepared:
    """One row for each service, word and figure."""
    fact = _told_by(by, models.Ticket.service_day == func.any(parameter("days", ARRAY(Date())))).subquery("fact")
    group = fact.c.service_id, fact.c.word, fact.c.figure
    seconds = func.array_agg(fact.c.seconds).filter(fact.c.seconds.is_not(None))
    return Prepared(select(*group, func.count().label("count"), seconds.label("seconds")).group_by(*group))


async def _facts(
    session: AsyncSession, mall: MallRef, day: date, by: By, ticket_ids: Collection[UUID] | None = None
) -> list[tuple[UUID, Fact]]:
    """What each ticket of a day, or each of these, adds to the figures."""
    sent = {"mall_id": mall.id, "day": day, "zone": str(mall.zone), "ticket_ids": ticket_ids}
    rows = await _facts_of(by, some=ticket_ids is not None).rows(session, sent)
    return [(ticket_id, Fact((service_id, word), *what)) for ticket_id, service_id, word, *what in rows]


@cache
def _facts_of(by: By, *, some: bool) -> Prepared:
    ticket = models.Ticket
    which = [ticket.service_day == parameter("day", Date())]
    which += [ticket.id == func.any(parameter("ticket_ids", ARRAY(Uuid())))] if some else []
    return Prepared(_told_by(by, *which))


def _told_by(by: By, *which: ColumnElement[bool]) -> CompoundSelect[Any]:
    """What tickets add to the figures: one row for each thing that counts."""
    ticket, interval = models.Ticket, models.TicketInterval
    mall_id = parameter("mall_id", SmallInteger())
    day = (
        select(
            *(ticket.id, ticket.issued_service_id, ticket.service_id, ticket.issued_at, ticket.status),
            *(ticket.closed_by, ticket.channel, ticket.priority_class, ticket.counter_id, ticket.officer_id),
        )
        .where(ticket.mall_id == mall_id, *which)
        .cte("day")
    )
    # read ticket by ticket: as a join, a year of intervals would be gone through for a day
    been = (
        select(
            *(interval.ticket_id, interval.kind, interval.service_id, interval.counter_id, interval.officer_id),
            *(interval.started_at, interval.ended_at, interval.outcome),
        )
        .where(interval.mall_id == mall_id, interval.ticket_id == day.c.id)
        .correlate(day)
        .offset(literal_column("0"))
        .lateral("been")
    )
    stretch = (
        select(been, day.c.channel, day.c.priority_class, day.c.closed_by)
        .select_from(day)
        .join(been, true())
        .cte("stretch")
    )
    word = _word(by, day, day.c.issued_at)
    parts = [
        _fact(day.c.id, day.c.service_id, word, cast(day.c.status, Text)).where(day.c.status.in_(written_out(ENDS))),
        _transferred(stretch, by),
        _waiting(stretch, by),
        _handling(stretch, by),
    ]
    if by not in (By.COUNTER, By.OFFICER):  # nobody arrives at a counter
        parts.append(_fact(day.c.id, day.c.issued_service_id, word, _is("arrivals")))
    return union_all(*parts)


def _word(by: By, of: CTE | Subquery, at: ColumnElement[Any]) -> ColumnElement[str]:
    """The word by which a ticket or a stretch is told apart; an hour is the one in which it began."""
    match by:
        case By.HOUR:
            hour = func.date_part(literal_column("'hour'"), func.timezone(parameter("zone", Text()), at))
            return func.lpad(cast(hour, Text), literal_column("2"), literal_column("'0'"))
        case By.CHANNEL | By.PRIORITY_CLASS:
            return cast(of.c[by], Text)
        case By.COUNTER | By.OFFICER:
            return cast(of.c[f"{by}_id"], Text)
        case _:
            return _is("")


def _is(word: str) -> ColumnElement[str]:
    return cast(literal_column(f"'{word}'"), Text)


def _fact(
    ticket_id: ColumnElement[UUID],
    service_id: ColumnElement[UUID],
    word: ColumnElement[str],
    figure: ColumnElement[str],
    seconds: ColumnElement[int] | None = None,
) -> Select[Any]:
    """One thing that counts, or that took so many seconds."""
    took: ColumnElement[Any] = cast(null(), Integer) if seconds is None else seconds
    named: list[ColumnElement[Any]] = [ticket_id.label("ticket_id"), service_id.label("service_id")]
    named += [word.label("word"), figure.label("figure"), took.label("seconds")]
    return select(*named).where(word.is_not(None))


def _transferred(stretch: CTE, by: By) -> Select[Any]:
    """Who was sent on to another service."""
    word = _word(by, stretch, stretch.c.started_at)
    sent_on = _fact(stretch.c.ticket_id, stretch.c.service_id, word, _is("transferred"))
    return sent_on.where(stretch.c.outcome == literal_column("'transfer'"))


def _waiting(stretch: CTE, by: By) -> Select[Any]:
    """Who was called from waiting; at the counter that called."""
    called = stretch.alias("called")
    at_a_counter = by in (By.COUNTER, By.OFFICER)
    word = _word(by, called if at_a_counter else stretch, stretch.c.started_at)
    waited: Select[Any] = _fact(stretch.c.ticket_id, stretch.c.service_id, word, _is("waiting"), _seconds(stretch))
    if at_a_counter:
        its_call = called.c.ticket_id == stretch.c.ticket_id, called.c.started_at == stretch.c.ended_at
        waited = waited.join(called, and_(*its_call, called.c.kind == literal_column("'called'")))
    return waited.where(stretch.c.kind == literal_column("'waiting'"), stretch.c.outcome == literal_column("'call'"))


def _handling(stretch: CTE, by: By) -> Select[Any]:
    """Whose serving at a service came to its end, all stretches of it together; not where the day ended it."""
    finished = or_(
        stretch.c.outcome == literal_column("'transfer'"),
        and_(
            stretch.c.outcome == literal_column("'complete'"),
            stretch.c.closed_by.is_distinct_from(literal_column("'day_end'")),
        ),
    )
    word = _word(by, stretch, stretch.c.started_at)
    at_the_end = by in (By.COUNTER, By.OFFICER)
    visitor: Subquery = (
        select(
            stretch.c.ticket_id,
            stretch.c.service_id,
            (func.max(word).filter(finished) if at_the_end else func.min(word)).label("word"),
            cast(func.sum(_seconds(stretch)), Integer).label("seconds"),
        )
        .where(stretch.c.kind == literal_column("'serving'"))
        .group_by(stretch.c.ticket_id, stretch.c.service_id)
        .having(func.bool_or(finished))
        .subquery("visitor")
    )
    return _fact(visitor.c.ticket_id, visitor.c.service_id, visitor.c.word, _is("handling"), seconds=visitor.c.seconds)


def _seconds(stretch: CTE) -> ColumnElement[int]:
    return cast(func.date_part(literal_column("'epoch'"), stretch.c.ended_at - stretch.c.started_at), Integer)
