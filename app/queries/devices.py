"""Kiosks and displays."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import access, models
from app.domain.callers import Caller
from app.domain.devices import DeviceKind
from app.domain.roles import Permission
from app.journal import Reading
from app.queries.paging import Page, PageRequest, page


async def devices(
    reading: Reading, caller: Caller, asked: PageRequest, *, kind: DeviceKind | None, revoked: bool
) -> Page[models.Device]:
    """The mall's devices: those that work, or those whose key was revoked."""
    caller.must(Permission.READ_DEVICES, reading.mall_id)
    device = models.Device
    statement = reading.select(device).where(device.revoked_at.is_not(None) == revoked)
    if kind:
        statement = statement.where(device.kind == kind)
    return await page(reading.session, statement, {"id": device.id}, asked)


async def one(reading: Reading, caller: Caller, device_id: UUID) -> models.Device:
    """A device of the mall. Raises NotThere."""
    caller.must(Permission.READ_DEVICES, reading.mall_id)
    return await access.row(reading, models.Device, device_id, "device")


@dataclass(frozen=True)
class DeviceWithKey:
    """A device with its key, which is shown once."""

    row: models.Device
    key: str


async def device(session: AsyncSession, mall_id: int, key_hash: bytes) -> models.Device | None:
    """The device with this key."""
    return (
        await session.scalars(
            select(models.Device).where(
                models.Device.mall_id == mall_id,
                models.Device.key_hash == key_hash,
                models.Device.revoked_at.is_(None),
            )
        )
    ).one_or_none()


async def device_was_used(session: AsyncSession, device: models.Device, at: datetime) -> None:
    """Keep when a device was last seen."""
    await session.execute(
        update(models.Device)
        .where(models.Device.mall_id == device.mall_id, models.Device.id == device.id)
        .values(last_used_at=at)
    )
