"""Ends the days that are over, so that no board shows yesterday until somebody acts."""

import asyncio
import logging

from app.access import SYSTEM
from app.database import Database
from app.errors import Busy
from app.journal import Head, Reading
from app.queries import malls, system

log = logging.getLogger("mpp.days")
EVERY_SECONDS = 20


async def end_days(database: Database) -> None:
    """Look at every mall again and again. Taking a journal ends the day that is over; there is nothing else to do."""
    while True:
        try:
            await end_overdue(database)
        except Busy:
            log.warning("the database is away; days are ended when it is back")
        except Exception:
            log.exception("a day could not be ended; it is tried again")
        await asyncio.sleep(EVERY_SECONDS)


async def end_overdue(database: Database) -> None:
    """End the day of every mall whose last entry is of a day that is over."""
    async with database.reading() as reading:
        refs = await malls.refs(reading.session)
        heads = await system.heads(reading.session)
    for mall in refs:
        at = database.clock.of(mall.id, reading.at)
        head: Head = heads.get(mall.id, Head())
        if head.leaves_open(Reading(reading.session, mall, at).today):
            async with database.writing(mall, SYSTEM):
                log.info("ended the day of %s", mall.slug)
