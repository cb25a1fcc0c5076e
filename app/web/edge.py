"""The layer inside CORS: request ids, security headers, bounds on bodies, and nothing but problems for errors.

Plain ASGI: a `BaseHTTPMiddleware` would cost a quarter of a millisecond a request.
"""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MallError
from app.web import logs
from app.web.metrics import Metrics
from app.web.problems import (
    InternalError,
    PayloadTooLarge,
    UnsupportedMediaType,
    answer_to,
    is_oauth,
)

log = logging.getLogger("mpp.web")

BODY_LIMIT = 1 << 20
DRAIN_LIMIT = 8 << 20
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
_JSON = re.compile(r"^application/([a-z0-9.+-]+\+)?json\s*(;|$)", re.IGNORECASE)
_FORM = "application/x-www-form-urlencoded"
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",  # other origins ask by CORS, which this does not touch
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
_HTTPS_ONLY = {"strict-transport-security": "max-age=63072000; includeSubDomains"}


class Edge:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, https: bool, stopping: Callable[[], bool]) -> None:
        self.app = app
        self._metrics = metrics
        self._stopping = stopping
        headers = _HEADERS | _HTTPS_ONLY if https else _HEADERS
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.match(given) else uuid4().hex
        scope["request_id"] = request_id
        began = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                there = {name for name, _ in headers}
                headers += [each for each in self._headers if each[0] not in there]
                headers.append((b"x-request-id", request_id.encode()))
                if self._stopping():
                    headers.append((b"connection", b"close"))  # so that nobody's next request meets a closing one
            await send(message)

        try:
            body, refusal = await _body(request, receive)
            if refusal:
                await answer_to(request, refusal)(scope, receive, answer)
            else:
                await self.app(scope, _replay(body, receive), answer)
        except Exception:
            log.exception("defect in request %s", request_id)
            if status == 0:
                await answer_to(request, InternalError())(scope, receive, answer)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            seconds = time.perf_counter() - began
            self._metrics.request(request.method, route, status, seconds)
            logs.request(request.method, route, status, seconds, request_id, scope.get("caller"))


async def _body(request: Request, receive: Receive) -> tuple[bytes, MallError | None]:
    """The whole body; or why it is refused. One that is too large is drained, or clients see a broken pipe."""
    chunks: list[bytes] = []
    size = 0
    too_large = False
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return b"", None
    while size <= DRAIN_LIMIT:
        message = await receive()
        if message["type"] != "http.request":
            break
        chunk = message.get("body", b"")
        size += len(chunk)
        too_large = too_large or size > BODY_LIMIT
        if not too_large:
            chunks.append(chunk)
        if not message.get("more_body"):
            break
    if too_large:
        return b"", PayloadTooLarge(limit_bytes=BODY_LIMIT)
    if size:
        media = request.headers.get("content-type", "")
        form = is_oauth(request)
        if form and not media.lower().startswith(_FORM):
            return b"", UnsupportedMediaType(expected=_FORM)
        if not form and not _JSON.match(media):
            return b"", UnsupportedMediaType(expected="application/json")
    return b"".join(chunks), None


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was already read, then whatever comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
