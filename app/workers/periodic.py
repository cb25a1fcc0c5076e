"""What runs beside the requests, again and again, whatever happens to one round."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import NoReturn

from app.database import Database
from app.errors import Unavailable
from app.workers.leases import LeaseLost, do_alone

log = logging.getLogger("mpp.periodic")


async def run_periodically(name: str, work: Callable[[], Awaitable[object]], seconds: float) -> NoReturn:
    """Do the work, rest, and do it again until cancelled."""
    while True:
        try:
            await work()
        except Unavailable:
            log.warning("%s: the database is away; it is done when it is back", name)
        except LeaseLost:
            log.warning("%s: another process goes on with it", name)
        except Exception:
            log.exception("%s failed; it is tried again", name)
        await asyncio.sleep(seconds)


async def run_in_one_process(
    database: Database, name: str, work: Callable[[Database], Awaitable[None]], seconds: float
) -> NoReturn:
    """Do the work so often in all, whichever of the processes it is that does it."""
    await run_periodically(
        name, partial(do_alone, database, name, partial(work, database), rest_seconds=seconds), seconds
    )


async def end_all(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel them until they have ended: one cancellation can be lost where a library makes another error of it.

    One that fails keeps none of the others, and is told.
    """
    running = set(tasks)
    while running:
        for each in running:
            each.cancel()
        ended, running = await asyncio.wait(running, timeout=1)
        for each in ended:
            if not each.cancelled() and (error := each.exception()):
                log.error("what ran beside the requests has failed", exc_info=error)
