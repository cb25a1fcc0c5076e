"""What the program says of itself while it runs: one line a thing, JSON for machines, plain for people.

No line names a person: no names, addresses, query strings or bodies. The message of an exception may quote what a
visitor wrote, so in JSON an exception is its class and where it was raised, nothing else.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from app.access import Caller

log = logging.getLogger("mpp.request")
_encoded = json.JSONEncoder(ensure_ascii=False, default=str).encode


def begin(level: str, *, as_json: bool) -> None:
    """Send every line of the process to its standard error, in one shape."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line says which: one process
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines() if as_json else logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("mpp").setLevel(level)
    logging.getLogger("uvicorn").setLevel(level if as_json else logging.WARNING)  # a terminal was told already


class Lines(logging.Formatter):
    """A line is a JSON object: time, level, logger, message, and what belongs to it."""

    def format(self, record: logging.LogRecord) -> str:
        """One record, one line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = [_where(each) for each in _chain(record.exc_info[1])]
        return _encoded(line)


def request(method: str, route: str, status: int, seconds: float, request_id: str, caller: Caller | None) -> None:
    """Say that a request was answered. `route` is the template: the path itself may hold a claim code."""
    if not log.isEnabledFor(logging.INFO):
        return
    kind, id_ = (caller.kind, str(caller.id) if caller.id else None) if caller else (None, None)
    facts = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "request_id": request_id,
        "caller_kind": kind,
        "caller_id": id_,
    }
    log.info("%s %s %s %.1fms %s", method, route, status, seconds * 1000, request_id, extra={"facts": facts})


def _chain(error: BaseException) -> list[BaseException]:
    """An exception, and what it came from."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    return chain


def _where(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "sqlstate": getattr(error, "sqlstate", None),
        "at": [f"{each.filename}:{each.lineno} {each.name}" for each in frames],
    }
