"""Webhooks in a test's mall."""

from tests.given.asking import Asker, Json
from tests.given.base import Agency, MallBase

ISSUED, CALLED, PINGED = (f"id.mpp.{name}.v1" for name in ("ticket.issued", "ticket.called", "webhook.pinged"))


def hook(url: str, *types: str, agency: Agency | None = None) -> Json:
    """What is asked for to register one."""
    asked = {"name": "Aplikasi mitra", "url": url, "event_types": list(types) or [ISSUED]}
    return {**asked, "agency_id": agency.id} if agency else asked


class Webhooks(MallBase):
    """Systems that are sent events."""

    async def webhook(self, url: str, *types: str, agency: Agency | None = None, by: Asker | None = None) -> Json:
        """One that was just registered, by the mall's manager unless told otherwise."""
        return await (by or self.manager).does("/webhooks", hook(url, *types, agency=agency))

    async def deliveries(self, webhook: Json, **asked: str) -> list[Json]:
        """What became of the attempts to send to it, the newest first."""
        page = await self.manager.sees(f"/webhooks/{webhook['id']}/deliveries", sort="-id", **asked)
        rows: list[Json] = page["data"]
        return rows
