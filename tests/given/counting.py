"""How many statements an answer takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from sqlalchemy import event

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
