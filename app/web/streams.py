"""Streams of events: each event is encoded once for all who read the same, and no reader keeps another waiting.

A `Channel` is what several readers are sent alike: a board, a ticket. Each `Reader` is pushed an event without being
waited for, and whoever does not take what was pushed before is told to come again: so nothing is kept for anybody.
`Streams` are all that are open in this process: counted, kept alive, and ended with their credentials and the process.
"""

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.auth.authentication import Authentication
from app.domain.callers import Caller
from app.domain.malls import MallRef
from app.domain.names import Language
from app.domain.roles import Permission
from app.domain.streams import EndReason, Stopping, TooManyStreams
from app.errors import Forbidden, MallError, NotFound, Unauthenticated, Unavailable
from app.web.frames import EVENTS, HEADERS, HEARTBEAT, last_frame, retry
from app.web.problems import problem_of
from app.web.proxies import Network, client_of

log = logging.getLogger("mpp.streams")

HEARTBEAT_SECONDS = 15
"""After so long without an event a comment is sent."""
RETRY_SECONDS = 1
"""How soon a reader comes again whose stream ended, at the earliest."""
SLOW_RETRY_SECONDS = 5
FULL_RETRY_SECONDS = 10
AT_ONCE = 100
"""How many readers are pushed an event before others have their turn."""
LAST_SECONDS = 1
"""How long a reader may take to be told the end by a process that stops; otherwise, as long as for any answer."""
LOOK_SECONDS = 1
"""How often it is looked whether a heartbeat is due, or a credential has ended."""


def known_to(request: Request) -> str | None:
    """The id of the last event that somebody has read who comes again."""
    return request.headers.get("last-event-id")


class Reader:
    """One who reads a stream."""

    def __init__(self, request: Request, send: Send) -> None:
        self.request, self._send = request, send
        self.pushed_at = time.monotonic()
        self._time = asyncio.timeout(None)
        self._last: bytes | None = None
        self._stays = self._hurries = False
        self._leaving: asyncio.Timeout | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing is sent any more but the end."""
        return self._last is not None

    def push(self, chunk: bytes) -> None:
        """Send this if it can be sent now; otherwise let the stream end.

        The connection takes it without being waited for, unless so much waits to be read already that its writer would
        have to (`connections.py` bounds it).
        """
        if self._last is not None:
            return
        sending = self._send({"type": "http.response.body", "body": chunk, "more_body": True}).__await__()
        try:
            next(sending)
        except StopIteration:
            self.pushed_at = time.monotonic()
        else:
            sending.close()
            self.end(EndReason.TOO_SLOW, SLOW_RETRY_SECONDS)

    async def send(self, chunk: bytes) -> None:
        """Send this as soon as it can be sent: for what a reader has missed, which is sent to no other."""
        await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    def end(self, reason: EndReason, retry_after_seconds: int | None) -> None:
        """Let the stream end, with this as its last event."""
        if self._last is None:
            self._end(last_frame(reason, retry_after_seconds))

    def refuse(self, error: MallError) -> None:
        """Let the stream end because what it shows is refused by now."""
        if self._last is None:
            self._end(last_frame(EndReason.REFUSED, None, problem_of(self.request, error)))

    def _end(self, last: bytes) -> None:
        self._last = last
        if self._stays:
            self._time.reschedule(asyncio.get_running_loop().time())

    def hurry(self) -> None:
        """Let the end be told soon, or not at all."""
        self._hurries = True
        if self._leaving and not self._leaving.expired():
            self._leaving.reschedule(asyncio.get_running_loop().time() + LAST_SECONDS)

    async def stay(self, beginning: Awaitable[None], receive: Receive) -> None:
        """Begin to read, until the reader leaves or the stream is ended."""
        try:
            async with self._time:
                self._stays = True
                await beginning
                while self._last is None and (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            if not self._time.expired():
                raise
        finally:
            self._stays = False
        if self._last is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_SECONDS if self._hurries else None) as self._leaving:
                    await self._send({"type": "http.response.body", "body": self._last, "more_body": False})


async def push_to(readers: Collection[Reader], chunk: bytes) -> None:
    """Push to all who read now. Whoever else wants something of this process has a turn between some and some."""
    for count, each in enumerate(list(readers), 1):
        each.push(chunk)
        if count % AT_ONCE == 0:
            await asyncio.sleep(0)


class Channel(ABC):
    """What several readers are sent alike."""

    def __init__(self) -> None:
        self.readers: set[Reader] = set()

    @abstractmethod
    async def begin(self, reader: Reader, last_event_id: str | None) -> None:
        """Give a new reader what is there now, or what has come since the last event that it has read.

        It is pushed what comes from then on: nothing is awaited after what was given last.
        """

    @abstractmethod
    def followed(self) -> None:
        """Somebody reads: see to it that they are pushed what comes."""

    @abstractmethod
    def left(self) -> None:
        """Nobody reads any more."""

    async def join(self, reader: Reader, last_event_id: str | None) -> None:
        """Begin to read."""
        await self.begin(reader, last_event_id)
        self.readers.add(reader)
        if len(self.readers) == 1:
            self.followed()

    def leave(self, reader: Reader) -> None:
        """Read no more."""
        self.readers.discard(reader)
        if not self.readers:
            self.left()


@dataclass(frozen=True)
class StreamLimits:
    """How many streams may be open at once."""

    of_address: int
    """For whom nobody knows, from one address."""
    of_caller: int
    of_process: int


@dataclass(frozen=True)
class _Credential:
    """What somebody has shown, and what it opened."""

    authorization: str
    permission: Permission
    mall_id: int
    reach: frozenset[UUID] | None


class Streams:
    """The streams that are open in one process."""

    def __init__(
        self, authentication: Authentication, limits: StreamLimits, trusted_proxies: tuple[Network, ...]
    ) -> None:
        self._authentication, self._limits, self._trusted_proxies = authentication, limits, trusted_proxies
        self._open: dict[Reader, _Credential | None] = {}
        self._counts = Counter[str]()
        self.stopping = False

    def answer(
        self, request: Request, mall: MallRef, channel: Channel, language: Language | None = None
    ) -> "EventStream":
        """What answers a request with a stream; `language` where what it sends differs by that."""
        said = {"Content-Language": language.value, "Vary": "Accept-Language"} if language else {}
        return EventStream(self, request, mall, channel, said)

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Reader]:
        return iter(list(self._open))

    @contextmanager
    def opened(self, reader: Reader, mall: MallRef) -> Iterator[None]:
        """One more, as long as it lasts. Raises Stopping or TooManyStreams."""
        caller: Caller = reader.request.scope["caller"]
        known = caller.id is not None
        who = caller.key if known else client_of(reader.request, self._trusted_proxies)
        self._must_have_room(who, self._limits.of_caller if known else self._limits.of_address)
        self._open[reader] = self._credential(reader.request, caller, mall) if known else None
        self._counts[who] += 1
        try:
            yield
        finally:
            del self._open[reader]
            self._counts[who] -= 1
            if not self._counts[who]:
                del self._counts[who]

    def _must_have_room(self, who: str, most: int) -> None:
        if self.stopping:
            raise Stopping(retry_after_seconds=RETRY_SECONDS)
        for count, limit in ((self._counts[who], most), (len(self._open), self._limits.of_process)):
            if count >= limit:
                raise TooManyStreams(most=limit, retry_after_seconds=FULL_RETRY_SECONDS)

    def _credential(self, request: Request, caller: Caller, mall: MallRef) -> _Credential:
        permission: Permission = request.scope["operation"].markers.permission
        reach = caller.agencies(permission, mall.id)
        return _Credential(request.headers["authorization"], permission, mall.id, reach)

    def end_all(self) -> None:
        """The process is stopping: tell every reader, and take no new one."""
        if self.stopping:
            return
        self.stopping = True
        for each in list(self._open):
            each.end(EndReason.STOPPING, RETRY_SECONDS)
            each.hurry()

    async def run(self) -> None:
        """Keep them alive, and end those whose credentials have ended, until cancelled."""
        await asyncio.gather(self._beat(), self._keep_looking())

    async def _beat(self) -> NoReturn:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            silent_since = time.monotonic() - HEARTBEAT_SECONDS
            await push_to([each for each in self._open if each.pushed_at <= silent_since], HEARTBEAT)

    async def _keep_looking(self) -> NoReturn:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for reader, credential in list(self._open.items()):
                if credential:
                    await self._look(reader, credential)

    async def _look(self, reader: Reader, shown: _Credential) -> None:
        """End a stream whose credential opens it no more, or no longer the same."""
        try:
            caller = await self._authentication.caller(shown.authorization, shown.mall_id)
            reach = caller.agencies(shown.permission, shown.mall_id)
        except (Unauthenticated, Forbidden, NotFound) as refusal:
            reader.refuse(refusal)
        except Unavailable:
            pass  # nobody knows; it is looked at again
        except Exception:
            log.exception("a stream's credential cannot be looked at")
        else:
            if reach != shown.reach:
                reader.end(EndReason.REACH_CHANGED, RETRY_SECONDS)


class EventStream(Response):
    """An answer that goes on until its reader leaves, or until it is ended."""

    media_type = EVENTS

    def __init__(
        self, streams: Streams, request: Request, mall: MallRef, channel: Channel, headers: Mapping[str, str]
    ) -> None:
        self.status_code, self.background = 200, None
        self.init_headers({**HEADERS, **headers})
        self._streams, self._request, self._mall, self._channel = streams, request, mall, channel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. Raises Stopping or TooManyStreams."""
        reader = Reader(self._request, send)
        try:
            with self._streams.opened(reader, self._mall):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                if scope["method"] == "HEAD":
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    return
                reader.push(retry(RETRY_SECONDS))
                beginning = self._channel.join(reader, known_to(self._request))
                await reader.stay(beginning, receive)
        finally:
            self._channel.leave(reader)
