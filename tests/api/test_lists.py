"""Lists: bounded pages that follow each other without a double or a gap, in either order, at a steady price."""

import httpx

from app.domain.devices import DeviceKind
from app.domain.roles import Role
from tests.given import PINGED, Agency, Asker, Given, Json, Mall, code_of, counted, names

MANY = 20
SORTS = {
    "/agencies": ["code", "id"],
    "/mou-status": ["code"],
    "/members": ["code"],
    "/services": ["code", "id"],
    "/counters": ["code", "id"],
    "/number-series": ["prefix"],
    "/invitations": ["id"],
    "/agreements": ["id"],
    "/tickets": ["id"],
    "/locations": ["id"],
    "/calendar/exceptions": ["id"],
    "/closures": ["id"],
    "/calendar/holidays": ["date"],
    "/calendar/periods": ["id"],
    "/staff": ["username", "id"],
    "/devices": ["id"],
    "/clients": ["id"],
    "/webhooks": ["id"],
    "/number-blocks": ["id"],
    "/statistics": ["code"],
}
KEPT = {"/statistics"}
"""Lists that are answered from memory until something happens in the mall."""


async def crowded(mall: Mall, rows: int = MANY) -> Agency:
    """So many of everything that a mall lists."""
    exception = {"kind": "closed", "starts_on": "2020-01-01", "ends_on": "2020-01-02", "reason": names("Repairs")}
    floors = [{"code": "1", "name": names("One")}]
    for number in range(rows):
        agency = await mall.agency(f"A-{number:03}")
        await mall.manager.does("/invitations", {"agency_id": agency.id})
        await mall.kiosk.takes(agency.service)
        await mall.client(agency)
        await mall.webhook("https://antrean.example/mpp", PINGED, agency=agency)
        await mall.kiosk.reserves(agency.series_id, 2)
        await mall.manager.does("/calendar/exceptions", exception)
        closed = {"agency_id": agency.id, "reason": names("Repairs"), "waiting_tickets": "serve"}
        closure = await mall.manager.does("/closures", closed)
        await mall.manager.does(f"/closures/{closure['id']}/ending")
        holiday = {
            "date": f"2020-02-{number + 1:02}",
            "kind": "collective_leave",
            "name": names("Day"),
            "source": "SKB",
        }
        await mall.manager.does("/calendar/holidays", holiday)
        period = {"agency_id": agency.id, "starts_on": "2020-01-01", "ends_on": "2020-01-02", "name": names("Short")}
        await mall.manager.does("/calendar/periods", {**period, "hours": []})
        if number:  # the mall has one already
            hall = {"name": names("Hall"), "address": "Jl. Hall", "starts_on": "2020-01-01", "floors": floors}
            await mall.manager.does("/locations", hall)
        if number > 1:  # a manager and an auditor, a kiosk and a display
            await mall.person(Role.AUDITOR)
            await mall.device(DeviceKind.KIOSK)
    return agency


def key_of(path: str, row: Json, sort: str) -> str:
    """What a row is sorted by."""
    return str(row["agency_id"] if path in ("/mou-status", "/members") and sort == "id" else row[sort])


async def walked(asker: Asker, path: str, sort: str, limit: int) -> list[Json]:
    """A list page by page, by its Link alone."""
    rows: list[Json] = []
    answer = await asker.get(path, params={"sort": sort, "limit": limit})
    while True:
        page = answer.json()
        assert len(page["data"]) <= limit
        rows += page["data"]
        link = answer.headers.get("Link")
        assert (page["next_cursor"] is not None) is page["has_more"]
        assert (link is not None) is page["has_more"]
        if link is None:
            return rows
        assert len(page["data"]) == limit
        target, _, rel = link.partition(">; ")
        assert target[0] == "<"
        assert rel == 'rel="next"'
        assert httpx.URL(target[1:]).params["cursor"] == page["next_cursor"]
        answer = await asker.get("/" + target[1:])


async def test_every_list_is_walked_whole_in_both_orders(given: Given) -> None:
    mall = await given.mall()
    await crowded(mall, MANY + 1)
    for path, sorts in SORTS.items():
        for sort in sorts:
            whole = (await mall.manager.sees(path, sort=sort, limit=100))["data"]
            keys = [key_of(path, row, sort) for row in whole]
            assert len(keys) == MANY + 1, path
            assert keys == sorted(set(keys)), path
            for limit in (3, MANY, MANY + 1):
                assert await walked(mall.manager, path, sort, limit) == whole, path
            assert await walked(mall.manager, path, f"-{sort}", 7) == whole[::-1], path
        assert len((await mall.manager.sees(path))["data"]) == MANY, path  # unless asked
        for limit in (0, 101):
            assert code_of(await mall.manager.get(path, params={"limit": limit})) == (422, "invalid_request"), path


async def test_a_cursor_belongs_to_its_order_and_keeps_its_filters(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency("CIVIL", services=5)
    await mall.agency("TAX", services=5)
    page = await mall.public.get("/services", params={"limit": 2, "agency_id": agency.id})
    link = page.headers["Link"]
    assert f"agency_id={agency.id}" in link
    assert "limit=2" in link
    cursor = page.json()["next_cursor"]
    for sort in ("-code", "id", "-id"):
        answer = await mall.public.get("/services", params={"cursor": cursor, "sort": sort})
        assert code_of(answer) == (422, "invalid_cursor"), sort
    own = await mall.public.all("/services", agency_id=agency.id)
    assert {each["id"] for each in own} == set(agency.services.values())
    [named] = await mall.public.all("/services", code="TAX-3")
    assert named["code"] == "TAX-3"

    await mall.service(agency, "CIVIL-0")  # before the cursor: pages that follow do not shift
    following = await mall.public.sees("/services", limit=2, agency_id=agency.id, cursor=cursor)
    assert [each["code"] for each in following["data"]] == ["CIVIL-3", "CIVIL-4"]


async def test_the_malls_of_the_platform_are_a_list_too(given: Given) -> None:
    slugs = [(await given.mall()).slug for _ in range(3)]
    forwards = [each["slug"] for each in await walked(given.public, "//v1/malls", "slug", 2)]
    backwards = [each["slug"] for each in await walked(given.public, "//v1/malls", "-slug", 2)]
    assert forwards == backwards[::-1]
    assert len(set(forwards)) == len(forwards)
    assert set(slugs) <= set(forwards)
    manager = (await given.mall()).manager
    assert {each["slug"] for each in await manager.all("//v1/malls")} >= set(slugs)


async def price(mall: Mall, asker: Asker, path: str, **params: str | int) -> int:
    """How many statements an answer takes, when the caller is known: it is looked up again every five seconds."""
    prices = []
    for _ in range(3):
        async with counted(mall.database) as seen:
            await asker.sees(path, **params)
        prices.append(len(seen))
    return min(prices)


async def test_twenty_rows_take_as_many_statements_as_one(given: Given) -> None:
    mall, small = await given.mall(), await given.mall()
    boards = []
    for each, rows in ((small, 1), (mall, MANY)):
        agency = await crowded(each, rows)
        officer, counter = await each.open_counter(agency)
        await each.kiosk.takes(agency.service)
        await each.public.sees("/board")  # from now on the board is remembered, until the mall is written
        await officer.does(f"/counters/{counter}/calls")
        async with counted(each.database) as seen:
            await each.public.sees("/board")
        boards.append(len(seen))
        assert await price(each, each.public, "/board") == 0
    assert 0 < boards[1] <= boards[0]
    for path in SORTS:
        one, many = [await price(mall, mall.manager, path, limit=limit) for limit in (1, MANY)]
        assert many <= one, path
        assert (many == 0) is (path in KEPT), path
    platform = [await price(mall, given.public, "//v1/malls", limit=limit) for limit in (1, MANY)]
    assert platform[0] == platform[1]
    for path, params in (("/availability", {"channel": "web"}), ("/calendar", {})):
        one, many = [await price(each, each.public, path, **params) for each in (small, mall)]
        assert 0 < many <= one, path


async def test_an_agencys_people_page_through_their_own_rows_alone(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    for _ in range(5):
        await mall.kiosk.takes(other.service)
        await mall.kiosk.takes(agency.service)
    officer = await mall.person(Role.OFFICER, agency)
    rows = await walked(officer, "/tickets", "id", 2)
    assert [each["agency_id"] for each in rows] == [agency.id] * 5


async def test_a_list_is_narrowed_by_an_agencys_code_as_by_its_id(given: Given) -> None:
    mall = await given.mall()
    await crowded(mall, 3)
    agency_id = (await mall.manager.all("/agencies", code="A-001"))[0]["id"]
    lists = """mou-status members tickets invitations agreements calendar/periods services counters number-series
        clients webhooks"""
    for path in (f"/{each}" for each in lists.split()):
        named = await mall.manager.all(path, agency_code="A-001")
        assert {each["agency_id"] for each in named} == {agency_id}, path
        assert named == await mall.manager.all(path, agency_id=agency_id), path
        assert await mall.manager.all(path, agency_code="NOBODY") == [], path
        assert await mall.manager.all(path, agency_code="A-002", agency_id=agency_id) == [], path
        assert code_of(await mall.manager.get(path, params={"agency_code": "a"})) == (422, "invalid_request"), path
    for path in ("/staff", "/calendar/exceptions"):
        assert await mall.manager.all(path, agency_code="A-001") == [], path
    [ticket] = await mall.manager.all("/tickets", service_code="A-002-1")
    assert ticket["service_id"] == (await mall.manager.all("/services", code="A-002-1"))[0]["id"]
    assert await mall.manager.all("/tickets", service_code="NOTHING") == []
