"""Two malls in one deployment never see each other's data."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.callers import SYSTEM
from app.journal import Journal
from tests.given import Agency, Given, Json, Mall, code_of, must_refuse, names


@dataclass
class Two:
    """Two malls with the same codes, services and counters, and a ticket of the other one."""

    mall: Mall
    other: Mall
    agency: Agency
    foreign: Agency
    ticket: Json


async def two(given: Given) -> Two:
    mall, other = await given.mall(), await given.mall(time_zone="Asia/Jayapura")
    agency, foreign = await mall.agency(), await other.agency()
    return Two(mall, other, agency, foreign, await other.kiosk.takes(foreign.service))


async def test_another_malls_things_are_not_there(given: Given) -> None:
    it = await two(given)
    foreign = it.foreign
    for path in (
        f"/agencies/{foreign.id}",
        f"/services/{foreign.service}",
        f"/counters/{foreign.counter}",
        f"/agreements/{foreign.agreement_id}",
        f"/tickets/{it.ticket['id']}",
        f"/visits/{it.ticket['visit_id']}",
        f"/claims/{it.ticket['claim_code']}",
        f"/locations/{it.other.location_id}",
        f"/number-series/{foreign.series_id}",
        f"/calendar?agency_id={foreign.id}",
    ):
        assert code_of(await it.mall.manager.get(path)) == (404, "not_found"), path
        assert (await it.other.manager.get(path)).status_code == 200, path
    for path in (f"/counters/{foreign.counter}/opening", f"/agreements/{foreign.agreement_id}/review"):
        assert code_of(await it.mall.manager.post(path)) == (404, "not_found"), path


async def test_another_malls_things_cannot_be_named(given: Given) -> None:
    it = await two(given)
    own, foreign, place = it.agency, it.foreign, {"location_id": it.mall.location_id, "floor": "1"}
    counter: Json = {"agency_id": own.id, "code": "L-X", "name": names("X"), "service_ids": [], **place}
    service = {"agency_id": own.id, "number_series_id": own.series_id, "code": "X", "name": names("X")}
    for path, body, member in (
        ("/counters", {**counter, "location_id": it.other.location_id}, "/location_id"),
        ("/counters", {**counter, "agency_id": foreign.id}, "/agency_id"),
        ("/counters", {**counter, "service_ids": [foreign.service]}, "/service_ids"),
        ("/services", {**service, "number_series_id": foreign.series_id}, "/number_series_id"),
        ("/services", {**service, "agency_id": foreign.id}, "/agency_id"),
        ("/invitations", {"agency_id": foreign.id}, "/agency_id"),
        ("/agreements", {"agency_id": foreign.id, "kind": "memorandum"}, "/agency_id"),
    ):
        answer = await it.mall.manager.post(path, body)
        assert answer.status_code == 422, path
        assert answer.json()["errors"][0]["pointer"] == member, path


async def test_two_malls_number_and_queue_by_themselves(given: Given) -> None:
    it = await two(given)
    mine = await it.mall.kiosk.takes(it.agency.service)
    assert mine["number"] == it.ticket["number"]
    assert (await it.mall.kiosk.issue(it.foreign.service)).status_code == 422
    assert (await it.mall.kiosk.issue(it.agency.service, visit_id=it.ticket["visit_id"])).status_code == 422
    assert [each["id"] for each in await it.mall.manager.all("/tickets")] == [mine["id"]]
    assert [each["waiting"] for each in (await it.mall.public.sees("/board"))["services"]] == [1]


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
    must_refuse(await admin.post("//v1/malls", body), 409, "slug_taken")
    must_refuse(await mall.manager.post("//v1/malls", {**body, "slug": "another-one"}), 403, "forbidden")
    must_refuse(await mall.public.get("//v1/malls/no-such-mall/board"), 404, "not_found")
    assert mall.slug in [each["slug"] for each in await given.public.all("//v1/malls")]
