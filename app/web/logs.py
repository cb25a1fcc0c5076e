"""What the program says of itself while it runs: one line a thing, JSON for machines, plain for people.

No line names a person: no names, addresses, query strings or bodies. The message of an exception may quote what a
visitor wrote, so an exception is its class and where it was raised, nothing else.
"""

import asyncio
import json
import logging
import sys
import time
import traceback
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

from app.domain.callers import Caller

log = logging.getLogger("mpp.request")
_encoded = json.JSONEncoder(ensure_ascii=False, default=str).encode


@dataclass
class _Output:
    """Where the lines of this process go."""

    stream: TextIO | None = None
    as_json: bool = False
    waiting: list[str] = field(default_factory=list)
    """Lines of requests, until the event loop's turn is over."""

    def write(self) -> None:
        """Write what waits, at once: what one turn of the loop answers costs one call of the system."""
        lines, self.waiting = self.waiting, []
        if self.stream:
            self.stream.write("".join(lines))


_output = _Output()


def begin(level: str, *, as_json: bool) -> None:
    """Send every line of the process to its standard error, in one shape."""
    _output.stream, _output.as_json = sys.stderr, as_json
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines() if as_json else PlainLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("mpp").setLevel(level)
    logging.getLogger("uvicorn").setLevel(level if as_json else logging.WARNING)  # a terminal was told already


class PlainLines(logging.Formatter):
    """A line for people; below it where an exception was raised, and before that what it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        line = f"{_time(record.created)} {record.levelname} {record.name} {_message(record)}"
        chain = _chain(record.exc_info[1]) if record.exc_info and record.exc_info[1] else []
        return "\n".join([line, *map(_told, reversed(chain))])


class Lines(logging.Formatter):
    """A line is a JSON object: time, level, logger, message, and what belongs to it."""

    def format(self, record: logging.LogRecord) -> str:
        """One record, one line."""
        line: dict[str, Any] = {
            "time": _time(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = [_where(each) for each in _chain(record.exc_info[1])]
        return _encoded(line)


def request(method: str, route: str, status: int, seconds: float, request_id: str, caller: Caller | None) -> None:
    """Say that a request was answered. `route` is the template: the path itself may hold a claim code.

    The line is written without a log record, whose making costs more than a third of the smallest answer.
    """
    if _output.stream is None or not log.isEnabledFor(logging.INFO):
        return
    at, ms = _time(time.time()), round(seconds * 1000, 1)
    message = f"{method} {route} {status} {ms}ms {request_id}"
    if _output.as_json:
        line = _encoded(
            {
                "time": at,
                "level": "info",
                "logger": log.name,
                "message": message,
                "method": method,
                "route": route,
                "status": status,
                "ms": ms,
                "request_id": request_id,
                "caller_kind": caller.kind if caller else None,
                "caller_id": caller.id if caller else None,
            }
        )
    else:
        line = f"{at} INFO {log.name} {message}"
    if not _output.waiting:
        asyncio.get_running_loop().call_soon(_output.write)
    _output.waiting.append(line + "\n")


def _time(at: float) -> str:
    return f"{_second(int(at))}.{int(at % 1 * 1000):03}+00:00"


@lru_cache(maxsize=1)
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _message(record: logging.LogRecord) -> str:
    """What was said; an exception in it is named only."""
    if isinstance(record.args, tuple) and record.args:
        return str(record.msg) % tuple(_name(each) if isinstance(each, BaseException) else each for each in record.args)
    message = record.getMessage()
    return message.partition("\n")[0] if record.name == "asyncio" else message  # below it the loop quotes exceptions


def _chain(error: BaseException) -> list[BaseException]:
    """An exception, and what it came from."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    return chain


def _class(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _name(error: BaseException) -> str:
    """What an exception is, and what it came from."""
    states = [(_class(each), getattr(each, "sqlstate", None)) for each in _chain(error)]
    return " from ".join(f"{name} {state}" if state else name for name, state in states)


def _told(error: BaseException) -> str:
    """An exception as Python tells it, without its message."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return (
        f"Traceback (most recent call last):\n{frames}{_class(error)} {getattr(error, 'sqlstate', None) or ''}".rstrip()
    )


def _where(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "type": _class(error),
        "sqlstate": getattr(error, "sqlstate", None),
        "at": [f"{each.filename}:{each.lineno} {each.name}" for each in frames],
    }
