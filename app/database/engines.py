"""The pools of connections, and what holds for every connection."""

from typing import Any

from sqlalchemy import AdaptedConnection, Connection, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.models.prepared import WRITTEN

WAIT_SECONDS = 5
"""How long a writer waits for a journal, in memory and in the database together; or anybody for a connection."""
TIMEOUTS = {
    "lock_timeout": f"{WAIT_SECONDS * 1000}",
    "statement_timeout": "10000",
    "idle_in_transaction_session_timeout": "2000",
}
NAME = "mpp"
"""How the server knows the program's connections; the settings of a distributed one name it."""
_NEW = "new"
"""Under which name a connection that nobody has had yet says so."""


def create_engine(url: str, pool_size: int, *, pooler: bool, read_only: bool = False) -> AsyncEngine:
    """A pool of so many connections, which may be there to read only.

    Behind a transaction pooler no statement is prepared by name, and the timeouts are those of the role.
    """
    told = {"application_name": NAME}
    if not pooler:
        told |= {**TIMEOUTS, "default_transaction_read_only": "on" if read_only else "off"}
    arguments: dict[str, Any] = {"timeout": 3, "command_timeout": 15, "server_settings": told}
    if pooler:
        arguments |= {"statement_cache_size": 0, "prepared_statement_name_func": lambda: ""}
    engine = create_async_engine(
        "postgresql+asyncpg://" + url.split("://", 1)[1],
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args=arguments,
        hide_parameters=True,  # an error in the log names no visitor
    )
    event.listen(engine.sync_engine, "connect", _mark_as_new)
    event.listen(engine.sync_engine, "checkout", _discard_closed_connections)
    return engine


def note_what_is_written(engine: AsyncEngine) -> None:
    """Let connections that hold a `Written` tell it of each statement that a session sends."""
    event.listen(engine.sync_engine, "before_cursor_execute", _note_what_is_written)


def checked_out(engine: AsyncEngine) -> int:
    """How many connections of the engine's pool are in use."""
    used: int = engine.pool.checkedout()  # type: ignore[attr-defined]  # our engines have a queue of them
    return used


def _mark_as_new(_: object, entry: ConnectionPoolEntry) -> None:
    entry.info[_NEW] = True


def _note_what_is_written(connection: Connection, _: object, statement: str, *__: object) -> None:
    """Tell whoever wants to know what is sent on this connection by the session."""
    if written := connection.info.get(WRITTEN):
        written.note(statement)


def _discard_closed_connections(connection: AdaptedConnection, entry: ConnectionPoolEntry, _: object) -> None:
    """Let nobody have a connection that the server has closed meanwhile: it and all before it are made anew.

    The driver knows without asking the server; a ping would cost each transaction a round trip. One that is closed as
    soon as it was made is told as such: the pool would end its tries with an error that looks like a defect.
    """
    is_new = entry.info.pop(_NEW, False)
    if connection.driver_connection.is_closed():
        raise ConnectionResetError if is_new else InvalidatePoolError
