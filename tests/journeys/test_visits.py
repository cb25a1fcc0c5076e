"""Visits: one person with several tickets is never called to two counters at once."""

from datetime import timedelta

from tests.given import Given, must_refuse


async def test_one_visitor_takes_tickets_of_several_agencies(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    first = await mall.kiosk.takes(civil.service)
    second = await mall.kiosk.takes(tax.service, visit_id=first["visit_id"])
    assert second["visit_id"] == first["visit_id"]
    assert (await mall.kiosk.takes(tax.service))["visit_id"] != first["visit_id"]


async def test_a_visitor_who_is_at_one_counter_is_not_called_to_another(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    inspector, desk = await mall.open_counter(tax)
    first = await mall.kiosk.takes(civil.service)
    second = await mall.kiosk.takes(tax.service, visit_id=first["visit_id"])
    other = await mall.kiosk.takes(tax.service)

    await officer.calls(counter)
    busy = await inspector.post(f"/counters/{desk}/calls", {"ticket_id": second["id"]})
    must_refuse(busy, 409, "visit_busy", ticket_id=first["id"])
    assert (await inspector.calls(desk))["id"] == other["id"], "the next in line is called meanwhile"
    await inspector.handles(other, "start", "completion")
    await officer.handles(first, "start")
    must_refuse(await inspector.post(f"/counters/{desk}/calls"), 409, "waiting_elsewhere")


async def test_a_visitor_on_hold_at_one_counter_is_called_to_another_and_comes_back_after_it(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    officer, counter = await mall.open_counter(civil)
    inspector, desk = await mall.open_counter(tax)
    first = await mall.kiosk.takes(civil.service)
    second = await mall.kiosk.takes(tax.service, visit_id=first["visit_id"])
    await officer.handles(await officer.calls(counter), "start", "hold")

    assert (await inspector.calls(desk))["id"] == second["id"]
    busy = await officer.post(f"/counters/{counter}/calls", {"ticket_id": first["id"]})
    must_refuse(busy, 409, "visit_busy", ticket_id=second["id"])
    await inspector.handles(second, "start", "completion")
    assert (await officer.calls(counter, first))["status"] == "called"


async def test_another_malls_visit_is_not_known_here(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    foreign = await elsewhere.kiosk.takes((await elsewhere.agency()).service)
    unknown = await mall.kiosk.issue((await mall.agency()).service, visit_id=foreign["visit_id"])
    must_refuse(unknown, 422, "unknown_reference", pointer="/visit_id")


async def test_a_visit_lasts_one_day(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    ticket = await mall.kiosk.takes(agency.service)
    mall.pass_time(timedelta(days=1))
    late = await mall.kiosk.issue(agency.service, visit_id=ticket["visit_id"])
    must_refuse(late, 409, "visit_over")
