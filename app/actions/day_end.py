"""The end of a service day: whoever still waits or is served is settled, and yesterday never blocks today."""

from datetime import date

from app.access import Caller
from app.actions import stops
from app.domain.errors import Forbidden
from app.domain.events import Event
from app.domain.stops import Cause, Stop, WholeDay
from app.journal import Journal


async def end(journal: Journal, by: Caller, day: date) -> int:
    """End a day's queue, and return how many tickets it found open. Today's may be ended by hand: it is no closure."""
    if by.kind != "system":
        raise Forbidden
    aftermath = await stops.stop(journal, Stop(WholeDay(day), Cause.DAY_END))
    journal.record(Event.DAY_ENDED, tickets=aftermath.ended, day=day)
    return aftermath.ended
