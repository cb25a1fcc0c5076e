"""Closing while tickets are issued: no number after the acknowledgement, and nobody who waits is forgotten."""

import asyncio

from tests.given import Given, Json, code_of, names
from tests.races.books import journal
from tests.servers import Servers

KIOSKS = 12


async def test_nobody_gets_a_number_after_the_closing_and_all_before_are_told(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    issued: list[Json] = []

    async def kiosk(number: int) -> None:
        """Issues at one of the servers until it is closed."""
        here = mall.kiosk.at(two_servers.clients[number % 2])
        while (answer := await here.issue(agency.service)).status_code == 201:
            issued.append(answer.json())
        assert code_of(answer) == (409, "service_closed")

    kiosks = [asyncio.create_task(kiosk(number)) for number in range(KIOSKS)]
    while len(issued) < KIOSKS:
        await asyncio.wait(kiosks, timeout=0.01)
    body = {"agency_id": agency.id, "reason": names("Flood"), "waiting_tickets": "cancel"}
    made = await mall.manager.does("/closures", body)
    late = [await mall.kiosk.at(each).issue(agency.service) for each in two_servers.clients]
    assert {code_of(each) for each in late} == {(409, "service_closed")}
    await asyncio.gather(*kiosks)

    [closed] = await journal(mall, "closure.created")
    numbers = await journal(mall, "ticket.issued")
    assert all(each["sequence"] < closed["sequence"] for each in numbers)
    told = {each["subject"]["id"] for each in await journal(mall, "ticket.cancelled")}
    assert told == {each["subject"]["id"] for each in numbers}
    assert {each["id"] for each in issued} <= told
    assert made["aftermath"]["ended"] == len(numbers)
