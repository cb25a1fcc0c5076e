"""Membership: what an agency is to the mall on any day, and what it may do there on that day."""

from tests.given import Agency, Asker, Given, Mall, code_of, must_refuse, must_show, signature

NOT_IN_FORCE = (409, "membership_not_in_force")
MEMBER = "official_without_instrument"


async def members(mall: Mall, *days: str) -> list[list[str]]:
    """Who is in force on each of these days."""
    return [[each["code"] for each in await mall.public.all("/members", on=day)] for day in days]


async def gates(mall: Mall, agency: Agency, officer: Asker) -> list[bool]:
    """Whether the agency issues a ticket and opens its counter. It closes the counter again."""
    issued = await mall.public.issue(agency.service)
    opened = await officer.post(f"/counters/{agency.counter}/opening")
    for answer in (issued, opened):
        assert answer.is_success or code_of(answer) == NOT_IN_FORCE, answer.text
    if opened.is_success:
        await officer.does(f"/counters/{agency.counter}/closing")
    return [issued.is_success, opened.is_success]


async def test_a_commitment_that_is_withdrawn_after_the_papers_end_is_the_last_word(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    answer = await mall.commit(agency)
    body = signature("2027-03-01", "2027-03-31")
    await mall.manager.does(f"/agreements/{await mall.paper(agency, 'decree')}/signature", body)
    mall.set_time("2027-04-02T09:00")
    assert (await mall.standing(agency))["membership"] == "lapsed"
    await mall.manager.does(answer, {"answer": "withdrawn"})
    assert (await mall.standing(agency))["membership"] == "withdrawn"
    [before] = await mall.manager.all("/mou-status", on="2027-04-01")
    assert before["membership"] == "lapsed"


async def test_an_agency_is_a_member_on_the_days_of_its_term_both_ends_included(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    await mall.commit(agency)
    await mall.agreement(agency, "2027-03-05", "2027-03-31")
    before, first, last, after = [
        await mall.standing(agency, day) for day in ("2027-03-04", "2027-03-05", "2027-03-31", "2027-04-01")
    ]
    must_show(before, membership="committed", agreement_number=None, days_left=None)
    for standing, left in ((first, 26), (last, 0)):
        must_show(standing, membership=MEMBER, in_force=True)
        must_show(standing, starts_on="2027-03-05", ends_on="2027-03-31", days_left=left)
    must_show(after, membership="lapsed", in_force=False, days_left=None)
    assert after["agreement_number"] == first["agreement_number"]


async def test_a_suspension_and_its_end_stay_readable_day_by_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-10T08:00")
    agency = await mall.newcomer()
    await mall.newcomer("TAX")
    paper = await mall.agreement(agency, "2027-03-05", "2027-03-31")
    await mall.interrupt(paper, "suspension", from_on="2027-03-12")
    await mall.manager.does(f"/agreements/{paper}/reinstatement", {"from_on": "2027-03-15"})
    days = ("2027-03-11", "2027-03-12", "2027-03-14", "2027-03-15")
    for today in ("2027-03-10T09:00", "2027-03-20T09:00"):  # ahead of them, and looking back
        mall.set_time(today)
        assert await mall.memberships(agency, *days) == [MEMBER, "suspended", "suspended", MEMBER]
    assert (await mall.standing(agency, "2027-03-14"))["days_left"] == 17
    assert await members(mall, *days, "2027-04-01") == [["CIVIL"], [], [], ["CIVIL"], []]


async def test_an_answer_after_the_term_counts_from_its_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-31T09:00")
    agency = await mall.newcomer()
    await mall.agreement(agency, "2027-03-05", "2027-03-31")
    mall.set_time("2027-04-02T09:00")
    _, answer = await mall.invite(agency)
    assert await mall.memberships(agency, "2027-04-02") == ["lapsed"]
    mall.set_time("2027-04-03T09:00")
    await mall.manager.does(answer, {"answer": "declined"})
    days = ("2027-03-31", "2027-04-02", "2027-04-03")
    assert await mall.memberships(agency, *days) == [MEMBER, "lapsed", "declined"]


async def test_the_term_turns_by_the_clock_at_local_midnight(given: Given) -> None:
    mall = await given.mall(at="2027-03-04T23:50", time_zone="Asia/Jayapura")
    agency = await mall.agency(signed=False)
    await mall.agreement(agency, "2027-03-05", "2027-03-06")
    officer = await mall.officer(agency)
    for local, member in (
        ("2027-03-04T23:59", False),
        ("2027-03-05T00:00", True),
        ("2027-03-06T23:59", True),
        ("2027-03-07T00:00", False),
    ):
        mall.set_time(local)
        assert await gates(mall, agency, officer) == [member, member], local
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE, membership="lapsed")


async def test_everything_shows_that_the_membership_has_run_out(given: Given) -> None:
    mall = await given.mall(at="2027-03-06T09:00")
    agency = await mall.agency(signed=False)
    await mall.agreement(agency, "2027-03-05", "2027-03-06")
    await mall.open_counter(agency)
    mall.set_time("2027-03-07T00:00")
    for path in (f"/agencies/{agency.id}", f"/services/{agency.service}"):
        must_show(await mall.public.sees(path), in_force=False, membership="lapsed")
    must_show(await mall.public.sees(f"/counters/{agency.counter}"), in_force=False, status="closed")
    [offer] = await mall.public.all("/availability", channel="web")
    must_show(offer, can_issue=False, code="membership_not_in_force")
    assert offer["reason"]
    [line] = (await mall.public.sees("/board"))["services"]
    must_show(line, closed_code="membership_not_in_force", closed_reason=offer["reason"])


async def test_a_suspension_dated_ahead_begins_on_its_first_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency(signed=False)
    paper = await mall.agreement(agency, "2027-01-01", "2027-12-31")
    suspended = await mall.interrupt(paper, "suspension", "cancel", from_on="2027-03-03")
    must_show(suspended, status="suspended", in_force=True)
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    mall.set_time("2027-03-02T23:59")
    await mall.public.takes(agency.service)
    mall.set_time("2027-03-03T00:00")
    must_refuse(await officer.post(f"/counters/{counter}/opening"), *NOT_IN_FORCE)
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE)
    assert (await mall.public.sees(f"/claims/{ticket['claim_code']}"))["status"] == "expired"


async def test_a_reinstated_agency_goes_on_at_once(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await mall.interrupt(agency.agreement_id, "suspension")
    path = f"/agreements/{agency.agreement_id}/reinstatement"
    assert (await mall.manager.does(path, {}))["in_force"]
    await mall.open_counter(agency)
    await mall.public.takes(agency.service)
    must_refuse(await mall.manager.post(path, {}), 409, "illegal_transition")


async def test_a_termination_dated_ahead_cuts_the_term(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency()
    ahead = await mall.interrupt(agency.agreement_id, "termination", from_on="2027-03-03")
    must_show(ahead, status="terminated", in_force=True, terminated_from="2027-03-03")
    must_show(await mall.standing(agency), ends_on="2027-03-02", days_left=1)
    await mall.public.takes(agency.service)
    mall.set_time("2027-03-03T00:00")
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE)
    assert await mall.memberships(agency, "2027-03-02", "2027-03-03") == [MEMBER, "lapsed"]


async def test_a_termination_from_today_counts_now(given: Given) -> None:
    mall = await given.mall(at="2027-03-03T09:00")
    agency = await mall.agency(signed=False)
    paper = await mall.agreement(agency, "2027-03-03")
    await mall.public.takes(agency.service)
    assert (await mall.interrupt(paper, "termination", from_on="2027-03-03"))["in_force"] is False
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE, membership="lapsed")
