"""'Your turn is near': told once a stay in the queue, where a service asks for it."""

from tests.given import Agency, Given, Json, Mall, must_refuse, must_show, names


async def told(mall: Mall) -> list[tuple[str, int]]:
    """Whose turn was said to be near, and at which place."""
    entries = [each for each in await mall.entries() if each["type"] == "ticket.neared"]
    return [(each["subject"]["id"], each["data"]["position"]) for each in entries]


async def asking(mall: Mall, places: int | None) -> tuple[Agency, str]:
    """An agency with a service that says whose turn is near."""
    agency = await mall.agency(services=0)
    return agency, await mall.service(agency, "KTP", near_places=places)


async def line(mall: Mall, service: str, count: int) -> list[Json]:
    return [await mall.kiosk.takes(service) for _ in range(count)]


async def test_who_comes_near_is_told_once_whatever_moves_the_queue(given: Given) -> None:
    mall = await given.mall()
    agency, service = await asking(mall, 2)
    officer, counter = await mall.open_counter(agency)
    first, second, third, fourth, fifth = await line(mall, service, 5)
    assert await told(mall) == []  # who takes a number is told the place in the answer
    await officer.calls(counter)
    assert await told(mall) == [(second["id"], 1), (third["id"], 2)]
    await mall.public.does(f"/claims/{third['claim_code']}/cancellation")
    await officer.handles(first, "start", "completion")
    expected = [(second["id"], 1), (third["id"], 2), (fourth["id"], 2)]
    assert await told(mall) == expected
    await mall.public.does(f"/claims/{second['claim_code']}/postponement", {"places": 2})
    assert await told(mall) == [*expected, (fifth["id"], 2)]
    await officer.calls(counter)
    assert await told(mall) == [*expected, (fifth["id"], 2)]


async def test_who_comes_back_is_told_again_in_the_new_stay(given: Given) -> None:
    mall = await given.mall()
    agency, service = await asking(mall, 1)
    officer, counter = await mall.open_counter(agency)
    first, second, third = await line(mall, service, 3)
    await officer.calls(counter)
    await officer.does(f"/tickets/{first['id']}/return", {"place": "later"})
    for each in (second, third):
        await officer.handles(await officer.calls(counter, each), "start", "completion")
    assert await told(mall) == [(second["id"], 1), (third["id"], 1), (first["id"], 1)]


async def test_places_count_over_all_that_is_called_together_and_only_who_asks_is_told(given: Given) -> None:
    mall = await given.mall()
    agency, service = await asking(mall, 2)
    other = await mall.service(agency, "KK")
    officer, counter = await mall.open_counter(agency)
    await line(mall, other, 3)
    ticket = await mall.kiosk.takes(service)
    for expected in ([], [(ticket["id"], 2)], [(ticket["id"], 2)]):
        await officer.handles(await officer.calls(counter), "start", "completion")
        assert await told(mall) == expected


async def test_a_service_that_does_not_ask_tells_nobody(given: Given) -> None:
    mall = await given.mall()
    agency, service = await asking(mall, None)
    officer, counter = await mall.open_counter(agency)
    await line(mall, service, 3)
    await officer.handles(await officer.calls(counter), "start", "completion")
    assert await told(mall) == []
    assert (await mall.manager.edits(f"/services/{service}", {"near_places": 2})).json()["near_places"] == 2
    for wrong in (0, -1, 51, 1_000_000, "2", True):
        answer = await mall.manager.edits(f"/services/{service}", {"near_places": wrong})
        must_refuse(answer, 422, "invalid_request", pointer="/near_places")
    await officer.calls(counter)
    assert [position for _, position in await told(mall)] == [1]


async def test_what_never_printed_moves_the_queue_too(given: Given) -> None:
    mall = await given.mall()
    _, service = await asking(mall, 1)
    void, behind = await line(mall, service, 2)
    await mall.kiosk.does(f"/tickets/{void['id']}/print-report", {"outcome": "failed"})
    assert await told(mall) == [(behind["id"], 1)]


async def test_who_is_reopened_is_told_and_so_is_whom_that_leaves_nearer(given: Given) -> None:
    mall = await given.mall()
    agency, service = await asking(mall, 1)
    officer, counter = await mall.open_counter(agency)
    first, second, third = await line(mall, service, 3)
    await officer.does(f"/tickets/{second['id']}/cancellation", {"reason": "By mistake"})
    await officer.calls(counter)
    expected = [(first["id"], 1), (third["id"], 1)]
    assert await told(mall) == expected
    await officer.does(f"/tickets/{second['id']}/reopening")
    assert await told(mall) == [*expected, (second["id"], 1)]
    await officer.handles(first, "start", "completion")
    await officer.handles(await officer.calls(counter, second), "recall", "recall", "no-show")
    await officer.does(f"/tickets/{second['id']}/reopening")
    assert await told(mall) == [*expected, (second["id"], 1), (second["id"], 1)], "a new stay"


async def test_whom_a_closed_counter_sends_back_is_told_in_the_new_stay(given: Given) -> None:
    mall = await given.mall()
    agency, service = await asking(mall, 1)
    officer, counter = await mall.open_counter(agency)
    first, second = await line(mall, service, 2)
    await officer.calls(counter)
    assert await told(mall) == [(second["id"], 1)]
    await officer.does(f"/counters/{counter}/closing")
    assert await told(mall) == [(second["id"], 1), (first["id"], 1)]


async def test_whom_a_report_or_a_transfer_puts_near_is_told(given: Given) -> None:
    mall = await given.mall()
    await mall.manager.edits("", {"transfers_between_agencies": True})
    agency, service = await asking(mall, 1)
    await mall.counter(agency)
    block = await mall.kiosk.reserves(agency.series_id, 1)
    [number] = block["numbers"]
    given_ = {"number": number["number"], "issued_at": block["reserved_at"], "service_id": service}
    await mall.kiosk.does(f"/number-blocks/{block['id']}/report", {"numbers": [given_]})
    assert await told(mall) == [(number["ticket_id"], 1)]
    tax = await mall.agency("TAX")
    ticket = await mall.kiosk.takes(tax.service)
    await mall.manager.does(f"/tickets/{number['ticket_id']}/cancellation", {"reason": "Left"})
    await mall.manager.does(f"/tickets/{ticket['id']}/transfer", {"service_id": service})
    assert (await told(mall))[1:] == [(ticket["id"], 1)]


async def test_whom_a_closure_leaves_nearer_that_takes_one_more_service_along_is_told(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    service, other = await mall.service(agency, "KTP", near_places=1), await mall.service(agency, "KK")
    closed, both = await mall.counter(agency, [other]), await mall.counter(agency, [other, service])
    gone, behind = await mall.kiosk.takes(other), await mall.kiosk.takes(service)
    body = {"reason": names("Printer broke"), "waiting_tickets": "cancel", "counter_id": closed}
    must_show((await mall.manager.does("/closures", body))["aftermath"], ended=0)
    assert await told(mall) == []
    await mall.manager.edits(f"/counters/{both}", {"service_ids": [service]})
    must_show(await mall.manager.sees(f"/tickets/{gone['id']}"), status="cancelled", closed_by="closure")
    assert await told(mall) == [(behind["id"], 1)]
