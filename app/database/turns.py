"""Writers of one mall wait in memory, in order of arrival and without a connection, and go on in groups."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from app.database.engines import WAIT_SECONDS
from app.database.failures import translated
from app.domain.callers import Caller
from app.domain.malls import MallRef
from app.journal import IdempotencyKey, Journal, Known

Result = TypeVar("Result")
MOST_TOGETHER = 32
"""How many writers share a transaction at the most: other processes, and whoever is in the group, wait for all."""


class JournalObserver(Protocol):
    """Whom the database tells how journals are taken."""

    def waits(self, writers: int) -> None:
        """So many more writers (or fewer) wait now."""

    def waited(self, where: str, seconds: float) -> None:
        """A writer has waited: `memory`, for those before it in this process; `database`, for the lock."""

    def held(self, seconds: float, writers: int) -> None:
        """So many writers together have held a journal, from the lock to the commit."""


@dataclass(eq=False)
class Writer(Generic[Result]):
    """One act in line, and whom to tell what came of it."""

    act: Callable[[Journal], Awaitable[Result]]
    caller: Caller
    key: IdempotencyKey | None
    outcome: asyncio.Future[Result] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    arrived: float = field(default_factory=time.perf_counter)
    result: Result = field(init=False)
    refused: Exception | None = None
    """What its act has raised. Told after the commit, too: it may be for what an act before it has done."""

    def tell(self) -> None:
        """Tell it what came of its act."""
        if self.refused:
            self.outcome.set_exception(self.refused)
        else:
            self.outcome.set_result(self.result)


class WriterQueue:
    """The writers of this process that wait for one mall's journal."""

    def __init__(
        self, mall: MallRef, write_group: Callable[["WriterQueue"], Awaitable[None]], observer: JournalObserver
    ) -> None:
        """`write_group` takes a group out of the queue, writes it, and tells each of its writers the outcome."""
        self.mall, self.known = mall, Known()
        self._write_group = write_group
        self._observer = observer
        self._waiting: dict[Writer[Any], asyncio.TimerHandle] = {}
        self._processing: asyncio.Task[None] | None = None

    async def write(self, writer: Writer[Result]) -> Result:
        """Wait until the writer's act is done and committed, and return its result.

        Whoever is cancelled while it waits leaves the line. Later the act is carried through, since others share its
        transaction, and the cancellation is raised after it: when this ends, the act has ended.

        Raises Busy after `WAIT_SECONDS` in line.
        """
        loop = asyncio.get_running_loop()
        self._waiting[writer] = loop.call_later(WAIT_SECONDS, self._give_up, writer)
        self._observer.waits(1)
        if self._processing is None or self._processing.done():
            self._processing = loop.create_task(self._process_queue())
        try:
            return await asyncio.shield(writer.outcome)
        except asyncio.CancelledError:
            if writer in self._waiting:
                self._leave(writer)
            else:
                await asyncio.wait([writer.outcome])
            raise

    def take_group(self, asked: float) -> list[Writer[Any]]:
        """Take the first in line out of it: from here on they are carried through. They asked for the lock `asked`."""
        group = list(islice(self._waiting, MOST_TOGETHER))
        now = time.perf_counter()
        for writer in group:
            self._waiting.pop(writer).cancel()
            began = max(asked, writer.arrived)
            self._observer.waited("memory", began - writer.arrived)
            self._observer.waited("database", now - began)
        self._observer.waits(-len(group))
        return group

    async def ended(self) -> None:
        """Wait until nobody waits any more."""
        if self._processing:
            await asyncio.wait([self._processing])

    async def _process_queue(self) -> None:
        """Write group after group until nobody waits."""
        try:
            while self._waiting:
                await self._write_group(self)
        finally:
            for writer in list(self._waiting):  # nobody, unless the loop itself is being ended
                self._leave(writer)
                writer.outcome.cancel()

    def _give_up(self, writer: Writer[Any]) -> None:
        self._leave(writer)
        writer.outcome.set_exception(translated(TimeoutError(f"no journal within {WAIT_SECONDS} seconds")))

    def _leave(self, writer: Writer[Any]) -> None:
        self._waiting.pop(writer).cancel()
        self._observer.waits(-1)
        self._observer.waited("memory", time.perf_counter() - writer.arrived)
