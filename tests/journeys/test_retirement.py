"""Retirement: a service, a counter or an agency ends in the catalogue, and no waiting visitor is lost."""

from tests.given import Agency, Given, Mall, code_of, must_refuse, must_show, names
from tests.journeys.stopping import own, retires, state

SERVICE_RETIRED = (409, "service_retired")
COUNTER_RETIRED = (409, "counter_retired")


async def act_of(mall: Mall, kind: str) -> list[str]:
    """What the act recorded that an entry of this kind begins."""
    entries = await mall.entries()
    at = next(each["at"] for each in entries if each["type"] == kind)
    return [each["type"] for each in entries if each["at"] == at]


async def offers(mall: Mall) -> dict[str, str | None]:
    return {each["service_code"]: each["code"] for each in await mall.public.all("/availability", channel="web")}


async def codes(mall: Mall, path: str, **params: bool | str) -> list[str]:
    return [each["code"] for each in await mall.public.all(path, **params)]


async def two_queues(mall: Mall) -> tuple[Agency, str, str]:
    """An agency with two services and no counter yet."""
    agency = await mall.agency(services=2, counters=0)
    one, two = agency.services.values()
    return agency, one, two


async def test_a_retired_service_gives_no_tickets_any_more(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency, ending, staying = await two_queues(mall)
    await mall.counter(agency)
    must_show(await retires(mall, f"services/{ending}"), retired_on="2027-03-01", version=2)
    for asker in (mall.public, mall.kiosk):
        must_refuse(await asker.issue(ending), *SERVICE_RETIRED, retired_on="2027-03-01")
    await mall.public.takes(staying)
    assert await offers(mall) == {"CIVIL-1": "service_retired", "CIVIL-2": None}
    lines = {each["code"]: each["closed_code"] for each in (await mall.public.sees("/board"))["services"]}
    assert lines == {"CIVIL-1": "service_retired", "CIVIL-2": None}

    mall.set_time("2027-03-02T09:00")
    assert await offers(mall) == {"CIVIL-2": None}, "tomorrow nobody asks for it any more"
    assert [each["code"] for each in (await mall.public.sees("/board"))["services"]] == ["CIVIL-2"]
    must_refuse(await mall.public.issue(ending), *SERVICE_RETIRED)


async def test_visitors_of_a_retired_service_are_served_and_its_own_counter_closes_after_the_last(
    given: Given,
) -> None:
    mall = await given.mall()
    agency, ending, _ = await two_queues(mall)
    alone, both = await mall.counter(agency, [ending]), await mall.counter(agency)
    idle = await mall.counter(agency, [ending])
    officer, _ = await mall.open_counter(agency, alone)
    second, _ = await mall.open_counter(agency, both)
    first, last = [await mall.public.takes(ending) for _ in range(2)]
    await retires(mall, f"services/{ending}")
    assert await act_of(mall, "service.retired") == ["service.retired", "counter.started_closing"]
    assert [await state(mall, each) for each in (alone, both, idle)] == ["closing", "open", "closed"]
    assert (await officer.calls(alone))["id"] == first["id"]
    assert (await second.calls(both))["id"] == last["id"]
    await officer.handles(first, "start", "completion")
    assert [await state(mall, each) for each in (alone, both)] == ["closed", "open"]
    ended = [each["data"]["ended_by"] for each in await mall.entries() if each["type"] == "counter.closed"]
    assert ended == ["retirement"]
    await second.handles(last, "start", "completion")


async def test_tickets_of_a_retired_service_are_cancelled_with_the_reason(given: Given) -> None:
    mall = await given.mall()
    agency, ending, staying = await two_queues(mall)
    alone, both = await mall.counter(agency, [ending]), await mall.counter(agency)
    officer, _ = await mall.open_counter(agency, both)
    await mall.open_counter(agency, alone)
    held, in_hand, waiting = [await mall.public.takes(ending) for _ in range(3)]
    beside = await mall.public.takes(staying)
    await officer.handles(await officer.calls(both), "start", "hold")
    await officer.handles(await officer.calls(both), "start")

    await retires(mall, f"services/{ending}", "cancel")
    assert [await own(mall, each) for each in (held, waiting)] == [("cancelled", "service_retired")] * 2
    assert (await mall.manager.sees(f"/tickets/{waiting['id']}"))["closed_by"] == "retirement"
    assert [(await own(mall, each))[0] for each in (in_hand, beside)] == ["serving", "waiting"]
    assert [await state(mall, each) for each in (alone, both)] == ["closed", "open"]
    await officer.handles(in_hand, "completion")
    assert (await officer.calls(both))["id"] == beside["id"]


async def test_a_retired_counter_serves_the_waiting_and_never_opens_again(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency = await mall.agency()
    officer, counter = await mall.open_counter(agency)
    ticket = await mall.public.takes(agency.service)
    retired = await retires(mall, f"counters/{counter}")
    must_show(retired, status="closing", retired_on="2027-03-01")
    assert await act_of(mall, "counter.retired") == ["counter.retired", "counter.started_closing"]
    await officer.handles(await officer.calls(counter), "start", "completion")
    assert (await own(mall, ticket))[0] == "completed"
    assert await state(mall, counter) == "closed"
    refused = await officer.post(f"/counters/{counter}/opening")
    must_refuse(refused, *COUNTER_RETIRED, retired_on="2027-03-01")
    again = await mall.manager.post(f"/counters/{counter}/retirement", {"waiting_tickets": "serve"})
    must_refuse(again, 409, "illegal_transition", state="retired")


async def test_the_service_of_a_retired_counter_gives_tickets_again_with_another_counter(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await retires(mall, f"counters/{agency.counter}")
    must_refuse(await mall.public.issue(agency.service), 409, "no_counter")
    assert await offers(mall) == {"CIVIL-1": "no_counter"}
    await mall.counter(agency)
    await mall.public.takes(agency.service)


async def test_a_counter_that_ends_at_once_strands_nobody(given: Given) -> None:
    mall = await given.mall()
    agency, shared, only = await two_queues(mall)
    ending, staying = await mall.counter(agency), await mall.counter(agency, [shared])
    officer, _ = await mall.open_counter(agency, ending)
    colleague, _ = await mall.open_counter(agency, staying)
    held, in_hand, waiting = [await mall.public.takes(shared) for _ in range(3)]
    stranded = await mall.public.takes(only)
    await officer.handles(await officer.calls(ending), "start", "hold")
    await officer.handles(await officer.calls(ending), "start")

    retired = await retires(mall, f"counters/{ending}", "cancel")
    assert retired["status"] == "closing"
    assert retired["ticket"]["id"] == in_hand["id"]
    assert await own(mall, stranded) == ("cancelled", "counter_retired")
    assert [(await own(mall, each))[0] for each in (held, in_hand, waiting)] == ["waiting", "serving", "waiting"]
    await officer.handles(in_hand, "completion")
    assert await state(mall, ending) == "closed", "though others wait for the service that they shared"
    assert (await colleague.calls(staying))["id"] == held["id"], "first in line"
    await colleague.handles(held, "start", "completion")
    assert (await colleague.calls(staying))["id"] == waiting["id"]


async def test_an_agency_is_retired_with_its_services_and_counters(given: Given) -> None:
    mall = await given.mall(at="2027-03-01T09:00")
    agency, _ = await mall.agency(services=2, counters=2), await mall.agency("TAX")
    officer = await mall.officer(agency)
    await retires(mall, f"services/{agency.service}")
    retired = await retires(mall, f"agencies/{agency.id}", "cancel")
    must_show(retired, membership="retired", in_force=False, retired_on="2027-03-01")
    act = ["agency.retired", "service.retired", "counter.retired", "counter.retired"]
    assert await act_of(mall, "agency.retired") == act
    for service_id in agency.services.values():
        must_refuse(await mall.kiosk.issue(service_id), *SERVICE_RETIRED)
    for each in agency.counters:
        must_refuse(await officer.post(f"/counters/{each}/opening"), *COUNTER_RETIRED)
    days = ("2027-02-28", "2027-03-01")
    assert await mall.memberships(agency, *days) == ["official_without_instrument", "retired"]
    assert await codes(mall, "/members") == ["TAX"]


async def test_tickets_of_a_retired_agency_are_cancelled_and_its_counters_close(given: Given) -> None:
    mall = await given.mall()
    agency, bystander = await mall.agency(services=2), await mall.agency("TAX")
    _, counter = await mall.open_counter(agency)
    await mall.open_counter(bystander)
    tickets = [await mall.public.takes(each) for each in agency.services.values()]
    beside = await mall.public.takes(bystander.service)
    await retires(mall, f"agencies/{agency.id}", "cancel")
    assert [await own(mall, each) for each in tickets] == [("cancelled", "agency_retired")] * 2
    assert (await own(mall, beside))[0] == "waiting"
    assert [await state(mall, each) for each in (counter, bystander.counter)] == ["closed", "open"]


async def test_nothing_is_created_for_a_retired_agency(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await retires(mall, f"agencies/{agency.id}")
    for path, body in (
        ("/services", {"code": "NEW", "name": names("New"), "number_series_id": agency.series_id}),
        ("/counters", {"code": "NEW", "name": names("New"), "location_id": mall.location_id, "floor": "1"}),
        ("/invitations", {}),
        ("/agreements", {"kind": "decree"}),
    ):
        refused = await mall.manager.post(path, {"agency_id": agency.id, **body})
        must_refuse(refused, 409, "agency_retired", pointer="/agency_id")


async def test_lists_show_the_retired_only_when_asked_for(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    await mall.service(agency, "CIVIL-2")
    await retires(mall, f"services/{agency.service}")
    assert await codes(mall, "/services") == ["CIVIL-2", "TAX-1"]
    assert await codes(mall, "/services", retired=True) == ["CIVIL-1"]
    assert await codes(mall, "/services", code="CIVIL-1") == []
    assert (await mall.public.sees(f"/services/{agency.service}"))["retired_on"]
    await retires(mall, f"agencies/{other.id}")
    assert await codes(mall, "/agencies") == ["CIVIL"]
    assert await codes(mall, "/agencies", retired=True) == ["TAX"]
    assert await codes(mall, "/services", retired=True) == ["CIVIL-1", "TAX-1"]
    assert [each["id"] for each in await mall.public.all("/counters", retired=True)] == [other.counter]
    assert [each["id"] for each in await mall.public.all("/counters")] == [agency.counter]


async def test_codes_of_the_retired_stay_taken(given: Given) -> None:
    mall = await given.mall()
    agency, other = await mall.agency(), await mall.agency("TAX")
    await retires(mall, f"services/{agency.service}")
    await retires(mall, f"agencies/{other.id}")
    [retired] = await mall.public.all("/counters", retired=True)
    new = {"name": names("Again"), "agency_id": agency.id}
    for path, body in (
        ("/services", {**new, "code": "CIVIL-1", "number_series_id": agency.series_id}),
        ("/counters", {**new, "code": retired["code"], "location_id": mall.location_id, "floor": "1"}),
        ("/agencies", {"code": "TAX", "name": names("Again"), "category": "private"}),
    ):
        must_refuse(await mall.manager.post(path, body), 409, "code_taken")


async def test_a_retired_service_goes_to_no_counter_but_stays_where_it_is_served(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    second = await mall.service(agency, "CIVIL-2")
    await retires(mall, f"services/{agency.service}")
    new = {"agency_id": agency.id, "code": "NEW", "name": names("New"), "location_id": mall.location_id, "floor": "1"}
    taken_on = await mall.manager.post("/counters", {**new, "service_ids": [agency.service]})
    must_refuse(taken_on, *SERVICE_RETIRED)
    kept = await mall.manager.edits(f"/counters/{agency.counter}", {"service_ids": [agency.service, second]})
    assert len(kept.json()["service_ids"]) == 2, "it may go on with what it served until nobody waits for it"


async def test_who_may_retire_what(given: Given) -> None:
    mall, elsewhere = await given.mall(), await given.mall()
    agency = await mall.agency()
    service, counter = f"/services/{agency.service}/retirement", f"/counters/{agency.counter}/retirement"
    whole, body = f"/agencies/{agency.id}/retirement", {"waiting_tickets": "serve"}
    officer, mine = await mall.officer(agency), await mall.agency_manager(agency)
    before = len(await mall.entries())
    for path in (service, counter, whole):
        for one in (officer, mall.auditor, mall.kiosk):
            must_refuse(await one.post(path, body), 403, "forbidden")
        must_refuse(await (await given.admin()).post(f"/{mall.path}{path}", body), 403, "forbidden")
        must_refuse(await mall.public.post(path, body), 401, "unauthenticated")
        must_refuse(await elsewhere.manager.post(path, body), 404, "not_found")
        must_refuse(await mall.manager.post(path, {}), 422, "invalid_request")
    for path in (counter, whole):
        must_refuse(await mine.post(path, body), 403, "forbidden")
    assert len(await mall.entries()) == before
    assert (await mine.does(service, body))["retired_on"]


async def test_an_agencys_manager_retires_no_other_agencys_service(given: Given) -> None:
    mall = await given.mall()
    service = f"/services/{(await mall.agency()).service}/retirement"
    theirs = await mall.agency_manager(await mall.agency("TAX"))
    must_refuse(await theirs.post(service, {"waiting_tickets": "serve"}), 404, "not_found")


async def test_nothing_begins_for_an_agency_that_is_gone(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    await mall.manager.does(f"/agencies/{agency.id}/retirement", {"waiting_tickets": "serve"})
    officer = {"role": "officer", "agency_id": agency.id}
    period = {"starts_on": "2020-05-01", "ends_on": "2020-05-30", "name": names("Ramadan"), "hours": []}
    exception = {"kind": "closed", "starts_on": "2020-01-01", "ends_on": None, "reason": names("Repairs")}
    person = await mall.auditor.sees("//v1/me")
    entries = len(await mall.entries())
    for path, body in (
        ("/number-series", {"agency_id": agency.id, "prefix": "ZZ", "name": names("Z")}),
        ("/calendar/periods", {**period, "agency_id": agency.id}),
        ("/calendar/exceptions", {**exception, "agency_id": agency.id}),
        ("/staff", {**officer, "username": f"gone.{mall.slug}", "name": "Dewi"}),
        ("/grants", {**officer, "username": person["username"]}),
    ):
        assert code_of(await mall.manager.post(path, body)) == (409, "agency_retired"), path
    assert len(await mall.entries()) == entries
