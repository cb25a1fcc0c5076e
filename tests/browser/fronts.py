"""What stands before the program in a mall: a proxy, which says 502 while its server is away, and can be cut off."""

import asyncio
from contextlib import suppress
from typing import Self

BAD_GATEWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 20\r\nConnection: close\r\n\r\n"
    b"<h1>Bad Gateway</h1>"
)


class Front:
    """A proxy on a port of its own. Its server may change, and its cable be pulled."""

    def __init__(self) -> None:
        self.target: int | None = None
        """The server's port; None: it is away."""
        self._cut = False
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Pull the cable: what is open breaks."""
        self._cut = True
        for each in self._open:
            each.transport.abort()

    def mend(self) -> None:
        """Put the cable back."""
        self._cut = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if self._cut:
                return
            try:
                theirs, ours = await asyncio.open_connection("127.0.0.1", self.target or 1)
            except OSError:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(BAD_GATEWAY)
                await writer.drain()
                return
            await asyncio.gather(_pass_on(reader, ours), _pass_on(theirs, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
