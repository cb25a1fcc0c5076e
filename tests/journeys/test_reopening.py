"""Reopening: what an officer ended by mistake goes on as it was."""

from datetime import timedelta

import pytest

from tests.given import Asker, Given, Json, must_refuse, must_show

ENDS = {
    "completed": (["start", "completion"], "serving"),
    "cancelled while serving": (["start", "cancellation"], "serving"),
    "cancelled on hold": (["start", "hold", "cancellation"], "on_hold"),
    "cancelled when called": (["cancellation"], "waiting"),
    "no-show": (["recall", "recall", "no-show"], "waiting"),
}


async def reopens(asker: Asker, ticket: Json) -> Json:
    return await asker.does(f"/tickets/{ticket['id']}/reopening")


@pytest.mark.parametrize("end", ENDS)
async def test_its_officer_takes_back_how_a_ticket_ended(given: Given, end: str) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    verbs, state = ENDS[end]
    ticket, behind = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    before = await officer.handles(await officer.calls(counter), *verbs[:-1])
    over = await officer.handles(ticket, verbs[-1])
    again = await reopens(officer, ticket)
    must_show(again, status=state, number=ticket["number"], ended_at=None, closed_by=None, reason=None)
    if state == "waiting":
        must_show(again, position=1, counter_id=None, officer_id=None, call_count=over["call_count"])
        assert (await officer.calls(counter))["id"] == ticket["id"]
    else:
        same = {name: before[name] for name in ("counter_id", "officer_id", "called_at", "started_at", "held_at")}
        must_show(again, **same)
    types = [each["type"] for each in await mall.entries() if str(each["subject"]["id"]) == ticket["id"]]
    assert "ticket.reopened" in types[-2:]
    assert (await officer.sees(f"/tickets/{behind['id']}"))["status"] == "waiting"


async def test_the_journal_shows_both_and_the_ticket_has_a_new_stretch(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), "start", "completion")
    await reopens(officer, ticket)
    ended, taken_back = (await mall.entries())[-2:]
    must_show(ended, type="ticket.completed")
    must_show(taken_back, type="ticket.reopened", before={"status": "completed", "closed_by": "officer"})
    must_show(taken_back["data"], status="serving", closed_by=None)
    await officer.handles(ticket, "completion")
    life = [(each.kind.value, each.outcome) for each in await mall.intervals(ticket)][2:]
    assert life == [("serving", "complete"), ("serving", "complete")]


async def test_whose_ticket_it_was_and_managers_reopen_it(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(counters=2), await mall.agency("TAX")
    officer, counter = await mall.open_counter(agency)
    colleague, _ = await mall.open_counter(agency, agency.counters[1])
    ticket = await mall.kiosk.takes(agency.service)
    await officer.handles(await officer.calls(counter), "start", "completion")
    path = f"/tickets/{ticket['id']}/reopening"
    must_refuse(await colleague.post(path), 409, "not_your_counter", counter_id=counter)
    must_refuse(await (await mall.officer(other)).post(path), 404, "not_found")
    for manager in (await mall.agency_manager(agency), mall.manager):
        must_show(await reopens(manager, ticket), status="serving", officer_id=str(officer.id))
        await officer.handles(ticket, "completion")
    waiting = await mall.kiosk.takes(agency.service)
    await officer.does(f"/tickets/{waiting['id']}/cancellation", {"reason": "By mistake"})
    must_show(await reopens(colleague, waiting), status="waiting", reason=None)


async def test_it_is_too_late_after_the_minutes_that_the_mall_says(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    over = await officer.handles(await officer.calls(counter), "start", "completion")
    mall.pass_time(timedelta(minutes=9))
    await officer.handles(await reopens(officer, ticket), "completion")
    await mall.manager.edits("", {"reopening_minutes": 3})
    mall.pass_time(timedelta(minutes=3))
    late = await officer.post(f"/tickets/{ticket['id']}/reopening")
    must_refuse(late, 409, "reopening_too_late", reopening_minutes=3)
    assert late.json()["ended_at"] > over["ended_at"]
    refused = await mall.manager.edits("", {"reopening_minutes": 121})
    must_refuse(refused, 422, "invalid_request", pointer="/reopening_minutes")
    mall.pass_time(timedelta(days=1))
    tomorrow = await officer.post(f"/tickets/{ticket['id']}/reopening")
    must_refuse(tomorrow, 409, "illegal_transition", state="completed", verb="reopen", allowed=[])


async def test_it_is_not_served_again_where_somebody_else_is_or_nobody(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket, following = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await officer.handles(await officer.calls(counter), "start", "completion")
    await officer.calls(counter)
    path = f"/tickets/{ticket['id']}/reopening"
    must_refuse(await officer.post(path), 409, "counter_busy", ticket_id=following["id"], number=following["number"])
    await officer.handles(following, "start", "completion")
    await officer.does(f"/counters/{counter}/break")
    must_refuse(await officer.post(path), 409, "counter_not_open", state="on_break")
    await officer.does(f"/counters/{counter}/closing")
    must_refuse(await officer.post(path), 409, "counter_not_open", state="closed")
    colleague, _ = await mall.open_counter(agency)
    must_refuse(await officer.post(path), 409, "not_your_counter", counter_id=counter)
    must_show(await reopens(mall.manager, ticket), status="serving", officer_id=str(colleague.id))


async def test_it_is_not_reopened_where_its_visitor_is_elsewhere_or_has_another_place(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    inspector, desk = await mall.open_counter(tax)
    ticket = await mall.kiosk.takes(civil.service)
    second = await mall.kiosk.takes(tax.service, visit_id=ticket["visit_id"])
    await officer.handles(await officer.calls(counter), "start", "completion")
    await inspector.calls(desk)
    path = f"/tickets/{ticket['id']}/reopening"
    must_refuse(await officer.post(path), 409, "visit_busy", ticket_id=second["id"])
    await inspector.handles(second, "start", "completion")
    again = await mall.kiosk.takes(civil.service, visit_id=ticket["visit_id"])
    must_refuse(await officer.post(path), 409, "already_waiting", ticket_id=again["id"])


async def test_what_its_visitor_gave_up_or_something_stopped_stays_as_it_is(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    given_up, absent, stopped = [await mall.kiosk.takes(agency.service) for _ in range(3)]
    await mall.public.does(f"/claims/{given_up['claim_code']}/cancellation")
    await officer.handles(await officer.calls(counter), "recall", "recall", "no-show")
    stop = {"waiting_tickets": "cancel", "reason": "Audit"}
    await mall.manager.does(f"/agreements/{agency.agreement_id}/suspension", stop)
    for ticket, code, facts in (
        (given_up, "ended_otherwise", {"closed_by": "visitor"}),
        (stopped, "ended_otherwise", {"closed_by": "membership"}),
        (absent, "queue_stopped", {}),
    ):
        must_refuse(await mall.manager.post(f"/tickets/{ticket['id']}/reopening"), 409, code, **facts)
