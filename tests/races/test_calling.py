"""Many counters, many officers, one queue."""

import asyncio
from collections import Counter
from functools import partial
from itertools import cycle

from app.journal import Journal
from tests.given import Agency, Asker, Given, Mall, code_of, must_refuse
from tests.races.books import comes, journal, kiosk_of, patiently, tickets
from tests.servers import Servers

PEOPLE, COUNTERS = 1000, 32


async def people_come(mall: Mall, agency: Agency, count: int) -> None:
    """So many take a ticket at a kiosk, all in one act: it is who calls them that is in question here."""

    async def come(journal: Journal) -> None:
        for _ in range(count):
            await comes(mall, agency, journal)

    await mall.database.write(mall.ref, kiosk_of(mall), come)


async def test_thirty_two_counters_call_a_thousand_each_once_and_in_order(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=COUNTERS)
    await people_come(mall, agency, PEOPLE)
    left = iter(range(PEOPLE))

    async def calls(officer: Asker, counter_id: str) -> None:
        """Call as long as somebody must be left to call: none of these may be told that nobody waits."""
        for _ in left:
            called = await patiently(partial(officer.post, f"/counters/{counter_id}/calls"))
            assert called.status_code == 201, called.text
            gone = await patiently(partial(officer.post, f"/tickets/{called.json()['id']}/cancellation"))
            assert gone.status_code == 200, gone.text

    at = cycle(two_servers.clients)
    counters = [await mall.open_counter(agency, each) for each in agency.counters]
    await asyncio.gather(*(calls(officer.at(next(at)), counter_id) for officer, counter_id in counters))

    officer, counter_id = counters[0]
    must_refuse(await officer.post(f"/counters/{counter_id}/calls"), 409, "nobody_waiting")
    in_line = sorted(await tickets(mall), key=lambda each: each.effective_arrival)
    called = await journal(mall, "ticket.called")
    assert [each["subject"]["id"] for each in called] == [each.id for each in in_line]
    assert {each["data"]["counter_id"] for each in called} == {counter_id for _, counter_id in counters}


async def test_counters_that_complete_and_call_at_once_never_get_the_same_ticket(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=8)
    await people_come(mall, agency, 100)
    served: list[str] = []

    async def works(officer: Asker, counter_id: str) -> None:
        """Serve one after another, each called with the completion before."""
        ticket = await officer.calls(counter_id)
        while ticket:
            served.append(ticket["id"])
            await patiently(partial(officer.post, f"/tickets/{ticket['id']}/start"))
            key = {"Idempotency-Key": ticket["id"]}
            path = f"/tickets/{ticket['id']}/completion"
            done = await patiently(partial(officer.post, path, {"call_next": True}, headers=key))
            assert done.status_code == 200, done.text
            ticket = done.json()["next_ticket"]
        assert done.json()["next_refusal"] == "nobody_waiting"

    at = cycle(two_servers.clients)
    counters = [await mall.open_counter(agency, each) for each in agency.counters]
    await asyncio.gather(*(works(officer.at(next(at)), counter_id) for officer, counter_id in counters))
    in_line = sorted(await tickets(mall), key=lambda each: each.effective_arrival)
    assert [each["subject"]["id"] for each in await journal(mall, "ticket.called")] == [each.id for each in in_line]
    assert sorted(served) == sorted(str(each.id) for each in in_line)


async def test_an_officer_opens_one_counter_and_a_counter_opens_for_one(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=16)
    here, there = two_servers.clients

    async def at_once(one: Asker, counter_id: str, other: Asker, other_counter_id: str) -> Counter[tuple[int, str]]:
        answers = await asyncio.gather(
            one.at(here).post(f"/counters/{counter_id}/opening"),
            other.at(there).post(f"/counters/{other_counter_id}/opening"),
        )
        return Counter(code_of(each) for each in answers)

    for first, second in zip(agency.counters[:8:2], agency.counters[1:8:2], strict=True):
        officer = await mall.officer(agency)
        assert await at_once(officer, first, officer, second) == {(200, ""): 1, (409, "officer_busy"): 1}
    for counter_id in agency.counters[8:12]:
        one, other = await mall.officer(agency), await mall.officer(agency)
        assert await at_once(one, counter_id, other, counter_id) == {(200, ""): 1, (409, "not_your_counter"): 1}
    opened = [each["subject"]["id"] for each in await journal(mall, "counter.opened")]
    assert len(opened) == len(set(opened)) == 8
