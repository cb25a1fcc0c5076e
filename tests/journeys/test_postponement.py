"""A visitor lets others go first (*mendahulukan yang lain*), and keeps the number."""

from uuid import uuid4

from tests.given import Given, Json, Mall, must_refuse, must_show


async def waiting(mall: Mall, service: str, count: int) -> list[Json]:
    return [await mall.kiosk.takes(service) for _ in range(count)]


def own(ticket: Json) -> str:
    return f"/claims/{ticket['claim_code']}"


async def lets_go(mall: Mall, ticket: Json, places: int) -> Json:
    return await mall.public.does(f"{own(ticket)}/postponement", {"places": places})


async def places(mall: Mall, tickets: list[Json]) -> list[int]:
    """Where each of them stands."""
    return [(await mall.public.sees(own(each)))["position"] for each in tickets]


async def places_given(mall: Mall) -> list[int]:
    """What the journal says of it."""
    return [each["data"]["places"] for each in await mall.entries() if each["type"] == "ticket.postponed"]


async def test_a_visitor_lets_so_many_others_go_first_and_whoever_is_few_is_last(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    officer, counter = await mall.open_counter(agency)
    first, other = agency.services.values()
    line = [await mall.kiosk.takes(each) for each in (first, first, other, other, first)]
    must_show(await mall.public.sees(own(line[0])), position=1, postponements_left=2)
    after = await lets_go(mall, line[0], 2)
    must_show(after, number=line[0]["number"], position=3, postponements_left=1, status="waiting")
    assert await places(mall, line) == [3, 1, 2, 4, 5]
    must_show(await lets_go(mall, line[1], 50), position=5)
    must_show(await lets_go(mall, line[1], 1), position=5, postponements_left=0)  # who is last stays the last
    assert await places(mall, line) == [2, 5, 1, 3, 4]
    assert (await officer.calls(counter))["id"] == line[2]["id"]
    assert await places_given(mall) == [2, 50, 1]


async def test_others_go_first_twice_at_most_and_a_repeat_is_the_same_answer(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket, *_ = await waiting(mall, agency.service, 4)
    path, key = f"{own(ticket)}/postponement", {"Idempotency-Key": str(uuid4())}
    once = await mall.public.post(path, {"places": 1}, headers=key)
    must_show(once.json(), position=2, postponements_left=1)
    await officer.handles(await officer.calls(counter), "start", "completion")
    again = await mall.public.post(path, {"places": 1}, headers=key)
    assert again.json() == once.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    must_show(await mall.public.sees(own(ticket)), position=1, postponements_left=1)
    must_refuse(await mall.public.post(path, {"places": 2}, headers=key), 422, "idempotency_key_reused")
    must_show(await lets_go(mall, ticket, 1), position=2, postponements_left=0)
    must_refuse(await mall.public.post(path, {"places": 1}), 409, "postponed_too_often", limit=2)
    assert await places_given(mall) == [1, 1]


async def test_nobody_lets_others_go_first_who_does_not_wait(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket, _ = await waiting(mall, agency.service, 2)
    path = f"{own(ticket)}/postponement"
    await officer.calls(counter)
    for verbs, code in (([], "already_called"), (["start"], "already_called"), (["hold"], "illegal_transition")):
        await officer.handles(ticket, *verbs)
        must_refuse(await mall.public.post(path, {"places": 1}), 409, code)
        must_show(await mall.public.sees(own(ticket)), postponements_left=0)
    await officer.handles(ticket, "return")
    must_show(await lets_go(mall, ticket, 1), postponements_left=1)
    await mall.public.does(f"{own(ticket)}/cancellation")
    must_refuse(await mall.public.post(path, {"places": 1}), 409, "illegal_transition", state="cancelled")


async def test_so_many_places_are_one_to_fifty(given: Given) -> None:
    mall = await given.mall()
    ticket = await mall.kiosk.takes((await mall.agency()).service)
    for places in (0, -1, 51, 1_000_000, 1.5, "2", True, None):
        answer = await mall.public.post(f"{own(ticket)}/postponement", {"places": places})
        must_refuse(answer, 422, "invalid_request", pointer="/places")
    assert await places_given(mall) == []


async def test_who_is_behind_at_another_counter_is_not_counted(given: Given) -> None:
    mall = await given.mall()
    agency, bank = await mall.agency(), await mall.agency("BANK")
    teller, till = await mall.open_counter(bank)
    ticket, absent, _ = await waiting(mall, agency.service, 3)
    elsewhere = await mall.kiosk.takes(bank.service, visit_id=absent["visit_id"])
    await teller.calls(till, elsewhere)
    must_show(await lets_go(mall, ticket, 1), position=2)  # behind the third: the second is at the bank
    await teller.handles(elsewhere, "start", "completion")
    must_show(await mall.public.sees(own(absent)), position=1)
    must_show(await mall.public.sees(own(ticket)), position=3)


async def test_the_language_of_the_own_ticket_is_said_when_it_is_taken(given: Given) -> None:
    mall = await given.mall()
    ticket = await mall.public.takes((await mall.agency()).service, language="en")
    must_show(await mall.public.sees(own(ticket)), language="en")
