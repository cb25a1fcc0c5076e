"""What an operation reads of a request's body, and how much: JSON, a form, a stream, or nothing.

Whole bodies are read before the application: one place for 413 and 415, a drained connection instead of a broken pipe,
and a fingerprint for idempotency without reading twice. A stream is read by the handler itself, chunk by chunk.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from app.errors import MallError, TooLarge, TooSlow, WrongMedia, domain_error
from app.web.parameters import must_say_once
from app.web.reading_json import must_be_plain

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


@domain_error
class UnsupportedEncoding(WrongMedia):
    """The body is compressed, or otherwise encoded (Content-Encoding); bodies are read as they are."""


@domain_error
class RequestTooSlow(TooSlow):
    """The body did not come within its time; nothing was done."""


class BodyPolicy(ABC):
    """What an operation reads."""

    refuses: ClassVar[tuple[type[MallError], ...]] = (
        PayloadTooLarge,
        UnsupportedMediaType,
        UnsupportedEncoding,
        RequestTooSlow,
    )

    @abstractmethod
    async def admit(self, scope: Scope, receive: Receive) -> Receive:
        """What the application reads the body from.

        Raises PayloadTooLarge, UnsupportedMediaType, UnsupportedEncoding, or RequestValidationError for a body that
        can be taken in more than one way.
        """


class NoBody(BodyPolicy):
    """Nothing is read; what is sent is ignored."""

    refuses = ()

    async def admit(self, scope: Scope, receive: Receive) -> Receive:  # noqa: ARG002  # whatever the request
        """The connection itself."""
        return receive


@dataclass(frozen=True)
class WholeBody(BodyPolicy):
    """A body of one media type, read at once. An operation that needs none ignores what it says."""

    media: str
    written: re.Pattern[str]
    """How the media type may stand in Content-Type."""
    must_be_right: Callable[[bytes], None]
    """Raises RequestValidationError for a body that is none of this type, or one that can be taken in two ways."""

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
        body = b"".join(chunks)
        if body:
            headers = Headers(scope=scope)
            if not self.written.match(headers.get("content-type", "")):
                raise UnsupportedMediaType(expected=self.media)
            _must_be_as_it_is(headers)
            self.must_be_right(body)
        return _replay(body, receive)


@dataclass(frozen=True)
class ForgottenBody(BodyPolicy):
    """A body of any type that leads nowhere: read, so that its sender hears so, and forgotten."""

    async def admit(self, scope: Scope, receive: Receive) -> Receive:  # noqa: ARG002  # whatever the request
        """Nothing any more."""
        if await _drain(receive) > WHOLE_LIMIT:
            raise PayloadTooLarge(limit_bytes=WHOLE_LIMIT)
        return _replay(b"", receive)


@dataclass(frozen=True)
class StreamedBody(BodyPolicy):
    """A body that the handler reads chunk by chunk, of one of these media types."""

    media: tuple[str, ...]
    limit: int

    async def admit(self, scope: Scope, receive: Receive) -> Receive:
        """The connection, counted: whoever reads beyond the limit meets PayloadTooLarge."""
        try:
            self._must_be_read(Headers(scope=scope))
        except MallError:
            await _drain(receive)
            raise
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

    def _must_be_read(self, headers: Headers) -> None:
        if headers.get("content-type", "").partition(";")[0].strip().lower() not in self.media:
            raise UnsupportedMediaType(expected=", ".join(self.media))
        _must_be_as_it_is(headers)
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self.limit:
            raise PayloadTooLarge(limit_bytes=self.limit)


NOTHING = NoBody()
FORGOTTEN = ForgottenBody()
JSON = WholeBody(
    "application/json", re.compile(r"application/([a-z0-9.+-]+\+)?json\s*(;|$)", re.IGNORECASE), must_be_plain
)


def form_of(members: Collection[str]) -> WholeBody:
    """A form of which these members are read."""
    return WholeBody(
        "application/x-www-form-urlencoded",
        re.compile(r"application/x-www-form-urlencoded\s*(;|$)", re.IGNORECASE),
        partial(must_say_once, read=members),
    )


def _must_be_as_it_is(headers: Headers) -> None:
    """Raise UnsupportedEncoding."""
    if ",".join(headers.getlist("content-encoding")).strip().lower() not in ("", "identity"):
        raise UnsupportedEncoding


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes, until it ends. Raises RequestTooSlow where the client leaves before: nobody hears it."""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise RequestTooSlow
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _drain(receive: Receive) -> int:
    """Read on for a while and forget it. Returns how much it was."""
    size = 0
    async for chunk in _chunks(receive):
        size += len(chunk)
        if size > DRAIN_LIMIT:
            break
    return size


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
