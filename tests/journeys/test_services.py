"""Services and the lines of numbers that they give tickets from."""

from tests.given import Agency, Given, Json, Mall, must_refuse, must_show, names


def new(agency: Agency, **more: str) -> Json:
    """A service to put into the catalogue."""
    return {"agency_id": agency.id, "number_series_id": agency.series_id, "code": "NEW", "name": names("New"), **more}


async def shared(mall: Mall) -> str:
    """A line of numbers that every agency's services may give tickets from."""
    made = await mall.manager.does("/number-series", {"prefix": "ZZ", "name": names("Everybody")})
    return str(made["id"])


async def test_an_agencys_manager_puts_a_service_into_the_catalogue(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    manager = await mall.agency_manager(agency)
    made = await manager.post("/services", new(agency))
    assert made.status_code == 201
    assert made.headers["Location"] == f"{mall.path}/services/{made.json()['id']}"
    [found] = await mall.public.all("/services", code="NEW")
    must_show(found, agency_id=agency.id, in_force=True, no_show_calls=3)
    must_refuse(await manager.post("/services", new(agency)), 409, "code_taken")
    foreign = await mall.agency("TAX")
    must_refuse(await manager.post("/services", new(foreign)), 422, "unknown_reference", pointer="/agency_id")


async def test_a_service_gives_numbers_of_its_agencys_own_line_or_a_shared_one(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    path, everybodys = f"/services/{agency.service}", await shared(mall)
    foreign = await mall.manager.edits(path, {"number_series_id": other.series_id})
    must_refuse(foreign, 422, "unknown_reference", pointer="/number_series_id")
    assert (await mall.manager.edits(path, {"number_series_id": everybodys})).status_code == 200
    assert (await mall.manager.edits(f"/services/{other.service}", {"number_series_id": everybodys})).status_code == 200
    numbers = [(await mall.kiosk.takes(each.service))["number"] for each in (agency, other, agency)]
    assert numbers == ["ZZ-001", "ZZ-002", "ZZ-003"]


async def test_a_prefix_is_one_lines_and_stays_on_paper(given: Given) -> None:
    mall = await given.mall()
    everybodys = await shared(mall)
    again = await mall.manager.post("/number-series", {"prefix": "ZZ", "name": names("Again")})
    must_refuse(again, 409, "prefix_taken")
    renamed = await mall.manager.edits(f"/number-series/{everybodys}", {"name": names("All")})
    must_show(renamed.json(), name=names("All"), prefix="ZZ", version=2)
    must_show((await mall.entries())[-1], type="number_series.changed", before={"name": names("Everybody")})


async def test_an_agencys_manager_keeps_its_own_lines_and_only_reads_the_others(given: Given) -> None:
    mall = await given.mall()
    agency, everybodys = await mall.agency(), await shared(mall)
    manager = await mall.agency_manager(agency)
    assert {each["id"] for each in await manager.all("/number-series")} == {agency.series_id, everybodys}
    must_refuse(await manager.edits(f"/number-series/{everybodys}", {"name": names("Mine")}), 404, "not_found")
    must_refuse(await manager.post("/number-series", {"prefix": "YY", "name": names("Y")}), 422, "unknown_reference")
    own = await manager.does("/number-series", {"prefix": "YY", "name": names("Y"), "agency_id": agency.id})
    assert (await manager.edits(f"/number-series/{own['id']}", {"name": names("Yes")})).status_code == 200


async def test_a_prefix_that_looks_like_digits_is_warned_about(given: Given) -> None:
    mall = await given.mall()
    warned = {}
    for prefix in ("B", "O", "KI", "ZIO", "XYZ"):
        made = await mall.manager.does("/number-series", {"prefix": prefix, "name": names(prefix)})
        assert made == await mall.manager.sees(f"/number-series/{made['id']}")
        warned[prefix] = made["looks_like_digits"]
    assert warned == {"B": False, "O": True, "KI": True, "ZIO": True, "XYZ": False}


async def test_tickets_are_found_by_service_and_by_counter(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2)
    one, two = [await mall.kiosk.takes(each) for each in agency.services.values()]
    officer, counter = await mall.open_counter(agency)
    await officer.calls(counter)
    assert [each["id"] for each in await officer.all("/tickets", service_code="CIVIL-2")] == [two["id"]]
    assert [each["id"] for each in await officer.all("/tickets", service_id=agency.service)] == [one["id"]]
    assert [each["id"] for each in await officer.all("/tickets", counter_id=counter)] == [one["id"]]
