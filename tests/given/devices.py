"""Kiosks and displays of a test's mall."""

from uuid import UUID

from app.domain.devices import DeviceKind
from tests.given.asking import Asker
from tests.given.base import MallBase


class Devices(MallBase):
    """Machines that show a key."""

    async def device(self, kind: DeviceKind) -> Asker:
        body = {"kind": kind, "name": {"id": kind, "en": kind}, "location_id": self.location_id}
        device = await self.manager.does("/devices", body)
        return Asker(self.http, self.path, device["key"], UUID(device["id"]))
