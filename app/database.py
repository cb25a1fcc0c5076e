"""The engine, and the only three ways to it: look (`reading`), change a mall (`writing`), keep books (`bookkeeping`).

`writing` takes the mall's journal first and commits last; the only commits of the program are here.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import AdaptedConnection, event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.access import SYSTEM, Caller
from app.actions import day_end
from app.domain.malls import MallRef
from app.errors import Busy as BusyKind
from app.errors import domain_error
from app.journal import SKEW, Entry, Head, Journal, Kept, Key, Reading
from app.models import PLATFORM
from app.models.prepared import driver

log = logging.getLogger("mpp.database")

WAIT_SECONDS = 5
"""How long a writer waits for a journal, in memory and in the database together."""
TIMEOUTS = {
    "lock_timeout": f"{WAIT_SECONDS * 1000}",
    "statement_timeout": "10000",
    "idle_in_transaction_session_timeout": "2000",
}
PLATFORM_REF = MallRef(PLATFORM, "", ZoneInfo("UTC"))

_TAKE = text("SELECT 1 FROM journals WHERE mall_id = :mall_id FOR NO KEY UPDATE")
_HEAD = """
    SELECT clock_timestamp() AS now, e.sequence, e.hash, e.at, e.service_day, e.type,
        k.fingerprint, k.answer, k.expires_at
    FROM (SELECT 1) AS one
    LEFT JOIN LATERAL (SELECT * FROM entries WHERE mall_id = $1 ORDER BY sequence DESC LIMIT 1) AS e ON true
    LEFT JOIN idempotency_keys AS k
        ON k.mall_id = $1 AND k.caller = $2 AND k.route = $3 AND k.key = $4
"""
_RECORD = """
    WITH kept AS (
        INSERT INTO idempotency_keys (mall_id, caller, route, key, fingerprint, answer, expires_at)
        SELECT $1, $10, $11, $12, $13, $14, $15 WHERE $12::text IS NOT NULL
        ON CONFLICT (mall_id, caller, route, key) DO UPDATE
        SET fingerprint = EXCLUDED.fingerprint, answer = EXCLUDED.answer, expires_at = EXCLUDED.expires_at
    )
    INSERT INTO entries (mall_id, sequence, at, service_day, type, subject_id, agency_id, content, hash)
    SELECT $1, * FROM unnest(
        $2::bigint[], $3::timestamptz[], $4::date[], $5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::bytea[]
    )
"""
_NOW = text("SELECT clock_timestamp()")
KEPT = timedelta(hours=24)
"""How long an answer is kept for a repeat."""

# SQLSTATEs that mean 'not now, and nothing was done': lock, statement and idle timeouts, too many connections,
# shutting down, and the class of lost connections.
_NOT_NOW = {"55P03", "57014", "25P03", "53300", "57P01", "57P02", "57P03"}
_CONNECTION_CLASS = "08"
_LOST = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)


@domain_error
class Busy(BusyKind):
    """The journal, a connection or the database could not be had in time. Nothing was done."""

    retry_after_seconds: int = 1


@domain_error
class OutcomeUnknown(BusyKind):
    """The connection was lost during the commit: it may or may not have been done. The same key tells."""

    retry_after_seconds: int = 1


@domain_error
class ClockSkew(BusyKind):
    """The last entry lies in the future of the database's clock: writing would turn time back."""

    retry_after_seconds: int = 30


@dataclass
class Clock:
    """How far a mall's time is moved. Only tests move it."""

    offsets: dict[int, timedelta] = field(default_factory=dict)

    def of(self, mall_id: int, now: datetime) -> datetime:
        """The mall's time when the database's clock says `now`."""
        return now + self.offsets.get(mall_id, timedelta())


class Watch:
    """Whom the database tells how journals are had. This one does not listen."""

    def waits(self, writers: int) -> None:
        """So many more writers (or fewer) wait in memory now."""

    def waited(self, where: str, seconds: float) -> None:
        """A writer has waited: `memory`, until its turn in this process; `database`, until it had the lock."""

    def held(self, seconds: float) -> None:
        """A writer has held a journal, from the lock to the commit."""


class Database:
    """One program's way to PostgreSQL."""

    def __init__(
        self,
        url: str,
        *,
        clock: Clock | None = None,
        pool_size: int = 8,
        pooler: bool = False,
        watch: Watch | None = None,
    ) -> None:
        """`pooler`: a transaction pooler stands between; it keeps no prepared statements and sets timeouts by role."""
        self.clock = clock or Clock()
        self._watch = watch or Watch()
        self._pool_size = pool_size
        self._writes = _engine(url, pool_size, pooler=pooler)
        self._reads = _engine(url, pool_size, pooler=pooler).execution_options(postgresql_readonly=True)
        self._snapshots = self._reads.execution_options(isolation_level="REPEATABLE READ")
        self._turns: dict[int, asyncio.Lock] = {}
        self._told: list[Callable[[int, int], None]] = []
        self._skewed: dict[int, datetime] = {}
        self._clock_read = (datetime.min.replace(tzinfo=UTC), 0.0)

    @property
    def engines(self) -> tuple[AsyncEngine, AsyncEngine]:
        """The writers' engine and the readers', to watch them."""
        return self._writes, self._reads

    def pools(self) -> dict[str, tuple[int, int]]:
        """Of each pool, how many connections are in use, and how many may be."""
        names = zip(("writes", "reads"), self.engines, strict=True)
        return {name: (checked_out(engine), self._pool_size) for name, engine in names}

    async def close(self) -> None:
        """Close every connection."""
        await self._writes.dispose()
        await self._reads.dispose()

    def on_commit(self, tell: Callable[[int, int], None]) -> None:
        """Call this after each commit under a journal, before the answer goes out: the mall's id, its new head."""
        self._told.append(tell)

    def now(self, mall_id: int) -> datetime:
        """About the mall's time: the clock as last read, and what has passed since. Never behind; ahead by a blink."""
        read, at = self._clock_read
        return self.clock.of(mall_id, read + timedelta(seconds=time.monotonic() - at))

    @asynccontextmanager
    async def reading(self, mall: MallRef = PLATFORM_REF, *, snapshot: bool = False) -> AsyncIterator[Reading]:
        """Look at a mall in a read-only transaction; as a snapshot, where a picture is made of several reads."""
        with _not_now():
            async with AsyncSession(self._snapshots if snapshot else self._reads, expire_on_commit=False) as session:
                asked = time.monotonic()
                now = (await session.execute(_NOW)).scalar_one()
                self._clock_read = (now, asked)
                yield Reading(session, mall, self.clock.of(mall.id, now))

    @asynccontextmanager
    async def bookkeeping(self) -> AsyncIterator[Reading]:
        """Write what belongs to no mall's history: tokens, limits, last use. The list is in `tests/rules/`."""
        with _not_now():
            async with AsyncSession(self._writes, expire_on_commit=False) as session:
                now = (await session.execute(_NOW)).scalar_one()
                yield Reading(session, PLATFORM_REF, self.clock.of(PLATFORM, now))
                await _commit(session)

    @asynccontextmanager
    async def writing(self, mall: MallRef, by: Caller, key: Key | None = None) -> AsyncIterator[Journal]:
        """Hold a mall's journal (or the platform's), and commit when the block ends without an error.

        A day that is over and was not ended is ended first, in a transaction of its own.
        """
        with _not_now():
            until = _deadline()
            async with self._turn(mall.id, until):
                while True:
                    async with self._taken(mall, by, key, until) as journal:
                        day = journal.head.leaves_open(journal.today)
                        if day is None or mall.id == PLATFORM:
                            yield journal
                            return
                        journal.by = SYSTEM.actor
                        await day_end.end(journal, SYSTEM, day)
                    until = _deadline()

    def is_skewed(self, now: datetime) -> bool:
        """Whether writing was refused here because a last entry lay ahead of the clock, and would still be refused."""
        return any(at > self.clock.of(mall_id, now) + SKEW for mall_id, at in self._skewed.items())

    @asynccontextmanager
    async def _turn(self, mall_id: int, until: float) -> AsyncIterator[None]:
        """Wait in memory, in order of arrival and without a connection, for the writers of this process before us."""
        turn = self._turns.setdefault(mall_id, asyncio.Lock())
        began = time.perf_counter()
        self._watch.waits(1)
        try:
            async with asyncio.timeout_at(until):
                await turn.acquire()
        except TimeoutError:
            raise Busy from None
        finally:
            self._watch.waits(-1)
            self._watch.waited("memory", time.perf_counter() - began)
        try:
            yield
        finally:
            turn.release()

    @asynccontextmanager
    async def _taken(self, mall: MallRef, by: Caller, key: Key | None, until: float) -> AsyncIterator[Journal]:
        async with AsyncSession(self._writes, expire_on_commit=False) as session:
            began = time.perf_counter()
            # a statement of its own: whatever it read beside the lock might date from before the wait
            # (and a deadline of ours: behind another waiter it waits for two locks, each with its own `lock_timeout`)
            async with asyncio.timeout_at(until):
                await session.execute(_TAKE, {"mall_id": mall.id})
            locked = time.perf_counter()
            self._watch.waited("database", locked - began)
            names = (key.caller, key.route, key.key) if key else (None, None, None)
            [row] = await (await driver(session)).fetch(_HEAD, mall.id, *names)
            head = Head(row["sequence"], row["hash"], row["at"], row["service_day"], row["type"])
            head = head if head.sequence else Head()
            at = self.clock.of(mall.id, row["now"])
            if head.at:
                if head.at > at + SKEW:
                    log.error("clock skew: mall %s has an entry at %s, the database says %s", mall.id, head.at, at)
                    self._skewed[mall.id] = head.at
                    raise ClockSkew
                at = max(at, head.at + timedelta(microseconds=1))
            kept = Kept(row["fingerprint"], row["answer"]) if row["expires_at"] and row["expires_at"] > at else None
            journal = Journal(session, mall, at, head, by.actor, kept)
            try:
                yield journal
                await _record(journal, names)
                await _commit(session)
                for tell in self._told:
                    tell(mall.id, journal.sequence)
            finally:
                self._watch.held(time.perf_counter() - locked)


def _deadline() -> float:
    return asyncio.get_running_loop().time() + WAIT_SECONDS


async def _record(journal: Journal, names: tuple[str | None, ...]) -> None:
    """Write the act's entries, and the answer to keep, in one statement."""
    await journal.session.flush()
    keeping = journal.keeping
    if not journal.entries and not keeping:
        return
    columns = list(zip(*journal.entries, strict=True)) or [()] * len(Entry._fields)
    kept = (*names, *keeping, journal.at + KEPT) if keeping else (None,) * 6
    await (await driver(journal.session)).execute(_RECORD, journal.mall_id, *columns, *kept)


async def _commit(session: AsyncSession) -> None:
    """Commit, even when the request is cancelled meanwhile: what is begun is known to have happened or not.

    Raises OutcomeUnknown where the connection is lost before the database has said which.
    """
    work = asyncio.ensure_future(session.commit())
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        await work
        raise
    except Exception as error:
        if _is_lost(error):
            raise OutcomeUnknown from error
        raise


def checked_out(engine: AsyncEngine) -> int:
    """How many connections of the engine's pool are in use."""
    used: int = engine.pool.checkedout()  # type: ignore[attr-defined]  # our engines have a queue of them
    return used


def _engine(url: str, pool_size: int, *, pooler: bool) -> AsyncEngine:
    arguments: dict[str, Any] = {"timeout": 3, "command_timeout": 15}
    if pooler:
        arguments |= {"statement_cache_size": 0, "prepared_statement_name_func": lambda: ""}
    else:
        arguments["server_settings"] = {"application_name": "mpp", **TIMEOUTS}
    engine = create_async_engine(
        "postgresql+asyncpg://" + url.split("://", 1)[1],
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args=arguments,
        hide_parameters=True,  # an error in the log names no visitor
    )
    event.listen(engine.sync_engine, "checkout", _leave_the_lost)
    return engine


def _leave_the_lost(connection: AdaptedConnection, *_: object) -> None:
    """Let nobody have a connection that the server has closed meanwhile: it and all before it are made anew.

    The driver knows without asking the server; a ping would cost each transaction a round trip.
    """
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


class _not_now:  # noqa: N801  # reads like the context manager it is
    """Turn what the database says when it cannot, into `Busy`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PoolTimeout) or _is_lost(error):
            raise Busy from error
        if isinstance(error, DBAPIError) and _is_not_now(error.orig):
            raise Busy from error
        if isinstance(error, asyncpg.PostgresError) and _is_not_now(error):
            raise Busy from error


def _is_lost(error: BaseException | None) -> bool:
    """Whether it says that the connection is gone, or cannot be had."""
    return isinstance(error, _LOST) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def _is_not_now(error: BaseException | None) -> bool:
    state = str(getattr(error, "sqlstate", None) or "")
    return state in _NOT_NOW or state.startswith(_CONNECTION_CLASS)
