"""A request whose answer was lost is sent again, with the same key, so that it is done once."""

import asyncio
import random
import time
from uuid import uuid4

import httpx

LATER = (429, 502, 503, 504)
LONGEST = 30
KEY = "Idempotency-Key"


class Retrying(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Gives each POST a key where it has none, and repeats what may be repeated: reads, and what has a key.

    An edit (PATCH, PUT, DELETE) is repeated only where it certainly was not done.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport | None = None,
        inner_async: httpx.AsyncBaseTransport | None = None,
        attempts: int = 5,
    ) -> None:
        self._inner = inner or httpx.HTTPTransport()
        self._inner_async = inner_async or httpx.AsyncHTTPTransport()
        self._attempts = attempts

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, again where that is right."""
        repeatable = _keyed(request)
        for attempt in range(1, self._attempts + 1):
            answer = None
            try:
                answer = self._inner.handle_request(request)
            except httpx.TransportError:
                if not repeatable or attempt == self._attempts:
                    raise
            if answer and (attempt == self._attempts or not _later(answer, repeatable)):
                return answer
            if answer:
                answer.close()
            time.sleep(_pause(attempt, answer))
        raise AssertionError

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, again where that is right."""
        repeatable = _keyed(request)
        for attempt in range(1, self._attempts + 1):
            answer = None
            try:
                answer = await self._inner_async.handle_async_request(request)
            except httpx.TransportError:
                if not repeatable or attempt == self._attempts:
                    raise
            if answer and (attempt == self._attempts or not _later(answer, repeatable)):
                return answer
            if answer:
                await answer.aclose()
            await asyncio.sleep(_pause(attempt, answer))
        raise AssertionError

    def close(self) -> None:
        """Let go of the connections."""
        self._inner.close()

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._inner_async.aclose()


def _keyed(request: httpx.Request) -> bool:
    """Whether it may be repeated; a POST gets its key here."""
    if request.method == "POST" and not request.url.path.startswith("/v1/oauth/"):
        request.headers.setdefault(KEY, str(uuid4()))
    return request.method == "GET" or KEY in request.headers


def _later(answer: httpx.Response, repeatable: bool) -> bool:
    return answer.status_code == httpx.codes.TOO_MANY_REQUESTS or (repeatable and answer.status_code in LATER)


def _pause(attempt: int, answer: httpx.Response | None) -> float:
    """Seconds until the next attempt: what the answer says, or twice as long each time, and never all at once."""
    said = answer.headers.get("Retry-After", "") if answer else ""
    spread = 0.5 + random.random()  # noqa: S311  # when somebody comes again is no secret
    return float(said) if said.isdigit() else min(LONGEST, 2**attempt / 4) * spread
