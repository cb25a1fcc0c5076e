"""What has happened, in order and without a gap, for whoever it concerns."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from app.domain.events import BY_NAME
from app.queries import events as queries
from tests.catalogue import shape
from tests.given import Given, Mall, counted, must_refuse, must_show, names
from tests.given.events import read_events, types


def of(name: str) -> str:
    """A type as others are told it."""
    return f"id.mpp.{name}.v1"


async def test_an_agencys_system_reads_what_became_of_its_tickets(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    system = await mall.partner(agency, "events:read")
    officer, counter = await mall.open_counter(agency)
    _, place = await read_events(system)
    ticket = await mall.kiosk.takes(agency.service)
    await officer.calls(counter)
    await officer.handles(ticket, "start", "completion")
    told, after = await read_events(system, place)
    assert types(told) == ["ticket.issued", "ticket.called", "ticket.started", "ticket.completed"]
    assert {each["subject"] for each in told} == {ticket["id"]}
    must_show(told[1], specversion="1.0", source=mall.path, agencyid=agency.id, actorkind="account")
    must_show(told[1], actorid=str(officer.id), serviceday=ticket["service_day"])
    must_show(told[1]["data"], number=ticket["number"], counter_id=counter, closed_by=None, chosen="first_in_line")
    must_show(told[3]["data"], status="completed", closed_by="officer")
    assert await read_events(system, after) == ([], after)
    assert await read_events(system, told[1]["id"]) == (told[2:], after)


async def test_the_journal_is_told_whole_to_the_malls_manager_as_it_was_written(given: Given) -> None:
    mall = await given.mall()
    await mall.agency()
    told, _ = await read_events(mall.auditor, limit=7)
    entries = await mall.entries()
    assert [each["journalsequence"] for each in told] == list(range(1, len(entries) + 1))
    assert [each["data"] for each in told] == [each["data"] for each in entries]
    for each in told:
        shape(BY_NAME[types([each])[0]]).validate_python(each["data"])


async def test_nobody_is_told_of_another_agencys_tickets_nor_officers_of_events(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    manager, system = await mall.agency_manager(agency), await mall.partner(other, "events:read")
    await mall.kiosk.takes(agency.service)
    await mall.kiosk.takes(other.service)
    for asker, own in ((manager, agency), (system, other)):
        told, _ = await read_events(asker)
        assert {each["agencyid"] for each in told} == {own.id, None}
        assert types(told).count("ticket.issued") == 1
        assert "device.registered" not in types(told)
        strange = agency if own is other else other
        assert (await read_events(asker, agency_id=strange.id))[0] == []
    must_refuse(await (await mall.officer(agency)).get("/events"), 403, "forbidden")


async def test_a_ticket_that_goes_on_to_another_agency_is_told_to_both(given: Given) -> None:
    mall = await given.mall()
    await mall.manager.edits("", {"transfers_between_agencies": True})
    agency, other = await mall.agency("CIVIL"), await mall.agency("TAX")
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.kiosk.takes(agency.service)
    await officer.calls(counter)
    await officer.does(f"/tickets/{ticket['id']}/transfer", {"service_id": other.service})
    for each in (agency, other):
        for asker, wanted in ((await mall.agency_manager(each), {}), (mall.manager, {"agency_id": each.id})):
            told, _ = await read_events(asker, subject=ticket["id"], **wanted)
            [moved] = [one for one in told if one["type"] == of("ticket.transferred")]
            must_show(moved["data"], from_agency_id=agency.id, service_id=other.service)
    told, _ = await read_events(await mall.agency_manager(other), subject=ticket["id"])
    assert types(told) == ["ticket.transferred"]


async def test_a_cancelled_ticket_says_why_in_both_languages_but_not_what_an_officer_wrote(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, _ = await mall.open_counter(agency)
    for_a_reason, with_the_agency = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    await officer.does(f"/tickets/{for_a_reason['id']}/cancellation", {"reason": "Bu Ani sakit"})
    closing = {"agency_id": agency.id, "reason": names("Flood"), "waiting_tickets": "cancel"}
    await mall.manager.does("/closures", closing)
    told, _ = await read_events(mall.manager, type=[of("ticket.cancelled")])
    said = {each["subject"]: (each["data"]["closed_by"], each["data"]["stop_reason"]) for each in told}
    assert said == {
        for_a_reason["id"]: ("officer", None),
        with_the_agency["id"]: ("closure", names("Flood")),
    }


async def test_a_display_is_told_that_the_board_changes_and_no_more(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await mall.kiosk.takes(agency.service)
    told, _ = await read_events(mall.display)
    assert "ticket.issued" in types(told)
    assert {BY_NAME[each].audience for each in types(told)} == {"board"}
    assert all(each["data"] == {} and each["actorkind"] is None and each["actorid"] is None for each in told)


async def test_events_are_narrowed_by_type_thing_and_agency(given: Given) -> None:
    mall = await given.mall()
    agency, _ = await mall.agency("CIVIL"), await mall.agency("TAX")
    ticket, other = [await mall.kiosk.takes(agency.service) for _ in range(2)]
    read = mall.manager
    assert types((await read_events(read, subject=ticket["id"]))[0]) == ["ticket.issued"]
    assert (await read_events(read, subject=str(uuid4())))[0] == []
    told, _ = await read_events(read, type=[of("ticket.issued"), of("agency.created")])
    assert sorted(types(told)) == ["agency.created"] * 2 + ["ticket.issued"] * 2
    told, _ = await read_events(read, agency_code="CIVIL", type=[of("ticket.issued")])
    assert [each["subject"] for each in told] == [ticket["id"], other["id"]]
    assert told == (await read_events(read, agency_id=agency.id, type=[of("ticket.issued")]))[0]
    for unknown in ("ticket.called", of("ticket.vanished"), of("mall.created")):
        must_refuse(await read.get("/events", params={"type": unknown}), 422, "invalid_request")


async def test_whoever_begins_now_is_told_of_what_comes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    told, place = await read_events(mall.manager, "now")
    assert told == []
    await mall.kiosk.takes(agency.service)
    assert types((await read_events(mall.manager, place))[0]) == ["ticket.issued"]


async def test_a_page_looks_through_a_bounded_stretch_and_goes_on_behind_it(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    ticket = await mall.kiosk.takes(agency.service)
    monkeypatch.setattr(queries, "SPAN", 5)
    wanted = {"type": of("ticket.issued")}
    page = await mall.manager.sees("/events", **wanted)
    must_show(page, data=[], has_more=True)
    assert page["next_cursor"].startswith("5-")
    told, _ = await read_events(mall.manager, **wanted)
    assert [each["subject"] for each in told] == [ticket["id"]]
    answer = await mall.manager.get("/events", params={"limit": 3})
    assert f"after={answer.json()['next_cursor']}" in answer.headers["Link"]
    assert "Link" not in (await mall.manager.get("/events", params={"after": "now"})).headers


async def test_a_page_of_a_hundred_events_takes_as_many_statements_as_one(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=5)
    system = await mall.partner(agency, "events:read")
    for asker in (mall.manager, system):
        prices = []
        for limit in (1, 1, 10, 100):  # the first looks up who is asking, the last one where the journal ends
            async with counted(mall.database) as seen:
                await asker.sees("/events", limit=limit)
            prices.append(len(seen))
        assert prices[1] == prices[2] == prices[3] - 1 <= 4


async def in_an_earlier_state(mall: Mall, sequence: int) -> None:
    """The mall's journal as a backup held it that ended with this entry."""
    async with mall.database.without_journal() as unit:
        cut = text("DELETE FROM entries WHERE mall_id = :mall AND sequence > :sequence")
        await unit.session.execute(cut, {"mall": mall.ref.id, "sequence": sequence})


async def test_a_place_that_the_journal_does_not_have_is_said_to_be_unknown(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    _, place = await read_events(mall.manager)
    _, strange = await read_events(elsewhere.manager)
    await mall.manager.edits("", {"operator": "Pemerintah Kota"})
    _, late = await read_events(mall.manager)
    sequence = int(place.partition("-")[0])
    await in_an_earlier_state(mall, sequence)
    assert (await read_events(mall.manager, place))[0] == []
    for unknown in (late, strange, f"{sequence}-00000000", f"{10**17}-{'a' * 8}", "0-12345678"):
        refused = await mall.manager.get("/events", params={"after": unknown})
        must_refuse(refused, 409, "cursor_unknown", pointer="#query/after")
    await mall.manager.edits("", {"operator": "Sekretariat Daerah"})
    must_refuse(await mall.manager.get("/events", params={"after": late}), 409, "cursor_unknown")
    for nonsense in ("", "1", "x-12345678", "1-1234567G", "-1-12345678", "01-12345678", "1-12345678 ", "Now"):
        refused = await mall.manager.get("/events", params={"after": nonsense})
        must_refuse(refused, 422, "invalid_cursor", pointer="#query/after")
