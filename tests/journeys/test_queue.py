"""The queue as visitors see it: what a kiosk printed and whom the counters then call agree, whoever comes back."""

from collections import Counter
from random import Random

import pytest

from tests.given import Asker, Given, Json, Mall, code_of, must_refuse, must_show


async def calls_until(officer: Asker, counter_id: str, ticket: Json) -> list[str]:
    """The numbers that are called, and served, until this ticket is."""
    numbers: list[str] = []
    while True:
        called = await officer.calls(counter_id)
        await officer.handles(called, "start", "completion")
        if called["id"] == ticket["id"]:
            return numbers
        numbers.append(called["number"])


async def position(mall: Mall, ticket: Json) -> int:
    found: int = (await mall.manager.sees(f"/tickets/{ticket['id']}"))["position"]
    return found


async def people_ahead(mall: Mall) -> dict[str, int]:
    """What a ticket issued now would have ahead, by service."""
    offers = await mall.public.all("/availability", channel="kiosk")
    return {each["service_id"]: each["people_ahead"] for each in offers}


@pytest.mark.parametrize(("served", "others"), [(3, 5), (2, 12), (4, 1)])
async def test_a_first_ticket_of_a_service_stands_behind_all_that_its_counter_calls_before(
    given: Given, served: int, others: int
) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=served)
    *busy, quiet = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    waiting = [await mall.kiosk.takes(busy[number % len(busy)]) for number in range(others)]
    assert [each["position"] for each in waiting] == list(range(1, others + 1))
    assert (await people_ahead(mall))[quiet] == others
    ticket = await mall.kiosk.takes(quiet)
    assert ticket["position"] == others + 1
    assert await calls_until(officer, counter, ticket) == [each["number"] for each in waiting]


async def test_a_position_counts_the_services_that_a_counter_serves_together_and_no_others(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=4, counters=0)
    a, b, c, alone = agency.services.values()
    await mall.counter(agency, [a, b])
    await mall.counter(agency, [b, c])
    await mall.counter(agency, [alone])
    tickets = [await mall.kiosk.takes(each) for each in (a, b, c, alone, c, b, a, alone)]
    assert [each["position"] for each in tickets] == [1, 2, 2, 1, 3, 5, 4, 2]
    assert await people_ahead(mall) == {a: 4, b: 6, c: 4, alone: 2}


async def test_a_retired_counter_serves_nothing_together(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    for service in (one, two):
        await mall.counter(agency, [service])
    await mall.kiosk.takes(one)
    assert (await people_ahead(mall))[two] == 1
    await mall.manager.does(f"/counters/{agency.counter}/retirement", {"waiting_tickets": "serve"})
    assert (await people_ahead(mall))[two] == 0


@pytest.mark.parametrize("seed", range(3))
async def test_never_more_are_called_before_a_ticket_than_it_was_told(given: Given, seed: int) -> None:
    dice = Random(seed)  # noqa: S311  # nothing secret
    mall = await given.mall()
    agency = await mall.agency(services=5, counters=0)
    services = list(agency.services.values())
    serves = [dice.sample(services, dice.randint(1, 3)) for _ in range(3)]
    serves.append([each for each in services if not any(each in some for some in serves)] or serves[0])
    counters = [(await mall.open_counter(agency, await mall.counter(agency, each)), each) for each in serves]
    tickets = {each["id"]: each for each in [await mall.kiosk.takes(dice.choice(services)) for _ in range(25)]}
    before: Counter[str] = Counter()
    while tickets:
        (officer, counter_id), served = dice.choice(counters)
        answer = await officer.post(f"/counters/{counter_id}/calls")
        if answer.status_code == 409:
            assert answer.json()["code"] == "nobody_waiting"
            assert not any(each["service_id"] in served for each in tickets.values())
            continue
        called = tickets.pop(answer.json()["id"])
        assert before[called["id"]] <= called["position"] - 1
        before.update(each for each, ticket in tickets.items() if ticket["service_id"] in served)
        await officer.handles(called, "start", "completion")


@pytest.mark.parametrize("places", [1, 3, 5])
async def test_later_is_so_many_calls_later_whatever_their_services(given: Given, places: int) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    services = [await mall.service(agency, code, return_places=places) for code in ("KTP", "KK", "KIA")]
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    absent = await mall.kiosk.takes(services[0])
    others = [await mall.kiosk.takes(services[number % 3]) for number in range(7)]
    await officer.calls(counter)
    back = await officer.handles(absent, "return")
    assert back["position"] == places + 1
    assert await calls_until(officer, counter, absent) == [each["number"] for each in others[:places]]


async def test_the_absent_come_back_by_turns_and_everybody_is_called(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "KTP", return_places=2)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    a, b, c, d, e = [(await mall.kiosk.takes(service))["number"] for _ in range(5)]
    called = []
    for _ in range(9):
        ticket = await officer.calls(counter)
        called.append(ticket["number"])
        await officer.handles(ticket, *(["return"] if ticket["number"] in (a, b) else ["start", "completion"]))
    assert called == [a, b, c, a, b, d, a, b, e]


STARTS = {"elderly": 15, "unspecified": 10}


async def comes(mall: Mall, time: str, service_id: str, priority: str = "none") -> Json:
    """A visitor of a priority class takes a ticket at this time of the morning."""
    mall.set_time(f"2027-03-01T{time}")
    return await mall.kiosk.takes(service_id, priority_class=priority)


async def test_a_service_tells_its_head_starts_and_they_are_changed_within_bounds(given: Given) -> None:
    mall = await given.mall()
    service = await mall.service(await mall.agency(services=0), "KTP", head_start_minutes=STARTS)
    told = (await mall.public.all("/services", code="KTP"))[0]["head_start_minutes"]
    assert told == {"disability": 0, "pregnant_or_nursing": 0, "with_small_child": 0, **STARTS}
    for wrong in ({"none": 5}, {"elderly": 241}, {"elderly": -1}, {"elderly": "5"}, {"old": 5}):
        refused = await mall.manager.edits(f"/services/{service}", {"head_start_minutes": wrong})
        assert code_of(refused) == (422, "invalid_request"), wrong
    changed = await mall.manager.edits(f"/services/{service}", {"head_start_minutes": {"elderly": 20}})
    assert changed.json()["head_start_minutes"]["elderly"] == 20


async def test_a_head_start_counts_so_many_minutes_earlier_and_no_further(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T08:55")
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "KTP", head_start_minutes=STARTS)
    plain = await mall.service(agency, "KK")
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    first, five_past, ten_past = [await comes(mall, f"09:{each}:01", service) for each in ("00", "05", "10")]
    assert (await people_ahead(mall))[service] == 3, "a ticket without priority"
    elderly = await comes(mall, "09:20:00", service, "elderly")  # counted as 09:05:00
    must_show(elderly, position=2, priority_class="elderly")
    unsaid = await comes(mall, "09:20:02", service, "unspecified")  # counted as 09:10:02
    assert unsaid["position"] == 5
    small = await comes(mall, "09:20:03", service, "with_small_child")  # this service gives none
    elsewhere = await comes(mall, "09:20:04", plain, "elderly")  # nor does that one to anybody
    assert [small["position"], elsewhere["position"]] == [6, 7]
    order = [first, elderly, five_past, ten_past, unsaid, small]
    assert await calls_until(officer, counter, elsewhere) == [each["number"] for each in order]


async def test_the_journal_does_not_tell_who_had_a_head_start(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "KTP", head_start_minutes=STARTS)
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))
    await calls_until(officer, counter, await comes(mall, "09:20:00", service, "elderly"))
    entries = [each["data"] for each in await mall.entries() if each["type"].startswith("ticket.")]
    assert len(entries) == 4
    assert not any("effective_arrival" in each for each in entries), "it would tell the class"


async def test_a_visitor_at_another_counter_is_not_counted_meanwhile(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    first = await mall.kiosk.takes(civil.service)
    second = await mall.kiosk.takes(tax.service, visit_id=first["visit_id"])
    other = await mall.kiosk.takes(tax.service)
    assert [each["position"] for each in (first, second, other)] == [1, 1, 2]

    async def counts(waiting: int) -> None:
        """At the counter and on the board of the tax office, and before whoever is or comes behind."""
        assert (await mall.public.sees(f"/counters/{tax.counter}"))["waiting"] == waiting
        board = await mall.public.sees("/board", agency_id=tax.id)
        assert board["services"][0]["waiting"] == waiting
        assert await position(mall, other) == waiting
        assert (await people_ahead(mall))[tax.service] == waiting

    await counts(2)
    await officer.calls(counter)
    await counts(1)
    assert (await mall.kiosk.takes(tax.service))["position"] == 2


async def test_a_visitor_at_another_counter_is_skipped_and_called_afterwards(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    inspector, desk = await mall.open_counter(tax)
    first = await mall.kiosk.takes(civil.service)
    second = await mall.kiosk.takes(tax.service, visit_id=first["visit_id"])
    others = [await mall.kiosk.takes(tax.service) for _ in range(2)]
    await officer.calls(counter)
    assert await calls_until(inspector, desk, others[1]) == [others[0]["number"]]
    refused = await inspector.post(f"/counters/{desk}/calls", headers={"Accept-Language": "en"})
    must_refuse(refused, 409, "waiting_elsewhere", waiting=1)
    assert "(1)" in refused.json()["detail"]
    assert (await mall.public.sees(f"/counters/{desk}"))["waiting"] == 0
    await officer.handles(first, "start", "completion")
    assert (await mall.public.sees(f"/counters/{desk}"))["waiting"] == 1
    assert await calls_until(inspector, desk, second) == []
    must_refuse(await inspector.post(f"/counters/{desk}/calls"), 409, "nobody_waiting")


async def test_a_visitor_has_one_place_a_service(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    first = await mall.kiosk.takes(one)
    visit = {"visit_id": first["visit_id"]}

    async def refused() -> None:
        answer = await mall.kiosk.issue(one, **visit)
        must_refuse(answer, 409, "already_waiting", ticket_id=first["id"], number=first["number"])

    await refused()
    await mall.kiosk.takes(two, **visit)
    await officer.calls(counter)
    for verbs in (["recall"], ["start"], ["hold"]):
        await officer.handles(first, *verbs)
        await refused()


async def test_an_absent_visitor_who_took_another_ticket_comes_back_with_one_of_them(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    first = await mall.kiosk.takes(agency.service)
    visit = {"visit_id": first["visit_id"]}
    await officer.handles(await officer.calls(counter), "recall", "recall", "no-show")
    again = await mall.kiosk.takes(agency.service, **visit)
    answer = await officer.post(f"/tickets/{first['id']}/return")
    must_refuse(answer, 409, "already_waiting", number=again["number"])
    assert (await mall.manager.sees(f"/tickets/{first['id']}"))["status"] == "no_show"
    for verb, ticket in (("cancellation", again), ("return", first), ("cancellation", first)):
        await officer.handles(ticket, verb)
    must_refuse(await officer.post(f"/tickets/{first['id']}/return"), 409, "illegal_transition")
    await mall.kiosk.takes(agency.service, **visit)


async def stand(mall: Mall, *expected: Json) -> None:
    """Insist that these wait, in this order, and that positions have no gap."""
    waiting = await mall.manager.all("/tickets", status="waiting")
    in_line = sorted(waiting, key=lambda each: int(each["position"]))
    assert [each["position"] for each in in_line] == list(range(1, len(in_line) + 1))
    assert [each["number"] for each in in_line] == [each["number"] for each in expected]


async def test_positions_follow_tickets_that_leave_are_held_and_come_back(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2, counters=2)
    one, two = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    a, b, c, d, e = [await mall.kiosk.takes(each) for each in (one, two, one, two, one)]
    await stand(mall, a, b, c, d, e)
    await officer.handles(b, "cancellation")
    await mall.public.does(f"/claims/{d['claim_code']}/cancellation")
    await stand(mall, a, c, e)
    await officer.handles(await officer.calls(counter), "start", "hold")
    await stand(mall, c, e)
    f = await mall.kiosk.takes(two)
    assert f["position"] == 3
    await officer.handles(a, "return")
    await stand(mall, a, c, e, f)
    await officer.handles(await officer.calls(counter, e), "start", "return")
    await stand(mall, a, c, e, f)
    await officer.does(f"/tickets/{(await officer.calls(counter, f))['id']}/return", {"place": "first"})
    await stand(mall, f, a, c, e)


async def test_every_call_counts_until_the_visitor_is_marked_absent(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    seen = []
    for verbs in (["return"], ["start", "hold"], ["recall", "no-show", "return"], []):
        called = await officer.calls(counter, ticket)
        board = (await mall.public.sees("/board"))["now_serving"][0]
        must_show(board, call_count=called["call_count"], called_at=called["called_at"])
        seen.append((called["call_count"], called["called_at"]))
        await officer.handles(called, *verbs)
    assert [count for count, _ in seen] == [1, 2, 3, 5]
    assert len({at for _, at in seen}) == 4, "a display sounds each time"
    assert (await officer.handles(ticket, "no-show"))["call_count"] == 5
