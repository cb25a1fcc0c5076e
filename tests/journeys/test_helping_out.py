"""A counter calls its own visitors first and helps out when nobody waits for these; what was promised holds."""

from datetime import timedelta

from anyio.to_thread import run_sync
from hypothesis import given as for_any
from hypothesis import strategies as some

from tests.given import Agency, Given, Json, Mall, must_refuse, must_show
from tests.journeys.any_day import asked
from tests.journeys.test_fair_calling import BOUNDED

DOES = some.sampled_from(["one comes", "one comes", "other comes", "other comes", "own", "helper"])


async def with_a_helper(mall: Mall) -> tuple[Agency, str, str]:
    """Two services; the second counter has the second as its own and helps with the first. Both counters."""
    agency = await mall.agency(services=2, counters=0)
    one, two = agency.services.values()
    own, helper = await mall.counter(agency, [one]), await mall.counter(agency, [one, two])
    helps = await mall.manager.edits(f"/counters/{helper}", {"helps_with_service_ids": [one]})
    must_show(helps.json(), helps_with_service_ids=[one], version=2)
    return agency, own, helper


async def test_a_counter_calls_for_its_own_services_first_and_then_helps_out(given: Given) -> None:
    mall = await given.mall()
    agency, _, helper = await with_a_helper(mall)
    one, two = agency.services.values()
    officer, _ = await mall.open_counter(agency, helper)
    early, own, later = [await mall.kiosk.takes(each) for each in (one, two, two)]
    mall.pass_time(timedelta(minutes=7))
    screen = await officer.sees(f"/counters/{helper}/queue")
    assert [each["id"] for each in screen["waiting"]] == [own["id"], later["id"], early["id"]]
    assert screen["next_ticket_id"] == own["id"]
    for ticket, chosen, why in (
        (own, "own_first", "waited 7 min; this counter's own services come first"),
        (later, "own_first", "waited 7 min; this counter's own services come first"),
        (early, "first_in_line", "waited 7 min"),
    ):
        called = await officer.calls(helper)
        must_show(called, id=ticket["id"], chosen=chosen)
        assert called["call_reason"]["en"] == why
        await officer.handles(called, "start", "completion")


async def test_a_place_counts_who_is_called_by_the_counters_whose_own_service_it_is(given: Given) -> None:
    mall = await given.mall()
    agency, own, helper = await with_a_helper(mall)
    one, two = agency.services.values()
    for each in (two, two, one):
        last = await mall.kiosk.takes(each)
    assert last["position"] == 1, "those before wait for a counter that only helps here"
    behind = await mall.kiosk.takes(two)
    assert behind["position"] == 3, "who is helped is not called before those of the helper's own"
    told = f"/services/{one}/estimate"
    await mall.open_counter(agency, helper)
    assert (await mall.public.sees(told))["estimate"] is None, "the counter whose own it is, is closed"
    await mall.open_counter(agency, own)
    must_show((await mall.public.sees(told))["estimate"], people_ahead=1, open_counters=1)


async def test_where_no_other_counter_has_it_as_its_own_a_helper_has(given: Given) -> None:
    mall = await given.mall()
    agency, own, helper = await with_a_helper(mall)
    one, two = agency.services.values()
    officer, _ = await mall.open_counter(agency, helper)
    first, second = [await mall.kiosk.takes(each) for each in (one, two)]
    assert second["position"] == 1
    await mall.manager.does(f"/counters/{own}/retirement", {"waiting_tickets": "serve"})
    assert (await officer.sees(f"/tickets/{second['id']}"))["position"] == 2
    must_show(await officer.calls(helper), id=first["id"], chosen="first_in_line")


async def test_a_counter_helps_only_with_what_it_serves_and_its_agency_says_so(given: Given) -> None:
    mall = await given.mall()
    agency, _, helper = await with_a_helper(mall)
    one, two = agency.services.values()
    path, manager = f"/counters/{helper}", await mall.agency_manager(agency)
    must_show((await manager.edits(path, {"service_ids": [two]})).json(), helps_with_service_ids=[])
    refused = await manager.edits(path, {"helps_with_service_ids": [one]})
    must_refuse(refused, 422, "helps_with_unserved", pointer="/helps_with_service_ids", service_id=one)
    must_show(await mall.public.sees(path), service_ids=[two], helps_with_service_ids=[])
    both = {"service_ids": [one, two], "helps_with_service_ids": [one]}
    assert (await manager.edits(path, both)).is_success
    entry = [each for each in await mall.entries() if each["type"] == "counter.changed"][-1]
    assert entry["data"]["changed"] == ["helps_with_service_ids", "service_ids"]
    must_refuse(await (await mall.officer(agency)).edits(path, both), 403, "forbidden")


class Hall:
    """The two counters of an agency, and what was promised to those who wait for the first service."""

    def __init__(self, mall: Mall) -> None:
        self.mall = mall
        self.waiting: dict[str, list[Json]] = {}
        self.left: dict[str, int] = {}
        """How many more the counter of the first service may call, up to each of them."""

    async def opens(self) -> None:
        agency, *counters = await with_a_helper(self.mall)
        self.one, self.two = agency.services.values()
        self.waiting = {self.one: [], self.two: []}
        self.desks = [await self.mall.open_counter(agency, each) for each in counters]

    async def happens(self, what: str) -> None:
        if what.endswith("comes"):
            service = self.one if what == "one comes" else self.two
            ticket = await self.mall.kiosk.takes(service)
            self.waiting[service].append(ticket)
            self.left[ticket["id"]] = ticket["position"]
        else:
            await self.calls(helper=what == "helper")

    async def calls(self, *, helper: bool) -> None:
        """Call and serve; the helper calls for the first service only when nobody waits for the second, its own."""
        service = self.two if helper and self.waiting[self.two] else self.one
        if not self.waiting[service]:
            return
        officer, counter = self.desks[helper]
        called = await officer.calls(counter)
        assert called["id"] == self.waiting[service].pop(0)["id"], "the first of its service"
        await officer.handles(called, "start", "completion")
        if helper == (service == self.two):
            for each in [called, *self.waiting[service]]:
                self.left[each["id"]] -= 1
                assert self.left[each["id"]] >= 0, "nobody is called later than promised by its own counter"


async def test_whatever_helpers_do_nobody_is_called_later_than_promised(given: Given) -> None:
    @BOUNDED
    @for_any(some.lists(DOES, min_size=6, max_size=14))
    def holds(day: list[str]) -> None:
        hall = Hall(asked(given.mall(at="2027-03-05T07:00")))
        asked(hall.opens())
        for what in day:
            asked(hall.happens(what))
        while any(hall.waiting.values()):
            asked(hall.calls(helper=bool(hall.waiting[hall.two])))

    await run_sync(holds)
