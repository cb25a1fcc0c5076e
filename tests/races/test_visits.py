"""Many visits of several services at two servers: nobody is at two counters at once, and no step is called early."""

import asyncio
from collections.abc import Sequence
from functools import partial
from itertools import cycle
from random import Random
from uuid import uuid4

from tests.given import Asker, Given, Json
from tests.races.books import journal, patiently
from tests.servers import Servers

VISITS, DESKS_EACH, PLACES = 40, 3, 12
OVER = ("completed", "cancelled", "no_show", "expired")


def told(entries: Sequence[Json], visits: dict[str, Json]) -> None:
    """Tell the journal again, and insist at each entry that nobody is at two counters and no step is out of order."""
    status: dict[str, str] = {}
    of = {each["id"]: visit for visit in visits.values() for each in visit["tickets"]}
    for entry in entries:
        if not entry["type"].startswith("ticket."):
            continue
        ticket_id = entry["subject"]["id"]
        status[ticket_id] = entry["data"]["status"]
        visit = of[ticket_id]
        steps = [each["id"] for each in visit["tickets"]]
        here = [each for each in steps if status.get(each) in ("called", "serving")]
        assert len(here) <= 1, f"{visit['id']} is at two counters"
        if visit["in_order"] and entry["type"] == "ticket.called":
            assert all(status[each] in OVER for each in steps[: steps.index(ticket_id)])


async def test_visits_are_planned_and_called_at_two_servers_and_nobody_is_torn_apart(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agencies = [await mall.agency(code, counters=DESKS_EACH) for code in ("CIVIL", "TAX", "BANK")]
    services = [each.service for each in agencies]
    at, dice = cycle(two_servers.clients), Random(11)  # noqa: S311  # nothing secret
    desks = [await mall.open_counter(agency, counter) for agency in agencies for counter in agency.counters]
    visits: dict[str, Json] = {}

    async def comes(kiosk: Asker, number: int) -> None:
        wanted = dice.sample(services, 3)
        planned = await patiently(partial(kiosk.plan, *wanted, key=str(uuid4()), in_order=bool(number % 2)))
        assert planned.status_code == 201, planned.text
        visits[planned.json()["id"]] = planned.json()

    async def works(officer: Asker, counter_id: str) -> None:
        """Call and serve until nobody waits for the counter, here or elsewhere."""
        while True:
            called = await patiently(partial(officer.post, f"/counters/{counter_id}/calls"))
            if called.is_success:
                path = f"/tickets/{called.json()['id']}"
                for verb in ("start", "completion"):
                    assert (await patiently(partial(officer.post, f"{path}/{verb}"))).is_success
            elif called.json()["code"] == "nobody_waiting":
                return
            else:
                assert called.json()["code"] == "waiting_elsewhere"

    await asyncio.gather(*(comes(mall.kiosk.at(next(at)), number) for number in range(VISITS)))
    await asyncio.gather(*(works(officer.at(next(at)), counter_id) for officer, counter_id in desks))
    told(await journal(mall), visits)
    tickets = await mall.manager.all("/tickets")
    assert len(tickets) == len(visits) * 3 == VISITS * 3
    assert {each["status"] for each in tickets} == {"completed"}


async def test_plans_at_once_get_all_their_numbers_or_none_and_leave_no_gap(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX", services=0)
    few = await mall.service(tax, "FEW", daily_quota=PLACES)
    at = cycle(two_servers.clients)

    async def plans() -> Json:
        kiosk, key = mall.kiosk.at(next(at)), str(uuid4())
        answer = await patiently(partial(kiosk.plan, civil.service, few, key=key))
        again = await patiently(partial(kiosk.plan, civil.service, few, key=key))
        assert (again.status_code, again.json().get("id")) == (answer.status_code, answer.json().get("id"))
        body: Json = answer.json()
        return body

    said = await asyncio.gather(*(plans() for _ in range(VISITS)))
    refused = [each for each in said if "code" in each]
    assert len(refused) == VISITS - PLACES
    assert {(each["code"], each["errors"][0]["pointer"]) for each in refused} == {("quota_exhausted", "/service_ids/1")}
    for service in (civil.service, few):
        numbers = [int(each["number"][-3:]) for each in await mall.manager.all("/tickets", service_id=service)]
        assert sorted(numbers) == list(range(1, PLACES + 1))
    assert len(await journal(mall, "visit.planned")) == PLACES
