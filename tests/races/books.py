"""How a crowd asks two servers, what a follower gets, and what the books say afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import func, literal_column, select

from app import models
from app.actions import issuing
from app.domain.callers import Caller, CallerKind
from app.domain.devices import DeviceKind
from app.domain.malls import MallRef
from app.domain.names import Language
from app.domain.roles import RoleBinding
from app.domain.services import Channel
from app.domain.tickets import PriorityClass, TicketStatus
from app.feed import Feed
from app.journal import GENESIS, Entry, Journal, link
from app.web.context import context_of
from tests.catalogue import held_to_the_catalogue
from tests.given import Agency, Asker, Json, Mall, held
from tests.servers import Servers

BUSY = 503
TRIES = 10


def spread(asker: Asker, servers: Servers) -> list[Asker]:
    """The same one at every server."""
    return [asker.at(client) for client in servers.clients]


async def patiently(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Ask as a machine does: who is told to come back later comes back later, with the same key."""
    for _ in range(TRIES):
        answer = await ask()
        if answer.status_code != BUSY:
            return answer
        await asyncio.sleep(int(answer.headers["Retry-After"]))
    return answer


async def crowd(askers: list[Asker], service_id: str, count: int) -> list[httpx.Response]:
    """So many issues at once, each with a key of its own, dealt out to the askers.

    Where a connection was idle for so long before its request went out that the server has closed it, it is sent again.
    """

    async def one(asker: Asker, key: str) -> httpx.Response:
        with suppress(httpx.ReadError, httpx.RemoteProtocolError):
            return await patiently(partial(asker.issue, service_id, key))
        return await patiently(partial(asker.issue, service_id, key))

    turns = zip(range(count), cycle(askers), strict=False)
    return await asyncio.gather(*(one(asker, str(uuid4())) for _, asker in turns))


def kiosk_of(mall: Mall) -> Caller:
    """The mall's kiosk, as acts know it."""
    return Caller(CallerKind.DEVICE, mall.kiosk.id, (RoleBinding(DeviceKind.KIOSK, mall.ref.id),))


async def comes(mall: Mall, agency: Agency, journal: Journal) -> Json:
    """One person takes a ticket at the kiosk, in an act."""
    ticket = await issuing.issue(
        journal,
        mall.context.server_key,
        service_id=UUID(agency.service),
        channel=Channel.KIOSK,
        priority_class=PriorityClass.NONE,
        access_needs=[],
        visit_id=None,
        language=Language.ID,
    )
    return {"id": ticket.row.id, "ordinal": ticket.row.ordinal, "position": ticket.position}


async def together(app: FastAPI, mall: MallRef, *asking: Awaitable[Any]) -> list[Any]:
    """Let these share a transaction: the journal is held until all of them stand in line, in this order."""
    registry = context_of(app).metrics.registry.restricted_registry(["mpp_journal_waiting"])

    def in_line() -> float:
        return sum(sample.value for metric in registry.collect() for sample in metric.samples)

    tasks = []
    async with held(context_of(app).database, mall):
        for each in asking:
            tasks.append(asyncio.ensure_future(each))
            while in_line() < len(tasks) and not tasks[-1].done():
                assert not tasks[0].done(), "the machine is so slow that the first has given up"
                await asyncio.sleep(0.001)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def transactions(mall: Mall, since: int = 0) -> int:
    """In how many transactions the mall's entries after `since` were written."""
    entry = models.JournalEntry
    async with mall.database.reading(mall.ref) as reading:
        found = await reading.session.scalar(
            select(func.count(literal_column("xmin::text").distinct())).where(
                entry.mall_id == mall.ref.id, entry.sequence > since
            )
        )
    return int(found or 0)


async def journal(mall: Mall, type_: str | None = None) -> list[Json]:
    """The mall's entries (of a type), after computing its chain anew and holding each to the catalogue.

    There is no gap, and each hash is over the one before.
    """
    entry = models.JournalEntry
    async with mall.database.reading(mall.ref) as reading:
        rows = await reading.session.execute(
            select(entry.sequence, entry.content, entry.hash)
            .where(entry.mall_id == mall.ref.id)
            .order_by(entry.sequence)
        )
    digest, contents = GENESIS, []
    for expected, row in enumerate(rows, 1):
        digest = link(digest, row.content)
        content: Json = held_to_the_catalogue(row.content)
        assert (row.sequence, content["sequence"], row.hash) == (expected, expected, digest)
        contents.append(content)
    return [each for each in contents if type_ in (None, each["type"])]


@dataclass(frozen=True)
class Row:
    """A ticket as it stands in the database."""

    id: str
    number: str
    ordinal: int
    service_day: str
    status: TicketStatus
    effective_arrival: Decimal


async def tickets(mall: Mall) -> list[Row]:
    """Every ticket of the mall, by day and number, each with exactly one stretch of life from its issue on."""
    ticket, interval = models.Ticket, models.TicketInterval
    async with mall.database.reading(mall.ref) as reading:
        rows = await reading.session.scalars(
            select(ticket).where(ticket.mall_id == mall.ref.id).order_by(ticket.service_day, ticket.ordinal)
        )
        begun = await reading.session.execute(
            select(interval.ticket_id, interval.started_at).where(interval.mall_id == mall.ref.id)
        )
        found = list(rows)
        first = {(row.ticket_id, row.started_at) for row in begun}
    assert all((each.id, each.issued_at) in first for each in found)
    return [
        Row(str(each.id), each.number, each.ordinal, each.service_day.isoformat(), each.status, each.effective_arrival)
        for each in found
    ]


async def followed(feed: Feed, mall: Mall, after: int, until: int) -> list[Entry]:
    """What a follower gets until an entry has this sequence."""
    got: list[Entry] = []
    async with asyncio.timeout(120), aclosing(feed.follow(mall.ref.id, after)) as stream:
        async for entries in stream:
            got += entries
            if got[-1].sequence >= until:
                break
    return got


async def are_the_journals(got: list[Entry], mall: Mall, after: int = 0) -> None:
    """Insist that these are the mall's entries: none is missing, none is there twice, and each is whole."""
    assert [each.sequence for each in got] == list(range(after + 1, got[-1].sequence + 1))
    contents = await journal(mall)
    assert [len(contents), contents[-1]["sequence"]] == [got[-1].sequence] * 2
    assert [each.type for each in got] == [each["type"] for each in contents[after:]]
