"""Whom a counter calls next, and why; and the screen that shows it."""

from datetime import timedelta

from tests.given import Asker, Given, Json, code_of, must_show


async def test_after_so_many_with_priority_in_a_row_another_has_a_turn(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "KTP", head_start_minutes={"elderly": 30}, priority_calls_in_a_row=2)
    officer, counter = await mall.open_counter(agency)
    for each in range(9):
        await mall.kiosk.takes(service, priority_class="none" if each < 2 else "elderly")
    mall.pass_time(timedelta(minutes=41))
    called = []
    for _ in range(9):
        ticket = await officer.calls(counter)
        called.append((int(ticket["number"][-3:]), ticket["chosen"], ticket["call_reason"]["en"]))
        await officer.handles(ticket, "start", "completion")
    first, after = "first_in_line", "after_priority"
    early = "waited 41 min; priority, counted as 30 min earlier"
    turn = "waited 41 min; its turn after 2 priority calls"
    assert called == [
        *((3, first, early), (4, first, early), (1, after, turn)),
        *((5, first, early), (6, first, early), (2, after, turn)),
        *((7, first, early), (8, first, early), (9, first, early)),  # nobody else waits
    ]


async def test_each_counter_counts_its_own_priority_calls_and_without_a_limit_none(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "KTP", head_start_minutes={"elderly": 30}, priority_calls_in_a_row=1)
    one, here = await mall.open_counter(agency, await mall.counter(agency))
    other, there = await mall.open_counter(agency, await mall.counter(agency))
    for each in range(8):
        await mall.kiosk.takes(service, priority_class="none" if each < 3 else "elderly")
    for officer, counter, number in ((one, here, 4), (other, there, 5), (other, there, 1), (one, here, 2)):
        ticket = await officer.calls(counter)
        assert int(ticket["number"][-3:]) == number
        await officer.handles(ticket, "start", "completion")
    assert (await mall.manager.edits(f"/services/{service}", {"priority_calls_in_a_row": None})).is_success
    for number in (6, 7, 8, 3):
        ticket = await one.calls(here)
        assert int(ticket["number"][-3:]) == number
        await one.handles(ticket, "start", "completion")


async def test_a_call_says_that_the_officer_chose(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    _, second = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    mall.pass_time(timedelta(minutes=5))
    called = await officer.calls(counter, second)
    must_show(called, chosen="by_officer")
    assert called["call_reason"]["id"] == "dipilih petugas; menunggu 5 menit"


async def shown(officer: Asker, counter: str, limit: int = 20) -> Json:
    """A counter's queue."""
    found: Json = await officer.sees(f"/counters/{counter}/queue", limit=limit)
    return found


def ids(tickets: list[Json]) -> list[str]:
    return [each["id"] for each in tickets]


async def test_a_counters_queue_is_in_the_order_of_calling(given: Given) -> None:
    mall = await given.mall()
    agency, tax = await mall.agency(services=0), await mall.agency("TAX")
    service = await mall.service(agency, "KTP", head_start_minutes={"elderly": 30})
    second = await mall.service(agency, "KK")
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    plain, other = await mall.kiosk.takes(service), await mall.kiosk.takes(second)
    elderly = [await mall.kiosk.takes(service, priority_class="elderly") for _ in range(2)]
    abroad = await mall.kiosk.takes(second, visit_id=(await mall.kiosk.takes(tax.service))["visit_id"])
    tax_officer, tax_counter = await mall.open_counter(tax)
    away = await tax_officer.calls(tax_counter)
    queue = await shown(officer, counter)
    must_show(queue, ticket=None, on_hold=[], next_ticket_id=elderly[0]["id"], waiting_count=4, elsewhere_count=1)
    assert ids(queue["waiting"]) == ids([*elderly, plain, other])
    assert ids((await shown(officer, counter, 2))["waiting"]) == ids(elderly)
    assert [each["estimate"]["people_ahead"] for each in queue["waiting"]] == [0, 1, 2, 3]
    await tax_officer.handles(away, "start", "completion")
    assert ids((await shown(officer, counter))["waiting"]) == ids([*elderly, plain, other, abroad])


async def test_a_counters_queue_has_who_is_there_on_hold_and_next(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "KTP", head_start_minutes={"elderly": 30}, priority_calls_in_a_row=1)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    plain = await mall.kiosk.takes(service)
    elderly = [await mall.kiosk.takes(service, priority_class="elderly") for _ in range(3)]
    held = await officer.handles(await officer.calls(counter), "start", "hold")
    must_show(await shown(officer, counter), next_ticket_id=plain["id"])
    called = await officer.calls(counter)
    queue = await shown(officer, counter)
    assert ids([queue["ticket"], *queue["on_hold"]]) == ids([called, held])
    must_show(queue, next_ticket_id=elderly[1]["id"], waiting_count=2, elsewhere_count=0)


async def test_another_agencys_queue_is_not_there(given: Given) -> None:
    mall = await given.mall()
    agency, tax = await mall.agency(), await mall.agency("TAX")
    [counter] = agency.counters
    stranger, _ = await mall.open_counter(tax)
    assert code_of(await stranger.get(f"/counters/{counter}/queue")) == (404, "not_found")
    assert (await mall.manager.get(f"/counters/{counter}/queue")).is_success
    assert code_of(await mall.kiosk.get(f"/counters/{counter}/queue")) == (403, "forbidden")
