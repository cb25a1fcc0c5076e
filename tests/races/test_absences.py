"""Absences in a crowd: each is pardoned once."""

import asyncio

from tests.given import Given
from tests.servers import Servers

PHONE = "0812-3456-7890"


async def test_absences_that_many_pardon_at_once_are_pardoned_once(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "KTP", no_show_calls=1, no_shows_before_block=3)
    officer, counter = await mall.open_counter(agency)
    for _ in range(3):
        ticket = await mall.kiosk.takes(service, phone=PHONE)
        await officer.calls(counter, ticket)
        await officer.handles(ticket, "no-show")
    officers = [await officer.known_at(each) for each in two_servers.clients]
    whose = [{"phone": PHONE}, {"ticket_id": ticket["id"]}] * 4
    asking = [each.does(f"/services/{service}/pardon", one) for each in officers for one in whose]
    told = [each["no_shows"] for each in await asyncio.gather(*asking)]
    assert sorted(told) == [*[0] * 15, 3]
    pardons = [each for each in await mall.entries() if each["type"] == "service.absences_pardoned"]
    assert sorted(each["data"]["no_shows"] for each in pardons) == sorted(told)
