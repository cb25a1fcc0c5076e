"""A partner catches up while two servers write."""

import asyncio

from tests.given import Given, Json
from tests.given.events import read_events
from tests.races.books import crowd, journal, spread
from tests.servers import Servers


async def test_a_partner_that_was_away_misses_nothing_and_meets_nothing_twice(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    system = await mall.partner(agency, "events:read")
    here, there = [system.at(http) for http in two_servers.clients]
    _, place = await read_events(here)
    told: list[Json] = []
    writers = [crowd(spread(mall.kiosk, two_servers), each.service, 60) for each in (agency, other)]
    busy = asyncio.gather(*writers)
    while not busy.done():
        for asker in (here, there):  # each process goes on from where the other has left off
            more, place = await read_events(asker, place, limit=7)
            told += more
    await busy
    more, _ = await read_events(here, place, limit=7)
    issued = [each["subject"]["id"] for each in await journal(mall, "ticket.issued") if each["agency_id"] == agency.id]
    assert [each["subject"] for each in told + more] == issued
    assert len(issued) == 60
