"""What a kiosk draws: for every service the answer that issuing would give now."""

from tests.given import ANY, Agency, Asker, Given, Json, Mall, must_refuse, must_show, names

OFFICE = [{"weekday": day, "opens": "08:00", "closes": "15:00"} for day in range(1, 8)]


async def offers(mall: Mall, channel: str, language: str = "id") -> dict[str, Json]:
    """What is offered on a channel, by the service's code."""
    answer = await mall.public.get("/availability", params={"channel": channel}, headers={"Accept-Language": language})
    assert answer.headers["Content-Language"] == language
    return {each["service_code"]: each for each in answer.json()["data"]}


async def said(mall: Mall, agencies: list[Agency], channel: str, asker: Asker) -> dict[str, str | None]:
    """The code of every service, after seeing that issuing answers the same."""
    found = await offers(mall, channel, "en")
    services = {code: each for agency in agencies for code, each in agency.services.items()}
    assert set(found) == set(services)
    for code, service_id in services.items():
        offer = found[code]
        must_show(offer, service_id=service_id, can_issue=offer["code"] is None)
        body = {"service_id": service_id, "channel": channel}
        headers = {"Idempotency-Key": service_id, "Accept-Language": "en"}
        answer = await asker.post("/tickets", body, headers=headers)
        if offer["can_issue"]:
            assert answer.status_code == 201
            must_show(offer, reason=None, next_opening_at=None)
        else:
            must_refuse(answer, 409, offer["code"])
            assert answer.json()["detail"] == offer["reason"]
            if offer["code"] == "service_closed":
                assert answer.json()["next_opening_at"] == offer["next_opening_at"] is not None
    return {code: each["code"] for code, each in found.items()}


async def a_kiosks_choice(given: Given) -> tuple[Mall, list[Agency]]:
    """A mall before it opens, with services of several kinds and an agency that is no member."""
    mall = await given.mall(at="2027-03-01T07:00", hours=OFFICE)
    civil, tax = await mall.agency(services=0), await mall.agency("TAX", signed=False)
    await mall.service(civil, "PLAIN")
    await mall.service(civil, "DESK", channels=["kiosk"])
    await mall.service(civil, "DAILY", daily_quota=1)
    await mall.service(civil, "ONLINE", channel_quotas={"web": 0, "kiosk": 5})
    await mall.manager.ask("PUT", "/calendar", params={"agency_id": tax.id}, json={"hours": OFFICE[1:]}, headers=ANY)
    return mall, [civil, tax]


async def test_before_it_opens_availability_says_what_issuing_would_say(given: Given) -> None:
    mall, everyone = await a_kiosks_choice(given)
    at_the_kiosk = await said(mall, everyone, "kiosk", mall.kiosk)
    assert at_the_kiosk == {
        **dict.fromkeys(everyone[0].services, "service_closed"),
        "TAX-1": "membership_not_in_force",
    }
    by_web = await said(mall, everyone, "web", mall.public)
    assert by_web["DESK"] == "channel_not_allowed"
    assert by_web["ONLINE"] == "service_closed"
    assert (await offers(mall, "kiosk"))["PLAIN"]["next_opening_at"] == mall.instant("2027-03-01T08:00")
    assert (await offers(mall, "kiosk"))["TAX-1"]["next_opening_at"] == mall.instant("2027-03-02T08:00")


async def test_while_it_is_open_availability_says_what_issuing_would_say(given: Given) -> None:
    mall, everyone = await a_kiosks_choice(given)
    mall.set_time("2027-03-01T08:00")
    await mall.kiosk.takes(everyone[0].services["DAILY"])
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


async def test_a_reason_is_told_in_the_readers_language(given: Given) -> None:
    mall = await given.mall()
    await mall.agency("TAX", signed=False)
    indonesian, english = [(await offers(mall, "web", language))["TAX-1"]["reason"] for language in ("id", "en")]
    assert indonesian
    assert english
    assert indonesian != english


async def test_it_counts_the_people_ahead_and_the_places_left(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=0, counters=0)
    limited = await mall.service(agency, "LIMITED", daily_quota=4, channel_quotas={"web": 2})
    officer, counter = await mall.open_counter(agency, await mall.counter(agency))

    async def counts(people_ahead: int, **remaining: int) -> None:
        for channel, left in remaining.items():
            offer = (await offers(mall, channel))["LIMITED"]
            must_show(offer, people_ahead=people_ahead, remaining=left)

    await counts(0, kiosk=4, web=2)
    await mall.public.takes(limited)
    await mall.kiosk.takes(limited)
    await counts(2, kiosk=2, web=1)
    await officer.calls(counter)
    await mall.kiosk.takes(limited)
    await counts(2, kiosk=1, web=1)
    await mall.kiosk.takes(limited)
    await counts(3, kiosk=0, web=0)


async def test_a_service_without_a_quota_has_no_count_of_what_is_left(given: Given) -> None:
    mall = await given.mall()
    await mall.service(await mall.agency(services=0), "FREE")
    must_show((await offers(mall, "kiosk"))["FREE"], people_ahead=0, remaining=None, estimate=None)


async def test_the_people_ahead_wait_for_any_service_of_the_same_counter(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await mall.service(agency, "FREE")
    for _ in range(3):
        await mall.kiosk.takes(agency.service)
    assert (await offers(mall, "kiosk"))["FREE"]["people_ahead"] == 3


async def test_it_names_the_agency_and_where_its_counters_stand_and_how_many_are_open(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(counters=3), await mall.agency("TAX", counters=0)
    one, two, three = civil.counters
    await mall.manager.edits(f"/counters/{three}", {"floor": "2"})

    async def is_drawn(first: int, second: int) -> None:
        drawn = await offers(mall, "kiosk")
        must_show(drawn["CIVIL-1"], name=names("CIVIL-1"), agency_id=civil.id, agency_code="CIVIL")
        must_show(drawn["CIVIL-1"], agency_name=names("Civil"), open_counters=first + second)
        floors = [{"location_id": mall.location_id, "floor": "1", "open_counters": first}]
        floors += [{"location_id": mall.location_id, "floor": "2", "open_counters": second}]
        assert drawn["CIVIL-1"]["floors"] == floors
        must_show(drawn["TAX-1"], can_issue=True, open_counters=0, floors=[])

    await is_drawn(0, 0)
    officer, _ = await mall.open_counter(civil, one)
    await mall.open_counter(civil, three)
    await is_drawn(1, 1)
    await mall.open_counter(civil, two)
    await is_drawn(2, 1)
    await officer.does(f"/counters/{one}/break")
    await is_drawn(1, 1)
    assert tax.code == "TAX"


async def test_it_is_narrowed_to_a_building_an_agency_or_a_service(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    floors = [{"code": "1", "name": names("One")}]
    annex = {"name": names("Annex"), "address": "Jl. Juanda", "floors": floors, "starts_on": "2020-01-01"}
    location_id = (await mall.manager.does("/locations", annex))["id"]
    await mall.manager.edits(f"/counters/{tax.counter}", {"location_id": location_id})
    for wanted, codes in (
        ({"location_id": mall.location_id}, ["CIVIL-1"]),
        ({"location_id": location_id}, ["TAX-1"]),
        ({"agency_id": civil.id}, ["CIVIL-1"]),
        ({"agency_code": "TAX"}, ["TAX-1"]),
        ({"agency_code": "TAX", "location_id": mall.location_id}, []),
        ({"service_code": "TAX-1"}, ["TAX-1"]),
        ({"service_id": civil.service}, ["CIVIL-1"]),
        ({"service_code": "TAX-1", "agency_code": "CIVIL"}, []),
    ):
        assert [each["service_code"] for each in await mall.kiosk.all("/availability", **wanted)] == codes


async def test_it_is_not_narrowed_to_what_is_not_there(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    await mall.agency()
    foreign = await elsewhere.agency("LAND")
    for name, value in (
        ("location_id", elsewhere.location_id),
        ("agency_id", foreign.id),
        ("agency_code", "LAND"),
        ("service_id", foreign.service),
        ("service_code", "LAND-1"),
    ):
        answer = await mall.kiosk.get("/availability", params={name: value})
        must_refuse(answer, 422, "unknown_reference", pointer=f"#query/{name}")


async def test_it_is_a_page_that_is_known_until_something_in_it_changes(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=3)
    codes = ["CIVIL-1", "CIVIL-2", "CIVIL-3"]
    page = await mall.public.get("/availability", params={"limit": 2})
    assert [each["service_code"] for each in page.json()["data"]] == codes[:2]
    following = await mall.public.sees("/availability", limit=2, cursor=page.json()["next_cursor"])
    assert [each["service_code"] for each in following["data"]] == codes[2:]
    whole = await mall.public.get("/availability")
    known = {"If-None-Match": whole.headers["ETag"]}
    assert (await mall.public.get("/availability", headers=known)).status_code == 304
    for act in ("takes", "opens"):
        await (mall.public.takes(agency.service) if act == "takes" else mall.open_counter(agency))
        fresh = await mall.public.get("/availability", headers=known)
        assert fresh.status_code == 200, act
        known = {"If-None-Match": fresh.headers["ETag"]}
        assert (await mall.public.get("/availability", headers=known)).status_code == 304


async def test_it_is_judged_for_who_asks(given: Given) -> None:
    mall = await given.mall()
    civil, tax = await mall.agency(), await mall.agency("TAX")
    desk = await mall.service(civil, "DESK", channels=["kiosk"])
    web = await mall.service(civil, "ONLINE", channels=["web", "partner"])
    partner, auditor = await mall.partner(civil), mall.auditor
    everything = {"CIVIL-1": civil.service, "DESK": desk, "ONLINE": web, "TAX-1": tax.service}
    for one, answers in (
        (mall.kiosk, {"ONLINE": "channel_not_allowed"}),
        (auditor, {"ONLINE": "channel_not_allowed"}),
        (mall.public, {"DESK": "channel_not_allowed"}),
        (partner, {"DESK": "channel_not_allowed", "TAX-1": "unknown_reference"}),
    ):
        drawn = await one.all("/availability")
        assert {each["service_code"]: each["code"] for each in drawn} == {**dict.fromkeys(everything), **answers}
        for each in drawn if one is not auditor else ():
            issued = await one.issue(each["service_id"])
            assert issued.json().get("code") == each["code"], each["service_code"]
            assert issued.is_success == each["can_issue"]
