"""What the driver's errors mean to who asked: not now, nobody knows, or a defect."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import Unavailable, domain_error

_TOO_LATE = {"55P03", "57014"}
"""SQLSTATEs of the lock and the statement timeout."""
_ENDED = {"25P03", "57P01", "57P02"}
"""SQLSTATEs with which the server ends a connection: idle in a transaction for too long, or shutting down."""
_NOT_NOW = {*_TOO_LATE, *_ENDED, "53300", "57P03", "40001", "40P01", "XX000"}
"""SQLSTATEs that mean 'not now, and nothing was done': also too many connections, a deadlock, and (on a distributed
server) a worker that is lost."""
_CONNECTION_CLASS = "08"
_REFUSED_CLASSES = ("22", "23", "40", "42")
"""Classes of SQLSTATEs by which a COMMIT says for certain that it has not committed."""
_COMPLETION_UNKNOWN = "40003"
_LOST = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError, asyncpg.PostgresConnectionError)
"""`InternalClientError`: the server has said that it ends the connection, and has not closed it yet."""
_OWN_FAULT = ValueError
"""An error of the driver's that is also this is about a value that it was given."""


@domain_error
class Busy(Unavailable):
    """The journal, a connection or the database was not available in time. Nothing was done."""

    retry_after_seconds: int = 1


@domain_error
class OutcomeUnknown(Unavailable):
    """The commit was not answered: it may or may not have been done. The same key tells."""

    retry_after_seconds: int = 1


@domain_error
class ClockSkew(Unavailable):
    """The last entry lies in the future of the database's clock: writing would turn time back."""

    retry_after_seconds: int = 30


@contextmanager
def translate_database_errors() -> Iterator[None]:
    """Raise Busy for what means 'not now'; anything else is raised as it is."""
    try:
        yield
    except Exception as error:
        told = translated(error)
        if told is error:
            raise
        raise told from error


def translated(error: Exception) -> Exception:
    """What to say of an error before the commit: Busy where nothing was done and it may be repeated."""
    state = _sqlstate(error)
    in_vain = is_lost(error) or isinstance(_drivers(error), PoolTimeout | TimeoutError)
    if in_vain or state in _NOT_NOW or state.startswith(_CONNECTION_CLASS):
        return _caused(Busy(), error)
    return error


def translated_at_commit(error: Exception) -> Exception:
    """What to say of an error of the commit: only a definite refusal is one, whatever else happened is unknown."""
    state = _sqlstate(error)
    if state.startswith(_REFUSED_CLASSES) and state != _COMPLETION_UNKNOWN:
        return translated(error)
    return _caused(OutcomeUnknown(), error)


def is_too_late(error: Exception) -> bool:
    """Whether it says that a wait was too long, not that the database is away."""
    return isinstance(error, PoolTimeout) or _sqlstate(error) in _TOO_LATE


def is_lost(error: Exception) -> bool:
    """Whether it says that the connection is gone, or cannot be made: not that nothing was heard of it for long."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    told = _drivers(error)
    said = isinstance(told, _LOST) and not isinstance(told, TimeoutError | _OWN_FAULT)
    return said or _sqlstate(error) in _ENDED


def _sqlstate(error: Exception) -> str:
    return str(getattr(_drivers(error), "sqlstate", None) or "")


def _drivers(error: Exception) -> BaseException | None:
    """The driver's own error, also where the session has wrapped it (twice)."""
    if not isinstance(error, DBAPIError):
        return error
    return getattr(error.orig, "orig", None) or error.orig


def _caused(told: Unavailable, error: Exception) -> Unavailable:
    told.__cause__ = error
    return told
