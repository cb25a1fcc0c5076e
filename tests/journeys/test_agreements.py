"""Agreements: drafted, reviewed, signed, renewed and ended."""

import pytest

from tests.given import Given, Json, must_refuse, must_show, signature

MEMBER = "official_without_instrument"


async def test_a_paper_is_drafted_reviewed_and_signed_in_that_order(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    draft = {"agency_id": agency.id, "kind": "cooperation_agreement", "title": "PKS", "scope": "Two services"}
    paper = await mall.manager.does("/agreements", draft)
    path = f"/agreements/{paper['id']}"
    must_show(paper, status="draft", in_force=False, mall_number=None)
    must_refuse(await mall.manager.post(f"{path}/signature", signature()), 409, "illegal_transition")
    assert (await mall.manager.does(f"{path}/review"))["status"] == "under_review"
    must_refuse(await mall.manager.post(f"{path}/review"), 409, "illegal_transition")

    body = signature("2027-03-01", "2027-03-01", signed_on="2027-03-01", mall_number="M/1", agency_number="A/9")
    signed = await mall.manager.post(f"{path}/signature", body)
    assert signed.status_code == 201
    assert signed.headers["Location"] == mall.path + path
    must_show(signed.json(), status="signed", in_force=True)
    must_show(await mall.standing(agency), membership=MEMBER, agreement_number="M/1", agency_number="A/9", days_left=0)


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        (signature("2027-03-02", "2027-03-01"), "term_reversed", "/ends_on"),
        (signature(signed_on="2027-03-02"), "signed_in_future", "/signed_on"),
        (signature(agency_number=None), "number_missing", "/agency_number"),
    ],
)
async def test_a_signature_that_cannot_be_leaves_the_paper_unsigned(
    given: Given, body: Json, code: str, pointer: str
) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    path = f"/agreements/{await mall.paper(await mall.newcomer())}"
    must_refuse(await mall.manager.post(f"{path}/signature", body), 422, code, pointer=pointer)
    must_show(await mall.manager.sees(path), status="under_review", starts_on=None, mall_number=None)


async def test_an_agency_that_has_signed_does_not_withdraw_its_commitment(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.newcomer()
    answer = await mall.commit(agency)
    paper = await mall.agreement(agency)
    own = await mall.agency_manager(agency)
    must_refuse(await own.post(answer, {"answer": "withdrawn"}), 409, "agreement_exists")
    assert (await own.sees(f"/agreements/{paper}"))["status"] == "signed"


async def test_an_agencys_manager_reads_its_own_papers_and_no_others(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.newcomer()
    paper = await mall.agreement(agency)
    own, foreign = await mall.agency_manager(agency), await mall.agency_manager(await mall.newcomer("TAX"))
    assert [each["id"] for each in await own.all("/agreements")] == [paper]
    must_refuse(await foreign.get(f"/agreements/{paper}"), 404, "not_found")
    assert await foreign.all("/agreements") == []


async def test_a_rejected_paper_is_over(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.newcomer()
    path = f"/agreements/{await mall.paper(agency)}"
    rejected = await mall.manager.does(f"{path}/rejection", {"reason": "No room"})
    must_show(rejected, status="rejected", reason="No room")
    for verb, body in (("review", None), ("signature", signature()), ("rejection", {"reason": "Again"})):
        must_refuse(await mall.manager.post(f"{path}/{verb}", body), 409, "illegal_transition")
    assert (await mall.standing(agency))["membership"] == "prospective"


async def test_a_decree_needs_no_number_of_the_agency(given: Given) -> None:
    mall = await given.mall()
    decree = f"/agreements/{await mall.paper(await mall.newcomer(), 'decree')}"
    assert (await mall.manager.does(f"{decree}/signature", signature(agency_number=None)))["in_force"]


async def test_two_papers_of_one_kind_never_share_a_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    first = await mall.agreement(agency, "2027-01-01", "2027-12-31")
    paper = f"/agreements/{await mall.paper(agency)}"
    for term in (
        ("2027-12-31", None),
        ("2026-01-01", "2027-01-01"),
        ("2026-01-01", None),
        ("2027-05-01", "2027-05-02"),
    ):
        refused = await mall.manager.post(f"{paper}/signature", signature(*term))
        must_refuse(refused, 409, "agreement_overlap", pointer="/starts_on", agreement_id=first)
    assert (await mall.manager.sees(paper))["status"] == "under_review"
    await mall.agreement(agency, "2027-06-01", "2027-06-30", "cooperation_agreement")
    await mall.agreement(await mall.newcomer("TAX"), "2027-01-01", "2027-12-31")


async def test_a_renewal_follows_without_a_gap(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    first = await mall.agreement(agency, "2027-01-01", "2027-12-31")
    renewal = await mall.agreement(agency, "2028-01-01", "2028-12-31")
    must_show(await mall.standing(agency, "2027-12-31"), in_force=True, agreement_id=first, days_left=0)
    must_show(await mall.standing(agency, "2028-01-01"), in_force=True, agreement_id=renewal, days_left=365)


async def test_an_ended_paper_leaves_its_days_to_another(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    first = await mall.agreement(agency, "2027-01-01", "2027-12-31")
    renewal = await mall.agreement(agency, "2028-01-01", "2028-12-31")
    await mall.interrupt(renewal, "termination")  # before its first day: it never comes into force
    await mall.interrupt(first, "termination", from_on="2027-06-01")
    await mall.agreement(agency, "2027-06-01", "2028-06-30")
    days = ("2027-05-31", "2027-06-01", "2028-07-01")
    assert [(await mall.standing(agency, day))["in_force"] for day in days] == [True, True, False]


async def test_a_suspension_names_a_day_of_the_term_that_is_not_past_and_what_becomes_of_the_waiting(
    given: Given,
) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    path = f"/agreements/{await mall.agreement(await mall.newcomer(), '2027-01-01', '2027-12-31')}/suspension"
    body = {"waiting_tickets": "serve", "reason": "Audit"}
    past = await mall.manager.post(path, {**body, "from_on": "2027-02-28"})
    must_refuse(past, 422, "date_in_past", pointer="/from_on")
    after = await mall.manager.post(path, {**body, "from_on": "2028-01-01"})
    must_refuse(after, 422, "after_the_term", pointer="/from_on")
    unsaid = await mall.manager.post(path, {"reason": "Audit"})
    must_refuse(unsaid, 422, "invalid_request", pointer="/waiting_tickets")


async def test_a_terminated_paper_is_over(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    path = f"/agreements/{await mall.agreement(agency)}"
    body = {"waiting_tickets": "serve", "reason": "Audit"}
    await mall.manager.does(f"{path}/termination", {**body, "from_on": "2027-03-03"})
    mall.set_time("2027-03-03T09:00")
    for verb, again in (("reinstatement", {}), ("suspension", body), ("termination", body)):
        must_refuse(await mall.manager.post(f"{path}/{verb}", again), 409, "illegal_transition", state="terminated")
