"""What acts at counters ask of a desk that several share."""

from app import models
from app.domain.desks import DeskTaken, not_today, overlap
from app.journal import Journal
from app.queries import counters as queries
from app.queries import stops as stop_queries


async def must_not_overlap(
    journal: Journal, desk: str | None, weekdays: list[int] | None, counter: models.Counter | None = None
) -> None:
    """Raise DeskTaken where another living counter has the desk on one of these weekdays."""
    for other in await queries.at_desk(journal, desk) if desk else ():
        if (counter is None or other.id != counter.id) and overlap(weekdays, other.weekdays):
            raise DeskTaken(member="weekdays", counter_id=other.id)


async def must_be_free(journal: Journal, counter: models.Counter) -> None:
    """The desk is the counter's today, and no other one is open at it. Raises CounterNotToday or DeskTaken.

    It also opens on another day for visitors who wait for it and for none other: its days were changed meanwhile.
    """
    if refused := not_today(counter.weekdays, journal.today):
        served = (await queries.services_of(journal, [counter.id])).get(counter.id, {})
        if not await stop_queries.needs_its_counter(journal, counter.id, served):
            raise refused
    others = [each.id for each in await queries.at_desk(journal, counter.desk)] if counter.desk else []
    for session in await queries.sessions_of(journal, others) if others else ():
        if session.counter_id != counter.id:
            raise DeskTaken(member=None, counter_id=session.counter_id)
