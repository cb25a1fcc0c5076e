"""What an estimate of a waiting time comes from: the counters, how long visitors took of late, and how many wait.

Two statements, however many services are asked for, and the calendar where a counter is closed that worked of late or
a closure keeps somebody waiting;
never with a journal held.
"""

from collections.abc import Collection, Container
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from asyncpg import Record
from sqlalchemy import ARRAY, Date, DateTime, Float, Select, Uuid, and_, func, literal_column, select, true
from sqlalchemy.orm import aliased

from app import models
from app.domain.calendar import Calendar, minute_after, service_day
from app.domain.closures import calling_at, kept_waiting
from app.domain.counters import CounterStatus
from app.domain.desks import is_there
from app.domain.estimates import MINUTE, RECENT, CounterNow, QueuesNow, back_in, due_in, handling
from app.journal import Reading
from app.models.closures import any_keeps
from app.models.counters import is_own
from app.models.prepared import Prepared, parameter
from app.queries.calendar import calendar
from app.queries.queue import HERE

RECENT_DAYS = timedelta(days=7)
"""How far back the last visitors of a service are looked for, and the last officer at a counter."""


async def queues_now(reading: Reading, service_ids: Collection[UUID]) -> QueuesNow:
    """What is known of the queues of these services, and of all that are served together with them."""
    sent = {"mall_id": reading.mall_id, "today": reading.today, "asked": list(service_ids)}
    since = {"since": reading.at - RECENT_DAYS, "since_day": reading.today - RECENT_DAYS}
    counters = await _counters().rows(reading.session, {**sent, **since})
    services = await _services().rows(reading.session, {**sent, **since})
    any_closure = any(each["any_closure"] for each in services)
    due = {each["id"]: back_in(each["break_until"], reading.at) for each in counters}
    awaited = [each for each in counters if each["is_awaited"] and is_there(each["weekdays"], reading.today)]
    hours = await calendar(reading) if any_closure or awaited else None
    if hours:
        due |= {each["id"]: due_in(hours, reading.at, each["agency_id"], each["id"]) for each in awaited}
    known = [
        CounterNow(
            each["service_ids"],
            CounterStatus(each["status"] or CounterStatus.CLOSED),
            each["is_busy"],
            due[each["id"]],
        )
        for each in counters
    ]
    if hours:
        reading.holds_until(minute_after(reading.at))
    if hours and any_closure:
        kept = kept_waiting(hours, reading.at)
        known = [_unless_closed(reading.at, *each, hours, kept) for each in zip(counters, known, strict=True)]
    if any(each.due_in is not None for each in known):  # counted from now
        reading.holds_until(reading.at)
    for each in services:
        if each["oldest"]:
            reading.holds_until(each["oldest"] + RECENT_DAYS)
    return QueuesNow(
        known,
        {each["id"]: handling(each["handling_minutes"], each["recent"] or ()) for each in services},
        {each["id"]: each["waiting"] for each in services},
    )


def _unless_closed(
    at: datetime, row: Record, counter: CounterNow, hours: Calendar, kept: Container[UUID]
) -> CounterNow:
    """The counter as far as closures let it call: not those who are kept, and nobody before one of its own ends."""
    counter = replace(counter, service_ids=[each for each in counter.service_ids if each not in kept])
    calling = calling_at(hours, at, row["id"], row["agency_id"])
    if calling.is_open:
        return counter
    expected = counter.status is not CounterStatus.CLOSED or counter.due_in is not None
    today = calling.changes_at and service_day(calling.changes_at, hours.zone) == service_day(at, hours.zone)
    until = (calling.changes_at - at) / MINUTE if calling.changes_at and today and expected else None
    due = None if until is None else max(until, counter.due_in or 0)
    return replace(counter, status=CounterStatus.CLOSED, is_busy=False, due_in=due)


def _beside() -> Select[Any]:
    pair = HERE.served_together().subquery("pair")
    return select(pair.c.beside_id).where(pair.c.service_id == func.any(parameter("asked", ARRAY(Uuid()))))


@cache
def _counters() -> Prepared:
    """The living counters that have any of the services as their own, with all that are; who helps out only hastens."""
    counter, session, ticket = models.Counter, models.CounterSession, models.Ticket
    link, serves = aliased(models.CounterService), aliased(models.CounterService)
    is_busy = (
        select(ticket.id)
        .where(
            ticket.mall_id == HERE.mall_id,
            ticket.counter_id == counter.id,
            ticket.service_day == HERE.day,
            ticket.status.in_((literal_column("'called'"), literal_column("'serving'"))),
        )
        .correlate(counter)
        .exists()
    )
    of_late = aliased(session)
    worked = (
        select(of_late.id)
        .where(
            of_late.mall_id == HERE.mall_id,
            of_late.counter_id == counter.id,
            of_late.service_day.between(parameter("since_day", Date()), HERE.day),
        )
        .correlate(counter)
        .exists()
    )
    return Prepared(
        select(
            counter.id,
            counter.agency_id,
            counter.weekdays,
            func.array_agg(link.service_id).label("service_ids"),
            session.status,
            session.break_until,
            is_busy.label("is_busy"),
            and_(session.status.is_(None), worked).label("is_awaited"),
        )
        .select_from(counter)
        .join(link, and_(link.mall_id == HERE.mall_id, link.counter_id == counter.id, is_own(HERE.mall_id, link)))
        .outerjoin(
            session,
            and_(
                session.mall_id == HERE.mall_id,
                session.counter_id == counter.id,
                session.service_day == HERE.day,
                session.closed_at.is_(None),
            ),
        )
        .where(
            counter.mall_id == HERE.mall_id,
            counter.retired_on.is_(None),
            counter.id.in_(
                select(serves.counter_id).where(
                    serves.mall_id == HERE.mall_id, serves.service_id.in_(_beside()), is_own(HERE.mall_id, serves)
                )
            ),
        )
        .group_by(counter.id, counter.agency_id, counter.weekdays, session.status, session.break_until)
        .order_by(counter.id)
    )


@cache
def _services() -> Prepared:
    """The services: how many wait, and the minutes from the call to the end of the last visitors, no-shows too."""
    service, ticket, over = models.Service, aliased(models.Ticket), aliased(models.Ticket)
    waiting = select(func.count()).where(HERE.waits(ticket), ticket.service_id == service.id).correlate(service)
    minutes = (func.extract("epoch", over.ended_at - over.called_at) / 60).cast(Float)
    last = (
        select(minutes.label("minutes"), over.ended_at)
        .where(
            over.mall_id == HERE.mall_id,
            over.service_id == service.id,
            over.status.in_((literal_column("'completed'"), literal_column("'no_show'"))),
            over.closed_by.is_distinct_from(literal_column("'day_end'")),
            over.ended_at > parameter("since", DateTime(timezone=True)),
        )
        .order_by(over.ended_at.desc())
        .limit(literal_column(str(RECENT)))
        .correlate(service)
        .lateral("last")
    )
    recent = select(
        func.array_agg(last.c.minutes, type_=ARRAY(Float())).label("recent"), func.min(last.c.ended_at).label("oldest")
    ).lateral("recent")
    return Prepared(
        select(
            service.id,
            service.handling_minutes,
            any_keeps(HERE.mall_id, HERE.day).label("any_closure"),
            waiting.scalar_subquery().label("waiting"),
            recent.c.recent,
            recent.c.oldest,
        )
        .join(recent, true())
        .where(service.mall_id == HERE.mall_id, service.id.in_(_beside()))
    )
