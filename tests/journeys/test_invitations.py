"""Invitations: who is asked to join, how long the mall waits, and what was answered."""

from tests.given import Given, must_refuse, must_show


async def test_an_invited_agency_has_seven_days_to_answer(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    invitation, _ = await mall.invite(agency)
    must_show(invitation, status="invited", invited_on="2027-03-01", due_on="2027-03-08")
    must_show(await mall.standing(agency), membership="prospective", invitation_due_on="2027-03-08")
    again = await mall.manager.post("/invitations", {"agency_id": agency.id})
    must_refuse(again, 409, "invitation_open", invitation_id=invitation["id"], due_on="2027-03-08")

    own = await mall.agency_manager(agency)
    mall.set_time("2027-03-08T23:59")
    assert [each["status"] for each in await own.all("/invitations")] == ["invited"]
    mall.set_time("2027-03-09T00:00")
    assert [each["status"] for each in await own.all("/invitations")] == ["no_response"]
    assert await mall.memberships(agency, "2027-03-09") == ["prospective"]


async def test_invitations_are_found_by_what_they_are_today(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    asked, late = await mall.newcomer(), await mall.newcomer("TAX")
    (first, _), (second, _) = await mall.invite(asked, due_on="2027-03-20"), await mall.invite(late)
    await mall.commit(await mall.newcomer("POST"))
    mall.set_time("2027-03-09T09:00")
    found = {
        status: [each["id"] for each in await mall.manager.all("/invitations", status=status)]
        for status in ("invited", "no_response", "declined")
    }
    assert found == {"invited": [first["id"]], "no_response": [second["id"]], "declined": []}
    assert [each["status"] for each in await mall.manager.all("/invitations", status="committed")] == ["committed"]
    both = await mall.manager.all("/invitations", status=["no_response", "committed"])
    assert [each["status"] for each in both] == ["no_response", "committed"]


async def test_only_the_agencys_own_manager_and_the_malls_answer_an_invitation(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.newcomer()
    _, answer = await mall.invite(agency)
    foreign = await mall.agency_manager(await mall.newcomer("TAX"))
    must_refuse(await foreign.post(answer, {"answer": "committed"}), 404, "not_found")
    assert await foreign.all("/invitations") == []
    officer = await mall.officer(agency)
    must_refuse(await officer.post(answer, {"answer": "committed"}), 403, "forbidden")
    assert await mall.memberships(agency, str(await mall.today())) == ["prospective"]


async def test_an_agency_that_let_the_time_pass_is_invited_again_until_a_day_to_come(
    given: Given,
) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.newcomer()
    await mall.invite(agency)
    mall.set_time("2027-03-09T00:00")
    late = await mall.manager.post("/invitations", {"agency_id": agency.id, "due_on": "2027-03-08"})
    must_refuse(late, 422, "due_date_passed", pointer="/due_on")
    again, _ = await mall.invite(agency, due_on="2027-03-20")
    must_show(again, status="invited", due_on="2027-03-20")


async def test_an_agency_commits_itself_and_withdraws_later(given: Given) -> None:
    mall = await given.mall(at="2027-03-09T09:00")
    agency = await mall.newcomer()
    own = await mall.agency_manager(agency)
    _, answer = await mall.invite(agency)
    must_refuse(await own.post(answer, {"answer": "withdrawn"}), 409, "illegal_transition")
    yes = await own.does(answer, {"answer": "committed", "note": "Two counters"})
    must_show(yes, status="committed", note="Two counters", answered_on="2027-03-09")
    must_refuse(await own.post(answer, {"answer": "declined"}), 409, "illegal_transition")

    mall.set_time("2027-03-10T09:00")
    no = await own.does(answer, {"answer": "withdrawn"})
    must_show(no, status="withdrawn", withdrawn_on="2027-03-10")
    days = ("2027-03-08", "2027-03-09", "2027-03-10")
    assert await mall.memberships(agency, *days) == ["prospective", "committed", "withdrawn"]


async def test_the_journal_says_who_invited_and_who_answered_what(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.newcomer()
    own = await mall.agency_manager(agency)
    invitation, answer = await mall.invite(agency)
    for word in ("committed", "withdrawn"):
        await own.does(answer, {"answer": word})
    subject = {"kind": "invitation", "id": invitation["id"]}
    recorded = [each for each in await mall.entries() if each["subject"] == subject]
    assert [(each["type"], each["before"], each["data"]["status"]) for each in recorded] == [
        ("invitation.created", None, "invited"),
        ("invitation.answered", {"status": "invited"}, "committed"),
        ("invitation.answered", {"status": "committed"}, "withdrawn"),
    ]
    assert recorded[1]["by"] == {"kind": "account", "id": str(own.id)}


async def test_the_malls_manager_records_an_answer_that_came_on_paper(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.newcomer()
    _, answer = await mall.invite(agency)
    await mall.manager.does(answer, {"answer": "declined"})
    assert (await mall.standing(agency))["membership"] == "declined"
    await mall.invite(agency)
    assert (await mall.standing(agency))["membership"] == "prospective"
