"""Ends the days that are over, so that no board shows yesterday until somebody acts."""

import logging

from app.across_malls import across_malls
from app.database import Database
from app.domain.calendar import service_day
from app.domain.callers import SYSTEM
from app.domain.malls import MallRef
from app.errors import Unavailable
from app.journal import Journal
from app.queries import journals, malls

log = logging.getLogger("mpp.days")
EVERY_SECONDS = 20


async def end_overdue(database: Database) -> None:
    """End the day of every mall whose last entry is of a day that is over."""
    async with database.reading() as reading:
        refs = {each.id: each for each in await malls.refs(reading.session)}
    heads, failures = await across_malls(database, list(refs), journals.heads)
    for mall_id, error in failures.items():
        log.warning("the day of %s is ended when it answers: %s", refs[mall_id].slug, error)
    for mall_id, head in heads.items():
        mall = refs[mall_id]
        if head.leaves_open(service_day(database.clock.of(mall_id, reading.at), mall.zone)):
            await _end(database, mall)


async def _end(database: Database, mall: MallRef) -> None:
    """Take the mall's journal, which ends the day. A mall where that fails keeps no other waiting."""
    try:
        await database.write(mall, SYSTEM, _nothing)
        log.info("ended the day of %s", mall.slug)
    except Unavailable:
        log.warning("the day of %s is ended when its journal is available", mall.slug)
    except Exception:
        log.exception("the day of %s could not be ended; it is tried again", mall.slug)


async def _nothing(_: Journal) -> None:
    """The day that is over is ended before any act."""
