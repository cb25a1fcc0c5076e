"""A bad day in any order: whatever stops, everybody who is left waiting can still be called, and counters close."""

from random import Random

import httpx
import pytest

from tests.given import Agency, Asker, Given, Json, Mall, names
from tests.given.agreements import signature

OVER = ("completed", "cancelled", "no_show")


class BadDay:
    """One agency's day, with what happens in it picked at random."""

    def __init__(self, mall: Mall, agency: Agency, buildings: list[str], seed: int) -> None:
        self.mall, self.agency, self.buildings, self.random = mall, agency, buildings, Random(seed)  # noqa: S311  # the same day for a seed
        self.services, self.counters = list(agency.services.values()), list(agency.counters)
        self.officers: list[Asker] = []

    async def tries(self, path: str, json: Json | None = None, by: Asker | None = None) -> None:
        """Ask for it. It may be refused, and must not be a defect."""
        answer = await (by or self.mall.manager).post(path, json)
        assert answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR, f"{path} {answer.text}"

    async def tickets(self) -> list[Json]:
        """The tickets that are not over."""
        return [each for each in await self.mall.manager.all("/tickets") if each["status"] not in OVER]

    async def a_visitor_comes(self) -> None:
        await self.mall.kiosk.issue(self.random.choice(self.services))

    async def a_counter_opens(self) -> None:
        self.officers.append(await self.mall.officer(self.agency))
        await self.tries(f"/counters/{self.random.choice(self.counters)}/opening", by=self.officers[-1])

    async def a_counter_calls(self) -> None:
        await self.tries(f"/counters/{self.random.choice(self.counters)}/calls")

    async def a_ticket_is_handled(self) -> None:
        verb = self.random.choice(["start", "start", "completion", "hold", "return", "cancellation"])
        for ticket in await self.tickets():
            if ticket["status"] != "waiting":
                await self.tries(f"/tickets/{ticket['id']}/{verb}")

    async def a_counter_closes(self) -> None:
        how = {"force": self.random.choice([True, False])}
        await self.tries(f"/counters/{self.random.choice(self.counters)}/closing", how)

    async def a_counter_serves_other_services(self) -> None:
        wanted = self.random.sample(self.services, self.random.randint(1, len(self.services)))
        await self.mall.manager.edits(f"/counters/{self.random.choice(self.counters)}", {"service_ids": wanted})

    async def a_ticket_goes_on_to_another_service(self) -> None:
        for ticket in await self.tickets():
            body = {"service_id": self.random.choice(self.services), "keep_arrival": self.random.choice([True, False])}
            await self.tries(f"/tickets/{ticket['id']}/transfer", body)

    async def a_counter_is_closed(self) -> None:
        today = str(await self.mall.today())
        until = self.random.choice([None, today])
        closed = {"kind": "closed", "starts_on": today, "ends_on": until, "reason": names("Lamp")}
        await self.tries("/calendar/exceptions", {**closed, "counter_id": self.random.choice(self.counters)})

    async def a_counter_moves(self) -> None:
        building = self.random.choice(self.buildings)
        await self.mall.manager.edits(f"/counters/{self.random.choice(self.counters)}", {"location_id": building})

    async def a_building_has_other_dates(self) -> None:
        dates: Json = self.random.choice([{"ends_on": "2020-02-01"}, {"ends_on": None}, {"starts_on": "2020-01-01"}])
        await self.mall.manager.edits(f"/locations/{self.random.choice(self.buildings)}", dates)

    async def the_agreement_is_corrected(self) -> None:
        body = signature(self.random.choice(["2020-01-01", "2099-01-01"]))
        waiting = {"waiting_tickets": self.random.choice(["serve", "cancel"])}
        await self.tries(f"/agreements/{self.agency.agreement_id}/correction", {**body, **waiting})

    async def something_closes_for_a_while(self) -> None:
        places: list[Json] = [
            {},
            {"agency_id": self.agency.id},
            {"service_id": self.random.choice(self.services)},
            {"counter_id": self.random.choice(self.counters)},
            {"location_id": self.random.choice(self.buildings), "floor": "1"},
        ]
        body = {"reason": names("Flood"), "waiting_tickets": self.random.choice(["serve", "cancel"])}
        await self.tries("/closures", {**body, **self.random.choice(places)})

    async def a_closure_ends(self) -> None:
        for each in await self.mall.manager.all("/closures"):
            if each["ended_at"] is None and self.random.choice([True, False]):
                await self.tries(f"/closures/{each['id']}/ending")

    async def an_officer_leaves(self) -> None:
        if self.officers:
            await self.tries(f"/staff/{self.random.choice(self.officers).id}/disabling")

    async def something_stops(self) -> None:
        what = self.random.choices(
            [
                f"agreements/{self.agency.agreement_id}/suspension",
                f"agreements/{self.agency.agreement_id}/termination",
                f"services/{self.random.choice(self.services)}/retirement",
                f"counters/{self.random.choice(self.counters)}/retirement",
                f"agencies/{self.agency.id}/retirement",
            ],
            [8, 2, 3, 5, 1],
        )[0]
        await self.tries(f"/{what}", {"waiting_tickets": self.random.choice(["serve", "cancel"])})

    async def the_agency_is_reinstated(self) -> None:
        await self.tries(f"/agreements/{self.agency.agreement_id}/reinstatement", {})

    async def everybody_is_served(self) -> None:
        """Serve at every counter that opens until nobody is left; fail where somebody is left whom none can call."""
        left: list[Json] = await self.tickets()
        while left:
            for counter in self.counters:
                await self.tries(f"/counters/{counter}/resumption")
                await self.tries(f"/counters/{counter}/opening", by=await self.mall.officer(self.agency))
                for ticket in await self.tickets():
                    await self.tries(f"/counters/{counter}/calls", {"ticket_id": ticket["id"]})
                    await self.tries(f"/tickets/{ticket['id']}/start")
                    await self.tries(f"/tickets/{ticket['id']}/completion")
            before, left = left, await self.tickets()
            assert len(left) < len(before), left


ACTS = {
    BadDay.a_visitor_comes: 7,
    BadDay.a_counter_opens: 4,
    BadDay.a_counter_calls: 4,
    BadDay.a_ticket_is_handled: 5,
    BadDay.a_counter_closes: 2,
    BadDay.a_counter_serves_other_services: 1,
    BadDay.an_officer_leaves: 1,
    BadDay.something_closes_for_a_while: 2,
    BadDay.a_closure_ends: 1,
    BadDay.a_ticket_goes_on_to_another_service: 1,
    BadDay.a_counter_is_closed: 1,
    BadDay.a_counter_moves: 1,
    BadDay.a_building_has_other_dates: 1,
    BadDay.the_agreement_is_corrected: 1,
    BadDay.something_stops: 2,
    BadDay.the_agency_is_reinstated: 1,
}
"""What may happen, and how often."""


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_stops_everybody_who_is_left_can_be_called_and_then_counters_close(
    given: Given, seed: int
) -> None:
    mall = await given.mall()
    agency = await mall.agency(services=2, counters=1)
    floors = [{"code": "1", "name": names("Floor 1")}]
    hall = {"name": names("Hall"), "address": "Jl. Hall", "floors": floors, "starts_on": "2020-01-01"}
    hall_id = (await mall.manager.does("/locations", hall))["id"]
    for services in (list(agency.services.values()), [agency.service]):
        await mall.counter(agency, services)
    day = BadDay(mall, agency, [mall.location_id, hall_id], seed)
    for happens in day.random.choices(list(ACTS), list(ACTS.values()), k=day.random.randint(10, 40)):
        await happens(day)
    await day.everybody_is_served()
    states = {(await mall.public.sees(f"/counters/{each}"))["status"] for each in day.counters}
    assert states <= {"open", "closed"}, "none stays closing with nobody left"
