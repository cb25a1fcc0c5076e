"""Suspending and ending: what becomes of open counters and of who waits, in the same act."""

from tests.given import Given, Json, Mall, code_of

NOT_IN_FORCE = (409, "membership_not_in_force")


async def act_of(mall: Mall, kind: str) -> list[Json]:
    """The entries of the act that an entry of this kind begins."""
    entries = await mall.entries()
    at = next(each["at"] for each in entries if each["type"] == kind)
    return [each for each in entries if each["at"] == at]


async def statuses(mall: Mall, counters: list[str]) -> list[str]:
    return [(await mall.public.sees(f"/counters/{each}"))["status"] for each in counters]


async def test_who_waits_is_served_and_the_counters_close_behind_the_last(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency("CIVIL", counters=3)
    bystander = await mall.agency("TAX")
    one, two, third = agency.counters
    first, _ = await mall.open_counter(agency, one)
    second, _ = await mall.open_counter(agency, two)
    await mall.open_counter(bystander)
    tickets = [await mall.public.takes(agency.service) for _ in range(3)]
    serving = await first.does(f"/counters/{one}/calls")
    await first.does(f"/tickets/{serving['id']}/start")

    suspended = await mall.interrupt(agency.agreement_id, "suspension", "serve")
    assert (suspended["status"], suspended["in_force"]) == ("suspended", False)
    assert await statuses(mall, [*agency.counters, bystander.counter]) == ["closing", "closing", "closed", "open"]
    act = await act_of(mall, "agreement.suspended")
    assert [each["type"] for each in act] == [
        "agreement.suspended",
        "counter.started_closing",
        "counter.started_closing",
    ]
    assert {each["by"]["id"] for each in act} == {str(mall.manager.id)}
    assert act[0]["data"]["waiting_tickets"] == "serve"

    assert code_of(await mall.public.issue(agency.service)) == NOT_IN_FORCE
    assert code_of(await mall.kiosk.issue(agency.service)) == NOT_IN_FORCE
    await mall.public.takes(bystander.service)

    called = await second.does(f"/counters/{two}/calls")
    assert called["id"] == tickets[1]["id"]
    await first.does(f"/tickets/{serving['id']}/completion")
    assert await statuses(mall, [one, two]) == ["closing", "closing"]
    last = await first.does(f"/counters/{one}/calls")
    assert last["id"] == tickets[2]["id"]
    await second.does(f"/tickets/{called['id']}/start")
    await second.does(f"/tickets/{called['id']}/completion")
    assert await statuses(mall, [one, two]) == ["closing", "closed"]
    await first.does(f"/tickets/{last['id']}/start")
    await first.does(f"/tickets/{last['id']}/completion")
    assert await statuses(mall, [one, two]) == ["closed", "closed"]
    assert code_of(await first.post(f"/counters/{one}/calls")) == (409, "counter_not_open")
    for each in (one, third):
        assert code_of(await first.post(f"/counters/{each}/opening")) == NOT_IN_FORCE
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
    assert [each["type"] for each in await act_of(mall, "agreement.terminated")] == [
        "agreement.terminated",
        "counter.started_closing",
    ]
    mall.set_time("2027-03-02T09:00")
    assert code_of(await officer.post(f"/counters/{counter}/calls")) == (409, "counter_not_open")
    assert await statuses(mall, [busy.counter]) == ["closed"]
    assert (await mall.public.sees(f"/claims/{ticket['claim_code']}"))["status"] == "expired"


async def test_who_waits_is_cancelled_and_only_a_counter_with_a_ticket_in_hand_goes_on(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency("CIVIL", counters=2)
    bystander = await mall.agency("TAX")
    idle, busy = agency.counters
    await mall.open_counter(agency, idle)
    officer, _ = await mall.open_counter(agency, busy)
    held, in_hand, *waiting = [await mall.public.takes(agency.service) for _ in range(4)]
    beside = await mall.public.takes(bystander.service)
    for ticket in (held, in_hand):
        await officer.does(f"/counters/{busy}/calls")
        await officer.does(f"/tickets/{ticket['id']}/start")
        if ticket is held:
            await officer.does(f"/tickets/{ticket['id']}/hold")

    await mall.interrupt(agency.agreement_id, "suspension", "cancel")
    for ticket in (held, *waiting):
        own = await mall.public.sees(f"/claims/{ticket['claim_code']}")
        assert (own["status"], own["reason"]) == ("cancelled", "suspended")
    seen = await mall.manager.sees(f"/tickets/{waiting[0]['id']}")
    assert (seen["closed_by"], seen["ended_at"] is None) == ("membership", False)
    assert (await mall.public.sees(f"/claims/{beside['claim_code']}"))["status"] == "waiting"
    assert await statuses(mall, [idle, busy]) == ["closed", "closing"]
    act = await act_of(mall, "agreement.suspended")
    assert sorted(each["type"] for each in act) == [
        "agreement.suspended",
        "counter.closed",
        "counter.started_closing",
        "ticket.cancelled",
        "ticket.cancelled",
        "ticket.cancelled",
    ]

    assert code_of(await officer.post(f"/counters/{busy}/calls")) == (409, "counter_busy")
    assert (await mall.public.sees(f"/claims/{in_hand['claim_code']}"))["status"] == "serving"
    await officer.does(f"/tickets/{in_hand['id']}/completion")
    assert await statuses(mall, [idle, busy]) == ["closed", "closed"]

    await mall.manager.does(f"/agreements/{agency.agreement_id}/reinstatement", {})
    await officer.does(f"/counters/{busy}/opening")
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
    assert (own["status"], own["reason"]) == ("cancelled", "terminated")
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
    assert code_of(await mall.public.issue(agency.service)) == NOT_IN_FORCE
    assert await statuses(mall, [counter]) == ["closing"]
