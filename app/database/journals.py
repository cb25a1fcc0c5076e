"""A mall's journal, locked in one transaction: act after act is done in it, and all is written and committed once."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import chain, zip_longest
from typing import TypeVar

import asyncpg
from sqlalchemy import FromClause
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from app import models
from app.database.failures import ClockSkew, translated_at_commit
from app.domain.callers import Caller
from app.domain.malls import MallRef
from app.errors import MallError
from app.journal import SKEW, Entry, Head, IdempotencyKey, Journal, Known, StoredAnswer
from app.models.prepared import DRIVER, WRITTEN, Written, driver_of

log = logging.getLogger("mpp.database")
Result = TypeVar("Result")
Row = TypeVar("Row")

ANSWER_LIFETIME = timedelta(hours=24)
"""How long an answer is stored for a repeat."""
_TICK = timedelta(microseconds=1)
_LOCK = "BEGIN; SELECT 1 FROM journals WHERE mall_id = {:d} FOR NO KEY UPDATE"
"""It reads nothing: whatever it read beside the lock might date from before the wait."""
_LOOK = """
    SELECT clock_timestamp() AS now, e.sequence, e.hash, e.at, e.service_day, e.type, k.*
    FROM (SELECT 1) AS one
    LEFT JOIN LATERAL (
        SELECT sequence, hash, at, service_day, type FROM entries WHERE mall_id = $1 ORDER BY sequence DESC LIMIT 1
    ) AS e ON true
    LEFT JOIN LATERAL (
        SELECT stored.* FROM unnest($2::text[], $3::text[], $4::text[]) AS asked (caller, route, key)
        CROSS JOIN LATERAL (
            SELECT caller, route, key, fingerprint, answer, expires_at FROM idempotency_keys
            WHERE mall_id = $1 AND caller = asked.caller AND route = asked.route AND key = asked.key LIMIT 1
        ) AS stored
    ) AS k ON true
"""
_SAVE = "SAVEPOINT act"
_LOOK_NOW = "SET CONSTRAINTS ALL IMMEDIATE"
_KEEP = f"{_LOOK_NOW}; SET CONSTRAINTS ALL DEFERRED; RELEASE SAVEPOINT act; {_SAVE}"
"""After an act that is to be undone alone: what it may violate only at the commit would fail the others, so it is
looked at now."""
_UNDO = "ROLLBACK TO SAVEPOINT act"
_SIZES = (32, 16, 8, 4, 2, 1)
"""How many rows one statement writes: few sizes, so that each is prepared once."""


@dataclass
class Clock:
    """How far a mall's time is moved. Only tests move it."""

    offsets: dict[int, timedelta] = field(default_factory=dict)

    def of(self, mall_id: int, now: datetime) -> datetime:
        """The mall's time when the database's clock says `now`."""
        return now + self.offsets.get(mall_id, timedelta())


@asynccontextmanager
async def locked_journal(
    engine: AsyncEngine, mall: MallRef, clock: Clock, known: Known
) -> AsyncIterator["LockedJournal"]:
    """Lock a mall's journal in a transaction. What the block does not commit is undone.

    The engine begins no transactions by itself (AUTOCOMMIT): this one begins with the lock, in one exchange. After what
    neither the program nor the server has refused, nobody knows what the connection will answer next: it is given up.
    """
    async with engine.connect() as connection:
        driver, sound = await driver_of(connection), False
        try:
            await driver.execute(_LOCK.format(mall.id))
            yield LockedJournal(connection, driver, mall, clock, known)
            sound = True
        except (MallError, asyncpg.PostgresError):
            sound = True
            raise
        finally:
            if not (sound and await _rolled_back(driver)):
                driver.terminate()  # at once: the pool would say goodbye, and wait for the answer
                await connection.invalidate()


async def _rolled_back(driver: asyncpg.Connection) -> bool:
    """Whether the connection is outside of any transaction, and can be used again."""
    if driver.is_closed():
        return False
    if driver.is_in_transaction():
        try:
            await driver.execute("ROLLBACK")
        except Exception:
            log.warning("a transaction could not be rolled back; its connection is given up", exc_info=True)
            return False
    return True


class LockedJournal:
    """The right to write one mall, for as long as the transaction lasts."""

    def __init__(
        self, connection: AsyncConnection, driver: asyncpg.Connection, mall: MallRef, clock: Clock, known: Known
    ) -> None:
        self._connection, self._driver, self._known = connection, driver, known
        self.mall, self._clock = mall, clock
        self.head = Head()
        """The last entry, those of the acts done so far included."""
        self._at: datetime
        self._stored: dict[IdempotencyKey, StoredAnswer] = {}
        self._entries: list[Entry] = []
        self._new: dict[IdempotencyKey, StoredAnswer] = {}
        self._saves = False
        self._written = connection.info[WRITTEN] = Written()
        """Whether the act that goes on, or has just failed, has changed anything."""

    async def look(self, keys: Sequence[IdempotencyKey]) -> None:
        """Read the clock, the last entry, and what was answered under these keys. Raises ClockSkew."""
        asked = [[key.caller for key in keys], [key.route for key in keys], [key.key for key in keys]]
        rows = await self._driver.fetch(_LOOK, self.mall.id, *asked)
        row = rows[0]
        if row["sequence"]:
            self.head = Head(row["sequence"], row["hash"], row["at"], row["service_day"], row["type"])
        self._at = self._later_than_last(self._clock.of(self.mall.id, row["now"]))
        for each in rows:
            if each["expires_at"] and each["expires_at"] > self._at:
                key = IdempotencyKey(each["caller"], each["route"], each["key"])
                self._stored[key] = StoredAnswer(each["fingerprint"], each["answer"])

    def _later_than_last(self, now: datetime) -> datetime:
        """The instant of the next act: now, or just after the last entry. Raises ClockSkew."""
        if self.head.at is None:
            return now
        if self.head.at > now + SKEW:
            log.error("clock skew: mall %s has an entry at %s, the database says %s", self.mall.id, self.head.at, now)
            raise ClockSkew
        return max(now, self.head.at + _TICK)

    async def save_each_act(self) -> None:
        """From now on each act that fails is undone alone."""
        await self._driver.execute(_SAVE)
        self._saves = True

    async def perform(
        self, act: Callable[[Journal], Awaitable[Result]], caller: Caller, key: IdempotencyKey | None = None
    ) -> Result:
        """Do one act at an instant of its own. One that raises records nothing, and is to be undone."""
        self._written.anything = False
        info = {DRIVER: self._driver, WRITTEN: self._written}
        session = AsyncSession(self._connection, expire_on_commit=False, info=info)
        stored = self._stored.get(key) if key else None
        journal = Journal(session, self.mall, self._at, self.head, caller, stored, self._known)
        try:
            result = await act(journal)
            if session.new or session.dirty or session.deleted:
                await session.flush()
            if self._saves:
                await self._driver.execute(_KEEP)
        finally:
            if session.in_transaction():
                await session.close()
        self.head, self._at = journal.last, self._at + _TICK
        self._entries += journal.entries
        if key and journal.new_answer:
            self._stored[key] = self._new[key] = journal.new_answer
        return result

    async def undo(self, error: Exception) -> bool:
        """Undo the act that has failed with this. False: it can only be undone with all that was done before."""
        if self._saves:
            await self._driver.execute(_UNDO)
            return True
        return isinstance(error, MallError) and not self._written.anything

    async def holds(self) -> bool:
        """Whether nothing is violated that is only looked at with the commit."""
        try:
            await self._driver.execute(_LOOK_NOW)
        except asyncpg.IntegrityConstraintViolationError:
            return False
        return True

    async def commit(self) -> None:
        """Write the entries and answers of all acts, and commit. Raises OutcomeUnknown where nobody knows whether."""
        expires_at = self._at + ANSWER_LIFETIME
        answers = [(key.caller, key.route, key.key, *new, expires_at) for key, new in self._new.items()]
        for entries, stored in zip_longest(_in_sizes(self._entries), _in_sizes(answers), fillvalue=()):
            values = chain(chain.from_iterable(entries), chain.from_iterable(stored))
            await self._driver.execute(_recording(len(entries), len(stored)), self.mall.id, *values)
        try:
            said = await self._driver.execute("COMMIT")
        except Exception as error:
            raise translated_at_commit(error) from error
        if said != "COMMIT":
            message = f"a transaction of mall {self.mall.id} ended with {said}"
            raise RuntimeError(message)


def _in_sizes(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows in parts of the few sizes, the larger ones first."""
    begun = 0
    for size in _SIZES:
        while len(rows) - begun >= size:
            yield rows[begun : begun + size]
            begun += size


@cache
def _recording(entries: int, answers: int) -> str:
    """The statement that writes so many entries and answers of the mall `$1`."""
    entry, answer = models.JournalEntry.__table__, models.IdempotencyKey.__table__
    write_entries = _insert(entry, entries, after=1)
    write_answers = (
        f"{_insert(answer, answers, after=1 + entries * (len(entry.columns) - 1))}"
        " ON CONFLICT (mall_id, caller, route, key) DO UPDATE SET"
        " fingerprint = EXCLUDED.fingerprint, answer = EXCLUDED.answer, expires_at = EXCLUDED.expires_at"
    )
    if not answers:
        return write_entries
    return f"WITH stored AS ({write_answers}) {write_entries}" if entries else write_answers


def _insert(table: FromClause, rows: int, after: int) -> str:
    """An INSERT of so many rows of the mall `$1`; their other values are the parameters after `after`."""
    mall_id, *others = table.columns.keys()
    numbers = iter(range(after + 1, after + 1 + rows * len(others)))
    values = ", ".join(f"($1, {', '.join(f'${next(numbers)}' for _ in others)})" for _ in range(rows))
    return f"INSERT INTO {table.description} ({mall_id}, {', '.join(others)}) VALUES {values}"  # noqa: S608  # all ours
