"""Suspending and ending: what becomes of open counters and of waiting visitors, in the same act."""

from tests.given import Agency, Asker, Given, Json, Mall, must_refuse, must_show

NOT_IN_FORCE = (409, "membership_not_in_force")


async def act_of(mall: Mall, kind: str) -> list[Json]:
    """The entries of the act that an entry of this kind begins."""
    entries = await mall.entries()
    at = next(each["at"] for each in entries if each["type"] == kind)
    return [each for each in entries if each["at"] == at]


async def statuses(mall: Mall, counters: list[str]) -> list[str]:
    return [(await mall.public.sees(f"/counters/{each}"))["status"] for each in counters]


async def test_counters_of_a_suspended_agency_close_after_the_last_waiting_visitor(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency("CIVIL", counters=2)
    one, two = agency.counters
    first, _ = await mall.open_counter(agency, one)
    second, _ = await mall.open_counter(agency, two)
    tickets = [await mall.public.takes(agency.service) for _ in range(3)]
    await first.handles(await first.calls(one), "start")
    suspended = await mall.interrupt(agency.agreement_id, "suspension", "serve")
    must_show(suspended, status="suspended", in_force=False)
    assert await statuses(mall, agency.counters) == ["closing", "closing"]

    assert (await second.calls(two))["id"] == tickets[1]["id"]
    await first.handles(tickets[0], "completion")
    assert (await first.calls(one))["id"] == tickets[2]["id"]
    await second.handles(tickets[1], "start", "completion")
    assert await statuses(mall, agency.counters) == ["closing", "closed"]
    await first.handles(tickets[2], "start", "completion")
    assert await statuses(mall, agency.counters) == ["closed", "closed"]
    must_refuse(await first.post(f"/counters/{one}/calls"), 409, "counter_not_open")


async def test_a_suspension_lets_nothing_begin_and_leaves_the_neighbours_alone(given: Given) -> None:
    mall = await given.mall()
    agency, bystander = await mall.agency("CIVIL", counters=2), await mall.agency("TAX")
    busy, idle = agency.counters
    officer, _ = await mall.open_counter(agency, busy)
    await mall.open_counter(bystander)
    await mall.public.takes(agency.service)
    await mall.interrupt(agency.agreement_id, "suspension", "serve")
    assert await statuses(mall, [busy, idle, bystander.counter]) == ["closing", "closed", "open"]
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE)
    must_refuse(await mall.kiosk.issue(agency.service), *NOT_IN_FORCE)
    await mall.public.takes(bystander.service)
    await officer.handles(await officer.calls(busy), "start", "completion")
    newcomer = await mall.officer(agency)
    must_refuse(await newcomer.post(f"/counters/{idle}/opening"), *NOT_IN_FORCE)
    must_refuse(await officer.post(f"/counters/{busy}/opening"), *NOT_IN_FORCE)


async def test_the_journal_says_what_a_suspension_began_and_what_it_ended(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency("CIVIL", counters=2)
    officer, counter = await mall.open_counter(agency)
    await mall.open_counter(agency, agency.counters[1])
    await mall.public.takes(agency.service)
    await mall.interrupt(agency.agreement_id, "suspension", "serve")
    act = await act_of(mall, "agreement.suspended")
    assert [each["type"] for each in act] == [
        "agreement.suspended",
        "counter.started_closing",
        "counter.started_closing",
    ]
    assert {each["by"]["id"] for each in act} == {str(mall.manager.id)}
    assert act[0]["data"]["waiting_tickets"] == "serve"
    await officer.handles(await officer.calls(counter), "start", "completion")
    ended = [each["data"]["ended_by"] for each in await mall.entries() if each["type"] == "counter.closed"]
    assert ended == ["membership", "membership"]


async def test_counters_that_nobody_waits_for_close_at_once_and_the_day_closes_the_others(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    idle, busy = await mall.agency("CIVIL"), await mall.agency("TAX")
    await mall.open_counter(idle)
    officer, counter = await mall.open_counter(busy)
    await officer.does(f"/counters/{counter}/break")
    ticket = await mall.public.takes(busy.service)
    await mall.interrupt(idle.agreement_id, "suspension", "serve")
    await mall.interrupt(busy.agreement_id, "termination", "serve")
    assert await statuses(mall, [idle.counter, busy.counter]) == ["closed", "closing"]
    act = await act_of(mall, "agreement.terminated")
    assert [each["type"] for each in act] == ["agreement.terminated", "counter.started_closing"]
    mall.set_time("2027-03-02T09:00")
    must_refuse(await officer.post(f"/counters/{counter}/calls"), 409, "counter_not_open")
    assert await statuses(mall, [busy.counter]) == ["closed"]
    assert (await mall.public.sees(f"/claims/{ticket['claim_code']}"))["status"] == "expired"


async def one_of_each(mall: Mall, agency: Agency) -> tuple[Asker, Json, Json, list[Json]]:
    """An officer with a ticket on hold and one in hand, and two who wait."""
    officer, counter = await mall.open_counter(agency)
    held, in_hand, *waiting = [await mall.public.takes(agency.service) for _ in range(4)]
    await officer.handles(await officer.calls(counter), "start", "hold")
    await officer.handles(await officer.calls(counter), "start")
    return officer, held, in_hand, waiting


async def test_tickets_of_a_suspended_agency_are_cancelled_with_the_reason(given: Given) -> None:
    mall = await given.mall()
    agency, bystander = await mall.agency("CIVIL"), await mall.agency("TAX")
    _, held, _, waiting = await one_of_each(mall, agency)
    beside = await mall.public.takes(bystander.service)
    await mall.interrupt(agency.agreement_id, "suspension", "cancel")
    for ticket in (held, *waiting):
        own = await mall.public.sees(f"/claims/{ticket['claim_code']}")
        must_show(own, status="cancelled", reason="keanggotaan instansi ditangguhkan")
    seen = await mall.manager.sees(f"/tickets/{waiting[0]['id']}")
    assert seen["closed_by"] == "membership"
    assert seen["ended_at"]
    assert (await mall.public.sees(f"/claims/{beside['claim_code']}"))["status"] == "waiting"


async def test_only_a_counter_with_a_ticket_in_hand_goes_on_until_it_is_served(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency("CIVIL", counters=2)
    busy, idle = agency.counters
    officer, _, in_hand, _ = await one_of_each(mall, agency)
    await mall.open_counter(agency, idle)
    await mall.interrupt(agency.agreement_id, "suspension", "cancel")
    assert await statuses(mall, [busy, idle]) == ["closing", "closed"]
    act = sorted(each["type"] for each in await act_of(mall, "agreement.suspended"))
    assert act == ["agreement.suspended", "counter.closed", "counter.started_closing", *["ticket.cancelled"] * 3]

    must_refuse(await officer.post(f"/counters/{busy}/calls"), 409, "counter_busy")
    assert (await mall.public.sees(f"/claims/{in_hand['claim_code']}"))["status"] == "serving"
    await officer.handles(in_hand, "completion")
    assert await statuses(mall, [busy, idle]) == ["closed", "closed"]


async def test_after_a_reinstatement_the_queue_begins_anew(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency("CIVIL")
    officer, _, in_hand, _ = await one_of_each(mall, agency)
    await mall.interrupt(agency.agreement_id, "suspension", "cancel")
    await officer.handles(in_hand, "completion")
    await mall.manager.does(f"/agreements/{agency.agreement_id}/reinstatement", {})
    await officer.does(f"/counters/{agency.counter}/opening")
    assert (await mall.public.takes(agency.service))["position"] == 1


async def test_a_suspension_of_a_suspended_membership_that_ends_still_cancels(given: Given) -> None:
    """Suspended with `serve` in the morning, ended with `cancel` at noon: who still waits is told."""
    mall = await given.mall()
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    called, waiting = [await mall.public.takes(agency.service) for _ in range(2)]
    await officer.does(f"/counters/{counter}/calls")
    await mall.interrupt(agency.agreement_id, "suspension", "serve")
    await mall.interrupt(agency.agreement_id, "termination", "cancel")
    own = await mall.public.sees(f"/claims/{waiting['claim_code']}")
    must_show(own, status="cancelled", reason="keanggotaan instansi berakhir")
    assert await statuses(mall, [counter]) == ["closing"]
    await officer.does(f"/tickets/{called['id']}/start")
    await officer.does(f"/tickets/{called['id']}/completion")
    assert await statuses(mall, [counter]) == ["closed"]


async def test_another_agreement_in_force_keeps_the_counters_open(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    second = await mall.agreement(agency, kind="cooperation_agreement")
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    suspended = await mall.interrupt(agency.agreement_id, "suspension", "cancel")
    assert suspended["in_force"] is False
    assert (await mall.standing(agency))["agreement_id"] == second
    assert await statuses(mall, [counter]) == ["open"]
    assert (await mall.public.sees(f"/claims/{ticket['claim_code']}"))["status"] == "waiting"
    await mall.public.takes(agency.service)
    assert (await officer.does(f"/counters/{counter}/calls"))["id"] == ticket["id"]
    await mall.interrupt(second, "termination", "cancel")
    must_refuse(await mall.public.issue(agency.service), *NOT_IN_FORCE)
    assert await statuses(mall, [counter]) == ["closing"]
