"""The board: who is called where, how many wait, what is closed and why. Numbers, and nobody's name."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import Connection, event

from app.web.boards import PICTURES
from tests.given import ALWAYS, Given, Mall
from tests.servers import Servers

OFFICE = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 8)]


@contextmanager
def readings(mall: Mall) -> Iterator[list[str]]:
    """Each time that a board is read from the database, in whichever task."""
    seen: list[str] = []

    def note(connection: Connection, _: object, statement: str, *__: object) -> None:
        isolation = connection.get_execution_options().get("isolation_level")
        if isolation == "REPEATABLE READ" and "clock_timestamp()" in statement:  # how each of them begins
            seen.append(statement)

    _, reads = mall.database.engines
    event.listen(reads.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(reads.sync_engine, "before_cursor_execute", note)


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [each["number"] for each in rows]


async def test_the_board_shows_calls_and_queues_by_number_only(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(counters=2)
    officer, counter = await mall.open_counter(agency)
    colleague, other = await mall.open_counter(agency, agency.counters[1])
    tickets = [await mall.kiosk.takes(agency.service, access_needs=["wheelchair"]) for _ in range(4)]
    a, b, c, d = numbers(tickets)
    await officer.calls(counter)
    await colleague.calls(other)
    await officer.handles(tickets[0], "recall")

    board = await mall.display.sees("/board")
    assert numbers(board["recently_called"]) == [a, b]
    assert sorted(numbers(board["now_serving"])) == [a, b]
    called = board["recently_called"][0]
    place = await mall.public.sees(f"/counters/{counter}")
    assert (called["status"], called["call_count"], called["floor"]) == ("called", 2, "1")
    assert (called["counter_code"], called["counter_name"]) == (place["code"], place["name"])
    assert called["text"]["id"]["sentence"] == f"Nomor antrean {a}, silakan menuju {place['name']['id']}."
    assert called["text"]["en"]["sentence"] == f"Ticket number {a}, please go to {place['name']['en']}."
    tokens = called["text"]["id"]["tokens"]
    assert tokens[:10] == ["nomor", "antrean", *a[: a.index("-")], "nol", "nol", "satu", "silakan", "menuju", "loket"]
    assert [each["waiting"] for each in board["services"]] == [2]

    for secret in (officer.id, colleague.id, *(each[name] for each in tickets for name in ("id", "visit_id"))):
        assert str(secret) not in json.dumps(board)
    assert "wheelchair" not in json.dumps(board)

    await officer.handles(tickets[0], "start", "completion")
    await colleague.handles(tickets[1], "return")
    board = await mall.public.sees("/board")
    assert (board["now_serving"], numbers(board["recently_called"])) == ([], [a])
    assert [each["waiting"] for each in board["services"]] == [3]
    await officer.calls(counter, tickets[3])
    assert numbers((await mall.public.sees("/board"))["recently_called"]) == [d, a]
    assert c in numbers(await officer.all("/tickets", status="waiting"))


async def test_a_closed_service_says_why_and_until_when_in_both_languages(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T07:00", hours=OFFICE)
    await mall.agency("CIVIL")
    await mall.agency("TAX", signed=False)

    async def lines(language: str) -> list[tuple[str, str | None, str | None, str | None]]:
        answer = await mall.public.get("/board", headers={"Accept-Language": language})
        assert answer.headers["Content-Language"] == language
        assert "Accept-Language" in answer.headers["Vary"]
        names = ("code", "closed_code", "closed_reason", "next_opening_at")
        return [tuple(each[name] for name in names) for each in answer.json()["services"]]

    opens = mall.instant("2027-03-01T08:00")
    indonesian, english = await lines("id"), await lines("en")
    for rows in (indonesian, english):
        assert [(each[0], each[1], each[3]) for each in rows] == [
            ("CIVIL-1", "service_closed", opens),
            ("TAX-1", "membership_not_in_force", opens),
        ]
    reasons = [each[2] for each in (*indonesian, *english)]
    assert len(set(reasons)) == 4
    assert all(reasons)

    mall.set_time("2027-03-01T08:00")
    civil, tax = await lines("id")
    assert (civil[1:], tax[1]) == ((None, None, None), "membership_not_in_force")


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


async def test_the_board_is_new_after_every_act_that_it_shows_and_known_otherwise(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)

    async def asked(etag: str = "") -> httpx.Response:
        return await mall.public.get("/board", headers={"If-None-Match": etag})

    seen = await asked()
    tags = [seen.headers["ETag"]]
    sequence = seen.json()["sequence"]
    ticket = await mall.kiosk.takes(agency.service)
    path = f"/tickets/{ticket['id']}"
    acts = [
        None,
        (officer, f"/counters/{counter}/calls", None),
        (officer, f"{path}/recall", None),
        (officer, f"{path}/start", None),
        (officer, f"{path}/hold", None),
        (officer, f"/counters/{counter}/calls", {"ticket_id": ticket["id"]}),
        (officer, f"{path}/return", None),
        (mall.public, f"/claims/{ticket['claim_code']}/cancellation", None),
        (
            mall.manager,
            f"/agreements/{agency.agreement_id}/suspension",
            {"waiting_tickets": "serve", "reason": "Audit"},
        ),
    ]
    for act in acts:
        if act:
            by, where, body = act
            await by.does(where, body)
        fresh = await asked(tags[-1])
        assert fresh.status_code == 200, act
        assert fresh.headers["ETag"] not in tags, act
        assert fresh.json()["sequence"] > sequence
        sequence = fresh.json()["sequence"]
        assert sequence == len(await mall.entries())
        tags.append(fresh.headers["ETag"])
        known = await asked(tags[-1])
        assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", tags[-1])
    english = await mall.public.get("/board", headers={"If-None-Match": tags[-1], "Accept-Language": "en"})
    assert (english.status_code, english.headers["Content-Language"]) == (200, "en")


async def test_the_board_says_when_the_clock_alone_will_change_it(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T07:30", hours=OFFICE)
    await mall.agency()
    seen: list[tuple[str, str | None]] = []
    for local, changes in (
        ("2027-03-01T07:31", "2027-03-01T08:00"),
        ("2027-03-01T08:00", "2027-03-01T15:00"),
        ("2027-03-01T15:00", "2027-03-02T00:00"),
        ("2027-03-02T00:00", "2027-03-02T08:00"),
    ):
        mall.set_time(local)
        answer = await mall.public.get("/board")
        board = answer.json()
        assert board["changes_at"] == mall.instant(changes)
        assert board["service_day"] == local[:10]
        assert board["sequence"] == len(await mall.entries())
        assert (board["services"][0]["closed_code"] is None) == (local[11:] == "08:00")
        assert answer.headers["ETag"] not in [tag for tag, _ in seen]
        seen.append((answer.headers["ETag"], board["changes_at"]))
    await mall.manager.ask("PUT", "/calendar", json={"hours": ALWAYS})
    board = await mall.public.sees("/board")
    assert board["changes_at"] == mall.instant("2027-03-03T00:00")
    mall.pass_time(timedelta(days=1))
    assert (await mall.public.sees("/board"))["service_day"] == "2027-03-03"


async def test_readers_share_one_reading_until_something_changes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)

    async def crowd() -> list[httpx.Response]:
        return await asyncio.gather(*(mall.public.get("/board") for _ in range(20)))

    with readings(mall) as reads:
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
    for _ in range(PICTURES + 5):
        assert (await mall.public.sees("/board", agency_id=str(uuid4())))["services"] == []
    assert [each["code"] for each in (await mall.public.sees("/board"))["services"]] == ["CIVIL-1"]
    assert mall.context.boards.remembered(mall.ref) == PICTURES
