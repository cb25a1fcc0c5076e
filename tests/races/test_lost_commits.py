"""A connection that is lost while the database commits: the program says that it does not know, and the key tells."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from tests.contract import Contract
from tests.given import Given, must_refuse
from tests.races.books import tickets
from tests.servers import SERVER_KEY

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """Carries bytes between the program and the database, until a commit is to be lost."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self.loses_the_next_commit = False

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
        lost = asyncio.Event()

        async def out() -> None:
            while data := await reader.read(65536):
                if self.loses_the_next_commit and b"COMMIT" in data:
                    self.loses_the_next_commit = False
                    lost.set()
                asks.write(data)
            asks.close()

        async def back() -> None:
            while data := await answers.read(65536):
                if lost.is_set():  # it has been committed, and nobody hears of it
                    break
                writer.write(data)
            writer.close()

        await asyncio.gather(out(), back())


async def test_a_commit_whose_answer_is_lost_is_told_as_unknown_and_its_key_tells(
    given: Given, app: FastAPI, settings: Settings, database_url: str, contract: Contract
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    wire = Wire(database_url)
    async with wire.laid() as url:
        far = create_app(settings, url, SERVER_KEY.encode(), clock=app.state.house.database.clock)
        async with far.router.lifespan_context(far), contract.client(far) as http:
            kiosk = mall.kiosk.at(http)
            assert (await kiosk.issue(agency.service, "first")).status_code == 201
            for taken in range(2, 10):  # a worker of the program may commit just then, and lose that instead
                wire.loses_the_next_commit = True
                unknown = await kiosk.issue(agency.service, f"ticket {taken}")
                if unknown.status_code != httpx.codes.CREATED:
                    break
            must_refuse(unknown, 503, "outcome_unknown")
            assert unknown.headers["Retry-After"]
            again = await kiosk.issue(agency.service, f"ticket {taken}")
            assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert [each.ordinal for each in await tickets(mall)] == list(range(1, taken + 1))
