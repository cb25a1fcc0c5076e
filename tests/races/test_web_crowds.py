"""Many numbers without credentials at once, from one address, on two servers."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from app.settings import Settings
from tests.contract import Contract
from tests.given import Given
from tests.servers import SERVER_KEY, Servers

AT_ONCE = 24
USUAL = {name: str(field.default) for name, field in Settings.model_fields.items() if name.startswith("web_tickets")}


async def crowd(servers: Servers, path: str, service_id: str) -> Counter[int]:
    """So many ask at once, on both servers in turn."""
    body = {"service_id": service_id, "channel": "web"}
    clients = servers.clients * (AT_ONCE // 2)
    answers = await asyncio.gather(
        *(each.post(path, json=body, headers={"Idempotency-Key": str(uuid4())}) for each in clients)
    )
    return Counter(each.status_code for each in answers)


@pytest.fixture
async def usual(database_url: str, contract: Contract) -> AsyncIterator[Servers]:
    """Two servers with the paces of life."""
    async with Servers(database_url, SERVER_KEY, contract) as servers:
        await servers.start(2, **{f"MPP_{name.upper()}": value for name, value in USUAL.items()})
        yield servers


async def test_one_address_gets_three_numbers_at_once_however_many_servers_it_asks(
    given: Given, usual: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    began = time.monotonic()
    said = await crowd(usual, f"{mall.path}/tickets", agency.service)
    more = int((time.monotonic() - began) / 10) + 1
    assert 3 <= said[201] <= 3 + more
    assert said[201] + said[429] == AT_ONCE


async def test_so_many_of_one_address_wait_at_once_however_many_ask_together(
    given: Given, database_url: str, contract: Contract
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    async with Servers(database_url, SERVER_KEY, contract) as servers:
        await servers.start(2, MPP_WEB_TICKETS_WAITING="5")
        assert await crowd(servers, f"{mall.path}/tickets", agency.service) == Counter({201: 5, 409: AT_ONCE - 5})
