"""The layer inside CORS: request ids, security headers, paces, bounds on bodies, and nothing but problems for errors.

Plain ASGI: a `BaseHTTPMiddleware` would cost a quarter of a millisecond a request.
"""

import asyncio
import logging
import re
import time
from random import Random

from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.errors import RateLimited
from app.errors import MallError
from app.web import logs
from app.web.bodies import NOTHING, RequestTooSlow
from app.web.context import AppContext, context_of
from app.web.cross_origin import differs_by_origin
from app.web.dependencies import caller_of
from app.web.problems import IS_STREAM, AuthorizationRepeated, InternalError, answer_to, misshapen
from app.web.proxies import client_of
from app.web.routing import Found, RouteIndex

log = logging.getLogger("mpp.web")

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}\Z")
CAREFUL = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",  # other origins ask by CORS, which this does not touch
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
"""What every answer carries."""
_HTTPS_ONLY = {"strict-transport-security": "max-age=63072000; includeSubDomains"}


_OWN_TROUBLE = 500
"""From this status on it is not the client's fault."""


def _shows_credentials(scope: Scope) -> bool:
    """Of whatever sort they are."""
    return any(name == b"authorization" and value.strip() for name, value in scope["headers"])


def _must_show_once(scope: Scope) -> None:
    """Raise AuthorizationRepeated."""
    if sum(name == b"authorization" for name, _ in scope["headers"]) > 1:
        raise AuthorizationRepeated


class RequestLayer:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, *, index: RouteIndex, https: bool) -> None:
        self.app = app
        self._index = index
        headers = CAREFUL | _HTTPS_ONLY if https else CAREFUL
        self._headers = {name.encode(): (name.encode(), value.encode()) for name, value in headers.items()}
        self._all = list(self._headers.values())
        self._ids = Random()  # noqa: S311  # an id is no secret, and the system's randomness costs a call of it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        context = context_of(scope["app"])
        method = scope["method"]
        scope["request_id"] = request_id = self._request_id(scope)
        there = self._index.look_up(scope)
        scope[IS_STREAM] = is_stream = there.is_stream
        status = 0
        answered = 0.0
        too_often = False

        async def answer(message: Message) -> None:
            nonlocal status, answered, too_often
            if too_often:
                return
            if message["type"] == "http.response.start":
                if refusal := self._counted_late(context, scope, message["status"]):
                    await answer_to(Request(scope), refusal)(scope, receive, answer)
                    too_often = True
                    return
                status, answered = message["status"], time.perf_counter()
                self._complete(message["headers"], context, scope)
            elif method == "HEAD":
                message["body"] = b""
            await send(message)

        try:
            await self._serve(context, scope, there, receive, answer)
        except MallError as refusal:
            await answer_to(Request(scope), refusal)(scope, receive, answer)
        except Exception:
            log.exception("defect in request %s", request_id)
            if status == 0:
                await answer_to(Request(scope), InternalError())(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - began
            took = answered - began if is_stream and answered else seconds
            context.metrics.request(method, there.path, status, took)
            logs.request(method, there.path, status, seconds, request_id, scope.get("caller"))

    def _complete(self, headers: list[tuple[bytes, bytes]], context: AppContext, scope: Scope) -> None:
        """Add what every answer carries, and the answer itself does not say otherwise."""
        own = self._headers.keys() & {name for name, _ in headers}
        headers += [each for name, each in self._headers.items() if name not in own] if own else self._all
        headers.append((b"x-request-id", scope["request_id"].encode()))
        if differs_by_origin(scope):
            headers.append((b"vary", b"Origin"))
        if context.stopping:
            headers.append((b"connection", b"close"))  # so that nobody's next request meets a closing one

    def _count(self, context: AppContext, scope: Scope) -> None:
        """Count a request for its address. Raises RateLimited."""
        scope["counted"] = True
        context.limits.pace_address(client_of(Request(scope), context.trusted_proxies))

    def _counted_late(self, context: AppContext, scope: Scope, status: int) -> RateLimited | None:
        """Count what is refused without a look at its credentials, or because they are nobody's, for its address.

        What to answer instead, where that is too often.
        """
        if scope.get("counted") or status >= _OWN_TROUBLE:
            return None
        try:
            self._count(context, scope)
        except RateLimited as refusal:
            return refusal
        return None

    def _request_id(self, scope: Scope) -> str:
        """The id that the request brings, or a new one."""
        for name, value in scope["headers"]:
            if name == b"x-request-id" and _REQUEST_ID.match(value):
                return str(value, "ascii")
        return f"{self._ids.getrandbits(128):032x}"

    async def _serve(self, context: AppContext, scope: Scope, there: Found, receive: Receive, answer: Send) -> None:
        """Count it, read the body, then let the application answer, or the memory.

        Raises RateLimited, what the credentials are refused with, or what the head or the body breaks.
        """
        if not (there.authenticates and _shows_credentials(scope)):
            self._count(context, scope)
        _must_show_once(scope)
        policy = there.body(scope["method"])
        if policy is not NOTHING:
            try:
                async with asyncio.timeout(context.body_seconds):
                    receive = await policy.admit(scope, receive)
            except TimeoutError:
                raise RequestTooSlow from None
            except RequestValidationError as refusal:
                await misshapen(Request(scope), refusal)(scope, receive, answer)
                return
        if mall := context.kept_pages.mall_of(scope, there):
            await caller_of(Request(scope), mall.id)
            await context.kept_pages.answer(self.app, mall, scope, receive, answer)
        else:
            await self.app(scope, receive, answer)
