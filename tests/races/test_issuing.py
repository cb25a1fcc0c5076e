"""A crowd at the kiosks, on two servers."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

from app.domain.devices import DeviceKind
from tests.given import Asker, Given, Json, code_of
from tests.races.books import crowd, journal, patiently, spread, tickets
from tests.servers import Servers


async def test_two_hundred_at_once_get_two_hundred_numbers_in_the_order_of_the_journal(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    answers = await crowd(spread(mall.kiosk, two_servers), agency.service, 200)
    assert {each.status_code for each in answers} == {201}

    issued = await journal(mall, "ticket.issued")
    assert [each["data"]["ordinal"] for each in issued] == list(range(1, 201))
    told = {each.json()["id"]: each.json()["number"] for each in answers}
    assert told == {each["subject"]["id"]: each["data"]["number"] for each in issued}
    rows = await tickets(mall)
    in_line = sorted(rows, key=lambda each: each.effective_arrival)
    assert [each.id for each in in_line] == [each["subject"]["id"] for each in issued]


async def test_a_quota_of_forty_gives_forty_tickets_to_two_hundred(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "PASSPORT", daily_quota=40)
    answers = await crowd(spread(mall.kiosk, two_servers), service, 200)
    assert Counter(code_of(each) for each in answers) == {(201, ""): 40, (409, "quota_exhausted"): 160}
    assert [each.ordinal for each in await tickets(mall)] == list(range(1, 41))
    assert len(await journal(mall, "ticket.issued")) == 40


async def test_two_services_of_one_series_share_the_numbers_amid_calls_and_keep_their_quotas(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    free, limited = await mall.service(agency, "CARD"), await mall.service(agency, "PASSPORT", daily_quota=15)
    officer, counter = await mall.open_counter(agency)
    kiosks, officers = spread(mall.kiosk, two_servers), spread(officer, two_servers)
    answers: list[Any] = await asyncio.gather(
        crowd(kiosks, free, 60),
        crowd(kiosks, limited, 60),
        *(patiently(partial(each.post, f"/counters/{counter}/calls", {})) for each in officers * 5),
    )
    assert Counter(code_of(each) for each in answers[0]) == {(201, ""): 60}
    assert Counter(code_of(each) for each in answers[1]) == {(201, ""): 15, (409, "quota_exhausted"): 45}
    assert [each.ordinal for each in await tickets(mall)] == list(range(1, 76))


async def test_one_key_twenty_times_at_once_is_one_ticket_and_one_answer(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosks = spread(mall.kiosk, two_servers)
    asking = [patiently(partial(each.issue, agency.service, "one and the same")) for each in kiosks * 10]
    answers = await asyncio.gather(*asking)
    assert {each.status_code for each in answers} == {201}
    assert all(each.json() == answers[0].json() for each in answers)
    assert Counter(each.headers.get("Idempotency-Replayed") for each in answers) == {None: 1, "true": 19}
    assert [each.id for each in await tickets(mall)] == [answers[0].json()["id"]]
    assert len(await journal(mall, "ticket.issued")) == 1


async def test_after_a_suspension_amid_a_crowd_nothing_is_issued(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosks = spread(mall.kiosk, two_servers)
    manager = mall.manager.at(two_servers.clients[0])

    async def suspend() -> None:
        body = {"waiting_tickets": "cancel", "reason": "Audit"}
        answer = await patiently(lambda: manager.post(f"/agreements/{agency.agreement_id}/suspension", body))
        assert answer.is_success, answer.text

    early = asyncio.create_task(crowd(kiosks, agency.service, 100))
    assert (await kiosks[0].issue(agency.service)).status_code == 201  # the crowd is being served
    _, late = await asyncio.gather(suspend(), crowd(kiosks, agency.service, 100))
    # on a slow machine the crowd may be through before the suspension is: one more comes after it in any case
    answers = [*await early, *late, await kiosks[1].issue(agency.service)]
    said = Counter(code_of(each) for each in answers)
    assert set(said) == {(201, ""), (409, "membership_not_in_force")}

    entries = await journal(mall)
    suspended = next(each["sequence"] for each in entries if each["type"] == "agreement.suspended")
    issued = [each for each in entries if each["type"] == "ticket.issued"]
    assert len(issued) == said[201, ""] + 1
    assert all(each["sequence"] < suspended for each in issued)
    assert {each.status for each in await tickets(mall)} == {"cancelled"}  # who had one was told in the same act


async def test_blocks_that_are_reserved_in_a_crowd_share_no_number_with_anybody(
    given: Given, two_servers: Servers
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosks = [await mall.device(DeviceKind.KIOSK) for _ in range(6)]
    cut_off = [each.at(two_servers.clients[at % 2]) for at, each in enumerate(kiosks)]

    async def cut_off_and_back(kiosk: Asker) -> Json:
        block = await kiosk.reserves(agency.series_id, 5)
        first = block["numbers"][0] | {"issued_at": block["reserved_at"], "service_id": agency.service}
        given_ = {name: first[name] for name in ("number", "issued_at", "service_id")}
        return await kiosk.does(f"/number-blocks/{block['id']}/report", {"numbers": [given_]})

    blocks, answers = await asyncio.gather(
        asyncio.gather(*(cut_off_and_back(each) for each in cut_off)),
        crowd(spread(mall.kiosk, two_servers), agency.service, 60),
    )
    held = [each["number"] for block in blocks for each in block["numbers"]]
    taken = [each.json()["number"] for each in answers]
    assert sorted(held + taken) == [f"AA-{each:03}" for each in range(1, 91)]
    issued = {each["data"]["number"] for each in await journal(mall, "ticket.issued")}
    assert issued == {*taken, *(block["first_number"] for block in blocks)}


async def test_one_phone_twenty_times_at_once_is_one_ticket(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    kiosks = spread(mall.kiosk, two_servers)
    asking = [patiently(partial(each.issue, agency.service, phone="0812-3456-7890")) for each in kiosks * 10]
    answers = await asyncio.gather(*asking)
    assert Counter(code_of(each) for each in answers) == {(201, ""): 1, (409, "already_waiting"): 19}
    assert len(await tickets(mall)) == 1
