"""Counters of a test's mall."""

from tests.given.asking import Asker
from tests.given.base import Agency, numbers
from tests.given.staff import Staff


class Counters(Staff):
    """Where officers serve."""

    async def counter(self, agency: Agency, service_ids: list[str] | None = None) -> str:
        """One that serves all services of the agency, unless they are named."""
        number = next(numbers)
        made = await self.manager.does(
            "/counters",
            {
                "agency_id": agency.id,
                "location_id": self.location_id,
                "code": f"L-{number}",
                "name": {"id": f"Loket {number}", "en": f"Counter {number}"},
                "floor": "1",
                "service_ids": list(agency.services.values()) if service_ids is None else service_ids,
            },
        )
        agency.counters.append(made["id"])
        return str(made["id"])

    async def open_counter(self, agency: Agency, counter_id: str | None = None) -> tuple[Asker, str]:
        """An officer of the agency with a counter open."""
        officer = await self.officer(agency)
        counter_id = counter_id or agency.counter
        await officer.does(f"/counters/{counter_id}/opening")
        return officer, counter_id
