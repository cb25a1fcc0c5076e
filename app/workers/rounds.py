"""What runs beside the requests, again and again, whatever happens to one round."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.database import Database
from app.errors import Unavailable

log = logging.getLogger("mpp.rounds")


async def go_round(database: Database, work: Callable[[Database], Awaitable[None]], seconds: float) -> None:
    """Do the work, rest, and do it again until cancelled."""
    while True:
        try:
            await work(database)
        except Unavailable:
            log.warning("%s: the database is away; it is done when it is back", work.__name__)
        except Exception:
            log.exception("%s failed; it is tried again", work.__name__)
        await asyncio.sleep(seconds)
