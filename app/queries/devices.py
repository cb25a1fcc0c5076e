"""Kiosks and displays."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import LargeBinary, SmallInteger, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import access, models
from app.domain.callers import Caller
from app.domain.devices import DeviceKind
from app.domain.roles import Permission
from app.journal import Reading
from app.models.prepared import Prepared, parameter
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


class Holder(NamedTuple):
    """The device that has a key."""

    id: UUID
    kind: str
    location_id: UUID
    last_used_at: datetime | None


async def holder(session: AsyncSession, mall_id: int, key_hash: bytes) -> Holder | None:
    """The device with this key, unless it was revoked."""
    row = await _holder().row(session, {"mall_id": mall_id, "key_hash": key_hash})
    return Holder(*row) if row else None


@cache
def _holder() -> Prepared:
    device = models.Device
    return Prepared(
        select(device.id, device.kind, device.location_id, device.last_used_at).where(
            device.mall_id == parameter("mall_id", SmallInteger()),
            device.key_hash == parameter("key_hash", LargeBinary()),
            device.revoked_at.is_(None),
        )
    )


async def was_used(session: AsyncSession, mall_id: int, device_id: UUID, at: datetime) -> None:
    """Keep when a device was last seen."""
    await session.execute(
        update(models.Device)
        .where(models.Device.mall_id == mall_id, models.Device.id == device_id)
        .values(last_used_at=at)
    )
