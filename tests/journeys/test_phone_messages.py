"""Messages about a ticket to a phone that was proven, and for how long the phone is kept."""

from datetime import timedelta
from typing import Any

import pytest

from app import models
from app.queries.paging import page
from tests.given import Agency, Asker, Given, Json, Mall, must_show
from tests.given.visitors import PHONE

MASKED = "+62812••••890"


async def with_phones(given: Given, at: str | None = None) -> tuple[Mall, Agency]:
    """A mall whose service tells visitors on their phones that they are next."""
    mall = await given.mall(at=at) if at else await given.mall()
    agency = await mall.agency()
    await mall.manager.edits(f"/services/{agency.service}", {"web_needs_phone": True, "near_places": 1})
    return mall, agency


async def taken(mall: Mall, agency: Agency, phone: str = PHONE, **more: str) -> Json:
    """A number for a phone that was proven."""
    return await mall.public.takes(agency.service, phone=phone, phone_code=await mall.code(agency, phone), **more)


async def about_tickets(mall: Mall, agency: Agency) -> list[Json]:
    """The messages that say whose turn is near."""
    found = await (await mall.gateway(agency)).all("/messages")
    return [each for each in found if each["kind"] == "ticket_near"]


async def test_who_has_proven_a_phone_is_told_there_that_the_turn_is_near(given: Given) -> None:
    mall, agency = await with_phones(given)
    officer, counter = await mall.open_counter(agency)
    await mall.kiosk.takes(agency.service, phone="0812-3456-7800")
    second = await taken(mall, agency, language="en")
    third = await taken(mall, agency, "0812-3456-7801")
    assert await about_tickets(mall, agency) == []
    await officer.handles(await officer.calls(counter), "start", "completion")
    [message] = await about_tickets(mall, agency)
    must_show(message, phone="+6281234567890", language="en")
    assert second["number"] in message["text"]
    assert "is near" in message["text"]
    await (await mall.gateway(agency)).does(f"/messages/{message['id']}/delivery", {"outcome": "delivered"})
    await officer.handles(await officer.calls(counter), "start", "completion")
    [message] = await about_tickets(mall, agency)
    assert third["number"] in message["text"]
    assert "sudah dekat" in message["text"]
    await officer.calls(counter)
    assert await about_tickets(mall, agency) == [], "who is called needs to hear no more"


async def test_what_is_about_a_ticket_goes_with_it_and_with_time(given: Given) -> None:
    mall, agency = await with_phones(given)
    officer, counter = await mall.open_counter(agency)
    for phone in (PHONE, "0812-3456-7801", "0812-3456-7802"):
        await taken(mall, agency, phone)
    await officer.calls(counter)
    [message] = await about_tickets(mall, agency)
    assert message["phone"].endswith("801")
    second = (await officer.all("/tickets", status="waiting"))[0]
    await officer.does(f"/tickets/{second['id']}/cancellation")
    [message] = await about_tickets(mall, agency)
    assert message["phone"].endswith("802")
    mall.pass_time(timedelta(minutes=16))
    assert await about_tickets(mall, agency) == []


async def test_a_phone_is_kept_until_its_ticket_is_over_however_it_ends(given: Given) -> None:
    mall, agency = await with_phones(given, at="2027-03-05T10:00")
    officer, counter = await mall.open_counter(agency)
    tickets = [await taken(mall, agency, f"0812-3456-780{number}") for number in range(5)]
    assert await mall.tickets_with(models.Ticket.sealed_phone) == 5
    await mall.public.does(f"/claims/{tickets[0]['claim_code']}/cancellation")
    await officer.does(f"/tickets/{tickets[1]['id']}/cancellation")
    await officer.handles(await officer.calls(counter), "start", "completion")
    assert await mall.tickets_with(models.Ticket.sealed_phone) == 2
    absent = await officer.calls(counter)
    assert await officer.handles(absent, "recall", "recall", "no-show")
    assert await mall.tickets_with(models.Ticket.sealed_phone) == 1
    mall.set_time("2027-03-06T10:00")
    await officer.does(f"/counters/{counter}/opening")
    assert await mall.tickets_with(models.Ticket.sealed_phone) == 0


async def test_officers_see_a_masked_phone_and_nobody_else_sees_any(given: Given) -> None:
    mall, agency = await with_phones(given)
    officer, counter = await mall.open_counter(agency)
    ticket = await taken(mall, agency)
    at = f"/tickets/{ticket['id']}"
    for asker, phone in ((officer, MASKED), (mall.manager, MASKED), (mall.auditor, None)):
        assert (await asker.sees(at))["phone"] == phone
    called = await officer.calls(counter)
    shown = [ticket, called, *(await officer.all("/tickets")), await mall.public.sees("/board")]
    shown += [await mall.public.sees(f"/claims/{ticket['claim_code']}"), await officer.handles(called, "start")]
    for each in shown:
        assert "phone" not in each
    await officer.handles(called, "completion")
    assert (await officer.sees(at))["phone"] is None


async def test_a_phone_that_was_typed_at_a_kiosk_is_not_kept(given: Given) -> None:
    mall, agency = await with_phones(given)
    officer, _ = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service, phone=PHONE)
    assert await mall.tickets_with(models.Ticket.sealed_phone) == 0
    assert (await officer.sees(f"/tickets/{ticket['id']}"))["phone"] is None


async def test_who_passes_a_ticket_on_no_longer_sees_its_phone(given: Given) -> None:
    mall, agency = await with_phones(given)
    other = await mall.agency("TAX")
    await mall.manager.edits("", {"transfers_between_agencies": True})
    officer, counter = await mall.open_counter(agency)
    await taken(mall, agency)
    ticket = await officer.calls(counter)
    await officer.does(f"/tickets/{ticket['id']}/transfer", {"service_id": other.service})
    colleague: Asker = await mall.officer(other)
    at = f"/tickets/{ticket['id']}"
    assert (await officer.sees(at))["phone"] is None
    assert (await colleague.sees(at))["phone"] == MASKED


async def test_a_ticket_that_ends_while_messages_are_read_hides_none(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall, agency = await with_phones(given)
    officer, counter = await mall.open_counter(agency)
    for phone in (PHONE, "0812-3456-7801"):
        await taken(mall, agency, phone)
    await officer.calls(counter)
    [ticket] = await officer.all("/tickets", status="waiting")

    async def page_and_end(*asked: Any) -> Any:
        found = await page(*asked)
        monkeypatch.undo()
        await officer.does(f"/tickets/{ticket['id']}/cancellation")
        return found

    gateway = await mall.gateway(agency)
    monkeypatch.setattr("app.queries.messages.page", page_and_end)
    assert len((await gateway.sees("/messages", sort="-id"))["data"]) == 3
    assert await about_tickets(mall, agency) == []
