"""Quotas hold: by day and by channel, counted on what was issued."""

from datetime import timedelta

from tests.given import Asker, Given, Mall, code_of, must_refuse, must_show, names


async def exhausted(asker: Asker, service_id: str, quota: int) -> bool:
    answer = await asker.issue(service_id)
    return (code_of(answer), answer.json().get("quota")) == ((409, "quota_exhausted"), quota)


async def set_quotas(mall: Mall, service_id: str, **quotas: object) -> None:
    answer = await mall.manager.edits(f"/services/{service_id}", quotas)
    assert answer.is_success, answer.text


async def test_a_day_gives_so_many_tickets_and_one_that_its_visitor_gives_back_is_given_again(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    officer, _ = await mall.open_counter(agency)
    limited = await mall.service(agency, "LIMITED", daily_quota=3)
    tickets = [await each.takes(limited) for each in (mall.kiosk, mall.public, officer)]
    for each in (mall.kiosk, mall.public, officer):
        assert await exhausted(each, limited, 3)
    await officer.handles(tickets[1], "cancellation")
    assert await exhausted(mall.kiosk, limited, 3)
    await mall.public.does(f"/claims/{tickets[0]['claim_code']}/cancellation")
    assert (await mall.kiosk.takes(limited))["number"].endswith("-004")
    assert await exhausted(mall.kiosk, limited, 3)

    # another service of the same numbers has places of its own, and no number was lost on a refusal
    assert (await mall.kiosk.takes(agency.service))["number"].endswith("-005")
    mall.pass_time(timedelta(days=1))
    for ordinal in (1, 2, 3):
        assert (await mall.kiosk.takes(limited))["number"].endswith(f"-00{ordinal}")
    assert await exhausted(mall.kiosk, limited, 3)


async def test_a_channel_has_a_quota_of_its_own_within_the_days(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    by_channel = await mall.service(agency, "CHANNELS", channel_quotas={"web": 1, "kiosk": 2})
    both = await mall.service(agency, "BOTH", daily_quota=2, channel_quotas={"web": 2})
    await mall.public.takes(by_channel)
    assert await exhausted(mall.public, by_channel, 1)
    for _ in range(2):
        await mall.kiosk.takes(by_channel)
    assert await exhausted(mall.kiosk, by_channel, 2)

    await mall.kiosk.takes(both)
    await mall.public.takes(both)
    assert await exhausted(mall.public, both, 2)
    assert await exhausted(mall.kiosk, both, 2)


async def told(mall: Mall, asker: Asker, service_id: str, **facts: object) -> None:
    """Insist that the refusal and what is drawn for the caller's channel say these facts."""
    refused = await asker.issue(service_id)
    must_refuse(refused, 409, "quota_exhausted")
    must_show(refused.json(), **facts)
    [offer] = await mall.public.all("/availability", channel=asker.channel)
    must_show(offer, code="quota_exhausted", remaining=0, **facts)


async def test_who_gets_no_number_learns_when_and_where_there_are_some(given: Given) -> None:
    office = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 6)]
    mall = await given.mall(at="2027-03-05T09:00", hours=office)  # a Friday
    agency = await mall.agency(services=0)
    limited = await mall.service(agency, "LIMITED", daily_quota=3, channel_quotas={"web": 1}, channels=["kiosk", "web"])
    holiday = {"date": "2027-03-08", "kind": "national_holiday", "name": names("Nyepi"), "source": "SKB"}
    await mall.manager.does("/calendar/holidays", holiday)
    again = mall.instant("2027-03-09T08:00")
    await mall.public.takes(limited)

    await told(mall, mall.public, limited, quota_of="channel", other_channels=["kiosk"], next_numbers_at=again)
    for _ in range(2):
        await mall.kiosk.takes(limited)
    await told(mall, mall.kiosk, limited, quota_of="service", other_channels=[], next_numbers_at=again)
    closed = {"kind": "closed", "starts_on": "2027-03-09", "ends_on": "2027-03-10", "reason": names("Stock-taking")}
    await mall.manager.does("/calendar/exceptions", {**closed, "closes": "10:00", "service_id": limited})
    again = mall.instant("2027-03-10T10:00")
    await told(mall, mall.kiosk, limited, quota_of="service", other_channels=[], next_numbers_at=again)


async def test_a_quota_changed_in_the_middle_of_the_day_holds_from_the_next_ticket(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    service_id = await mall.service(agency, "LIMITED", daily_quota=1)
    first = await mall.kiosk.takes(service_id)
    assert await exhausted(mall.kiosk, service_id, 1)
    await set_quotas(mall, service_id, daily_quota=3)
    for _ in range(2):
        await mall.kiosk.takes(service_id)
    assert await exhausted(mall.kiosk, service_id, 3)

    await set_quotas(mall, service_id, daily_quota=2)
    assert await exhausted(mall.kiosk, service_id, 2)
    offer = (await mall.public.all("/availability", channel="kiosk"))[0]
    must_show(offer, remaining=0, people_ahead=3)
    assert (await mall.public.sees(f"/claims/{first['claim_code']}"))["status"] == "waiting"

    await set_quotas(mall, service_id, daily_quota=None, channel_quotas={"web": 0})
    await mall.kiosk.takes(service_id)
    assert await exhausted(mall.public, service_id, 0)
    await set_quotas(mall, service_id, channel_quotas={})
    assert (await mall.public.takes(service_id))["number"].endswith("-005")
