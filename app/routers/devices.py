"""Kiosks and displays."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.actions import devices as actions
from app.domain.callers import Caller
from app.domain.devices import DeviceKind
from app.domain.errors import SecretAlreadyShown, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import Permission
from app.queries import devices as queries
from app.queries.paging import PageRequest
from app.schemas.base import Page
from app.schemas.devices import Device, DeviceChanges, DeviceRequest, RegisteredDevice
from app.web.callers import CurrentMall, TheHouse, needs
from app.web.declared import refuses
from app.web.etags import EditedVersion, Tagged
from app.web.paging import Listed, asked_for
from app.web.writing import Edits, Writes

router = APIRouter(prefix="/v1/malls/{mall}/devices", tags=["devices"])
Reader = Annotated[Caller, needs(Permission.READ_DEVICES)]
Manager = Annotated[Caller, needs(Permission.CHANGE_DEVICES)]


@router.get("")
async def list_devices(
    mall: CurrentMall,
    by: Reader,
    house: TheHouse,
    asked: Annotated[PageRequest, asked_for("id")],
    listed: Listed,
    kind: DeviceKind | None = None,
    revoked: Annotated[bool, Query(description="Those whose key was revoked, instead of those that work")] = False,
) -> Page[Device]:
    """List the kiosks and displays with how their keys begin and when they were last seen."""
    async with house.database.reading(mall) as reading:
        return listed(await queries.devices(reading, by, asked, kind=kind, revoked=revoked), asked, Device)


@router.post("", status_code=201, responses=refuses(UnknownReference, SecretAlreadyShown))
async def register_device(
    mall: CurrentMall, body: DeviceRequest, by: Manager, write: Writes, response: Response
) -> RegisteredDevice:
    """Register a kiosk or display. Its key is in this answer and nowhere else."""
    device = await write(mall, by, RegisteredDevice, actions.register, **body.model_dump())
    response.headers["Location"] = f"/v1/malls/{mall.slug}/devices/{device.id}"
    return device


@router.get("/{device_id}")
async def get_device(mall: CurrentMall, device_id: UUID, by: Reader, house: TheHouse, fresh: Tagged) -> Device:
    """Read a kiosk or display."""
    async with house.database.reading(mall) as reading:
        return fresh(Device.model_validate(await queries.one(reading, by, device_id)))


@router.patch("/{device_id}", responses=refuses(UnknownReference, IllegalTransition))
async def change_device(
    mall: CurrentMall,
    device_id: UUID,
    body: DeviceChanges,
    by: Manager,
    version: EditedVersion,
    write: Edits,
    fresh: Tagged,
) -> Device:
    """Change what a kiosk or display is called and where it stands. Its key goes on."""
    return fresh(await write(mall, by, Device, actions.change, device_id, version, body.given()))


@router.post("/{device_id}/revocation", responses=refuses(IllegalTransition))
async def revoke_device(mall: CurrentMall, device_id: UUID, by: Manager, write: Writes) -> Device:
    """End a device's key for good, within five seconds. A lost key is replaced by registering anew."""
    return await write(mall, by, Device, actions.revoke, device_id)
