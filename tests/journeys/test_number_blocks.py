"""A kiosk is cut off from the network, and goes on giving numbers."""

from datetime import timedelta

import pytest

from app.domain.devices import DeviceKind
from tests.given import Agency, Asker, Given, Json, Mall, must_refuse


def given_(block: Json, *services: str | None, **more: object) -> list[Json]:
    """What a kiosk reports: its first numbers, each for a service; None: it was spoilt."""
    numbers = zip(block["numbers"], services, strict=False)
    at = block["reserved_at"]
    return [{"number": each["number"], "issued_at": at, "service_id": of, **more} for each, of in numbers]


async def reports(kiosk: Asker, block: Json, numbers: list[Json]) -> Json:
    return await kiosk.does(f"/number-blocks/{block['id']}/report", {"numbers": numbers})


async def with_block(given: Given, size: int = 3) -> tuple[Mall, Agency, Json]:
    mall = await given.mall()
    agency = await mall.agency()
    return mall, agency, await mall.kiosk.reserves(agency.series_id, size)


async def test_what_a_kiosk_gave_is_called_in_the_order_in_which_people_came(given: Given) -> None:
    mall, agency, block = await with_block(given)
    officer, counter = await mall.open_counter(agency)
    during = await mall.public.takes(agency.service)
    assert [each["number"] for each in block["numbers"]] == ["AA-001", "AA-002", "AA-003"]
    assert during["number"] == "AA-004"
    whole = await reports(mall.kiosk, block, given_(block, agency.service, None))
    assert [each["outcome"] for each in whole["numbers"]] == ["issued", "void", "unused"]
    assert whole["status"] == "reported"
    assert [whole["first_number"], whole["last_number"]] == ["AA-001", "AA-003"]
    first = await officer.calls(counter)
    assert first["number"] == "AA-001"
    assert first["id"] == block["numbers"][0]["ticket_id"]
    own = await mall.public.sees(f"/claims/{block['numbers'][0]['claim_code']}")
    assert own["number"] == "AA-001"
    assert own["status"] == "called"
    assert (await mall.public.takes(agency.service))["number"] == "AA-005"
    await officer.handles(first, "start", "completion")
    assert [each.kind for each in await mall.intervals(first)] == ["waiting", "called", "serving"]


async def test_a_claim_code_works_from_the_report_on(given: Given) -> None:
    mall, agency, block = await with_block(given, 1)
    claim = f"/claims/{block['numbers'][0]['claim_code']}"
    must_refuse(await mall.public.get(claim), 404, "not_found")
    await reports(mall.kiosk, block, given_(block, agency.service))
    assert (await mall.public.does(f"{claim}/cancellation"))["status"] == "cancelled"


async def test_a_retry_gets_the_same_numbers_and_codes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    wanted, once = {"number_series_id": agency.series_id, "size": 2}, {"Idempotency-Key": "block-1"}
    first = await mall.kiosk.post("/number-blocks", wanted, headers=once)
    again = await mall.kiosk.post("/number-blocks", wanted, headers=once)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["Location"] == f"{mall.path}/number-blocks/{first.json()['id']}"
    numbers = {"numbers": given_(first.json(), agency.service)}
    where, once = f"/number-blocks/{first.json()['id']}/report", {"Idempotency-Key": "report-1"}
    told = await mall.kiosk.post(where, numbers, headers=once)
    assert (await mall.kiosk.post(where, numbers, headers=once)).json() == told.json()
    must_refuse(await mall.kiosk.post(where, numbers), 409, "illegal_transition", state="reported")
    assert len(await mall.manager.all("/tickets")) == 1


async def test_tickets_that_broke_a_rule_stand_and_say_which(given: Given) -> None:
    mall, agency, block = await with_block(given)
    await mall.manager.edits(f"/services/{agency.service}", {"daily_quota": 1})
    taken = await mall.public.takes(agency.service)
    whole = await reports(mall.kiosk, block, given_(block, agency.service, agency.service))
    assert [each["broken_rule"] for each in whole["numbers"]] == ["quota_exhausted"] * 2 + [None]
    rules = {each["number"]: each["broken_rule"] for each in await mall.manager.all("/tickets", status="waiting")}
    assert rules == {taken["number"]: None, "AA-001": "quota_exhausted", "AA-002": "quota_exhausted"}
    assert (await mall.manager.sees(f"/number-blocks/{block['id']}"))["numbers"] == whole["numbers"]


async def test_a_quota_is_used_up_within_one_report(given: Given) -> None:
    mall, agency, block = await with_block(given)
    await mall.manager.edits(f"/services/{agency.service}", {"daily_quota": 1})
    whole = await reports(mall.kiosk, block, given_(block, agency.service, agency.service))
    assert [each["broken_rule"] for each in whole["numbers"]] == [None, "quota_exhausted", None]


async def test_an_agency_that_was_suspended_meanwhile_is_said(given: Given) -> None:
    mall, agency, block = await with_block(given)
    await mall.interrupt(agency.agreement_id, "suspension", "cancel")
    whole = await reports(mall.kiosk, block, given_(block, agency.service))
    assert whole["numbers"][0]["broken_rule"] == "membership_not_in_force"


@pytest.mark.parametrize(
    ("wrong", "code", "pointer"),
    [
        ({"number": "AA-002"}, "number_out_of_order", "/numbers/0/number"),
        ({"number": "AA-009"}, "number_out_of_order", "/numbers/0/number"),
        ({"issued_at": "2020-01-01T00:00:00Z"}, "time_out_of_order", "/numbers/0/issued_at"),
        ({"issued_at": "2090-01-01T00:00:00+08:00"}, "time_out_of_order", "/numbers/0/issued_at"),
        ({"issued_at": "2026-11-27T10:00:00"}, "invalid_request", None),
        ({"issued_at": 1}, "invalid_request", None),
        ({"service_id": "0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11"}, "unknown_reference", "/numbers/0/service_id"),
    ],
)
async def test_a_wrong_report_leaves_nothing_behind(given: Given, wrong: Json, code: str, pointer: str | None) -> None:
    mall, agency, block = await with_block(given)
    first, *more = given_(block, agency.service, agency.service)
    before = len(await mall.entries())
    refused = await mall.kiosk.post(f"/number-blocks/{block['id']}/report", {"numbers": [{**first, **wrong}, *more]})
    must_refuse(refused, 422, code, **({"pointer": pointer} if pointer else {}))
    assert len(await mall.entries()) == before
    assert await mall.manager.all("/tickets") == []
    assert (await mall.manager.sees(f"/number-blocks/{block['id']}"))["status"] == "reserved"


async def test_gaps_doubles_and_too_many_are_refused(given: Given) -> None:
    mall, agency, block = await with_block(given, 2)
    first, second = given_(block, agency.service, agency.service)
    beyond = {**first, "number": "AA-003"}
    path = f"/number-blocks/{block['id']}/report"
    for numbers, at, expected in (
        ([first, first], 1, "AA-002"),
        ([second, first], 0, "AA-001"),
        ([second], 0, "AA-001"),
        ([first, second, beyond], 2, None),
    ):
        refused = await mall.kiosk.post(path, {"numbers": numbers})
        must_refuse(refused, 422, "number_out_of_order", pointer=f"/numbers/{at}/number", expected=expected)
    backwards = [{**first, "issued_at": second["issued_at"]}, {**second, "issued_at": "2026-01-01T00:00:00Z"}]
    must_refuse(await mall.kiosk.post(path, {"numbers": backwards}), 422, "time_out_of_order")


async def test_a_service_of_another_series_is_refused(given: Given) -> None:
    mall, _, block = await with_block(given)
    other = await mall.agency("TAX")
    refused = await mall.kiosk.post(f"/number-blocks/{block['id']}/report", {"numbers": given_(block, other.service)})
    must_refuse(refused, 422, "other_series", pointer="/numbers/0/service_id", number_series_id=other.series_id)


async def test_a_block_is_its_kiosks_alone(given: Given) -> None:
    mall, agency, block = await with_block(given)
    second = await mall.device(DeviceKind.KIOSK)
    path = f"/number-blocks/{block['id']}"
    must_refuse(await second.post(f"{path}/report", {"numbers": []}), 404, "not_found")
    must_refuse(await second.get(path), 404, "not_found")
    assert await second.all("/number-blocks") == []
    assert [each["id"] for each in await mall.kiosk.all("/number-blocks", status="reserved")] == [block["id"]]
    next_ = await second.reserves(agency.series_id, 1)
    assert next_["first_number"] == "AA-004"
    one_more = await mall.kiosk.post(
        "/number-blocks", {"number_series_id": agency.series_id, "size": 1}, headers={"Idempotency-Key": "again"}
    )
    must_refuse(one_more, 409, "block_open", block_id=block["id"])
    await reports(mall.kiosk, block, [])
    assert (await mall.kiosk.reserves(agency.series_id, 1))["first_number"] == "AA-005"


async def test_a_day_that_ends_ends_its_blocks(given: Given) -> None:
    mall, agency, block = await with_block(given, 2)
    day = block["service_day"]
    mall.pass_time(timedelta(days=1))
    path = f"/number-blocks/{block['id']}"
    before = await mall.manager.sees(path)
    assert before["status"] == "expired"
    assert {each["outcome"] for each in before["numbers"]} == {"unused"}
    late = await mall.kiosk.post(f"{path}/report", {"numbers": given_(block, agency.service)})
    must_refuse(late, 409, "illegal_transition", state="expired")
    assert (await mall.manager.sees(path))["numbers"] == before["numbers"]
    for status, found in (("expired", 1), ("reserved", 0), ("reported", 0)):
        assert len(await mall.manager.all("/number-blocks", service_day=day, status=status)) == found
    assert (await mall.kiosk.reserves(agency.series_id, 1))["first_number"] == "AA-001"


async def test_the_series_of_another_mall_is_not_there(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    foreign = await elsewhere.agency()
    refused = await mall.kiosk.post(
        "/number-blocks", {"number_series_id": foreign.series_id, "size": 1}, headers={"Idempotency-Key": "x"}
    )
    must_refuse(refused, 422, "unknown_reference", pointer="/number_series_id")
