"""Joining: invited, answered, signed; and what an agency is to the mall on any day."""

from tests.given import Agency, Given, Mall, code_of, signature

NOT_IN_FORCE = (409, "membership_not_in_force")


async def words(mall: Mall, agency: Agency, *days: str) -> list[str]:
    """The agency's membership on each of these days."""
    return [(await mall.standing(agency, day))["membership"] for day in days]


async def test_an_invitation_waits_seven_days_and_the_agency_itself_answers_it(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency("CIVIL", signed=False, services=0, counters=0)
    other = await mall.agency("TAX", signed=False, services=0, counters=0)
    own, foreign = await mall.agency_manager(agency), await mall.agency_manager(other)

    invited = await mall.manager.does("/invitations", {"agency_id": agency.id})
    assert (invited["status"], invited["invited_on"], invited["due_on"]) == ("invited", "2027-03-01", "2027-03-08")
    assert code_of(await mall.manager.post("/invitations", {"agency_id": agency.id})) == (409, "invitation_open")
    standing = await mall.standing(agency)
    assert (standing["membership"], standing["invitation_due_on"]) == ("prospective", "2027-03-08")
    answer = f"/invitations/{invited['id']}/answer"
    assert code_of(await foreign.post(answer, {"answer": "committed"})) == (404, "not_found")
    assert code_of(await (await mall.officer(agency)).post(answer, {"answer": "committed"})) == (403, "forbidden")
    assert await foreign.all("/invitations") == []

    mall.set_time("2027-03-08T23:59")
    assert [each["status"] for each in await own.all("/invitations")] == ["invited"]
    mall.set_time("2027-03-09T00:00")
    assert [each["status"] for each in await own.all("/invitations")] == ["no_response"]
    assert await words(mall, agency, "2027-03-09") == ["prospective"]
    late = await mall.manager.post("/invitations", {"agency_id": agency.id, "due_on": "2027-03-08"})
    assert (code_of(late), late.json()["errors"][0]["pointer"]) == ((422, "due_date_passed"), "/due_on")
    again = await mall.manager.does("/invitations", {"agency_id": agency.id, "due_on": "2027-03-20"})
    answer = f"/invitations/{again['id']}/answer"
    assert code_of(await own.post(answer, {"answer": "withdrawn"})) == (409, "illegal_transition")
    committed = await own.does(answer, {"answer": "committed", "note": "Two counters"})
    assert (committed["status"], committed["note"]) == ("committed", "Two counters")
    assert committed["answered_on"] == "2027-03-09"
    assert code_of(await own.post(answer, {"answer": "declined"})) == (409, "illegal_transition")

    mall.set_time("2027-03-10T09:00")
    withdrawn = await own.does(answer, {"answer": "withdrawn"})
    assert (withdrawn["status"], withdrawn["withdrawn_on"]) == ("withdrawn", "2027-03-10")
    assert await words(mall, agency, "2027-02-28", "2027-03-05", "2027-03-09", "2027-03-10") == [
        "prospective",
        "prospective",
        "committed",
        "withdrawn",
    ]
    recorded = [each for each in await mall.entries() if each["subject"] == {"kind": "invitation", "id": again["id"]}]
    assert [(each["type"], each["before"], each["data"]["status"]) for each in recorded] == [
        ("invitation.created", None, "invited"),
        ("invitation.answered", {"status": "invited"}, "committed"),
        ("invitation.answered", {"status": "committed"}, "withdrawn"),
    ]
    assert recorded[1]["by"] == {"kind": "account", "id": str(own.id)}


async def test_the_malls_manager_records_an_answer_that_came_on_paper(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(signed=False, services=0, counters=0)
    invited = await mall.manager.does("/invitations", {"agency_id": agency.id})
    await mall.manager.does(f"/invitations/{invited['id']}/answer", {"answer": "declined"})
    assert (await mall.standing(agency))["membership"] == "declined"
    await mall.manager.does("/invitations", {"agency_id": agency.id})
    assert (await mall.standing(agency))["membership"] == "prospective"


async def test_a_paper_is_drafted_reviewed_and_signed_in_that_order(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency("CIVIL", signed=False, services=0, counters=0)
    other = await mall.agency("TAX", signed=False, services=0, counters=0)
    own, foreign = await mall.agency_manager(agency), await mall.agency_manager(other)
    invited = await mall.manager.does("/invitations", {"agency_id": agency.id})
    await own.does(f"/invitations/{invited['id']}/answer", {"answer": "committed"})

    draft = {"agency_id": agency.id, "kind": "cooperation_agreement", "title": "PKS", "scope": "Two services"}
    paper = await mall.manager.does("/agreements", draft)
    path = f"/agreements/{paper['id']}"
    assert (paper["status"], paper["in_force"], paper["mall_number"]) == ("draft", False, None)
    assert code_of(await mall.manager.post(f"{path}/signature", signature())) == (409, "illegal_transition")
    assert (await mall.manager.does(f"{path}/review"))["status"] == "under_review"
    assert code_of(await mall.manager.post(f"{path}/review")) == (409, "illegal_transition")

    for body, code, pointer in (
        (signature("2027-03-02", "2027-03-01"), "term_reversed", "/ends_on"),
        (signature(signed_on="2027-03-02"), "signed_in_future", "/signed_on"),
        (signature(agency_number=None), "number_missing", "/agency_number"),
    ):
        refused = await mall.manager.post(f"{path}/signature", body)
        assert (code_of(refused), refused.json()["errors"][0]["pointer"]) == ((422, code), pointer)
    unsigned = await mall.manager.sees(path)
    assert (unsigned["status"], unsigned["starts_on"], unsigned["mall_number"]) == ("under_review", None, None)

    body = signature("2027-03-01", "2027-03-01", signed_on="2027-03-01", mall_number="M/1", agency_number="A/9")
    signed = await mall.manager.post(f"{path}/signature", body)
    assert (signed.status_code, signed.headers["Location"]) == (201, mall.path + path)
    assert (signed.json()["status"], signed.json()["in_force"]) == ("signed", True)
    standing = await mall.standing(agency)
    assert (standing["membership"], standing["agreement_number"], standing["agency_number"], standing["days_left"]) == (
        "official_without_instrument",
        "M/1",
        "A/9",
        0,
    )
    withdrawal = await own.post(f"/invitations/{invited['id']}/answer", {"answer": "withdrawn"})
    assert code_of(withdrawal) == (409, "agreement_exists")
    assert (await own.sees(path))["status"] == "signed"
    assert [each["id"] for each in await own.all("/agreements")] == [paper["id"]]
    assert code_of(await foreign.get(path)) == (404, "not_found")
    assert await foreign.all("/agreements") == []


async def test_a_commitment_that_is_withdrawn_after_the_papers_end_is_the_last_word(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency(signed=False, services=0, counters=0)
    invited = await mall.manager.does("/invitations", {"agency_id": agency.id})
    answer = f"/invitations/{invited['id']}/answer"
    await mall.manager.does(answer, {"answer": "committed"})
    body = signature("2027-03-01", "2027-03-31")
    await mall.manager.does(f"/agreements/{await mall.paper(agency, 'decree')}/signature", body)
    mall.set_time("2027-04-02T09:00")
    assert (await mall.standing(agency))["membership"] == "lapsed"
    await mall.manager.does(answer, {"answer": "withdrawn"})
    assert (await mall.standing(agency))["membership"] == "withdrawn"
    [before] = await mall.manager.all("/mou-status", on="2027-04-01")
    assert before["membership"] == "lapsed"


async def test_a_rejected_paper_is_over_and_a_decree_needs_no_number_of_the_agency(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(signed=False, services=0, counters=0)
    path = f"/agreements/{await mall.paper(agency)}"
    rejected = await mall.manager.does(f"{path}/rejection", {"reason": "No room"})
    assert (rejected["status"], rejected["reason"]) == ("rejected", "No room")
    for verb, body in (("review", None), ("signature", signature()), ("rejection", {"reason": "Again"})):
        assert code_of(await mall.manager.post(f"{path}/{verb}", body)) == (409, "illegal_transition")
    assert (await mall.standing(agency))["membership"] == "prospective"

    decree = f"/agreements/{await mall.paper(agency, 'decree')}"
    assert (await mall.manager.does(f"{decree}/signature", signature(agency_number=None)))["in_force"]


async def test_every_day_has_its_standing(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency("CIVIL", signed=False, services=0, counters=0)
    await mall.agency("TAX", signed=False, services=0, counters=0)
    invited = await mall.manager.does("/invitations", {"agency_id": agency.id})
    await mall.manager.does(f"/invitations/{invited['id']}/answer", {"answer": "committed"})
    paper = await mall.agreement(agency, "2027-03-05", "2027-03-31")

    before, first, last, after = [
        await mall.standing(agency, day) for day in ("2027-03-04", "2027-03-05", "2027-03-31", "2027-04-01")
    ]
    assert (before["membership"], before["agreement_number"], before["days_left"]) == ("committed", None, None)
    for standing, left in ((first, 26), (last, 0)):
        assert (standing["membership"], standing["in_force"]) == ("official_without_instrument", True)
        assert (standing["starts_on"], standing["ends_on"], standing["days_left"]) == ("2027-03-05", "2027-03-31", left)
    assert (after["membership"], after["in_force"], after["days_left"]) == ("lapsed", False, None)
    assert after["agreement_number"] == first["agreement_number"]

    mall.set_time("2027-03-10T09:00")
    await mall.interrupt(paper, "suspension", from_on="2027-03-12")
    await mall.manager.does(f"/agreements/{paper}/reinstatement", {"from_on": "2027-03-15"})
    days = ("2027-03-11", "2027-03-12", "2027-03-14", "2027-03-15")
    there = ["official_without_instrument", "suspended", "suspended", "official_without_instrument"]
    assert await words(mall, agency, *days) == there
    assert (await mall.standing(agency, "2027-03-14"))["days_left"] == 17
    mall.set_time("2027-03-20T09:00")
    assert await words(mall, agency, *days) == there
    members = {
        day: [each["code"] for each in await mall.public.all("/members", on=day)] for day in (*days, "2027-04-01")
    }
    assert members == {
        "2027-03-11": ["CIVIL"],
        "2027-03-12": [],
        "2027-03-14": [],
        "2027-03-15": ["CIVIL"],
        "2027-04-01": [],
    }

    mall.set_time("2027-04-02T09:00")
    invited = await mall.manager.does("/invitations", {"agency_id": agency.id})
    assert await words(mall, agency, "2027-04-02") == ["lapsed"]
    mall.set_time("2027-04-03T09:00")
    await mall.manager.does(f"/invitations/{invited['id']}/answer", {"answer": "declined"})
    assert await words(mall, agency, "2027-03-31", "2027-04-02", "2027-04-03") == [
        "official_without_instrument",
        "lapsed",
        "declined",
    ]


async def test_two_papers_of_one_kind_never_share_a_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency("CIVIL", signed=False, services=0, counters=0)
    other = await mall.agency("TAX", signed=False, services=0, counters=0)
    first = await mall.agreement(agency, "2027-01-01", "2027-12-31")
    paper = await mall.paper(agency)
    for term in (
        ("2027-12-31", None),
        ("2026-01-01", "2027-01-01"),
        ("2026-01-01", None),
        ("2027-05-01", "2027-05-02"),
    ):
        refused = await mall.manager.post(f"/agreements/{paper}/signature", signature(*term))
        assert (code_of(refused), refused.json()["agreement_id"]) == ((409, "agreement_overlap"), first)
        assert refused.json()["errors"][0]["pointer"] == "/starts_on"
    assert (await mall.manager.sees(f"/agreements/{paper}"))["status"] == "under_review"
    await mall.agreement(agency, "2027-06-01", "2027-06-30", "cooperation_agreement")
    await mall.agreement(other, "2027-01-01", "2027-12-31")

    renewal = await mall.manager.does(f"/agreements/{paper}/signature", signature("2028-01-01", "2028-12-31"))
    eve, day = await mall.standing(agency, "2027-12-31"), await mall.standing(agency, "2028-01-01")
    assert (eve["in_force"], eve["agreement_id"], eve["days_left"]) == (True, first, 0)
    assert (day["in_force"], day["agreement_id"], day["days_left"]) == (True, paper, 365)

    await mall.interrupt(renewal["id"], "termination")  # before its first day: it never comes into force
    await mall.interrupt(first, "termination", from_on="2027-06-01")
    await mall.agreement(agency, "2027-06-01", "2028-06-30")
    assert [(await mall.standing(agency, day))["in_force"] for day in ("2027-05-31", "2027-06-01", "2028-07-01")] == [
        True,
        True,
        False,
    ]


async def test_the_term_turns_by_the_clock_at_local_midnight(given: Given) -> None:
    mall = await given.mall(at="2027-03-04T23:59", time_zone="Asia/Jayapura")
    agency = await mall.agency(signed=False)
    await mall.agreement(agency, "2027-03-05", "2027-03-06")
    officer = await mall.officer(agency)
    opening = f"/counters/{agency.counter}/opening"
    assert code_of(await officer.post(opening)) == NOT_IN_FORCE
    assert code_of(await mall.public.issue(agency.service)) == NOT_IN_FORCE
    mall.set_time("2027-03-05T00:00")
    await officer.does(opening)
    await mall.public.takes(agency.service)
    mall.set_time("2027-03-06T23:59")
    await mall.public.takes(agency.service)
    mall.set_time("2027-03-07T00:00")
    refused = await mall.public.issue(agency.service)
    assert (code_of(refused), refused.json()["membership"]) == (NOT_IN_FORCE, "lapsed")
    assert code_of(await officer.post(opening)) == NOT_IN_FORCE

    for path in (f"/agencies/{agency.id}", f"/services/{agency.service}"):
        shown = await mall.public.sees(path)
        assert (shown["in_force"], shown["membership"]) == (False, "lapsed")
    counter = await mall.public.sees(f"/counters/{agency.counter}")
    assert (counter["in_force"], counter["status"]) == (False, "closed")
    [offer] = await mall.public.sees("/availability", channel="web")
    assert (offer["can_issue"], offer["code"]) == (False, "membership_not_in_force")
    assert offer["reason"]
    [line] = (await mall.public.sees("/board"))["services"]
    assert (line["closed_code"], line["closed_reason"]) == ("membership_not_in_force", offer["reason"])


async def test_a_suspension_dated_ahead_begins_on_its_first_day(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency(signed=False)
    paper = await mall.agreement(agency, "2027-01-01", "2027-12-31")
    body = {"waiting_tickets": "serve", "reason": "Audit"}
    for from_on, code in (("2027-02-28", "date_in_past"), ("2028-01-01", "after_the_term")):
        refused = await mall.manager.post(f"/agreements/{paper}/suspension", {**body, "from_on": from_on})
        assert (code_of(refused), refused.json()["errors"][0]["pointer"]) == ((422, code), "/from_on")
    unsaid = await mall.manager.post(f"/agreements/{paper}/suspension", {"reason": "Audit"})
    assert (code_of(unsaid), unsaid.json()["errors"][0]["pointer"]) == ((422, "invalid_request"), "/waiting_tickets")

    suspended = await mall.interrupt(paper, "suspension", "cancel", from_on="2027-03-03")
    assert (suspended["status"], suspended["in_force"]) == ("suspended", True)
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    mall.set_time("2027-03-02T23:59")
    await mall.public.takes(agency.service)
    mall.set_time("2027-03-03T00:00")
    assert code_of(await officer.post(f"/counters/{counter}/opening")) == NOT_IN_FORCE
    assert code_of(await mall.public.issue(agency.service)) == NOT_IN_FORCE
    assert (await mall.public.sees(f"/claims/{ticket['claim_code']}"))["status"] == "expired"

    assert (await mall.manager.does(f"/agreements/{paper}/reinstatement", {}))["in_force"]
    await officer.does(f"/counters/{counter}/opening")
    await mall.public.takes(agency.service)
    again = await mall.manager.post(f"/agreements/{paper}/reinstatement", {})
    assert code_of(again) == (409, "illegal_transition")


async def test_a_termination_counts_from_its_day_and_today_means_now(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency("CIVIL")
    today = await mall.agency("TAX", signed=False)
    ahead = await mall.interrupt(agency.agreement_id, "termination", from_on="2027-03-03")
    assert (ahead["status"], ahead["in_force"], ahead["terminated_from"]) == ("terminated", True, "2027-03-03")
    standing = await mall.standing(agency)
    assert (standing["ends_on"], standing["days_left"]) == ("2027-03-02", 1)
    for verb, body in (
        ("reinstatement", {}),
        ("suspension", {"waiting_tickets": "serve", "reason": "Audit"}),
        ("termination", {"waiting_tickets": "serve", "reason": "Audit"}),
    ):
        path = f"/agreements/{agency.agreement_id}/{verb}"
        assert code_of(await mall.manager.post(path, body)) == (409, "illegal_transition")
    await mall.public.takes(agency.service)
    mall.set_time("2027-03-03T00:00")
    assert code_of(await mall.public.issue(agency.service)) == NOT_IN_FORCE
    assert await words(mall, agency, "2027-03-02", "2027-03-03") == ["official_without_instrument", "lapsed"]

    paper = await mall.agreement(today, "2027-03-03")
    await mall.public.takes(today.service)
    assert (await mall.interrupt(paper, "termination", from_on="2027-03-03"))["in_force"] is False
    refused = await mall.public.issue(today.service)
    assert (code_of(refused), refused.json()["membership"]) == (NOT_IN_FORCE, "lapsed")
