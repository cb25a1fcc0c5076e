"""How many statements an answer takes."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection, event

from app.database import Database

_counting: ContextVar[list[str] | None] = ContextVar("counting", default=None)


@asynccontextmanager
async def counted(database: Database) -> AsyncIterator[list[str]]:
    """The statements that the program runs for the block's own requests (its workers run beside them)."""
    seen: list[str] = []
    ours = _counting.set(seen)  # what the requests begin in tasks of their own has it, too

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        if _counting.get() is seen:
            seen.append(statement)

    engines = [engine.sync_engine for engine in database.engines]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        _counting.reset(ours)
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@contextmanager
def readings(database: Database, is_one: Callable[[Connection, str], bool]) -> Iterator[list[str]]:
    """Each time that something is read from the database, in whichever task: the statements that are such a reading."""
    seen: list[str] = []

    def note(connection: Connection, _: object, statement: str, *__: object) -> None:
        if is_one(connection, statement):
            seen.append(statement)

    _, reads = database.engines
    event.listen(reads.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(reads.sync_engine, "before_cursor_execute", note)
