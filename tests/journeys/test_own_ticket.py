"""The visitor's own ticket: read and given up with the claim code on paper, by nobody else."""

from datetime import timedelta

from tests.given import Asker, Given, Json, Mall, must_refuse, must_show

WRONG = "0000000000000000"


def visitor(given: Given, mall: Mall, address: str) -> Asker:
    """The public at an address where nobody else's guesses count."""
    return Asker(given.from_address(address).http, mall.path)


async def test_visitors_follow_their_own_ticket_with_the_claim_code(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ahead, ticket = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    code: str = ticket["claim_code"]
    assert len(code) == 16
    assert code != ahead["claim_code"]
    misread = code.replace("0", "o").replace("1", "l")
    spellings = (code, code.lower(), misread, "-".join(code[each : each + 4] for each in range(0, 16, 4)))
    seen = [await mall.public.sees(f"/claims/{each}") for each in spellings]
    assert all(each == seen[0] for each in seen)
    must_show(seen[0], number=ticket["number"], status="waiting", position=2)
    assert seen[0]["service"]["code"] == "CIVIL-1"
    assert seen[0]["counter"] is None
    assert "officer_id" not in seen[0]
    await officer.handles(await officer.calls(counter, ticket), "recall")
    must_show(await mall.public.sees(f"/claims/{code}"), status="called", position=None, call_count=2)


async def test_the_own_ticket_says_whose_it_is_and_where_to_go(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    code = ticket["claim_code"]
    seen, own = await mall.public.sees(f"/claims/{code}"), await mall.public.sees(f"/agencies/{agency.id}")
    assert seen["agency"] == {name: own[name] for name in ("id", "code", "name")}
    must_show(seen, id=ticket["id"], visit_id=ticket["visit_id"], language="id", closed_by=None)
    await officer.calls(counter)
    place = await mall.public.sees(f"/counters/{counter}")
    called = await mall.public.sees(f"/claims/{code}")
    building = await mall.public.sees(f"/locations/{place['location_id']}")
    assert called["counter"] == {
        **{name: place[name] for name in ("id", "code", "name", "floor")},
        "location": {name: building[name] for name in ("id", "name", "address")},
    }


async def test_visitors_give_their_place_up_only_while_they_wait(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    kept, given_up = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    cancelled = await mall.public.does(f"/claims/{given_up['claim_code'].lower()}/cancellation")
    must_show(cancelled, status="cancelled", position=None)
    assert cancelled["ended_at"]
    assert (await officer.sees(f"/tickets/{given_up['id']}"))["closed_by"] == "visitor"

    path = f"/claims/{kept['claim_code']}/cancellation"
    await officer.calls(counter)
    for verbs, code in (([], "already_called"), (["start"], "already_called"), (["hold"], "illegal_transition")):
        await officer.handles(kept, *verbs)
        must_refuse(await mall.public.post(path), 409, code)
    await officer.handles(await officer.calls(counter, kept), "start", "completion")
    must_refuse(await mall.public.post(path), 409, "illegal_transition", state="completed", allowed=[])


async def test_giving_a_place_up_twice_is_answered_the_same_and_changes_nothing(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer = await mall.officer(agency)
    for by, closed_by in ((mall.public, "visitor"), (officer, "officer")):
        ticket = await mall.kiosk.takes(agency.service)
        own = f"/claims/{ticket['claim_code']}"
        first = own if by is mall.public else f"/tickets/{ticket['id']}"
        await by.does(f"{first}/cancellation")
        written, seen = len(await mall.entries()), await mall.public.sees(own)
        must_show(seen, status="cancelled", closed_by=closed_by)
        assert await mall.public.does(f"{own}/cancellation") == seen
        assert len(await mall.entries()) == written


async def test_a_visitor_who_has_the_newest_of_the_own_ticket_is_told_only_that(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    own = f"/claims/{ticket['claim_code']}"
    known = {"If-None-Match": (await mall.public.get(own)).headers["ETag"]}
    assert (await mall.public.get(own, headers=known)).status_code == 304
    await officer.calls(counter)
    assert (await mall.public.get(own, headers=known)).json()["status"] == "called"


async def not_there(asker: Asker, code: str) -> list[Json]:
    """What is answered to a code that leads nowhere, but for what differs each time."""
    found = [await asker.get(f"/claims/{code}"), await asker.post(f"/claims/{code}/cancellation")]
    assert [each.status_code for each in found] == [404, 404]
    return [
        {name: value for name, value in each.json().items() if name not in ("request_id", "instance")} for each in found
    ]


async def test_a_claim_code_works_for_seven_days_after_the_service_day(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    ticket = await mall.kiosk.takes(agency.service)
    officer, counter = await mall.open_counter(agency)
    await officer.calls(counter)
    mall.pass_time(timedelta(days=7))
    seen = await mall.public.sees(f"/claims/{ticket['claim_code']}")
    must_show(seen, status="expired", counter=None)
    mall.pass_time(timedelta(days=1))
    await not_there(visitor(given, mall, "198.51.100.3"), ticket["claim_code"])
    must_refuse(await mall.public.get(f"/tickets/{ticket['id']}"), 401, "unauthenticated")


async def test_a_wrong_an_expired_and_another_malls_code_are_the_same_404(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    asker = visitor(given, mall, "198.51.100.1")
    ticket = await mall.kiosk.takes((await mall.agency()).service)
    foreign = await elsewhere.kiosk.takes((await elsewhere.agency()).service)
    mall.pass_time(timedelta(days=8))
    expired = await not_there(asker, ticket["claim_code"])
    assert expired == await not_there(asker, WRONG)
    assert expired == await not_there(asker, foreign["claim_code"])
    await elsewhere.public.sees(f"/claims/{foreign['claim_code']}")


async def test_guessing_codes_is_slowed_down_for_the_address_that_guesses(given: Given) -> None:
    mall = await given.mall()
    asker = visitor(given, mall, "198.51.100.2")
    ticket = await mall.kiosk.takes((await mall.agency()).service)
    own = f"/claims/{ticket['claim_code']}"
    for number in range(10):
        await asker.sees(own)
        guess = f"/claims/{number:016d}"
        answer = await (asker.get(guess) if number % 2 else asker.post(f"{guess}/cancellation"))
        must_refuse(answer, 404, "not_found")
    while (answer := await asker.get(f"/claims/{WRONG}")).status_code == 404:
        pass  # on a slow machine some of the ten are forgiven already
    must_refuse(answer, 429, "rate_limited")
    assert int(answer.headers["Retry-After"]) > 0
    assert (await mall.public.sees(own))["status"] == "waiting"
    assert (await asker.does(f"{own}/cancellation"))["status"] == "cancelled"  # a right code always passes


async def test_who_takes_a_number_is_told_where_it_can_be_read(given: Given) -> None:
    mall = await given.mall()
    service = (await mall.agency()).service
    for asker, path in ((mall.public, "claims/{claim_code}"), (mall.kiosk, "tickets/{id}")):
        answer = await asker.issue(service)
        assert answer.headers["Location"] == f"{mall.path}/{path.format(**answer.json())}"
        assert (await asker.sees(f"/{answer.headers['Location']}"))["number"] == answer.json()["number"]
