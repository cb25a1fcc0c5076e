"""What was dated ahead can be corrected until its day comes: a mistyped year binds nobody."""

import pytest

from tests.given import Agency, Given, Mall, must_refuse, must_show
from tests.given.agreements import signature

TODAY, FAR = "2027-03-01", "2099-12-31"
NOT_IN_FORCE = (409, "membership_not_in_force")


async def agency_of(given: Given) -> tuple[Mall, Agency, str]:
    """A mall, an agency in force that may open its counter, and the path of its agreement."""
    mall = await given.mall(at=f"{TODAY}T09:00")
    agency = await mall.agency()
    return mall, agency, f"/agreements/{agency.agreement_id}"


async def in_force(mall: Mall, agency: Agency, *days: str) -> list[bool]:
    return [(await mall.standing(agency, day))["in_force"] for day in days]


@pytest.mark.parametrize("act", ["termination", "suspension"])
async def test_what_was_to_end_in_a_far_year_ends_today(given: Given, act: str) -> None:
    mall, agency, _ = await agency_of(given)
    await mall.interrupt(agency.agreement_id, act, from_on=FAR)
    await mall.public.takes(agency.service)
    must_show(await mall.interrupt(agency.agreement_id, act, "cancel"), in_force=False)
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE)
    assert await in_force(mall, agency, "2027-02-28", TODAY, FAR) == [True, False, False]


@pytest.mark.parametrize("act", ["termination", "suspension"])
async def test_what_is_still_to_come_is_moved_to_an_earlier_and_to_a_later_day(given: Given, act: str) -> None:
    mall, agency, path = await agency_of(given)
    for first_day, days in (
        ("2027-06-01", ["2027-05-31", "2027-06-01"]),
        ("2027-04-10", ["2027-04-09", "2027-04-10"]),
        ("2028-01-05", ["2028-01-04", "2028-01-05"]),
    ):
        await mall.interrupt(agency.agreement_id, act, from_on=first_day)
        assert await in_force(mall, agency, *days) == [True, False]
    assert len((await mall.manager.sees(path))["suspensions"]) == (1 if act == "suspension" else 0)


async def test_a_termination_that_has_not_come_is_withdrawn_and_the_term_is_whole_again(given: Given) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "termination", from_on="2027-06-01")
    shown = await mall.manager.does(f"{path}/reinstatement")
    must_show(shown, status="signed", in_force=True, terminated_from=None, reason=None)
    assert await in_force(mall, agency, "2027-05-31", "2027-06-01", FAR) == [True, True, True]
    reinstated = [each for each in await mall.entries() if each["type"] == "agreement.reinstated"]
    assert [each["data"]["reinstated_from"] for each in reinstated] == ["2027-06-01"]


async def test_a_planned_suspension_is_withdrawn(given: Given) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "suspension", from_on="2027-12-20")
    must_show(await mall.manager.does(f"{path}/reinstatement"), status="signed", in_force=True)
    assert await in_force(mall, agency, "2027-12-19", "2027-12-20", FAR) == [True, True, True]


@pytest.mark.parametrize("corrected", [TODAY, "2027-03-20", "2027-07-01"])
async def test_a_reinstatement_of_a_far_year_comes_when_it_was_meant_to(given: Given, corrected: str) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "suspension", from_on=TODAY)
    await mall.manager.does(f"{path}/reinstatement", {"from_on": "2099-01-01"})
    await mall.manager.does(f"{path}/reinstatement", {"from_on": corrected})
    assert await in_force(mall, agency, corrected, FAR) == [True, True]
    assert (await mall.manager.sees(path))["in_force"] is (corrected == TODAY)


async def test_a_reinstatement_is_put_off(given: Given) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "suspension")
    await mall.manager.does(f"{path}/reinstatement", {"from_on": "2027-03-10"})
    await mall.manager.does(f"{path}/reinstatement", {"from_on": "2027-03-20"})
    assert await in_force(mall, agency, "2027-03-10", "2027-03-19", "2027-03-20") == [False, False, True]


async def test_a_reinstatement_cuts_every_suspension_that_reaches_beyond_its_day(given: Given) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "suspension")
    await mall.manager.does(f"{path}/reinstatement", {"from_on": "2099-01-01"})
    await mall.interrupt(agency.agreement_id, "suspension", from_on="2027-05-01")
    await mall.manager.does(f"{path}/reinstatement", {"from_on": "2027-04-01"})
    assert await in_force(mall, agency, "2027-03-31", "2027-04-01", "2027-05-01", FAR) == [False, True, True, True]
    assert [each["reinstated_from"] for each in (await mall.manager.sees(path))["suspensions"]] == [
        "2027-04-01",
        "2027-05-01",
    ]


async def test_an_agreement_under_notice_is_suspended_and_its_notice_stands(given: Given) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "termination", from_on="2027-06-01")
    must_show(await mall.interrupt(agency.agreement_id, "suspension"), status="suspended", in_force=False)
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE)
    shown = await mall.manager.does(f"{path}/reinstatement")
    must_show(shown, status="terminated", in_force=True, terminated_from="2027-06-01")
    assert await in_force(mall, agency, "2027-05-31", "2027-06-01") == [True, False]


async def test_days_that_another_agreement_has_taken_do_not_come_back(given: Given) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "termination", from_on="2027-06-01")
    successor = await mall.agreement(agency, "2027-07-01")
    facts = {"pointer": "/from_on", "agreement_id": successor}
    must_refuse(await mall.manager.post(f"{path}/reinstatement", {}), 409, "agreement_overlap", **facts)
    later = {"waiting_tickets": "serve", "from_on": "2027-07-02"}
    must_refuse(await mall.manager.post(f"{path}/termination", later), 409, "agreement_overlap", **facts)
    must_show(await mall.interrupt(agency.agreement_id, "termination", from_on="2027-07-01"), in_force=True)
    assert await in_force(mall, agency, "2027-06-30", "2027-07-01") == [True, True]


async def test_a_suspension_that_has_begun_is_history(given: Given) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "suspension")
    again = {"waiting_tickets": "cancel", "from_on": "2027-04-01"}
    must_refuse(await mall.manager.post(f"{path}/suspension", again), 409, "illegal_transition", state="suspended")


async def test_nothing_is_reinstated_where_nothing_stops(given: Given) -> None:
    mall, _, path = await agency_of(given)
    must_refuse(await mall.manager.post(f"{path}/reinstatement"), 409, "illegal_transition", state="signed")


async def test_what_began_with_an_agency_does_not_go_on_when_it_has_retired(given: Given) -> None:
    mall = await given.mall(at=f"{TODAY}T09:00")
    agency = await mall.newcomer()
    paper, (_, answer) = await mall.paper(agency), await mall.invite(agency)
    await mall.manager.does(f"/agencies/{agency.id}/retirement", {"waiting_tickets": "serve"})
    body = {"starts_on": TODAY, "mall_number": "M/1", "agency_number": "A/1"}
    must_refuse(await mall.manager.post(f"/agreements/{paper}/signature", body), 409, "agency_retired", member=None)
    must_refuse(await mall.manager.post(answer, {"answer": "committed"}), 409, "agency_retired", member=None)


async def test_a_term_that_was_entered_wrongly_is_corrected_for_past_days_too(given: Given) -> None:
    mall = await given.mall(at=f"{TODAY}T09:00")
    agency = await mall.newcomer()
    mistyped = await mall.agreement(agency, "2017-01-01", "2017-12-31")
    assert await in_force(mall, agency, "2017-06-01", TODAY) == [True, False]
    body = signature("2027-01-01", "2027-12-31")
    corrected = await mall.manager.does(f"/agreements/{mistyped}/correction", body)
    must_show(corrected, status="signed", in_force=True, aftermath=None, starts_on="2027-01-01", ends_on="2027-12-31")
    assert await in_force(mall, agency, "2017-06-01", TODAY, "2028-01-01") == [False, True, False]
    last = (await mall.entries())[-1]
    must_show(last, type="agreement.corrected")
    must_show(last["before"], starts_on="2017-01-01", ends_on="2017-12-31")


async def test_a_first_day_that_was_entered_too_early_leaves_room_for_the_older_paper(given: Given) -> None:
    mall = await given.mall(at=f"{TODAY}T09:00")
    agency = await mall.newcomer()
    path = f"/agreements/{await mall.agreement(agency, '2001-01-01')}"
    older = await mall.paper(agency)
    refused = await mall.manager.post(f"/agreements/{older}/signature", signature("2016-01-01", "2020-12-31"))
    must_refuse(refused, 409, "agreement_overlap")
    await mall.manager.does(f"{path}/correction", signature("2021-01-01"))
    await mall.manager.does(f"/agreements/{older}/signature", signature("2016-01-01", "2020-12-31"))
    again = await mall.manager.post(f"{path}/correction", signature("2020-12-31"))
    must_refuse(again, 409, "agreement_overlap", pointer="/starts_on", agreement_id=older)


async def test_a_correction_leaves_termination_and_suspensions_as_they_are(given: Given) -> None:
    mall, agency, path = await agency_of(given)
    await mall.interrupt(agency.agreement_id, "suspension", from_on="2027-04-01")
    await mall.manager.does(f"{path}/reinstatement", {"from_on": "2027-05-01"})
    await mall.interrupt(agency.agreement_id, "termination", from_on="2027-06-01")
    must_show(await mall.manager.does(f"{path}/correction", signature("2027-02-01", FAR)), status="terminated")
    days = ("2027-01-31", TODAY, "2027-04-30", "2027-05-01", "2027-06-01")
    assert await in_force(mall, agency, *days) == [False, True, False, True, False]


@pytest.mark.parametrize(("waiting", "left"), [("serve", 1), ("cancel", 0)])
async def test_a_correction_that_ends_the_membership_stops_the_queues(given: Given, waiting: str, left: int) -> None:
    mall, agency, path = await agency_of(given)
    ticket = await mall.public.takes(agency.service)
    body = {**signature("2027-03-02"), "waiting_tickets": waiting}
    must_show((await mall.manager.does(f"{path}/correction", body))["aftermath"], waiting=left, ended=1 - left)
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE)
    opened = await (await mall.officer(agency)).post(f"/counters/{agency.counter}/opening")
    assert opened.is_success == bool(left)
    seen = await mall.public.sees(f"/claims/{ticket['claim_code']}")
    assert seen["status"] == ("waiting" if left else "cancelled")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"ends_on": "2019-12-31"}, 422, "term_reversed"),
        ({"signed_on": "2027-03-02"}, 422, "signed_in_future"),
        ({"agency_number": None}, 422, "number_missing"),
        ({"starts_on": None}, 422, "invalid_request"),
    ],
)
async def test_a_correction_is_held_to_what_a_signature_is(
    given: Given, wrong: dict[str, str | None], status: int, code: str
) -> None:
    mall, _, path = await agency_of(given)
    before = len(await mall.entries())
    must_refuse(await mall.manager.post(f"{path}/correction", {**signature(), **wrong}), status, code)
    draft = await mall.paper(await mall.newcomer("TAX"))
    refused = await mall.manager.post(f"/agreements/{draft}/correction", signature())
    must_refuse(refused, 409, "illegal_transition", state="under_review")
    assert "agreement.corrected" not in [each["type"] for each in (await mall.entries())[before:]]
