"""A visit that is planned: a number for each service at once, in any order or one after another."""

from uuid import uuid4

from tests.given import Agency, Asker, Given, Json, Mall, must_refuse, must_show


async def three_agencies(mall: Mall) -> list[Agency]:
    return [await mall.agency(code) for code in ("CIVIL", "TAX", "BANK")]


async def desks(mall: Mall, *agencies: Agency) -> list[tuple[Asker, str]]:
    """An open counter of each, with its officer."""
    return [await mall.open_counter(each) for each in agencies]


async def serves(desk: tuple[Asker, str], ticket: Json) -> Json:
    """The next one is called there, is this one, and is served."""
    officer, counter = desk
    called = await officer.calls(counter)
    assert called["number"] == ticket["number"]
    return await officer.handles(called, "start", "completion")


async def test_a_visitor_gets_a_number_for_each_service_and_is_served_by_whichever_is_free(given: Given) -> None:
    mall = await given.mall()
    agencies = await three_agencies(mall)
    first, second, third = await desks(mall, *agencies)
    visit = await mall.kiosk.plans(*[each.service for each in agencies])
    civil, tax, bank = visit["tickets"]
    assert [each["service_id"] for each in visit["tickets"]] == [each.service for each in agencies]
    assert {each["visit_id"] for each in visit["tickets"]} == {visit["id"]}
    assert len({each["claim_code"] for each in visit["tickets"]}) == 3
    must_show(visit, in_order=False, next_ticket_id=civil["id"])
    for each, step in zip(visit["tickets"], (1, 2, 3), strict=True):
        must_show(each, position=1, visit_step=step, after_step=None, status="waiting")

    await second[0].calls(second[1])
    must_refuse(await first[0].post(f"/counters/{first[1]}/calls"), 409, "waiting_elsewhere", waiting=1)
    must_show(await mall.manager.sees(f"/visits/{visit['id']}"), next_ticket_id=tax["id"])
    await second[0].handles(tax, "start", "completion")
    await serves(third, bank)
    await serves(first, civil)
    must_show(await mall.manager.sees(f"/visits/{visit['id']}"), next_ticket_id=None)


async def test_one_refused_service_is_named_and_nobody_gets_a_number(given: Given) -> None:
    mall = await given.mall()
    civil, tax, bank = await three_agencies(mall)
    full = await mall.service(bank, "FULL", daily_quota=0)
    before = await mall.entries()
    wanted = (civil.service, tax.service, full)
    must_refuse(await mall.kiosk.plan(*wanted), 409, "quota_exhausted", pointer="/service_ids/2", quota=0)
    must_refuse(await mall.kiosk.plan(civil.service, str(uuid4())), 422, "unknown_reference", pointer="/service_ids/1")
    own = await mall.kiosk.plan(civil.service, tax.service, channel="web")
    must_refuse(own, 422, "channel_not_yours", pointer="/channel")
    for ids in ([civil.service], [civil.service, civil.service], [str(uuid4()) for _ in range(11)]):
        must_refuse(await mall.kiosk.plan(*ids), 422, "invalid_request", pointer="/service_ids")
    unkeyed = await mall.kiosk.post("/visits", {"service_ids": [civil.service, tax.service]})
    must_refuse(unkeyed, 400, "idempotency_key_required")
    assert await mall.entries() == before
    assert await mall.manager.all("/tickets") == []
    first, second = (await mall.kiosk.plans(civil.service, tax.service))["tickets"]
    assert first["number"].endswith("-001")
    assert second["number"].endswith("-001")


async def test_a_repeated_plan_is_the_same_visit_with_the_same_claim_codes(given: Given) -> None:
    mall = await given.mall()
    civil, tax, _ = await three_agencies(mall)
    key = str(uuid4())
    first = await mall.public.plan(civil.service, tax.service, key=key)
    again = await mall.public.plan(civil.service, tax.service, key=key)
    assert again.json() == first.json()
    assert first.headers["Location"] == f"{mall.path}/claims/{first.json()['tickets'][0]['claim_code']}"
    elsewhere = Asker(given.from_address("192.0.2.77").http, mall.path)
    copied = (await elsewhere.plan(civil.service, tax.service, key=key)).json()
    assert [each["claim_code"] for each in copied["tickets"]] == [None, None]
    assert len(await mall.manager.all("/tickets")) == 2
    [planned] = [each for each in await mall.entries() if each["type"] == "visit.planned"]
    assert planned["data"]["ticket_ids"] == [each["id"] for each in first.json()["tickets"]]


async def test_steps_in_order_are_called_one_after_another_and_keep_their_places(given: Given) -> None:
    mall = await given.mall()
    civil, tax, _ = await three_agencies(mall)
    desk, next_desk = await desks(mall, civil, tax)
    visit = await mall.kiosk.plans(civil.service, tax.service, in_order=True)
    first, second = visit["tickets"]
    must_show(second, position=None, after_step=1, status="waiting")
    other = await mall.kiosk.takes(tax.service)
    must_show(other, position=1)
    named = await next_desk[0].post(f"/counters/{next_desk[1]}/calls", {"ticket_id": second["id"]})
    must_refuse(named, 409, "visit_out_of_order", after_step=1)
    await next_desk[0].calls(next_desk[1], other)
    await next_desk[0].does(f"/tickets/{other['id']}/return", {"place": "old_place"})

    await serves(desk, first)
    must_show(await mall.manager.sees(f"/tickets/{second['id']}"), position=1, after_step=None)
    must_show(await mall.manager.sees(f"/tickets/{other['id']}"), position=2)
    must_show(await mall.manager.sees(f"/visits/{visit['id']}"), in_order=True, next_ticket_id=second["id"])
    await serves(next_desk, second)
    await serves(next_desk, other)


async def test_the_paper_of_a_later_step_says_which_step_is_first(given: Given) -> None:
    mall = await given.mall()
    civil, tax, _ = await three_agencies(mall)
    visit = await mall.kiosk.plans(civil.service, tax.service, in_order=True)
    said = []
    for ticket in visit["tickets"]:
        lines = (await mall.kiosk.sees(f"/tickets/{ticket['id']}/print"))["lines"]
        said += [each["text"]["en"] for each in lines if each["part"] == "wait"]
    assert said == ["0 people ahead of you", "Called when step 1 of your visit is over"]


async def test_who_waits_only_for_a_later_step_is_said_to_be_elsewhere(given: Given) -> None:
    mall = await given.mall()
    civil, tax, _ = await three_agencies(mall)
    _, (inspector, counter) = await desks(mall, civil, tax)
    await mall.kiosk.plans(civil.service, tax.service, in_order=True)
    must_refuse(await inspector.post(f"/counters/{counter}/calls"), 409, "waiting_elsewhere", waiting=1)
    must_show(await inspector.sees(f"/counters/{counter}/queue"), waiting_count=0, elsewhere_count=1, waiting=[])
    must_show(await mall.public.sees(f"/counters/{counter}"), waiting=0)
    lines = {each["service_id"]: each["waiting"] for each in (await mall.public.sees("/board"))["services"]}
    assert lines[civil.service] == 1
    assert lines[tax.service] == 0
    offers = await mall.public.all("/availability", service_id=tax.service)
    assert [each["people_ahead"] for each in offers] == [0]
    closing = await inspector.does(f"/counters/{counter}/closing")
    must_show(closing, status="closed")


async def test_every_end_of_a_step_makes_the_next_one_due_and_what_comes_back_is_first_again(given: Given) -> None:
    mall = await given.mall()
    civil, tax, _ = await three_agencies(mall)
    (officer, counter), _ = await desks(mall, civil, tax)

    async def waits_for(ticket: Json) -> int | None:
        step: int | None = (await mall.manager.sees(f"/tickets/{ticket['id']}"))["after_step"]
        return step

    for verbs in (("start", "completion"), ("recall", "recall", "no-show"), ("cancellation",)):
        first, second = (await mall.kiosk.plans(civil.service, tax.service, in_order=True))["tickets"]
        await officer.calls(counter, first)
        for verb in verbs:
            assert await waits_for(second) == 1
            await officer.does(f"/tickets/{first['id']}/{verb}")
        assert await waits_for(second) is None
        again = await officer.does(f"/tickets/{first['id']}/reopening")
        assert await waits_for(second) == 1
        await officer.does(f"/tickets/{again['id']}/cancellation")
        assert await waits_for(second) is None


async def test_a_closure_that_cancels_a_step_and_a_transfer_that_moves_it_keep_the_order_true(given: Given) -> None:
    mall = await given.mall()
    civil, tax, bank = await three_agencies(mall)
    other = await mall.service(civil, "OTHER")
    officer, _ = await mall.open_counter(civil)
    first, second, third = (await mall.kiosk.plans(civil.service, tax.service, bank.service, in_order=True))["tickets"]
    moved = await officer.does(f"/tickets/{first['id']}/transfer", {"service_id": other})
    must_show(moved, visit_step=1, after_step=None, position=1)

    async def waits_for(ticket: Json) -> int | None:
        step: int | None = (await mall.manager.sees(f"/tickets/{ticket['id']}"))["after_step"]
        return step

    for ticket, agency, after in ((second, civil, 1), (third, tax, 2)):
        assert await waits_for(ticket) == after
        reason = {"id": "Listrik padam", "en": "No power"}
        body = {"agency_id": agency.id, "reason": reason, "waiting_tickets": "cancel"}
        await mall.manager.does("/closures", body)
        assert await waits_for(ticket) is None


async def test_an_agency_sees_its_own_steps_and_the_visitor_all_with_any_claim_code(given: Given) -> None:
    mall = await given.mall()
    civil, tax, bank = await three_agencies(mall)
    visit = await mall.kiosk.plans(civil.service, tax.service, in_order=True)
    officer, stranger = await mall.officer(tax), await mall.officer(bank)
    path, (_, second) = f"/visits/{visit['id']}", visit["tickets"]
    seen = await officer.sees(path)
    assert [each["id"] for each in seen["tickets"]] == [second["id"]]
    must_show(seen, next_ticket_id=None)
    must_refuse(await stranger.get(path), 404, "not_found")
    assert len((await mall.kiosk.sees(path))["tickets"]) == 2

    own = (await mall.public.sees(f"/claims/{second['claim_code']}"))["visit"]
    must_show(own, in_order=True)
    assert [each["number"] for each in own["steps"]] == [each["number"] for each in visit["tickets"]]
    assert [each["position"] for each in own["steps"]] == [1, None]
    assert [each["agency"]["code"] for each in own["steps"]] == ["CIVIL", "TAX"]
    assert "claim_code" not in own["steps"][0]
    scanned = (await officer.sees(f"/claims/{second['claim_code']}"))["visit"]
    assert [each["step"] for each in scanned["steps"]] == [2]
    added = await mall.public.takes(bank.service, visit_id=visit["id"])
    must_show(await mall.public.sees(f"/claims/{added['claim_code']}"), visit=None)


async def test_whoever_has_kept_the_first_place_is_told_when_the_step_before_is_over(given: Given) -> None:
    mall = await given.mall()
    civil, tax, _ = await three_agencies(mall)
    service = await mall.service(tax, "NEAR", near_places=1)
    officer, counter = await mall.open_counter(civil)
    first, second = (await mall.kiosk.plans(civil.service, service, in_order=True))["tickets"]
    await officer.handles(await officer.calls(counter), "start")
    assert not [each for each in await mall.entries() if each["type"] == "ticket.neared"]
    await officer.handles(first, "completion")
    [told] = [each for each in await mall.entries() if each["type"] == "ticket.neared"]
    assert told["subject"]["id"] == second["id"]
    assert told["data"]["position"] == 1
