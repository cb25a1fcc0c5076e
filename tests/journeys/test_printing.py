"""A ticket on paper: printed, printed again, or never printed and so nobody's."""

from datetime import timedelta
from xml.etree import ElementTree as ET

from app.domain.devices import DeviceKind
from tests.given import Asker, Given, Json, must_refuse, must_show


async def reports(asker: Asker, ticket: Json, outcome: str) -> Json:
    return await asker.does(f"/tickets/{ticket['id']}/print-report", {"outcome": outcome})


async def test_a_kiosk_says_that_the_paper_came_out_and_how_often(given: Given) -> None:
    mall = await given.mall()
    ticket = await mall.kiosk.takes((await mall.agency()).service)
    must_show(ticket, print_state="not_reported", print_count=0)
    must_show(await reports(mall.kiosk, ticket, "printed"), print_state="printed", print_count=1, status="waiting")
    must_show(await reports(mall.kiosk, ticket, "printed"), print_state="printed", print_count=2)
    must_show(await reports(mall.kiosk, ticket, "failed"), print_state="printed", print_count=2, status="waiting")
    said = [each["data"] for each in await mall.entries() if each["type"] == "ticket.print_reported"]
    assert [(each["outcome"], each["print_count"]) for each in said] == [("printed", 1), ("printed", 2), ("failed", 2)]


async def test_what_never_printed_leaves_the_queue_and_gives_its_place_back(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service = await mall.service(agency, "LIMITED", daily_quota=2)
    lost, behind = [await mall.kiosk.takes(service) for _ in range(2)]
    must_refuse(await mall.kiosk.issue(service), 409, "quota_exhausted")
    void = await reports(mall.kiosk, lost, "failed")
    must_show(void, status="cancelled", closed_by="not_printed", print_state="failed", print_count=0, position=None)
    must_show(await mall.public.sees(f"/claims/{behind['claim_code']}"), position=1)
    written = len(await mall.entries())
    assert await reports(mall.kiosk, lost, "failed") == void
    assert len(await mall.entries()) == written
    late = await mall.kiosk.post(f"/tickets/{lost['id']}/print-report", {"outcome": "printed"})
    must_refuse(late, 409, "illegal_transition", state="cancelled")
    assert (await mall.kiosk.takes(service))["number"].endswith("-003")
    must_refuse(await mall.kiosk.issue(service), 409, "quota_exhausted")


async def test_a_kiosk_reports_its_own_tickets_for_ten_minutes_and_the_agency_later(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket, served = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    path, body = f"/tickets/{ticket['id']}/print-report", {"outcome": "failed"}
    other = await mall.device(DeviceKind.KIOSK)
    must_refuse(await other.post(path, body), 404, "not_found")
    must_refuse(await other.get(f"/tickets/{ticket['id']}/print"), 404, "not_found")
    await officer.handles(await officer.calls(counter, served), "start")
    mall.pass_time(timedelta(minutes=10, seconds=1))
    must_refuse(await mall.kiosk.post(path, body), 409, "print_time_over")
    must_refuse(await mall.kiosk.get(f"/tickets/{ticket['id']}/print"), 409, "print_time_over")
    must_show(await reports(officer, ticket, "failed"), status="cancelled")
    here = await officer.post(f"/tickets/{served['id']}/print-report", body)
    must_refuse(here, 409, "illegal_transition", state="serving")
    must_show(await reports(officer, served, "printed"), status="serving", print_count=1)


async def test_what_was_given_on_no_paper_is_not_reported(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    ticket = await mall.public.takes(agency.service)
    officer = await mall.officer(agency)
    assert (await officer.sees(f"/tickets/{ticket['id']}"))["print_state"] is None
    for outcome in ("printed", "failed"):
        answer = await officer.post(f"/tickets/{ticket['id']}/print-report", {"outcome": outcome})
        must_refuse(answer, 409, "not_on_paper")
    for body in ({"outcome": "jammed"}, {}, {"outcome": None}):
        must_refuse(await officer.post(f"/tickets/{ticket['id']}/print-report", body), 422, "invalid_request")
    must_refuse(await mall.public.get(f"/tickets/{ticket['id']}/print"), 401, "unauthenticated")


async def test_a_closing_counter_closes_when_its_last_ticket_was_never_printed(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    _, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    stop = {"waiting_tickets": "serve", "reason": "Audit"}
    await mall.manager.does(f"/agreements/{agency.agreement_id}/suspension", stop)
    must_show(await mall.manager.sees(f"/counters/{counter}"), status="closing")
    await reports(mall.kiosk, ticket, "failed")
    must_show(await mall.manager.sees(f"/counters/{counter}"), status="closed")


async def test_a_ticket_is_data_for_a_printer_in_both_languages(given: Given) -> None:
    mall = await given.mall(at="2027-03-05T09:07")  # a Friday
    agency = await mall.agency()
    await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service)
    ticket = await mall.kiosk.takes(agency.service, priority_class="disability")
    printed = await mall.kiosk.sees(f"/tickets/{ticket['id']}/print")
    must_show(printed, ticket_id=ticket["id"], number=ticket["number"])
    lines = {each["part"]: each["text"] for each in printed["lines"]}
    assert list(lines) == ["mall", "agency", "service", "number", "issued", "place", "wait", "notice"]
    assert lines["service"] == (await mall.public.sees(f"/services/{agency.service}"))["name"]
    assert lines["issued"]["id"].startswith("Jumat, 5 Maret 2027, 09.07 WI")
    assert lines["issued"]["en"].startswith("Friday, 5 March 2027, 09:07 WI")
    assert lines["wait"]["en"].startswith("1 people ahead of you, about ")
    assert "disability" not in str(printed)


async def test_the_qr_code_of_a_printed_ticket_is_its_claim_code(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    ticket = await mall.kiosk.takes(agency.service)
    for asker in (mall.kiosk, await mall.officer(agency), mall.manager):
        code = (await asker.sees(f"/tickets/{ticket['id']}/print"))["qr"]
        assert code["content"] == ticket["claim_code"]
    image = ET.fromstring(code["svg"])  # noqa: S314  # our own answer
    assert image.tag == "{http://www.w3.org/2000/svg}svg"
    assert image.attrib["viewBox"] == "0 0 29 29"  # 21 modules, and four of quiet zone on each side
    await mall.public.does(f"/claims/{ticket['claim_code']}/cancellation")
    answer = await mall.kiosk.get(f"/tickets/{ticket['id']}/print")
    must_refuse(answer, 409, "illegal_transition", state="cancelled")
