"""Kiosks and displays."""

from uuid import UUID

from sqlalchemy import select

from app import access, models
from app.access import Caller
from app.domain.roles import DeviceKind, Verb
from app.journal import Reading
from app.queries.shown import Asked, Page, page


async def devices(
    reading: Reading, by: Caller, asked: Asked, *, kind: DeviceKind | None, revoked: bool
) -> Page[models.Device]:
    """The mall's devices: those that work, or those whose key was revoked."""
    by.must(Verb.READ_DEVICES, reading.mall_id)
    device = models.Device
    statement = select(device).where(device.mall_id == reading.mall_id, device.revoked_at.is_not(None) == revoked)
    if kind:
        statement = statement.where(device.kind == kind)
    return await page(reading.session, statement, {"id": device.id}, asked)


async def one(reading: Reading, by: Caller, device_id: UUID) -> models.Device:
    """A device of the mall. Raises NotThere."""
    by.must(Verb.READ_DEVICES, reading.mall_id)
    return await access.row(reading, models.Device, device_id, "device")
