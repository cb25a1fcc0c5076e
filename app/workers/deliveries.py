"""Sends what happens in malls to their webhooks, each from its own place on, in order, until it is taken.

One process has a mall's webhooks at a time, by a lease: it follows the mall's journal once for each of them, and writes
what became of all of them together, many times a second. A process that is killed loses what it had not written: that
is sent again, with the ids that it had. Nobody waits for another's receiver.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from app.across_malls import across_malls
from app.database import Database
from app.domain.malls import MallRef
from app.errors import Unavailable
from app.feed import Feed
from app.queries import followers, malls
from app.queries import webhooks as queries
from app.workers.leases import LeaseLost, do_alone
from app.workers.mall_deliveries import MallDeliveries
from app.workers.receivers import Receivers

log = logging.getLogger("mpp.deliveries")
NAME = "webhooks"
EVERY_SECONDS = 1
"""How often it is looked for malls whose webhooks nobody has."""
TAKEN_AT_ONCE = 16
"""So many malls are taken at each look: processes that begin together have their share."""


class Deliveries:
    """The malls whose webhooks this process has."""

    def __init__(
        self,
        database: Database,
        feed: Feed,
        receivers: Receivers,
        server_key: bytes,
        tell: Callable[[str, int], None],
    ) -> None:
        """`tell` is told how many entries the webhooks that are sent to from here are behind."""
        self._database, self._feed, self._receivers = database, feed, receivers
        self._server_key, self._tell = server_key, tell
        self._here: dict[int, MallDeliveries] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> NoReturn:
        """Take what nobody has, and send, until cancelled."""
        try:
            while True:
                try:
                    await self._take()
                except Unavailable:
                    log.warning("the database is away; webhooks are sent to when it is back")
                except Exception:
                    log.exception("webhooks could not be looked for; it is tried again")
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            for each in self._tasks:
                each.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self) -> None:
        async with self._database.reading() as reading:
            refs = {each.id: each for each in await malls.refs(reading.session)}
        active, failures = await across_malls(self._database, list(refs), queries.active_malls)
        for mall_id, error in failures.items():
            log.warning("the webhooks of mall %s are sent to when it answers: %s", mall_id, error)
        self._tell(NAME, sum(each.behind for each in self._here.values()))
        free = [mall_id for mall_id in active if mall_id not in self._here]
        if free:
            async with self._database.reading() as reading:
                names = {_lease(mall_id): mall_id for mall_id in free}
                held = await followers.leased(reading.session, list(names), reading.at)
            free = [mall_id for name, mall_id in names.items() if name not in held]
        for mall_id in random.sample(free, min(len(free), TAKEN_AT_ONCE)):
            deliveries = MallDeliveries(self._database, self._feed, self._receivers, self._server_key, refs[mall_id])
            self._here[mall_id] = deliveries
            task = asyncio.create_task(self._have(refs[mall_id], deliveries))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _have(self, mall: MallRef, deliveries: MallDeliveries) -> None:
        """Send for a mall for as long as it has webhooks, unless another process does."""
        try:
            await do_alone(self._database, _lease(mall.id), partial(deliveries.run))
        except LeaseLost:
            log.warning("another process sends to the webhooks of %s", mall.slug)
        except Unavailable:
            log.warning("the webhooks of %s are sent to when the database is back", mall.slug)
        except Exception:
            log.exception("the webhooks of %s could not be sent to; it is tried again", mall.slug)
        finally:
            del self._here[mall.id]


def _lease(mall_id: int) -> str:
    return f"{NAME}_{mall_id}"
