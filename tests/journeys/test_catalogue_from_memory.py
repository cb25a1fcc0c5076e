"""The catalogue from memory: the public is answered without the database, and never with what was before."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection

from app.web import kept_pages
from app.web.routing import operations
from tests.given import Agency, Asker, Given, Mall, counted, must_refuse, names
from tests.given.counting import readings
from tests.servers import Servers


def pages(agency: Agency) -> list[str]:
    """What the public reads of a mall again and again."""
    things = {"services": agency.service, "agencies": agency.id, "counters": agency.counters[0]}
    lists = ["", "/locations", "/mou-status", "/members", "/board", "/board/words"]
    return [*lists, *(f"/{each}" for each in things), *(f"/{each}/{id_}" for each, id_ in things.items())]


def of_services(_: Connection, statement: str) -> bool:
    """Whether services are read."""
    return "FROM services" in statement


async def name_of(asker: Asker, service: str) -> str:
    """What the service is called in the list, which says the same as the service itself."""
    [listed] = (await asker.sees("/services"))["data"]
    assert listed == await asker.sees(f"/services/{service}")
    return str(listed["name"]["en"])


async def rename(mall: Mall, service: str, name: str) -> None:
    """Change what a service is called."""
    assert (await mall.manager.edits(f"/services/{service}", {"name": names(name)})).status_code == 200


async def test_what_the_public_reads_again_takes_no_statement(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    for page in pages(agency):
        first = await mall.public.get(page)
        async with counted(mall.database) as seen:
            again = await mall.public.get(page)
            tag = again.headers.get("ETag", "*")
            known = await mall.public.get(page, headers={"If-None-Match": tag})
        assert not seen, page
        assert again.status_code == 200
        assert again.content == first.content
        assert {**again.headers, "x-request-id": ""} == {**first.headers, "x-request-id": ""}
        assert known.status_code == (200 if tag == "*" else 304)
        assert known.content == (first.content if tag == "*" else b"")
        for name in ("ETag", "Cache-Control", "Content-Language", "Vary"):
            assert known.headers.get(name) == first.headers.get(name)


async def test_a_page_is_kept_though_all_its_readers_have_it(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    for page in (f"/services/{agency.service}", "/board/words"):
        tag = (await mall.public.get(page)).headers["ETag"]
        await rename(mall, other.service, f"Not on {page}")
        for takes_any in (True, False):
            async with counted(mall.database) as seen:
                known = await mall.public.get(page, headers={"If-None-Match": tag})
            assert known.status_code == 304
            assert bool(seen) == takes_any, page


async def test_the_public_board_is_answered_before_its_handler(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    mall = await given.mall()
    shown = {each: await mall.public.get("/board", headers={"Accept-Language": each}) for each in ("id", "en")}
    monkeypatch.setattr(mall.context, "boards", None)
    for language, first in shown.items():
        for _ in range(20):  # where the feed does not answer soon enough the handler is asked, which has nothing now
            again = await mall.public.get("/board", headers={"Accept-Language": language})
            if again.status_code == 200:
                break
        assert again.headers["Content-Language"] == language
        assert again.content == first.content


async def test_a_change_is_seen_by_the_next_reader_while_others_read(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    done = asyncio.Event()

    async def keeps_reading() -> None:
        while not done.is_set():
            await mall.public.sees("/services")

    readers = [asyncio.create_task(keeps_reading()) for _ in range(4)]
    for number in range(5):
        await rename(mall, agency.service, f"Name {number}")
        assert await name_of(mall.public, agency.service) == f"Name {number}"
    done.set()
    await asyncio.gather(*readers)


async def test_another_process_sees_a_change_soon(given: Given, two_servers: Servers) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    here, there = [mall.public.at(client) for client in two_servers.clients]
    for number in range(3):
        before = await name_of(here, agency.service)
        assert await name_of(there, agency.service) == before
        changed = await mall.manager.at(two_servers.clients[0]).edits(
            f"/services/{agency.service}", {"name": names(f"Name {number}")}
        )
        assert changed.status_code == 200
        assert await name_of(here, agency.service) == f"Name {number}"
        manager = await mall.manager.known_at(two_servers.clients[1])
        assert await name_of(manager, agency.service) == f"Name {number}"  # who is known is always answered anew
        async with asyncio.timeout(60):
            while (await there.sees("/services"))["data"][0]["name"]["en"] == before:
                await asyncio.sleep(0.02)


async def test_a_crowd_shares_one_reading_until_something_changes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()

    async def crowd() -> list[httpx.Response]:
        return await asyncio.gather(*(mall.public.get("/services") for _ in range(20)))

    with readings(mall.database, of_services) as reads:
        await crowd()
        before = await crowd()
    assert len(reads) == 1
    await rename(mall, agency.service, "Another name")
    with readings(mall.database, of_services) as reads:
        after = await crowd()
    assert len(reads) == 1
    assert len({each.content for each in before} | {each.content for each in after}) == 2
    assert len({each.content for each in after}) == 1


async def test_the_day_alone_changes_what_an_agency_is(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T12:00")
    agency = await mall.newcomer()
    await mall.agreement(agency, ends_on="2027-03-01")

    async def in_force() -> set[bool]:
        [listed] = (await mall.public.sees("/agencies"))["data"]
        return {listed["in_force"], (await mall.public.sees(f"/agencies/{agency.id}"))["in_force"]}

    assert await in_force() == {True}
    for local, now in (("2027-03-01T23:59", True), ("2027-03-02T00:00", False), ("2027-03-02T00:01", False)):
        mall.set_time(local)
        assert await in_force() == {now}


async def test_nobody_gets_what_was_answered_to_somebody_else(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    contact = {"name": "Bu Sri", "phone": "+62541234567", "email": "sri@example.go.id"}
    assert (await mall.manager.edits(f"/agencies/{agency.id}", {"contact": contact})).status_code == 200
    for _ in range(2):
        assert (await mall.manager.sees(f"/agencies/{agency.id}"))["contact"] == contact
        assert (await mall.public.sees(f"/agencies/{agency.id}"))["contact"] is None
    wrong = Asker(mall.http, mall.path, "nobody's")
    must_refuse(await wrong.get(f"/agencies/{agency.id}"), 401, "token_invalid")


async def test_refusals_are_not_kept(given: Given) -> None:
    mall = await given.mall()
    for _ in range(2):
        must_refuse(await mall.public.get("/services", params={"limit": 1000}), 422, "invalid_request")
        must_refuse(await mall.public.get("/services", params={"sought": "x"}), 422, "invalid_request")
    assert (await mall.public.sees("/services", code="CIVIL-1"))["data"] == []
    await mall.agency()
    assert len((await mall.public.sees("/services", code="CIVIL-1"))["data"]) == 1


async def test_what_is_kept_is_bounded(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    mall = await given.mall()
    await mall.agency()
    monkeypatch.setattr(kept_pages, "MOST_BYTES", 20_000)
    for number in range(1, 101):
        await mall.public.sees("/services", limit=number)
    assert mall.context.kept_pages.bytes_kept <= 20_000
    async with counted(mall.database) as seen:
        await mall.public.sees("/services", limit=100)
        assert not seen
        await mall.public.sees("/services", limit=1)
    assert seen


def test_only_reads_of_a_mall_are_kept(app: FastAPI) -> None:
    kept = [each for each in operations(app) if each.markers.kept]
    assert kept
    for each in kept:
        assert each.methods == {"GET"}
        assert "{mall}" in each.path
