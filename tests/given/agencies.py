"""Agencies of a test's mall, with all that they need to serve."""

from tests.given.agreements import Agreements
from tests.given.base import Agency, names
from tests.given.counters import Counters
from tests.given.services import Services

PREFIXES = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]


class Agencies(Agreements, Services, Counters):
    """Who serves visitors."""

    agencies: int = 0

    async def newcomer(self, code: str = "CIVIL") -> Agency:
        """An agency that has nothing in the mall yet."""
        return await self.agency(code, signed=False, services=0, counters=0)

    async def agency(self, code: str = "CIVIL", *, signed: bool = True, services: int = 1, counters: int = 1) -> Agency:
        """An agency with services on one number series, and counters that serve all of them."""
        made = await self.manager.does(
            "/agencies", {"code": code, "name": names(code.title()), "category": "vertical_agency"}
        )
        agency = Agency(made["id"], code)
        if signed:
            agency.agreement_id = await self.agreement(agency)
        prefix, self.agencies = PREFIXES[self.agencies], self.agencies + 1
        series = await self.manager.does(
            "/number-series", {"prefix": prefix, "name": names(code), "agency_id": agency.id}
        )
        agency.series_id = series["id"]
        for number in range(services):
            await self.service(agency, f"{code}-{number + 1}")
        for _ in range(counters):
            await self.counter(agency)
        return agency
