"""The board: who is called where, how many wait, what is closed and why. Numbers, and nobody's name."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import Connection

from app.web.boards import PICTURES
from tests.given import ALWAYS, ANY, Agency, Asker, Given, Json, Mall, must_refuse, must_show, names
from tests.given.counting import readings
from tests.servers import Servers

OFFICE = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 8)]


def of_a_board(connection: Connection, statement: str) -> bool:
    """Whether the reading of a board begins."""
    isolation = connection.get_execution_options().get("isolation_level")
    return isolation == "REPEATABLE READ" and "clock_timestamp()" in statement


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [each["number"] for each in rows]


async def test_the_board_says_who_is_called_to_which_counter_in_both_languages(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    a: str = (await mall.kiosk.takes(agency.service))["number"]
    await officer.handles(await officer.calls(counter), "recall")
    [called] = (await mall.display.sees("/board"))["recently_called"]
    place = await mall.public.sees(f"/counters/{counter}")
    must_show(called, number=a, status="called", call_count=2, floor="1")
    must_show(called, counter_code=place["code"], counter_name=place["name"])
    assert called["text"]["id"]["sentence"] == f"Nomor antrean {a}, silakan menuju {place['name']['id']}."
    assert called["text"]["en"]["sentence"] == f"Ticket number {a}, please go to {place['name']['en']}."
    tokens = called["text"]["id"]["tokens"]
    assert tokens[:10] == ["nomor", "antrean", *a[: a.index("-")], "nol", "nol", "satu", "silakan", "menuju", "loket"]


async def test_the_board_follows_the_queue(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    colleague, other = await mall.open_counter(agency, agency.counters[1])
    tickets = [await mall.kiosk.takes(agency.service) for _ in range(4)]
    a, b, _, d = numbers(tickets)
    await officer.calls(counter)
    await colleague.calls(other)
    await officer.handles(tickets[0], "recall")
    board = await mall.display.sees("/board")
    assert numbers(board["recently_called"]) == [a, b], "the recall is the latest"
    assert sorted(numbers(board["now_serving"])) == [a, b]
    assert [each["waiting"] for each in board["services"]] == [2]

    await officer.handles(tickets[0], "start", "completion")
    await colleague.handles(tickets[1], "return")
    board = await mall.public.sees("/board")
    assert board["now_serving"] == []
    assert numbers(board["recently_called"]) == [a]
    assert [each["waiting"] for each in board["services"]] == [3]
    await officer.calls(counter, tickets[3])
    assert numbers((await mall.public.sees("/board"))["recently_called"]) == [d, a]


async def test_the_board_shows_numbers_and_nobodys_name_or_need(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    tickets = [await mall.kiosk.takes(agency.service, access_needs=["wheelchair"]) for _ in range(2)]
    await officer.calls(counter)
    board = json.dumps(await mall.display.sees("/board"))
    for secret in (officer.id, *(each[name] for each in tickets for name in ("id", "visit_id"))):
        assert str(secret) not in board
    assert "wheelchair" not in board


async def test_a_closed_service_says_why_and_until_when_in_both_languages(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T07:00", hours=OFFICE)
    await mall.agency("CIVIL")
    await mall.agency("TAX", signed=False)
    opens, reasons = mall.instant("2027-03-01T08:00"), set()
    for language in ("id", "en"):
        answer = await mall.public.get("/board", headers={"Accept-Language": language})
        assert answer.headers["Content-Language"] == language
        assert "Accept-Language" in answer.headers["Vary"]
        civil, tax = answer.json()["services"]
        must_show(civil, code="CIVIL-1", closed_code="service_closed", next_opening_at=opens)
        must_show(tax, code="TAX-1", closed_code="membership_not_in_force", next_opening_at=opens)
        reasons |= {civil["closed_reason"], tax["closed_reason"]}
    assert len(reasons - {None, ""}) == 4

    mall.set_time("2027-03-01T08:00")
    civil, tax = (await mall.public.sees("/board"))["services"]
    must_show(civil, closed_code=None, closed_reason=None, next_opening_at=None)
    assert tax["closed_code"] == "membership_not_in_force"


async def test_a_display_asks_for_its_floor_agency_or_counter(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    await mall.manager.edits(f"/counters/{tax.counter}", {"floor": "2"})
    second = await mall.counter(civil, [])
    shown = {}
    for name, agency, counter in (("civil", civil, civil.counter), ("tax", tax, tax.counter), ("idle", civil, second)):
        officer, _ = await mall.open_counter(agency, counter)
        if name != "idle":
            await mall.kiosk.takes(agency.service)
            shown[name] = (await officer.calls(counter))["number"]

    async def asked(**wanted: str) -> tuple[list[str], list[str]]:
        board = await mall.display.sees("/board", **wanted)
        assert sorted(numbers(board["recently_called"])) == sorted(numbers(board["now_serving"]))
        return sorted(numbers(board["now_serving"])), [each["code"] for each in board["services"]]

    assert await asked() == (sorted(shown.values()), ["CIVIL-1", "TAX-1"])
    assert await asked(floor="1") == ([shown["civil"]], ["CIVIL-1"])
    assert await asked(floor="2") == ([shown["tax"]], ["TAX-1"])
    assert await asked(agency_id=tax.id) == ([shown["tax"]], ["TAX-1"])
    assert await asked(counter_id=civil.counter) == ([shown["civil"]], ["CIVIL-1"])
    assert await asked(counter_id=second) == ([], [])


def acts(mall: Mall, agency: Agency, officer: Asker, counter: str, ticket: Json) -> list[tuple[Asker, str, Any]]:
    """A ticket's way, and what a manager does, each of which is seen on the board."""
    calls, path = f"/counters/{counter}/calls", f"/tickets/{ticket['id']}"
    return [
        (officer, calls, None),
        (officer, f"{path}/recall", None),
        (officer, f"{path}/start", None),
        (officer, f"{path}/hold", None),
        (officer, calls, {"ticket_id": ticket["id"]}),
        (officer, f"{path}/return", None),
        (mall.public, f"/claims/{ticket['claim_code']}/cancellation", None),
        (
            mall.manager,
            f"/agreements/{agency.agreement_id}/suspension",
            {"waiting_tickets": "serve", "reason": "Audit"},
        ),
    ]


async def is_another(mall: Mall, seen: list[httpx.Response]) -> None:
    """Insist that the board is none of those that were seen, and that it is known when it is asked for again."""
    fresh = await mall.public.get("/board", headers={"If-None-Match": seen[-1].headers["ETag"]})
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] not in [each.headers["ETag"] for each in seen]
    assert fresh.json()["sequence"] > seen[-1].json()["sequence"]
    assert fresh.json()["sequence"] == len(await mall.entries())
    known = await mall.public.get("/board", headers={"If-None-Match": fresh.headers["ETag"]})
    assert known.status_code == 304
    assert known.content == b""
    assert known.headers["ETag"] == fresh.headers["ETag"]
    seen.append(fresh)


async def test_the_board_is_new_after_every_act_that_it_shows_and_known_otherwise(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    seen = [await mall.public.get("/board")]
    ticket = await mall.kiosk.takes(agency.service)
    await is_another(mall, seen)
    for by, where, body in acts(mall, agency, officer, counter, ticket):
        await by.does(where, body)
        await is_another(mall, seen)


async def test_a_board_that_is_known_in_one_language_is_another_one_in_the_other(given: Given) -> None:
    mall = await given.mall()
    board = await mall.public.get("/board")
    headers = {"If-None-Match": board.headers["ETag"], "Accept-Language": "en"}
    english = await mall.public.get("/board", headers=headers)
    assert english.status_code == 200
    assert english.headers["Content-Language"] == "en"


async def test_the_board_says_when_the_clock_alone_will_change_it(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T07:30", hours=OFFICE)
    await mall.agency()
    tags = set()
    for local, changes in (
        ("2027-03-01T07:31", "2027-03-01T08:00"),
        ("2027-03-01T08:00", "2027-03-01T15:00"),
        ("2027-03-01T15:00", "2027-03-02T00:00"),
        ("2027-03-02T00:00", "2027-03-02T08:00"),
    ):
        mall.set_time(local)
        answer = await mall.public.get("/board")
        board = answer.json()
        must_show(board, changes_at=mall.instant(changes), service_day=local[:10])
        assert board["sequence"] == len(await mall.entries())
        assert (board["services"][0]["closed_code"] is None) == (local[11:] == "08:00")
        tags.add(answer.headers["ETag"])
    assert len(tags) == 4


async def test_new_hours_change_when_the_board_will_change(given: Given) -> None:
    mall = await given.mall(at="2027-03-02T00:00", hours=OFFICE)
    await mall.agency()
    assert (await mall.public.sees("/board"))["changes_at"] == mall.instant("2027-03-02T08:00")
    await mall.manager.ask("PUT", "/calendar", json={"hours": ALWAYS}, headers=ANY)
    assert (await mall.public.sees("/board"))["changes_at"] == mall.instant("2027-03-03T00:00")
    mall.pass_time(timedelta(days=1))
    assert (await mall.public.sees("/board"))["service_day"] == "2027-03-03"


async def test_readers_share_one_reading_until_something_changes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)

    async def crowd() -> list[httpx.Response]:
        return await asyncio.gather(*(mall.public.get("/board") for _ in range(20)))

    with readings(mall.database, of_a_board) as reads:
        first = await crowd()
        again = await crowd()
        called = await officer.calls(counter)
        after = await crowd()
    assert len(reads) == 2
    assert len({each.content for each in (*first, *again)}) == 1
    assert len({each.headers["ETag"] for each in after} | {first[0].headers["ETag"]}) == 2
    assert all(numbers(each.json()["now_serving"]) == [called["number"]] == [ticket["number"]] for each in after)


async def test_an_acknowledged_act_is_on_the_very_next_board_while_others_read(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    tickets = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    done = asyncio.Event()

    async def keeps_reading() -> None:
        while not done.is_set():
            await mall.public.sees("/board")

    readers = [asyncio.create_task(keeps_reading()) for _ in range(2)]
    for ticket in tickets:
        assert (await officer.calls(counter))["id"] == ticket["id"]
        assert numbers((await mall.display.sees("/board"))["now_serving"]) == [ticket["number"]]
        await officer.handles(ticket, "start", "completion")
        assert (await mall.display.sees("/board"))["now_serving"] == []
    done.set()
    await asyncio.gather(*readers)


async def test_another_process_shows_the_same_board_soon(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    displays = [mall.display.at(client) for client in two_servers.clients]
    for display in displays:
        assert (await display.sees("/board"))["now_serving"] == []
    await mall.kiosk.takes(agency.service)
    called = await officer.at(two_servers.clients[0]).calls(counter)
    assert numbers((await displays[0].sees("/board"))["now_serving"]) == [called["number"]]
    async with asyncio.timeout(60):
        while not (board := await displays[1].sees("/board"))["now_serving"]:
            await asyncio.sleep(0.02)
    assert board == await displays[0].sees("/board")


async def test_no_more_parts_of_a_building_are_remembered_than_a_building_has(given: Given) -> None:
    mall = await given.mall()
    await mall.agency()
    floors = [f"{number}" for number in range(40)]
    buildings = [await building(mall, *floors) for _ in range(2)]
    for location_id in buildings:
        for floor in floors:
            assert (await mall.public.sees("/board", location_id=location_id, floor=floor))["services"] == []
            wrong = await mall.public.get("/board", params={"agency_id": str(uuid4())})
            must_refuse(wrong, 422, "unknown_reference")
    assert [each["code"] for each in (await mall.public.sees("/board"))["services"]] == ["CIVIL-1"]
    assert mall.context.boards.remembered(mall.ref) == PICTURES


async def building(mall: Mall, *floors: str) -> str:
    """One more building of the mall."""
    told = [{"code": each, "name": names(f"Floor {each}")} for each in floors]
    body = {"name": names("Annex"), "address": "Jl. Juanda", "floors": told, "starts_on": "2020-01-01"}
    return str((await mall.manager.does("/locations", body))["id"])


async def calling(mall: Mall, agency: Agency, **place: str) -> str:
    """The number that the agency's counter calls, moved to this place first."""
    await mall.manager.edits(f"/counters/{agency.counter}", place)
    officer, counter = await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service)
    return str((await officer.calls(counter))["number"])


async def test_a_display_shows_the_calls_of_its_own_building(given: Given) -> None:
    mall = await given.mall()
    annex = await building(mall, "1", "7")
    civil, tax = await mall.agency(), await mall.agency("TAX")
    here = await calling(mall, civil)
    there = await calling(mall, tax, location_id=annex)
    body = {"kind": "display", "name": names("Annex"), "location_id": annex}
    key = (await mall.manager.does("/devices", body))["key"]
    displays = {mall.location_id: mall.display, annex: Asker(mall.http, mall.path, key)}
    shown = {mall.location_id: (here, "CIVIL-1"), annex: (there, "TAX-1")}
    for location_id, (number, code) in shown.items():
        for asked in ({}, {"floor": "1"}, {"location_id": location_id}):
            for one in (displays[location_id], mall.public if "location_id" in asked else displays[location_id]):
                board = await one.sees("/board", **asked)
                assert numbers(board["now_serving"]) == numbers(board["recently_called"]) == [number]
                assert {each["location_id"] for each in board["now_serving"]} == {location_id}
                assert [each["code"] for each in board["services"]] == [code]
    everywhere = await mall.public.sees("/board", floor="1")
    assert {each["location_id"]: each["number"] for each in everywhere["now_serving"]} == {
        mall.location_id: here,
        annex: there,
    }
    other = await mall.display.sees("/board", counter_id=tax.counter)
    assert numbers(other["now_serving"]) == [there]


async def test_a_part_that_the_mall_does_not_have_is_refused_by_name(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    annex, civil = await building(mall, "7"), await mall.agency()
    foreign, tax = await elsewhere.agency("TAX"), await mall.agency("TAX")
    for thing, wrong in (
        ("floor", {"floor": "99"}),
        ("floor", {"floor": "1", "location_id": annex}),
        ("location", {"location_id": elsewhere.location_id}),
        ("agency", {"agency_id": foreign.id}),
        ("counter", {"counter_id": str(uuid4())}),
        ("counter", {"counter_id": foreign.counter}),
        ("counter", {"counter_id": civil.counter, "location_id": annex}),
        ("counter", {"counter_id": civil.counter, "floor": "2"}),
        ("counter", {"counter_id": civil.counter, "agency_id": tax.id}),
    ):
        name = "floor" if thing == "floor" else f"{thing}_id"
        for one in (mall.public, mall.display, mall.manager):
            answer = await one.get("/board", params=wrong)
            must_refuse(answer, 422, "unknown_reference", pointer=f"#query/{name}", thing=thing)
    assert (await mall.public.sees("/board", floor="7"))["services"] == []
    fits = {"counter_id": civil.counter, "floor": "1", "agency_id": civil.id, "location_id": mall.location_id}
    assert [each["code"] for each in (await mall.public.sees("/board", **fits))["services"]] == ["CIVIL-1"]


async def test_the_board_tells_the_visitors_language(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    for language in ("en", "id"):
        ticket = await mall.kiosk.takes(agency.service, language=language)
        await officer.calls(counter, ticket)
        [called] = (await mall.display.sees("/board"))["now_serving"]
        assert called["language"] == language
        await officer.handles(ticket, "start", "completion")


async def test_what_is_spoken_is_listed_and_a_counter_may_have_its_own_way_to_be_said(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service)
    await officer.calls(counter)

    async def said(**changes: Any) -> list[str]:
        """How the call ends once the counter is changed so."""
        await mall.manager.edits(f"/counters/{counter}", changes)
        listed = await mall.public.get("/board/words")
        [called] = (await mall.public.sees("/board"))["now_serving"]
        for language, call in called["text"].items():
            assert set(call["tokens"]) <= set(listed.json()[language])
        known = await mall.public.get("/board/words", headers={"If-None-Match": listed.headers["ETag"]})
        assert known.status_code == 304
        tokens: list[str] = called["text"]["id"]["tokens"]
        return tokens[tokens.index("menuju") + 1 :]

    assert await said(name={"id": "Loket BPJS 12", "en": "x"}) == ["loket", "B", "P", "J", "S", "dua", "belas"]
    assert await said(spoken=names("Loket Kesehatan")) == ["loket", "kesehatan", "id"]
    assert await said(name=names("Loket 4/5"), spoken=None) == ["loket", "empat", "lima", "id"]
