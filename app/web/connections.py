"""One connection, bounded: so much of a head and no more, and nobody holds it without asking for something."""

import asyncio
from typing import Any, cast
from uuid import uuid4

from fastapi import FastAPI
from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.errors import MallError
from app.web import logs
from app.web.context import AppContext, context_of
from app.web.problems import HeadersTooLarge, RequestUnreadable, problem
from app.web.request_layer import CAREFUL

HEAD_LIMIT = 64 << 10
LINGER_SECONDS = 2
"""How long a refused client may still send: who is cut off at once sees a reset instead of the answer."""
SLOWEST = 1 << 10
"""How many bytes a second whoever gets an answer takes at the least, once the system's own memory for it is full."""
MOST_UNTAKEN = 32 << 10
"""So much of what was sent waits to be taken before more is: behind it, nothing is written, and a stream ends."""
MOST_QUEUED = 100
"""How many requests of one connection wait for the answers to those before them, at the most."""
VERSIONS = ("1.0", "1.1")


class Connection(HttpToolsProtocol):
    """uvicorn's, which bounds only how long it is idle between two requests."""

    _waiting: asyncio.TimerHandle | None = None
    """Ends the connection, unless it asks for something before."""
    _sending: asyncio.TimerHandle | None = None
    """Ends the connection, unless enough of what it was answered has been taken by then."""
    _fault: MallError | None = None
    """What is wrong with the head that is being read, where the parser does not find it itself."""
    _refused = False
    _in_head = False
    _moved = False
    """Whether what has just come began or ended a head, or held some of a body."""
    _size_since = 0
    """How much has come since: of a head, of trailers behind a body, of what a chunk says beside its size."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has come."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=MOST_UNTAKEN)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        self._asked()
        self._taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """They do not take what they asked for as fast as it comes."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """They have taken it."""
        super().resume_writing()
        self._taken()

    def on_response_complete(self) -> None:
        """An answer is complete, though perhaps not taken."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """They ask for nothing more."""
        self._close()

    def data_received(self, data: bytes) -> None:
        """Some of a head, of a body, or of neither. Whatever it is, it does not make the wait longer."""
        if self._refused:
            return
        self._moved = False
        super().data_received(data)
        if self._refused:
            return
        self._size_since = 0 if self._moved else self._size_since + len(data)
        if self._size_since > HEAD_LIMIT:
            self._refuse(HeadersTooLarge(limit_bytes=HEAD_LIMIT))
            return
        if self.cycle is None or self.cycle.response_complete:
            self._wait()

    def on_message_begin(self) -> None:
        """The head of a request begins."""
        super().on_message_begin()
        self._in_head = self._moved = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header. A trailer is none: it comes when the request is on its way, and past whoever stands before."""
        if self._in_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Some of a body."""
        self._moved = True
        super().on_body(body)

    def on_headers_complete(self) -> None:
        """It is whole: a request is asked. What is raised here reaches `send_400_response`."""
        self._in_head, self._moved = False, True
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD_LIMIT:
            self._fault = HeadersTooLarge(limit_bytes=HEAD_LIMIT)
        elif self.parser.get_http_version() not in VERSIONS or len(self.pipeline) >= MOST_QUEUED:
            self._fault = RequestUnreadable()
        if self._fault:
            raise self._fault
        self._asked()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's own words
        """The parser, or one of the methods above, has refused what was sent."""
        self._refuse(self._fault or RequestUnreadable())

    def _refuse(self, error: MallError) -> None:
        """Say what is wrong, listen to no more of it, and close when that was heard."""
        self._refused = True
        self._asked()
        if self.cycle and not self.cycle.response_complete:
            if self.pipeline or self.cycle.response_started or not self.cycle.more_body:
                self._close()  # the answer to an earlier request is on its way
                return
            self.cycle.disconnected = True  # its body is what is wrong
            self.cycle.message_event.set()
        request_id = uuid4().hex
        scope: dict[str, Any] = {"type": "http", "path": "", "query_string": b"", "headers": self.headers or []}
        scope["request_id"] = request_id
        answer = problem(Request(scope), error)
        answer.headers.update(CAREFUL | {"X-Request-Id": request_id, "Connection": "close"})
        head = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
        self.transport.write(STATUS_LINE[answer.status_code] + head + b"\r\n" + bytes(answer.body))
        self._context().metrics.request("-", "-", answer.status_code, 0)
        logs.request("-", "-", answer.status_code, 0, request_id, None)
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._waiting = self.loop.call_later(LINGER_SECONDS, self._close)

    def _context(self) -> AppContext:
        return context_of(cast("FastAPI", self.config.app))

    def _wait(self) -> None:
        if self._waiting is None:
            seconds = self._context().head_seconds
            self._waiting = self.loop.call_later(seconds, self._close)

    def _close(self) -> None:
        """Close, when they have taken what is still to be sent, or do not take it."""
        self.transport.close()
        self._watch()

    def _watch(self) -> None:
        """See to it that what is to be sent is taken."""
        if self._sending is None:
            seconds, left = self._context().send_seconds, self.transport.get_write_buffer_size()
            self._sending = self.loop.call_later(seconds, self._look, left - seconds * SLOWEST)

    def _look(self, most: float) -> None:
        """Let go who has left more than this untaken; look at the others again."""
        self._sending = None
        left = self.transport.get_write_buffer_size()
        if left > max(most, 0):
            self.transport.abort()
        elif left:
            self._watch()

    def _taken(self) -> None:
        if self._sending:
            self._sending.cancel()
            self._sending = None

    def _asked(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
