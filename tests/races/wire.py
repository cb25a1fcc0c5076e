"""A wire between a program and the database, which is cut where a test says."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum, auto
from urllib.parse import parse_qs, urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _message(kind: bytes, content: bytes) -> bytes:
    return kind + (len(content) + 4).to_bytes(4, "big") + content


_GOODBYE = _message(b"E", b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0")


class Cut(Enum):
    """How a connection is lost at an exchange: what the program sends before it waits, and the answer."""

    BEFORE = auto()
    """What is sent does not arrive."""
    AMID = auto()
    """It arrives, and its answer does not."""
    AFTER = auto()
    """The connection is closed together with the answer."""
    GOODBYE = auto()
    """After the answer the server says that it ends the connection, and has not closed it when it is used again."""
    SILENCE = auto()
    """What is sent does not arrive, and nobody says so."""


class Wire:
    """Carries bytes between the program and the database, until a connection is to be lost."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self.loses_the_next_commit_of: int | None = None
        """A mall's id."""
        self._cut: Cut | None = None
        self._exchanges_left = 0

    def cut(self, how: Cut, exchange: int) -> None:
        """Lose the connection that makes the n-th exchange from now on, counted over all connections."""
        self._cut, self._exchanges_left = how, exchange

    @property
    def is_cut(self) -> bool:
        """Whether the exchange has come at which a connection was to be lost."""
        return self._exchanges_left <= 0

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[str]:
        """The address at which the database is reached over this wire."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        who = f"{self._url.username or ''}:{self._url.password or ''}"
        try:
            yield f"postgresql://{who}@127.0.0.1:{port}{self._url.path}"
        finally:
            server.close()

    async def _database(self) -> Streams:
        host = parse_qs(self._url.query).get("host", [self._url.hostname or ""])[0]
        port = self._url.port or 5432
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, asks = await self._database()
        connection = _Connection(self)
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(connection.out(reader, asks, writer), connection.back(answers, writer))
        for each in (asks, writer):
            each.close()

    def is_lost(self, data: bytes, mall_id: int | None) -> Cut | None:
        """How a connection is lost that sends this, having locked a mall's journal, if it is."""
        if b"COMMIT" in data and mall_id is not None and mall_id == self.loses_the_next_commit_of:
            self.loses_the_next_commit_of = None
            return Cut.AMID
        self._exchanges_left -= 1
        if self._cut is None or not self.is_cut:
            return None
        how, self._cut = self._cut, None
        return how


class _Connection:
    """One connection over a wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._mall_id: int | None = None
        self._lost: Cut | None = None

    async def out(self, reader: asyncio.StreamReader, asks: asyncio.StreamWriter, writer: asyncio.StreamWriter) -> None:
        """Carry what the program sends."""
        while (data := await reader.read(65536)) and self._lost is not Cut.GOODBYE:
            if locked := re.search(rb"journals WHERE mall_id = (\d+) FOR", data):
                self._mall_id = int(locked[1])
            self._lost = self._lost or self._wire.is_lost(data, self._mall_id)
            if self._lost is Cut.BEFORE:
                break
            if self._lost is not Cut.SILENCE:
                asks.write(data)
        for each in (asks, writer):
            each.close()

    async def back(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what the database answers."""
        while (data := await answers.read(65536)) and self._lost not in (Cut.BEFORE, Cut.AMID):
            writer.write(data + _GOODBYE if self._lost is Cut.GOODBYE else data)
            if self._lost is Cut.AFTER:
                break
        writer.close()
