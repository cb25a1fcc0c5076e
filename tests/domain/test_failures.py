"""What the driver's errors mean: not now, nobody knows, or a defect."""

import asyncpg
import pytest
from asyncpg.exceptions import _base
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database import Busy, OutcomeUnknown
from app.database.failures import translate_database_errors, translated, translated_at_commit

NOT_NOW = [
    asyncpg.LockNotAvailableError("lock timeout"),
    asyncpg.QueryCanceledError("statement timeout"),
    asyncpg.IdleInTransactionSessionTimeoutError("idle"),
    asyncpg.TooManyConnectionsError("too many"),
    asyncpg.AdminShutdownError("shutting down"),
    asyncpg.CannotConnectNowError("starting up"),
    asyncpg.DeadlockDetectedError("deadlock"),
    asyncpg.SerializationError("could not serialize"),
    asyncpg.InternalServerError("a worker is lost"),
    asyncpg.ConnectionDoesNotExistError("closed in the middle"),
    asyncpg.InterfaceError("closed"),
    asyncpg.InternalClientError("the server has said goodbye"),
    ConnectionRefusedError(),
    TimeoutError("the driver's"),
    PoolTimeout("the pool's"),
]
DEFECTS = [
    asyncpg.UniqueViolationError("twice"),
    asyncpg.UndefinedColumnError("no such column"),
    asyncpg.DataError("no such value"),
    _base.DataError("a value that is not even sent"),
    ZeroDivisionError(),
]
DRIVERS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def wrapped(error: Exception) -> DBAPIError:
    """As the session raises it."""
    return DBAPIError("SELECT 1", None, error)


def states(errors: list[Exception]) -> list[Exception]:
    """As they come, and those of the driver as the session raises them too."""
    return [*errors, *(wrapped(each) for each in errors if isinstance(each, DRIVERS))]


@pytest.mark.parametrize("error", states(NOT_NOW), ids=repr)
def test_before_the_commit_it_is_busy_and_nothing_was_done(error: Exception) -> None:
    told = translated(error)
    assert type(told) is Busy
    assert told.__cause__ is error
    with pytest.raises(Busy), translate_database_errors():
        raise error


@pytest.mark.parametrize("error", states(DEFECTS), ids=repr)
def test_a_defect_stays_a_defect(error: Exception) -> None:
    assert translated(error) is error
    with pytest.raises(type(error)) as raised, translate_database_errors():
        raise error
    assert raised.value is error


UNKNOWN = [each for each in NOT_NOW if getattr(each, "sqlstate", None) not in ("40P01", "40001")]


@pytest.mark.parametrize("error", states([*UNKNOWN, asyncpg.StatementCompletionUnknownError("?"), OSError()]), ids=repr)
def test_a_commit_that_is_not_refused_for_certain_is_unknown(error: Exception) -> None:
    assert type(translated_at_commit(error)) is OutcomeUnknown


@pytest.mark.parametrize("error", states([asyncpg.UniqueViolationError("twice"), asyncpg.DataError("value")]), ids=repr)
def test_a_commit_that_is_refused_is_a_defect(error: Exception) -> None:
    assert translated_at_commit(error) is error


@pytest.mark.parametrize("error", states([asyncpg.DeadlockDetectedError("deadlock")]), ids=repr)
def test_a_deadlock_in_the_commit_is_busy(error: Exception) -> None:
    assert type(translated_at_commit(error)) is Busy
