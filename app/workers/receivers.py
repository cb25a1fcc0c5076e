"""The receivers of webhooks: a name asked for its numbers, the numbers judged, one of them connected to and asked.

What is judged is what is connected to: the number, not the name, and once more the socket's own peer. A receiver gets
one request at a time on a connection that is kept for a while. However it answers, little of it is read, and only so
long. (The parser is the server's own. An HTTP client resolves the name by itself, where nobody judges the number.)
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Thread
from typing import Any

import httptools

from app.domain.deliveries import AttemptFault
from app.domain.webhooks import LOOPBACK_NAMES, Address, WebhookAddressNotAllowed, must_be_public

ATTEMPT_SECONDS = 15
"""How long an attempt may take, from the name to the end of the answer."""
CONNECT_SECONDS = 5
"""How long one number may take to let itself be connected to."""
CONNECTION_SECONDS = 60
"""So old, a connection is made anew: the name may lead elsewhere by then."""
MOST_NUMBERS = 3
"""So many of a name's numbers are tried."""
MOST_NAMES = 64
"""So many names are asked for at once; who hangs there keeps nobody else waiting."""
HEAD_BYTES = 32_768
ANSWER_BYTES = 65_536
"""So much of an answer is read; then its connection is closed."""
SHOWN_BYTES = 300
"""So much of its body is kept."""
_FIRST_FINAL = 200
"""Statuses below it only say that the answer is still to come."""


class NotSent(Exception):
    """No answer came."""

    def __init__(self, fault: AttemptFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass
class Answer:
    """What a receiver has answered."""

    code: int
    retry_after: str | None
    body: bytes


@dataclass
class Names:
    """What numbers a name leads to. Threads ask the system, since it may take its time; nobody waits for them."""

    told: dict[str, list[str]] = field(default_factory=dict)
    """What some names lead to. Only tests tell it."""
    _asked: "dict[str, asyncio.Future[list[str]]]" = field(default_factory=dict)

    async def numbers(self, host: str) -> list[str]:
        """All numbers of a name. Raises NotSent."""
        found = self.told.get(host)
        if found is None and (host in self._asked or len(self._asked) < MOST_NAMES):
            asked = self._asked.get(host) or self._ask(host)
            found = await asyncio.shield(asked)
        if not found:
            raise NotSent(AttemptFault.NAME_UNKNOWN)
        return found

    def _ask(self, host: str) -> "asyncio.Future[list[str]]":
        loop = asyncio.get_running_loop()
        answer = self._asked[host] = loop.create_future()

        def settle(found: list[str]) -> None:
            self._asked.pop(host, None)
            if not answer.done():
                answer.set_result(found)

        def look() -> None:
            found: list[str] = []
            with contextlib.suppress(OSError, UnicodeError):
                found = [str(each[4][0]) for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
            with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
                loop.call_soon_threadsafe(settle, list(dict.fromkeys(found)))

        Thread(target=look, name=f"name {host}", daemon=True).start()
        return answer


class Connection(asyncio.Protocol):
    """One connection to a receiver."""

    def __init__(self) -> None:
        self.made_at = asyncio.get_running_loop().time()
        self._transport: asyncio.Transport | None = None
        self._parser: Any = None
        self._asked: asyncio.Future[Answer] | None = None
        self._answer = Answer(0, None, b"")
        self._read = 0
        self._head_read = False
        self.is_open = False

    @property
    def has_begun_to_answer(self) -> bool:
        """Whether anything has come since it was last asked."""
        return self._read > 0

    async def ask(self, request: bytes) -> Answer:
        """Send a request, and wait for its answer. Raises NotSent."""
        if self._transport is None or not self.is_open:
            raise NotSent(AttemptFault.NOT_CONNECTED)
        self._parser = httptools.HttpResponseParser(self)
        self._answer, self._read, self._head_read = Answer(0, None, b""), 0, False
        self._asked = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._asked

    def close(self) -> None:
        """Let it go."""
        self.is_open = False
        if self._transport:
            self._transport.abort()

    def what_came(self) -> Answer | None:
        """The answer of which only the head has come."""
        return self._answer if self._head_read else None

    # what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        self._transport, self.is_open = transport, True  # type: ignore[assignment]  # a stream's is one

    def data_received(self, data: bytes) -> None:
        """Something came."""
        if self._asked is None or self._asked.done():  # nobody has asked for it
            self.close()
            return
        self._read += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(AttemptFault.UNREADABLE)
            return
        if not self._head_read and self._read > HEAD_BYTES:
            self._fail(AttemptFault.UNREADABLE)
        elif self._read > ANSWER_BYTES:
            self._finish(keep=False)

    def connection_lost(self, _: Exception | None) -> None:
        """It is gone; an answer without a length ends with it."""
        self.is_open = False
        if self._head_read:
            self._finish(keep=False)
        else:
            self._fail(AttemptFault.UNREADABLE if self._read else AttemptFault.NOT_CONNECTED)

    # what the parser calls

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the answer."""
        if name.lower() == b"retry-after":
            self._answer.retry_after = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """The head of the answer has come."""
        self._answer.code = self._parser.get_status_code()
        self._head_read = self._answer.code >= _FIRST_FINAL

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        if len(self._answer.body) < SHOWN_BYTES:
            self._answer.body = (self._answer.body + body)[:SHOWN_BYTES]

    def on_message_complete(self) -> None:
        """All of it has come."""
        if self._head_read:
            self._finish(keep=self._parser.should_keep_alive())

    def _finish(self, *, keep: bool) -> None:
        if self._asked and not self._asked.done():
            self._asked.set_result(self._answer)
            if not keep:
                self.close()

    def _fail(self, fault: AttemptFault) -> None:
        if self._asked and not self._asked.done():
            self._asked.set_exception(NotSent(fault))
        self.close()


class Receivers:
    """The way from this program to the receivers of webhooks."""

    def __init__(self, names: Names, *, loopback: bool) -> None:
        """`loopback`: one on this machine may be reached by the names that say so."""
        self._names, self._loopback = names, loopback

    def open(self, address: Address) -> "Receiver":
        """A receiver; nothing is connected yet."""
        return Receiver(self, address)

    async def connect(self, address: Address) -> Connection:
        """Connect to one of its numbers, each of which must be public now. Raises NotSent."""
        here = self._loopback and address.host in LOOPBACK_NAMES
        numbers = await self._names.numbers(address.host)
        try:
            must_be_public(numbers, loopback=here)
            connection, peer = await self._connected(address, numbers[:MOST_NUMBERS])
            with contextlib.ExitStack() as unless_judged:
                unless_judged.callback(connection.close)
                must_be_public([peer], loopback=here)
                unless_judged.pop_all()
        except (WebhookAddressNotAllowed, ValueError):
            raise NotSent(AttemptFault.ADDRESS_NOT_ALLOWED) from None
        return connection

    async def _connected(self, address: Address, numbers: list[str]) -> tuple[Connection, str]:
        """The first that lets itself be connected to, and whom the socket itself names."""
        loop, fault = asyncio.get_running_loop(), AttemptFault.NOT_CONNECTED
        trust, name = (self._trust, address.host) if address.secure else (None, None)
        for number in numbers:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    made = loop.create_connection(Connection, number, address.port, ssl=trust, server_hostname=name)
                    transport, connection = await made
                return connection, str(transport.get_extra_info("peername")[0])
            except ssl.SSLError:
                fault = AttemptFault.NOT_TRUSTED
            except TimeoutError:
                fault = AttemptFault.TOO_SLOW
            except OSError:
                fault = AttemptFault.NOT_CONNECTED
        raise NotSent(fault)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Whose certificates count: those that an issuer elsewhere is checked with."""
        import httpx  # noqa: PLC0415  # it loads a command line of its own, and few programs have such receivers

        return httpx.create_ssl_context()


class Receiver:
    """One receiver, and the connection to it, while it is good."""

    def __init__(self, receivers: Receivers, address: Address) -> None:
        self._receivers, self.address = receivers, address
        self._connection: Connection | None = None

    async def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a body. Raises NotSent."""
        lines = [
            f"POST {self.address.target} HTTP/1.1",
            f"Host: {self.address.authority}",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        request = "\r\n".join([*lines, "", ""]).encode("ascii") + body
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await self._asked(request)
        except TimeoutError:
            came = self._connection.what_came() if self._connection else None
            self.close()
            if came:
                return came
            raise NotSent(AttemptFault.TOO_SLOW) from None
        except BaseException:
            self.close()
            raise

    async def _asked(self, request: bytes) -> Answer:
        if kept := self._kept():
            try:
                return await kept.ask(request)
            except NotSent:
                if kept.has_begun_to_answer:
                    raise
        # none is kept, or it was closed by the other end while it was idle
        self._connection = await self._receivers.connect(self.address)
        return await self._connection.ask(request)

    def _kept(self) -> Connection | None:
        kept, now = self._connection, asyncio.get_running_loop().time()
        if kept and kept.is_open and now - kept.made_at < CONNECTION_SECONDS:
            return kept
        self.close()
        return None

    def close(self) -> None:
        """Let its connection go."""
        if self._connection:
            self._connection.close()
            self._connection = None
