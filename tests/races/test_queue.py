"""Many come, many call and many come back at once: nobody waits longer than the number on the ticket said."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import cycle
from random import Random
from uuid import uuid4

from tests.given import Asker, Given, Json, code_of
from tests.races.books import journal, patiently
from tests.servers import Servers

KIOSKS, CALLERS, EACH = 16, 16, 12


def left_over(entries: Sequence[Json], said: Mapping[str, Json], serves: Mapping[str, Sequence[str]]) -> list[int]:
    """How many more might have been called before each ticket than were, until its first call or until now.

    A ticket may be passed by as many as it said, and by whoever has come back since.
    """
    waits: dict[str, int] = {}
    over = []
    for entry in entries:
        ticket_id = entry["subject"] and entry["subject"]["id"]
        match entry["type"]:
            case "ticket.issued":
                waits[ticket_id] = said[ticket_id]["position"] - 1
            case "ticket.returned":
                waits = {each: left + 1 for each, left in waits.items()}
            case "ticket.called":
                if ticket_id in waits:
                    over.append(waits.pop(ticket_id))
                served = serves[entry["data"]["counter_id"]]
                waits = {each: left - (said[each]["service_id"] in served) for each, left in waits.items()}
    return [*over, *waits.values()]


async def test_no_more_are_called_before_a_ticket_than_it_said_but_for_those_who_come_back(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=4, counters=0)
    services = list(agency.services.values())
    dice, at = Random(4), cycle(two_servers.clients)  # noqa: S311  # nothing secret
    serves: dict[str, list[str]] = {}
    officers: list[tuple[Asker, str]] = []
    for number in range(CALLERS):
        served = [services[number % 4], services[(number + 1) % 4]] if number % 3 else services
        officer, counter_id = await mall.open_counter(agency, await mall.counter(agency, served))
        serves[counter_id] = served
        officers.append((officer.at(next(at)), counter_id))
    said: dict[str, Json] = {}

    async def comes(kiosk: Asker) -> None:
        for _ in range(EACH):
            ticket = await patiently(partial(kiosk.issue, dice.choice(services), str(uuid4())))
            assert ticket.status_code == 201, ticket.text
            said[ticket.json()["id"]] = ticket.json()

    async def calls(officer: Asker, counter_id: str) -> None:
        for _ in range(EACH):
            called = await patiently(partial(officer.post, f"/counters/{counter_id}/calls"))
            if called.is_success:
                verb = dice.choice(("return", "cancellation", "cancellation"))
                answer = await patiently(partial(officer.post, f"/tickets/{called.json()['id']}/{verb}"))
                assert answer.status_code == 200, answer.text
            else:
                assert called.json()["code"] == "nobody_waiting"

    def kiosks() -> list[Asker]:
        return [mall.kiosk.at(next(at)) for _ in range(KIOSKS)]

    await asyncio.gather(*map(comes, kiosks()))
    await asyncio.gather(*map(comes, kiosks()), *(calls(*each) for each in officers))
    over = left_over(await journal(mall), said, serves)
    assert len(over) == len(said) == 2 * KIOSKS * EACH
    assert min(over) >= 0


async def test_one_visitor_at_many_screens_lets_others_go_first_twice(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    line = [await mall.kiosk.takes(agency.service) for _ in range(8)]
    own = f"/claims/{line[0]['claim_code']}"
    screens = [mall.public.at(each) for each in two_servers.clients] * 5
    asked = [patiently(partial(each.post, f"{own}/postponement", {"places": 2})) for each in screens]
    answers = Counter(code_of(each) for each in await asyncio.gather(*asked))
    assert answers == {(200, ""): 2, (409, "postponed_too_often"): 8}
    assert (await mall.public.sees(own))["position"] == 5
    assert len(await journal(mall, "ticket.postponed")) == 2
