"""Counters that go: what becomes of the services that only they serve, and of visitors who wait for them."""

import pytest

from tests.given import Given, must_refuse, must_show
from tests.journeys.stopping import own, retires, state, stops


async def test_a_retired_counter_opens_only_today_and_only_where_no_other_counter_may_call(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency(counters=2)
    retired, staying = agency.counters
    await mall.public.takes(agency.service)
    left = (await retires(mall, f"counters/{retired}", "serve"))["aftermath"]
    must_show(left, waiting=0, serve_until=None)  # others serve them
    officer = await mall.officer(agency)
    must_refuse(await officer.post(f"/counters/{retired}/opening"), 409, "counter_retired")

    left = (await retires(mall, f"counters/{staying}", "serve"))["aftermath"]
    must_show(left, waiting=1, unattended=1)
    await officer.does(f"/counters/{retired}/opening")
    assert await state(mall, retired) == "closing"
    mall.set_time("2027-03-02T09:00")
    for each in (retired, staying):
        must_refuse(await officer.post(f"/counters/{each}/opening"), 409, "counter_retired")


async def test_where_the_last_counter_goes_at_once_visitors_who_were_to_be_served_are_told(given: Given) -> None:
    """Suspended with `serve` in the morning; at noon the only counter is taken away."""
    mall = await given.mall()
    agency = await mall.agency(services=2)
    tickets = [await mall.public.takes(each) for each in agency.services.values()]
    await stops(mall, agency, "suspended", "serve")
    left = await stops(mall, agency, "counter_retired", "cancel")
    assert left["ended"] == 2
    assert [await own(mall, each) for each in tickets] == [("cancelled", "counter_retired")] * 2


async def test_a_service_that_waits_for_its_first_counter_gives_tickets(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=0)
    ticket = await mall.public.takes(agency.service)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    assert (await officer.calls(counter))["id"] == ticket["id"]


async def test_a_service_whose_counters_are_all_gone_gives_no_tickets_and_says_so(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await stops(mall, agency, "counter_retired", "cancel")
    must_refuse(await mall.public.issue(agency.service), 409, "no_counter")
    [offer] = await mall.public.all("/availability", channel="web")
    must_show(offer, can_issue=False, code="no_counter")
    [line] = (await mall.public.sees("/board"))["services"]
    assert line["closed_code"] == "no_counter"
    await mall.counter(agency)
    await mall.public.takes(agency.service)


async def test_a_counter_keeps_the_service_that_visitors_wait_for_until_another_has_it(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    ticket = await mall.public.takes(two)
    path = f"/counters/{agency.counter}"
    version = (await mall.public.sees(path))["version"]
    refused = await mall.manager.edits(path, {"service_ids": [one]})
    must_refuse(refused, 409, "last_counter", service_id=two)
    seen = await mall.public.sees(path)
    assert sorted(seen["service_ids"]) == sorted([one, two])
    assert seen["version"] == version
    other = await mall.counter(agency, [two])
    assert (await mall.manager.edits(path, {"service_ids": [one]})).is_success
    officer, _ = await mall.open_counter(agency, other)
    assert (await officer.calls(other))["id"] == ticket["id"]


async def test_a_closing_counter_whose_queue_is_given_to_another_closes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    await mall.open_counter(agency)
    await mall.public.takes(two)
    await stops(mall, agency, "suspended", "serve")
    assert await state(mall, agency.counter) == "closing"
    await mall.counter(agency, [two])
    await mall.manager.edits(f"/counters/{agency.counter}", {"service_ids": [one]})
    assert await state(mall, agency.counter) == "closed"


async def test_a_closing_counter_closes_when_the_queue_that_kept_it_is_cancelled(given: Given) -> None:
    """Suspended with `serve`; then the one service that somebody waits for is retired with `cancel`."""
    mall = await given.mall()
    agency = await mall.agency(services=2)
    await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    await stops(mall, agency, "suspended", "serve")
    assert await state(mall, agency.counter) == "closing"
    left = await stops(mall, agency, "service_retired", "cancel")
    must_show(left, ended=1, closing_counter_ids=[])
    assert await state(mall, agency.counter) == "closed"
    assert (await own(mall, ticket))[0] == "cancelled"


@pytest.mark.parametrize("hand_over", ["return", "hold"])
async def test_a_counter_closes_by_itself_whichever_way_its_last_visitor_goes(given: Given, hand_over: str) -> None:
    """A second counter calls who came back or was on hold at the first; both close behind the last visitor."""
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    one, two = agency.counters
    officer, _ = await mall.open_counter(agency, one)
    colleague, _ = await mall.open_counter(agency, two)
    first, second = [await mall.public.takes(agency.service) for _ in range(2)]
    await officer.calls(one)
    await colleague.calls(two)
    await stops(mall, agency, "terminated", "serve")
    await officer.handles(first, "start", hand_over)
    await colleague.handles(second, "start", "completion")
    assert [await state(mall, each) for each in (one, two)] == [
        "closing",
        "closing" if hand_over == "return" else "closed",
    ]
    if hand_over == "hold":
        await officer.handles(await officer.calls(one, first), "start", "completion")
    else:
        await colleague.calls(two)
        assert [await state(mall, each) for each in (one, two)] == ["closed", "closing"]
        await colleague.handles(first, "start", "completion")
    assert [await state(mall, each) for each in (one, two)] == ["closed", "closed"]
