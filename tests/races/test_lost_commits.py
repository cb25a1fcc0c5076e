"""A connection that is lost while the database commits: the program says that it does not know, and the key tells."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from app.database import OutcomeUnknown
from app.domain.callers import SYSTEM
from app.journal import Journal
from app.main import create_app
from app.settings import Settings
from app.web.context import context_of
from tests.contract import Contract
from tests.given import Given, code_of, must_refuse
from tests.races.books import journal, tickets, together
from tests.servers import SERVER_KEY

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """Carries bytes between the program and the database, until a commit is to be lost."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self.loses_the_next_commit_of: int | None = None
        """A mall's id."""

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
            mall_id = None
            while data := await reader.read(65536):
                if locked := re.search(rb"journals WHERE mall_id = (\d+) FOR", data):
                    mall_id = int(locked[1])
                if b"COMMIT" in data and mall_id is not None and mall_id == self.loses_the_next_commit_of:
                    self.loses_the_next_commit_of = None
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


@dataclass
class Far:
    """The program at the other end of a wire."""

    app: FastAPI
    http: httpx.AsyncClient
    wire: Wire


@pytest.fixture
async def far(app: FastAPI, settings: Settings, database_url: str, contract: Contract) -> AsyncIterator[Far]:
    """A program that reaches the database over a wire, and knows the same time as the one beside it."""
    wire = Wire(database_url)
    async with wire.laid() as url:
        made = create_app(settings, url, SERVER_KEY.encode(), clock=context_of(app).database.clock)
        async with made.router.lifespan_context(made), contract.client(made) as http:
            yield Far(made, http, wire)


async def test_a_commit_whose_answer_is_lost_is_told_as_unknown_and_its_key_tells(given: Given, far: Far) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosk = mall.kiosk.at(far.http)
    assert (await kiosk.issue(agency.service, "first")).status_code == 201
    far.wire.loses_the_next_commit_of = mall.ref.id
    unknown = await kiosk.issue(agency.service, "second")
    must_refuse(unknown, 503, "outcome_unknown")
    assert unknown.headers["Retry-After"]
    again = await kiosk.issue(agency.service, "second")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert [each.ordinal for each in await tickets(mall)] == [1, 2]


async def test_all_who_share_a_lost_commit_are_told_so_also_who_is_refused_for_what_another_has_done(
    given: Given, far: Far
) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "PASSPORT", daily_quota=3)
    kiosk, database = mall.kiosk.at(far.http), context_of(far.app).database
    keys = ["first", "second", "third", "one too many"]
    await kiosk.sees("/board")  # its key is known from now on

    async def breaks(journal: Journal) -> None:
        far.wire.loses_the_next_commit_of = mall.ref.id

    answers = await together(
        far.app, mall.ref, database.write(mall.ref, SYSTEM, breaks), *(kiosk.issue(service, key) for key in keys)
    )
    assert isinstance(answers[0], OutcomeUnknown)
    assert {code_of(each) for each in answers[1:]} == {(503, "outcome_unknown")}
    again = [await kiosk.issue(service, key) for key in keys]
    assert [code_of(each) for each in again] == [(201, "")] * 3 + [(409, "quota_exhausted")]
    assert [each.headers.get("Idempotency-Replayed") for each in again] == ["true"] * 3 + [None]
    assert [each.json()["id"] for each in again[:3]] == [each.id for each in await tickets(mall)]
    assert len(await journal(mall, "ticket.issued")) == 3
