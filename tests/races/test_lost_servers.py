"""A server that dies amid its work, and clients that hang up on one."""

import asyncio
import contextlib
import time
from functools import partial
from uuid import uuid4

import httpx

from tests.given import Asker, Given, Json
from tests.races.books import journal, patiently, spread, tickets, transactions
from tests.servers import Servers

PEOPLE, KIOSKS, KILLED_AT = 500, 20, 200
GONE = (httpx.TransportError, AttributeError)
"""The second is anyio's, for a socket that was reset just when it was connected."""
SOON = 1.9
"""Sooner than any timeout that would free a forgotten journal."""


async def test_a_server_killed_amid_five_hundred_issues_loses_and_doubles_nothing(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    dying, living = spread(mall.kiosk, two_servers)
    keys = iter([str(uuid4()) for _ in range(PEOPLE)])
    acknowledged: list[Json] = []
    lost: list[str] = []
    enough = asyncio.Event()

    async def kiosk(server: Asker) -> None:
        """Issues one after the other; whose server is gone asks the other one again, with the same key."""
        for key in keys:
            try:
                answer = await patiently(partial(server.issue, agency.service, key))
            except GONE:
                assert server is dying
                server = living
                lost.append(key)
                answer = await patiently(partial(server.issue, agency.service, key))
            assert answer.status_code == 201, answer.text
            acknowledged.append(answer.json())
            if len(acknowledged) == KILLED_AT:
                enough.set()

    async def power_cut() -> None:
        await enough.wait()
        await two_servers.kill(0)

    await asyncio.gather(power_cut(), *(kiosk(each) for each in (dying, living) * KIOSKS))
    assert lost  # answers were on their way when it died
    rows = await tickets(mall)
    assert [each.ordinal for each in rows] == list(range(1, PEOPLE + 1))
    assert sorted((each["id"], each["number"]) for each in acknowledged) == sorted(
        (each.id, each.number) for each in rows
    )
    issued = await journal(mall, "ticket.issued")
    assert [each["subject"]["id"] for each in issued] == [each.id for each in rows]
    assert await transactions(mall) < PEOPLE / 2, "they shared transactions, also when it died"

    await two_servers.start()
    fresh = mall.kiosk.at(two_servers.clients[-1])
    assert [(await each.takes(agency.service))["number"][-3:] for each in (living, fresh)] == ["501", "502"]


async def test_whoever_hangs_up_amid_an_issue_leaves_a_whole_ticket_or_none_and_a_free_journal(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosks = [mall.kiosk, mall.kiosk.at(two_servers.clients[-1])]
    for kiosk in kiosks:
        await kiosk.takes(agency.service)
    impatient: list[str] = []
    slow = 0
    for milliseconds in range(30):
        for kiosk in kiosks:
            impatient.append(key := str(uuid4()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(kiosk.issue(agency.service, key), milliseconds / 1000)
            began = time.monotonic()
            await asyncio.wait_for(kiosk.takes(agency.service), 30)
            slow += time.monotonic() - began > SOON
    assert slow < len(impatient) // 10, "now and then the machine is slow; a journal that is forgotten is so each time"
    written = len(await journal(mall, "ticket.issued"))
    answers = [await mall.kiosk.issue(agency.service, each) for each in impatient]
    assert {each.status_code for each in answers} == {201}
    replayed = sum("Idempotency-Replayed" in each.headers for each in answers)
    rows = await tickets(mall)
    assert len(rows) == written + len(impatient) - replayed == 2 + 2 * len(impatient)
    assert [each.ordinal for each in rows] == list(range(1, len(rows) + 1))
    assert [each["subject"]["id"] for each in await journal(mall, "ticket.issued")] == [each.id for each in rows]
