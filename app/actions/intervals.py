"""Where a ticket has been: each of its verbs ends one interval, and may begin the next."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, SmallInteger, Text, Uuid, literal_column, select, true, update
from sqlalchemy.dialects.postgresql import insert

from app import models
from app.domain.tickets import IntervalKind
from app.journal import Journal
from app.models.prepared import Prepared, parameter


async def turn(journal: Journal, ticket: models.Ticket, outcome: str, kind: IntervalKind | None = None) -> None:
    """End the interval that the ticket is in with its outcome, and begin the next one, if any."""
    sent = {"at": journal.at, "of": ticket.id, "how": outcome, **begun(ticket, kind, journal.at)}
    await _turn(begins=kind is not None).rows(journal.session, sent)


def begun(ticket: models.Ticket, kind: IntervalKind | None, at: datetime) -> dict[str, Any]:
    """An interval that the ticket begins where it is now, as an INSERT of it (`inserting`) wants it."""
    return {
        "interval_mall_id": ticket.mall_id,
        "interval_id": models.new_id(),
        "interval_ticket_id": ticket.id,
        "interval_kind": kind,
        "interval_service_id": ticket.service_id,
        "interval_counter_id": ticket.counter_id,
        "interval_officer_id": ticket.officer_id,
        "interval_started_at": at,
        "interval_ended_at": None,
        "interval_outcome": None,
    }


async def end_all(journal: Journal, ticket_ids: Collection[UUID], outcome: str, at: datetime) -> None:
    """End the intervals that these tickets are in, in one statement."""
    interval = models.TicketInterval
    await journal.session.execute(
        update(interval)
        .where(interval.mall_id == journal.mall_id, interval.ticket_id.in_(ticket_ids), interval.ended_at.is_(None))
        .values(ended_at=at, outcome=outcome),
        execution_options={"synchronize_session": False},
    )


def waiting(ticket: models.Ticket, since: datetime) -> models.TicketInterval:
    """The ticket waits at its service from then on."""
    return models.TicketInterval(
        mall_id=ticket.mall_id,
        ticket_id=ticket.id,
        kind=IntervalKind.WAITING,
        service_id=ticket.service_id,
        counter_id=None,
        officer_id=None,
        started_at=since,
    )


@cache
def _turn(*, begins: bool) -> Prepared:
    interval = models.TicketInterval
    ended = (
        update(interval)
        .where(
            interval.mall_id == parameter("interval_mall_id", SmallInteger()),
            interval.ticket_id == parameter("of", Uuid()),
            interval.ended_at.is_(None),
        )
        .values(ended_at=parameter("at", DateTime(timezone=True)), outcome=parameter("how", Text()))
    )
    if not begins:
        return Prepared(ended)
    columns = interval.__table__.columns
    before = ended.returning(interval.id).cte("ended")
    # joined with the one that ended, if any did: so it has ended when the next begins, and one is open at a time
    begun = select(*(parameter(f"interval_{each.name}", each.type) for each in columns)).select_from(
        select(literal_column("1")).subquery("always").outerjoin(before, true())
    )
    return Prepared(insert(interval).from_select([each.name for each in columns], begun))
