"""Services of a test's mall."""

from typing import Any

from tests.given.base import Agency, MallBase, names


class Services(MallBase):
    """What visitors come for."""

    async def service(self, agency: Agency, code: str, **more: Any) -> str:
        made = await self.manager.does(
            "/services",
            {
                "agency_id": agency.id,
                "number_series_id": agency.series_id,
                "code": code,
                "name": names(code),
                "channels": ["kiosk", "web", "partner"],
                **more,
            },
        )
        agency.services[code] = made["id"]
        for counter in agency.counters:
            served = (await self.public.sees(f"/counters/{counter}"))["service_ids"]
            await self.manager.edits(f"/counters/{counter}", {"service_ids": [*served, made["id"]]})
        return str(made["id"])
