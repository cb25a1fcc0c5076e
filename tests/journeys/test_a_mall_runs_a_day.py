"""The main story: an agency signs, opens a counter, and a visitor goes home served."""

from tests.given import Given, must_refuse, must_show


async def test_from_a_signed_agreement_to_a_completed_ticket(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(signed=False)
    officer, counter = await mall.officer(agency), agency.counter
    must_refuse(await officer.post(f"/counters/{counter}/opening"), 409, "membership_not_in_force")
    must_refuse(await mall.public.issue(agency.service), 409, "membership_not_in_force")

    await mall.agreement(agency)
    await officer.does(f"/counters/{counter}/opening")
    ticket = await mall.public.takes(agency.service)
    assert ticket["number"].endswith("-001")
    must_show(ticket, position=1, status="waiting")
    must_show(await officer.calls(counter), id=ticket["id"], status="called", call_count=1)
    board = await mall.public.sees("/board")
    assert [each["number"] for each in board["now_serving"]] == [ticket["number"]]

    done = await officer.handles(ticket, "start", "completion")
    must_show(done, status="completed", closed_by="officer")
    assert (await mall.public.sees("/board"))["now_serving"] == []
    assert (await mall.public.sees(f"/claims/{ticket['claim_code']}"))["status"] == "completed"
    kinds = [each["type"] for each in await mall.entries() if each["type"].startswith("ticket.")]
    assert kinds == ["ticket.issued", "ticket.called", "ticket.started", "ticket.completed"]
