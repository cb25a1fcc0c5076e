"""The end of a service day: whoever still waits or is served is settled, and yesterday never blocks today."""

from datetime import date

from sqlalchemy import delete, or_, update

from app import models
from app.actions import absences, number_blocks, stops
from app.domain.callers import CallerKind
from app.domain.errors import Forbidden
from app.domain.events import Event
from app.domain.stops import Cause, Stop, WholeDay
from app.journal import Journal
from app.models import PLATFORM


async def end_overdue(journal: Journal) -> bool:
    """End the mall's day that is over and was not ended; whether there was one. The platform has no days."""
    day = journal.head.leaves_open(journal.today)
    if day is None or journal.mall_id == PLATFORM:
        return False
    await end(journal, day)
    return True


async def end(journal: Journal, day: date) -> int:
    """End a day's queue, and return how many tickets it found open. Today's may be ended by hand: it is no closure."""
    if journal.caller.kind is not CallerKind.SYSTEM:
        raise Forbidden(required=())
    await number_blocks.expire(journal, day)
    aftermath = await stops.stop(journal, Stop(WholeDay(day), Cause.DAY_END))
    await _forget_marks(journal, day)
    await absences.forget_old(journal)
    if day < journal.today:
        await _erase_messages(journal)
        await stops.renew_closures(journal)  # other counters may be there today
    journal.record(Event.DAY_ENDED, tickets=aftermath.ended, day=day)
    return aftermath.ended


async def _forget_marks(journal: Journal, day: date) -> None:
    """Which tickets came from one address, or are of one phone, counts on their day and no longer."""
    ticket = models.Ticket
    await journal.session.execute(
        update(ticket)
        .where(
            ticket.mall_id == journal.mall_id,
            ticket.service_day == day,
            or_(ticket.address_mark.is_not(None), ticket.phone_mark.is_not(None)),
        )
        .values(address_mark=None, phone_mark=None)
        .execution_options(synchronize_session=False)
    )


async def _erase_messages(journal: Journal) -> None:
    """Whatever a gateway has not fetched by then, and the codes in it."""
    for table in (models.Message, models.PhoneConfirmation):
        over = delete(table).where(table.mall_id == journal.mall_id)
        await journal.session.execute(over, execution_options={"synchronize_session": False})
