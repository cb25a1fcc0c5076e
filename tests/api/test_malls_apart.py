"""Two malls in one deployment never see each other's data."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.callers import SYSTEM
from app.journal import Journal
from tests.given import Given, Json, code_of, names


async def test_another_malls_things_are_not_there(given: Given) -> None:
    mall, other = await given.mall(), await given.mall(time_zone="Asia/Jayapura")
    agency, foreign = await mall.agency(), await other.agency()  # the same codes, services and counters
    ticket = await other.kiosk.takes(foreign.service)
    paths = (
        f"/agencies/{foreign.id}",
        f"/services/{foreign.service}",
        f"/counters/{foreign.counter}",
        f"/agreements/{foreign.agreement_id}",
        f"/tickets/{ticket['id']}",
        f"/claims/{ticket['claim_code']}",
        f"/locations/{other.location_id}",
        f"/number-series/{foreign.series_id}",
        f"/calendar?agency_id={foreign.id}",
    )
    for path in paths:
        assert code_of(await mall.manager.get(path)) == (404, "not_found"), path
        assert (await other.manager.get(path)).status_code == 200, path
    for path in (f"/counters/{foreign.counter}/opening", f"/agreements/{foreign.agreement_id}/review"):
        assert code_of(await mall.manager.post(path)) == (404, "not_found"), path

    counter: Json = {
        "agency_id": agency.id,
        "location_id": mall.location_id,
        "code": "L-X",
        "name": names("X"),
        "floor": "1",
        "service_ids": [],
    }
    service = {"agency_id": agency.id, "number_series_id": agency.series_id, "code": "X", "name": names("X")}
    for path, body, member in (
        ("/counters", {**counter, "location_id": other.location_id}, "/location_id"),
        ("/counters", {**counter, "agency_id": foreign.id}, "/agency_id"),
        ("/counters", {**counter, "service_ids": [foreign.service]}, "/service_ids"),
        ("/services", {**service, "number_series_id": foreign.series_id}, "/number_series_id"),
        ("/services", {**service, "agency_id": foreign.id}, "/agency_id"),
        ("/invitations", {"agency_id": foreign.id}, "/agency_id"),
        ("/agreements", {"agency_id": foreign.id, "kind": "memorandum"}, "/agency_id"),
    ):
        answer = await mall.manager.post(path, body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, member), path
    assert (await mall.kiosk.issue(foreign.service)).status_code == 422
    mine = await mall.kiosk.takes(agency.service)
    visit = await mall.kiosk.issue(agency.service, visit_id=ticket["visit_id"])
    assert (visit.status_code, mine["number"]) == (422, ticket["number"])
    assert [each["id"] for each in await mall.manager.all("/tickets")] == [mine["id"]]
    assert [each["waiting"] for each in (await mall.public.sees("/board"))["services"]] == [1]


async def test_the_database_itself_refuses_another_malls_thing(given: Given) -> None:
    mall, other = await given.mall(), await given.mall()
    agency, foreign = await mall.agency(), await other.agency()

    async def mix(journal: Journal) -> None:
        await journal.session.execute(
            text("UPDATE services SET agency_id = :foreign WHERE mall_id = :mall AND id = :service"),
            {"foreign": foreign.id, "mall": mall.ref.id, "service": agency.service},
        )

    with pytest.raises(IntegrityError):
        await mall.database.write(mall.ref, SYSTEM, mix)


async def test_a_slug_is_one_malls_and_a_mall_that_is_not_there_has_no_board(given: Given) -> None:
    mall = await given.mall()
    admin = await given.admin()
    body = {"slug": mall.slug, "name": names("X"), "region": "X", "operator": "X", "time_zone": "Asia/Jakarta"}
    assert code_of(await admin.post("//v1/malls", body)) == (409, "slug_taken")
    assert code_of(await mall.manager.post("//v1/malls", {**body, "slug": "another-one"})) == (403, "forbidden")
    assert code_of(await mall.public.get("//v1/malls/no-such-mall/board")) == (404, "not_found")
    assert mall.slug in [each["slug"] for each in await given.public.all("//v1/malls")]
