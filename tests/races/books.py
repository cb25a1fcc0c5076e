"""How a crowd asks two servers, and what the books say afterwards."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import cycle
from uuid import uuid4

import httpx
from sqlalchemy import select

from app import models
from app.domain.tickets import TicketStatus
from app.journal import GENESIS, link
from tests.given import Asker, Json, Mall
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
    """So many issues at once, each with a key of its own, dealt out to the askers."""

    async def one(asker: Asker, key: str) -> httpx.Response:
        return await patiently(partial(asker.issue, service_id, key))

    turns = zip(range(count), cycle(askers), strict=False)
    return await asyncio.gather(*(one(asker, str(uuid4())) for _, asker in turns))


async def journal(mall: Mall, type_: str | None = None) -> list[Json]:
    """The mall's entries (of a type), after computing its chain anew: no gap, and each hash over the one before."""
    entry = models.Entry
    async with mall.database.reading(mall.ref) as reading:
        rows = await reading.session.execute(
            select(entry.sequence, entry.content, entry.hash)
            .where(entry.mall_id == mall.ref.id)
            .order_by(entry.sequence)
        )
    digest, contents = GENESIS, []
    for expected, row in enumerate(rows, 1):
        digest = link(digest, row.content)
        content: Json = json.loads(row.content)
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
