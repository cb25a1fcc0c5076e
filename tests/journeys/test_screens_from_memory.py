"""Officers' screens and visitors' own tickets from memory: never what was before, and never for who may not see it."""

import asyncio
import json
from datetime import timedelta

import asyncpg
import pytest

from app.domain.roles import Role
from tests.given import Asker, Given, Json, Mall, counted, must_refuse, must_show
from tests.journeys.test_closures import close
from tests.servers import Servers


async def line(asker: Asker, counter: str) -> Json:
    """Who waits at a counter, as its screen shows it."""
    found: Json = await asker.sees(f"/counters/{counter}/queue")
    return found


async def test_who_reads_the_same_again_takes_no_statement(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    colleague = await (await mall.officer(agency)).known_at(mall.http)
    claim = (await mall.public.takes(agency.service))["claim_code"]
    for asker, path in ((officer, f"/counters/{counter}/queue"), (mall.public, f"/claims/{claim}")):
        first = await asker.get(path)
        async with counted(mall.database) as seen:
            again = await asker.get(path)
            known = await asker.get(path, headers={"If-None-Match": first.headers["ETag"]})
            if asker is officer:
                assert (await colleague.get(path)).content == first.content
        assert not seen
        assert again.status_code == 200
        assert again.content == first.content
        assert known.status_code == 304
        assert known.content == b""


async def test_each_act_is_seen_at_once(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    tickets = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    for left in (3, 2, 1):
        must_show(await line(officer, counter), waiting_count=left, ticket=None)
        own = await mall.public.sees(f"/claims/{tickets[-1]['claim_code']}")
        must_show(own, position=left, status="waiting")
        called = await officer.calls(counter)
        assert (await line(officer, counter))["ticket"]["number"] == called["number"]
        assert (await line(officer, counter))["ticket"]["status"] == "called"
        await officer.handles(called, "start", "completion")
    must_show(await mall.public.sees(f"/claims/{tickets[-1]['claim_code']}"), status="completed", position=None)


async def test_what_is_kept_for_some_is_not_there_for_others(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(agency)
    stranger, path = await mall.officer(other), f"/counters/{counter}/queue"
    for _ in range(2):
        for asker in (officer, mall.manager):
            must_show(await asker.sees(path), waiting=[])
        must_refuse(await stranger.get(path), 404, "not_found")
        must_refuse(await mall.kiosk.get(path), 403, "forbidden")
        must_refuse(await mall.public.get(path), 401, "unauthenticated")
        must_refuse(await Asker(mall.http, mall.path, "nobody's").get(path), 401, "token_invalid")
    elsewhere = await given.mall()
    must_refuse(await elsewhere.manager.get(f"/{mall.path}{path}"), 404, "not_found")


async def test_an_officer_with_two_agencies_is_no_officer_of_one(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    _, counter = await mall.open_counter(agency)
    _, there = await mall.open_counter(other)
    manager = await mall.person(Role.AGENCY_MANAGER, agency)
    for _ in range(2):
        must_refuse(await manager.get(f"/counters/{there}/queue"), 404, "not_found")
        await line(manager, counter)
        await line(mall.manager, there)


async def test_what_is_counted_from_now_is_counted_anew(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T10:00")
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    claim = (await mall.public.takes(agency.service))["claim_code"]
    await officer.does(f"/counters/{counter}/break", {"until": mall.instant("2027-03-01T10:50")})
    for due in (50, 30, 10, None):
        [first] = (await line(officer, counter))["waiting"]
        must_show(first["estimate"], due_in_minutes=due)
        must_show((await mall.public.sees(f"/claims/{claim}"))["estimate"], due_in_minutes=due)
        mall.pass_time(timedelta(minutes=20))


async def test_a_closure_that_begins_and_ends_by_the_clock_moves_who_is_next(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency(services=2)
    closed, other = agency.services.values()
    officer, counter = await mall.open_counter(agency)
    kept, free = await mall.kiosk.takes(closed), await mall.kiosk.takes(other)
    stretch = {"starts_at": mall.instant("2027-03-01T10:00"), "ends_at": mall.instant("2027-03-01T11:00")}
    await close(mall.manager, "keep", service_id=closed, **stretch)
    days = {"09:59": kept, "10:00": free, "10:59": free, "11:00": kept}
    for at, following in days.items():
        mall.set_time(f"2027-03-01T{at}")
        must_show(await line(officer, counter), next_ticket_id=following["id"])


async def test_the_day_alone_ends_what_waits(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T23:50")
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    for local, number, status in (("01T23:58", 1, "waiting"), ("02T00:00", 0, "expired"), ("02T00:01", 0, "expired")):
        mall.set_time(f"2027-03-{local}")
        must_show(await line(officer, counter), waiting_count=number)
        must_show(await mall.public.sees(f"/claims/{ticket['claim_code']}"), status=status)


async def test_another_process_sees_a_call_soon(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    person, counter = await mall.open_counter(agency)
    here, there = [await person.known_at(client) for client in two_servers.clients]
    claim = (await mall.public.takes(agency.service))["claim_code"]
    visitor = mall.public.at(two_servers.clients[1])
    for verb, status in (("calls", "called"), ("start", "serving")):
        before = await line(there, counter)
        assert await line(here, counter) == before
        if verb == "calls":
            ticket = await here.calls(counter)
        else:
            ticket = await here.handles(ticket, verb)
        must_show((await line(here, counter))["ticket"], status=status)
        async with asyncio.timeout(60):
            while (await line(there, counter)) == before or (await visitor.sees(f"/claims/{claim}"))[
                "status"
            ] != status:
                await asyncio.sleep(0.02)


async def rows_of_places(mall: Mall, asker: Asker, path: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many tickets are read to say which place those have that are shown."""
    fetch, seen = asyncpg.Connection.fetch, [0]

    def tickets_in(plan: Json) -> int:
        own = plan["Actual Rows"] * plan["Actual Loops"] if plan.get("Alias") == "tickets_1" else 0  # who may be before
        return int(own) + sum(map(tickets_in, plan.get("Plans", ())))

    async def explained(connection: asyncpg.Connection, sql: str, *values: object) -> list[asyncpg.Record]:
        if "AS ahead" in sql:
            [[told]] = await fetch(connection, f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *values)
            seen[0] += tickets_in((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])
        found: list[asyncpg.Record] = await fetch(connection, sql, *values)
        return found

    await mall.kiosk.takes((await mall.public.sees("/services"))["data"][0]["id"])  # so that it is read anew
    monkeypatch.setattr(asyncpg.Connection, "fetch", explained)
    await asker.sees(path)
    monkeypatch.undo()
    return seen[0]


async def test_a_long_line_is_read_as_far_as_it_is_shown(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    claim = (await mall.public.takes(agency.service))["claim_code"]
    for _ in range(30):
        await mall.kiosk.takes(agency.service)
    for asker, path in ((officer, f"/counters/{counter}/queue"), (mall.public, f"/claims/{claim}")):
        assert 0 < await rows_of_places(mall, asker, path, monkeypatch) <= 20
