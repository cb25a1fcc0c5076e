"""Acts at the desk that meet: one of them is first, and the other is told so."""

import asyncio

from tests.given import Given, code_of
from tests.races.books import journal
from tests.servers import Servers

PEOPLE = 12


async def test_a_ticket_is_called_or_goes_on_and_never_both(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2, counters=0)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency, await mall.counter(agency, [one]))
    await mall.counter(agency, [two])
    colleague = await mall.officer(agency)
    here, there = (officer.at(two_servers.clients[0]), colleague.at(two_servers.clients[1]))
    done = set()
    for _ in range(PEOPLE):
        ticket = await mall.kiosk.takes(one)
        called, moved = await asyncio.gather(
            here.post(f"/counters/{counter}/calls", {"ticket_id": ticket["id"]}),
            there.post(f"/tickets/{ticket['id']}/transfer", {"service_id": two}),
        )
        both = code_of(called), code_of(moved)
        assert both in {((201, ""), (409, "not_your_counter")), ((409, "service_not_served"), (200, ""))}, both
        done.add(both)
        last = (await mall.intervals(ticket))[-1]
        assert (str(last.service_id), last.ended_at) == (one if called.is_success else two, None)
        await mall.manager.does(f"/tickets/{ticket['id']}/cancellation")
    assert len(await journal(mall, "ticket.called")) + len(await journal(mall, "ticket.transferred")) == PEOPLE
