"""The only three ways to the database: look (`reading`), change a mall (`write`), and `without_journal`.

`write` takes the mall's journal first and commits last, for all who wait for it together; the only commits of the
program are in this folder.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.database.engines import TIMEOUTS, WAIT_SECONDS, checked_out, create_engine, note_what_is_written
from app.database.failures import (
    Busy,
    ClockSkew,
    OutcomeUnknown,
    is_lost,
    is_too_late,
    translate_database_errors,
    translated,
    translated_at_commit,
)
from app.database.journals import Clock, LockedJournal, locked_journal
from app.database.turns import JournalObserver, Writer, WriterQueue
from app.domain.callers import SYSTEM, Caller
from app.domain.malls import MallRef
from app.journal import SKEW, IdempotencyKey, Journal, Reading, UnitOfWork
from app.models import PLATFORM

__all__ = [
    "PLATFORM_REF",
    "TIMEOUTS",
    "WAIT_SECONDS",
    "Busy",
    "Clock",
    "ClockSkew",
    "Database",
    "JournalObserver",
    "OutcomeUnknown",
]
Result = TypeVar("Result")
Act = Callable[[Journal], Awaitable[Result]]
"""What is done with a mall's journal in hand."""
PLATFORM_REF = MallRef(PLATFORM, "", ZoneInfo("UTC"))
_NOW = text("SELECT clock_timestamp()")


class Database:
    """One program's way to PostgreSQL."""

    def __init__(
        self,
        url: str,
        *,
        before_write: Act[bool],
        clock: Clock | None = None,
        pool_size: int = 8,
        pooler: bool = False,
        observer: JournalObserver | None = None,
    ) -> None:
        """`before_write` does what is due before anybody writes a mall (it ends a day that is over), and says whether.

        `pooler`: a transaction pooler stands between; it keeps no prepared statements and sets timeouts by role.
        """
        self.clock = clock or Clock()
        self._before_write = before_write
        self._observer = observer or _NoObserver()
        self._pool_size = pool_size
        self._writes = create_engine(url, pool_size, pooler=pooler)
        note_what_is_written(self._writes)
        self._journals = self._writes.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = create_engine(url, pool_size, pooler=pooler, read_only=True)
        self._snapshots = self._readers.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._reads = self._readers.execution_options(
            isolation_level="READ COMMITTED" if pooler else "AUTOCOMMIT", postgresql_readonly=True
        )
        self._queues: dict[int, WriterQueue] = {}
        self._told: list[Callable[[int, int], None]] = []
        self._skewed: dict[int, datetime] = {}
        self._clock_read = (datetime.min.replace(tzinfo=UTC), 0.0)

    @property
    def engines(self) -> tuple[AsyncEngine, AsyncEngine]:
        """The writers' engine and the readers', to watch them."""
        return self._writes, self._readers

    def pools(self) -> dict[str, tuple[int, int]]:
        """Of each pool, how many connections are in use, and how many may be."""
        names = zip(("writes", "reads"), self.engines, strict=True)
        return {name: (checked_out(engine), self._pool_size) for name, engine in names}

    async def close(self) -> None:
        """Close every connection, after whoever still writes."""
        for queue in self._queues.values():
            await queue.ended()
        await self._writes.dispose()
        await self._readers.dispose()

    def on_commit(self, tell: Callable[[int, int], None]) -> None:
        """Call this after each commit under a journal, before the answer goes out: the mall's id, its new head."""
        self._told.append(tell)

    def now(self, mall_id: int) -> datetime:
        """About the mall's time: the clock as last read, and what has passed since. Never behind; ahead by a blink."""
        read, at = self._clock_read
        return self.clock.of(mall_id, read + timedelta(seconds=time.monotonic() - at))

    def is_skewed(self, now: datetime) -> bool:
        """Whether writing was refused here because a last entry lay ahead of the clock, and would still be refused."""
        return any(at > self.clock.of(mall_id, now) + SKEW for mall_id, at in self._skewed.items())

    @asynccontextmanager
    async def reading(self, mall: MallRef = PLATFORM_REF, *, snapshot: bool = False) -> AsyncIterator[Reading]:
        """Look at a mall without changing it; as a snapshot, where a picture is made of several reads.

        Other reads are a transaction each: so no exchange goes to begin and end one, and none is held open. A pooler
        may hand each of them another connection, none of which is only for reading: there one transaction holds them.
        """
        with translate_database_errors():
            async with AsyncSession(self._snapshots if snapshot else self._reads, expire_on_commit=False) as session:
                asked = time.monotonic()
                now = (await session.execute(_NOW)).scalar_one()
                self._clock_read = (now, asked)
                yield Reading(session, mall, self.clock.of(mall.id, now))

    @asynccontextmanager
    async def without_journal(self) -> AsyncIterator[UnitOfWork]:
        """Write what belongs to no mall's history, and commit when the block ends without an error."""
        with translate_database_errors():
            async with AsyncSession(self._writes, expire_on_commit=False) as session:
                now = (await session.execute(_NOW)).scalar_one()
                yield UnitOfWork(session, self.clock.of(PLATFORM, now))
                await _commit(session)

    async def write(
        self, mall: MallRef, caller: Caller, act: Act[Result], *, key: IdempotencyKey | None = None
    ) -> Result:
        """Do an act with a mall's journal in hand (or the platform's), commit it, and return its result.

        The act runs in a task that it shares with others, so it goes on when whoever asked for it has gone. What it
        raises undoes it alone. Raises Busy, OutcomeUnknown or ClockSkew.
        """
        if (queue := self._queues.get(mall.id)) is None:
            queue = self._queues[mall.id] = WriterQueue(mall, self._write_group, self._observer)
        return await queue.write(Writer(act, caller, key))

    async def _write_group(self, queue: WriterQueue) -> None:
        """Take the journal for all who wait by then, do their acts one after another, commit once, tell them all.

        At first nothing stands between the acts: most groups have none that fails after it has written. Where one does,
        all is undone, and the others' acts are done again, each of them kept or undone by itself. Where the connection
        is lost before the commit, nothing was done, and all is done again, once.
        """
        group: list[Writer[Any]] = []
        asked = time.perf_counter()
        written = one_by_one = was_lost = False
        try:
            while not written:
                try:
                    async with locked_journal(self._journals, queue.mall, self.clock, queue.known) as journal:
                        group = group or queue.take_group(asked)
                        written = not group or await self._write_together(group, journal, one_by_one=one_by_one)
                    one_by_one = True
                except Exception as error:
                    if was_lost or not is_lost(error):
                        raise
                    was_lost = True
            for writer in group:
                writer.tell()
        except Exception as error:  # noqa: BLE001  # it is told to whoever asked
            if group or not is_too_late(error):  # otherwise each waits on until its own time is over
                for writer in group or queue.take_group(asked):
                    writer.outcome.set_exception(translated(error))
        finally:
            for writer in group:  # all are told by now, unless the loop itself is being ended
                writer.outcome.cancel()

    async def _write_together(self, group: list[Writer[Any]], journal: LockedJournal, *, one_by_one: bool) -> bool:
        """Write a group's acts. False where they are to be done again: something else was due first, or one failed."""
        locked = time.perf_counter()
        try:
            await self._look(group, journal)
            if await journal.perform(self._before_write, SYSTEM):
                await self._commit(journal)
                return False
            if not await _perform_all(group, journal, one_by_one=one_by_one):
                return False
            if not all(each.refused for each in group):
                await self._commit(journal)
            return True
        finally:
            self._observer.held(time.perf_counter() - locked, len(group))

    async def _look(self, group: list[Writer[Any]], journal: LockedJournal) -> None:
        try:
            await journal.look([each.key for each in group if each.key])
        except ClockSkew:
            self._skewed[journal.mall.id] = journal.head.at or datetime.max.replace(tzinfo=UTC)
            raise

    async def _commit(self, journal: LockedJournal) -> None:
        await journal.commit()
        for tell in self._told:
            tell(journal.mall.id, journal.head.sequence)


async def _perform_all(group: list[Writer[Any]], journal: LockedJournal, *, one_by_one: bool) -> bool:
    """Do act after act. Raises what ends the whole transaction.

    False where the transaction is lost to all: one has failed that could not be undone alone, or nobody knows which.
    """
    if one_by_one and len(group) > 1:
        await journal.save_each_act()
    for writer in group:
        writer.refused = None  # what it was refused for may have been undone since
        try:
            writer.result = await journal.perform(writer.act, writer.caller, writer.key)
        except Exception as error:
            if is_lost(error):
                raise
            writer.refused = translated(error)
            if not await journal.undo(error) and len(group) > 1:
                return False
    return one_by_one or len(group) == 1 or await journal.holds()


async def _commit(session: AsyncSession) -> None:
    """Commit, even when the request is cancelled meanwhile: what is begun is known to have happened or not."""
    await session.flush()  # what fails here is not the commit's
    work = asyncio.ensure_future(session.commit())
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.gather(work, return_exceptions=True)  # whatever comes of it, the cancellation is not lost
        raise
    except Exception as error:
        raise translated_at_commit(error) from error


class _NoObserver:
    """Nobody listens."""

    def waits(self, writers: int) -> None:
        pass

    def waited(self, where: str, seconds: float) -> None:
        pass

    def held(self, seconds: float, writers: int) -> None:
        pass
