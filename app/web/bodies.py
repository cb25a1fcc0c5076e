"""What an operation reads of a request's body, and how much: JSON, a form, a stream, or nothing.

Whole bodies are read before the application: one place for 413 and 415, a drained connection instead of a broken pipe,
and a fingerprint for idempotency without reading twice. A stream is read by the handler itself, chunk by chunk.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from app.errors import MallError, TooLarge, WrongMedia, domain_error

WHOLE_LIMIT = 1 << 20
DRAIN_LIMIT = 8 << 20
"""How much of a refused body is still read: a client that is cut off sees a broken pipe instead of the answer."""


@domain_error
class PayloadTooLarge(TooLarge):
    """The body is larger than the limit."""

    limit_bytes: int
    """The most bytes that are read."""


@domain_error
class UnsupportedMediaType(WrongMedia):
    """The body is of a type that this operation does not read."""

    expected: str
    """The media type that is read."""


class BodyPolicy(ABC):
    """What an operation reads."""

    refuses: ClassVar[tuple[type[MallError], ...]] = (PayloadTooLarge, UnsupportedMediaType)

    @abstractmethod
    async def admit(self, scope: Scope, receive: Receive) -> Receive:
        """What the application reads the body from. Raises PayloadTooLarge or UnsupportedMediaType."""


class NoBody(BodyPolicy):
    """Nothing is read; what is sent is ignored."""

    refuses = ()

    async def admit(self, scope: Scope, receive: Receive) -> Receive:  # noqa: ARG002  # whatever the request
        """The connection itself."""
        return receive


@dataclass(frozen=True)
class WholeBody(BodyPolicy):
    """A body of one media type, read at once. An operation that needs none ignores it."""

    media: str
    written: re.Pattern[str]
    """How the media type may stand in Content-Type."""

    async def admit(self, scope: Scope, receive: Receive) -> Receive:
        """The body that was read, then whatever comes after it."""
        chunks: list[bytes] = []
        size = 0
        async for chunk in _chunks(receive):
            size += len(chunk)
            if size <= WHOLE_LIMIT:
                chunks.append(chunk)
            elif size > DRAIN_LIMIT:
                break
        if size > WHOLE_LIMIT:
            raise PayloadTooLarge(limit_bytes=WHOLE_LIMIT)
        if size and not self.written.match(Headers(scope=scope).get("content-type", "")):
            raise UnsupportedMediaType(expected=self.media)
        return _replay(b"".join(chunks), receive)


@dataclass(frozen=True)
class StreamedBody(BodyPolicy):
    """A body that the handler reads chunk by chunk, of one of these media types."""

    media: tuple[str, ...]
    limit: int

    async def admit(self, scope: Scope, receive: Receive) -> Receive:
        """The connection, counted: whoever reads beyond the limit meets PayloadTooLarge."""
        headers = Headers(scope=scope)
        sent = headers.get("content-type", "").partition(";")[0].strip().lower()
        if sent not in self.media:
            await _drain(receive)
            raise UnsupportedMediaType(expected=", ".join(self.media))
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.limit:
            await _drain(receive)
            raise PayloadTooLarge(limit_bytes=self.limit)
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.limit:
                if message["more_body"]:
                    await _drain(receive)
                raise PayloadTooLarge(limit_bytes=self.limit)
            return message

        return counted


NOTHING = NoBody()
JSON = WholeBody("application/json", re.compile(r"application/([a-z0-9.+-]+\+)?json\s*(;|$)", re.IGNORECASE))
FORM = WholeBody("application/x-www-form-urlencoded", re.compile(r"application/x-www-form-urlencoded", re.IGNORECASE))


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes, until it ends or the client leaves."""
    more = True
    while more:
        message = await receive()
        more = message["type"] == "http.request" and message.get("more_body", False)
        yield message.get("body", b"")


async def _drain(receive: Receive) -> None:
    """Read on for a while and forget it."""
    size = 0
    async for chunk in _chunks(receive):
        size += len(chunk)
        if size > DRAIN_LIMIT:
            break


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
