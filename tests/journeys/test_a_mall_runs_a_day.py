"""The main story: an agency signs, opens a counter, and a visitor goes home served."""

from tests.given import Given, code_of


async def test_from_a_signed_agreement_to_a_completed_ticket(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(signed=False)
    officer = await mall.officer(agency)
    assert code_of(await officer.post(f"/counters/{agency.counter}/opening")) == (409, "membership_not_in_force")
    assert code_of(await mall.public.issue(agency.service)) == (409, "membership_not_in_force")

    await mall.agreement(agency)
    await officer.does(f"/counters/{agency.counter}/opening")
    ticket = await mall.public.takes(agency.service)
    assert (ticket["number"][-4:], ticket["position"], ticket["status"]) == ("-001", 1, "waiting")

    called = await officer.does(f"/counters/{agency.counter}/calls")
    assert (called["id"], called["status"], called["call_count"]) == (ticket["id"], "called", 1)
    board = await mall.public.sees("/board")
    assert [each["number"] for each in board["now_serving"]] == [ticket["number"]]

    await officer.does(f"/tickets/{ticket['id']}/start")
    done = await officer.does(f"/tickets/{ticket['id']}/completion")
    assert (done["status"], done["closed_by"]) == ("completed", "officer")
    assert (await mall.public.sees("/board"))["now_serving"] == []
    own = await mall.public.sees(f"/claims/{ticket['claim_code']}")
    assert own["status"] == "completed"
    kinds = [each["type"] for each in await mall.entries() if each["type"].startswith("ticket.")]
    assert kinds == ["ticket.issued", "ticket.called", "ticket.started", "ticket.completed"]
