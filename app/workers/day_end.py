"""Ends the days that are over, so that no board shows yesterday until somebody acts."""

import asyncio
import logging

from app.access import SYSTEM
from app.database import Database
from app.domain.malls import MallRef
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
            log.exception("nobody knows which days are over; it is tried again")
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
            await _end(database, mall)


async def _end(database: Database, mall: MallRef) -> None:
    """One mall whose day cannot be ended now keeps no other waiting."""
    try:
        async with database.writing(mall, SYSTEM):
            log.info("ended the day of %s", mall.slug)
    except Busy:
        log.warning("the day of %s is ended when its journal can be had", mall.slug)
    except Exception:
        log.exception("the day of %s could not be ended; it is tried again", mall.slug)
