"""What a kiosk draws: for every service the answer that issuing would give now."""

from tests.given import Agency, Asker, Given, Json, Mall, code_of

OFFICE = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 8)]


async def offers(mall: Mall, channel: str, language: str = "id") -> dict[str, Json]:
    """What can be had on a channel, by the service's code."""
    answer = await mall.public.get("/availability", params={"channel": channel}, headers={"Accept-Language": language})
    assert answer.headers["Content-Language"] == language
    return {each["service_code"]: each for each in answer.json()}


async def said(mall: Mall, agencies: list[Agency], channel: str, asker: Asker) -> dict[str, str | None]:
    """The code of every service, after seeing that issuing answers the same."""
    found = await offers(mall, channel, "en")
    services = {code: each for agency in agencies for code, each in agency.services.items()}
    assert set(found) == set(services)
    for code, service_id in services.items():
        offer = found[code]
        assert (offer["service_id"], offer["can_issue"]) == (service_id, offer["code"] is None)
        body = {"service_id": service_id, "channel": channel}
        headers = {"Idempotency-Key": service_id, "Accept-Language": "en"}
        answer = await asker.post("/tickets", body, headers=headers)
        if offer["can_issue"]:
            assert answer.status_code == 201
            assert (offer["reason"], offer["next_opening_at"]) == (None, None)
        else:
            assert code_of(answer) == (409, offer["code"])
            assert answer.json()["detail"] == offer["reason"]
            if offer["code"] == "service_closed":
                assert answer.json()["next_opening_at"] == offer["next_opening_at"] is not None
    return {code: each["code"] for code, each in found.items()}


async def test_availability_says_what_issuing_would_say(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T07:00", hours=OFFICE)
    civil, tax = await mall.agency(services=0), await mall.agency("TAX", signed=False)
    await mall.service(civil, "PLAIN")
    await mall.service(civil, "DESK", channels=["kiosk"])
    await mall.service(civil, "DAILY", daily_quota=1)
    await mall.service(civil, "ONLINE", channel_quotas={"web": 0, "kiosk": 5})
    await mall.manager.ask("PUT", "/calendar", params={"agency_id": tax.id}, json={"hours": OFFICE[1:]})
    everyone = [civil, tax]

    before = await said(mall, everyone, "kiosk", mall.kiosk)
    assert before == {**dict.fromkeys(civil.services, "service_closed"), "TAX-1": "membership_not_in_force"}
    assert (await offers(mall, "kiosk"))["PLAIN"]["next_opening_at"] == mall.instant("2027-03-01T08:00")
    before = await said(mall, everyone, "web", mall.public)
    assert (before["DESK"], before["ONLINE"]) == ("channel_not_allowed", "service_closed")

    mall.set_time("2027-03-01T08:00")
    await mall.kiosk.takes(civil.services["DAILY"])
    assert await said(mall, everyone, "kiosk", mall.kiosk) == {
        **dict.fromkeys(("PLAIN", "DESK", "ONLINE")),
        "DAILY": "quota_exhausted",
        "TAX-1": "membership_not_in_force",
    }
    assert await said(mall, everyone, "web", mall.public) == {
        "PLAIN": None,
        "DESK": "channel_not_allowed",
        "DAILY": "quota_exhausted",
        "ONLINE": "quota_exhausted",
        "TAX-1": "membership_not_in_force",
    }
    assert (await offers(mall, "kiosk"))["TAX-1"]["next_opening_at"] == mall.instant("2027-03-02T08:00")
    reasons = [(await offers(mall, "web", language))["TAX-1"]["reason"] for language in ("id", "en")]
    assert reasons[0] != reasons[1]


async def test_it_counts_who_waits_ahead_and_what_is_left(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0)
    limited = await mall.service(agency, "LIMITED", daily_quota=4, channel_quotas={"web": 2})
    await mall.service(agency, "FREE")
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))

    async def seen(channel: str) -> tuple[int, int | None]:
        offer = (await offers(mall, channel))["LIMITED"]
        return offer["people_ahead"], offer["remaining"]

    assert (await seen("kiosk"), await seen("web")) == ((0, 4), (0, 2))
    await mall.public.takes(limited)
    await mall.kiosk.takes(limited)
    assert (await seen("kiosk"), await seen("web")) == ((2, 2), (2, 1))
    await officer.calls(counter)
    await mall.kiosk.takes(limited)
    assert (await seen("kiosk"), await seen("web")) == ((2, 1), (2, 1))
    await mall.kiosk.takes(limited)
    assert (await seen("kiosk"), await seen("web")) == ((3, 0), (3, 0))
    free = (await offers(mall, "kiosk"))["FREE"]
    assert (free["people_ahead"], free["remaining"], free["estimate"]) == (3, None, None), "one counter for both"
