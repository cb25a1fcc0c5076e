"""A server that is told to end amid its work."""

import asyncio
import signal
import time
from uuid import uuid4

import httpx
import pytest

from tests.contract import Contract
from tests.given import Given, Json
from tests.races.books import journal, tickets
from tests.servers import SERVER_KEY, Servers

KIOSKS, ENDED_AT = 24, 150


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_server_told_to_end_finishes_what_was_begun_and_loses_nothing(
    given: Given, database_url: str, contract: Contract, how: signal.Signals
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    servers = Servers(database_url, SERVER_KEY, contract)
    await servers.start(MPP_DRAIN_SECONDS="3")
    [client] = servers.clients
    acknowledged: list[Json] = []
    told_off: list[str] = []
    enough = asyncio.Event()

    async def kiosk() -> None:
        """Issues until nobody answers the door any more; every answer that it gets is whole."""
        while True:
            try:
                answer = await mall.kiosk.at(client).issue(agency.service, str(uuid4()))
            except httpx.ConnectError:
                return
            assert answer.status_code == 201, answer.text
            acknowledged.append(answer.json())
            if answer.headers.get("Connection") == "close":
                told_off.append(answer.json()["id"])
            if len(acknowledged) == ENDED_AT:
                enough.set()

    readiness: list[tuple[int, str | None]] = []

    async def balancer() -> None:
        """Looks after the server as a balancer does."""
        while True:
            try:
                answer = await client.get("/health/ready")
            except httpx.ConnectError:
                return
            readiness.append((answer.status_code, answer.json()["checks"].get("stopping")))
            await asyncio.sleep(0.02)

    async def operator() -> tuple[int, float]:
        await enough.wait()
        began = time.monotonic()
        return await servers.told_to_end(0, how), time.monotonic() - began

    ending = asyncio.create_task(operator())
    try:
        await asyncio.gather(ending, balancer(), *(kiosk() for _ in range(KIOSKS)))
    finally:
        await servers.stop()
    code, seconds = ending.result()
    assert code == (143 if how is signal.SIGTERM else 0)
    assert seconds < 30
    stopping = [each for each in readiness if each[1]]
    assert set(stopping) == {(503, "fail")}
    assert readiness[-len(stopping) :] == stopping  # it never says yes again
    assert told_off  # it went on serving, and sent them away, while its readiness failed
    rows = await tickets(mall)
    assert sorted((each["id"], each["number"]) for each in acknowledged) == sorted(
        (each.id, each.number) for each in rows
    )
    issued = await journal(mall, "ticket.issued")
    assert [each["subject"]["id"] for each in issued] == [each.id for each in rows]
