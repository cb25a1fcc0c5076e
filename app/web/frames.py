"""Events as they are written on a stream (*server-sent events*, HTML 9.2), and its last one."""

import json
from random import Random
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.domain.streams import EndReason

EVENTS = "text/event-stream"
HEARTBEAT = b":\n\n"
"""A comment: whoever stands between sees that the connection lives."""
SPREAD_SECONDS = 2
"""Readers who are told to come again do so within so long, not all at once."""
HEADERS = {"X-Accel-Buffering": "no"}  # nginx hands on what it gets, at once
_spread = Random()  # noqa: S311  # when somebody comes back is no secret


def frame(event: str, data: bytes, id_: str | None = None) -> bytes:
    """An event; `data` is JSON, in one line."""
    named = f"id: {id_}\n".encode() if id_ else b""
    return b"%sevent: %s\ndata: %s\n\n" % (named, event.encode(), data)


def retry(after_seconds: float) -> bytes:
    """After how long a reader whose stream ended comes again, each at another moment."""
    return b"retry: %d\n\n" % (1000 * after_seconds + _spread.uniform(0, 1000 * SPREAD_SECONDS))


def last_frame(reason: EndReason, retry_after_seconds: int | None, problem: dict[str, Any] | None = None) -> bytes:
    """The last event. Whoever is not to come again closes the stream itself: a browser knows no other way."""
    said = {"reason": reason, "retry_after_seconds": retry_after_seconds, "problem": problem}
    again = retry(retry_after_seconds) if retry_after_seconds is not None else b""
    return again + frame("end", json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())


def reads_events(request: Request) -> bool:
    """Whether a stream is what is asked for, as browsers do."""
    return any(EVENTS in each for each in request.headers.getlist("accept"))


def refused(answer: Response, retry_after_seconds: int) -> Response:
    """A refusal that waiting mends, as the only event of a stream.

    A browser's EventSource that is answered by anything but a stream gives up for ever.
    """
    content = last_frame(EndReason.REFUSED, retry_after_seconds, json.loads(bytes(answer.body)))
    headers = {name: answer.headers[name] for name in ("content-language",) if name in answer.headers}
    return Response(content, headers=headers | HEADERS | {"Vary": "Accept, Accept-Language"}, media_type=EVENTS)
