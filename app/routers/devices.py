"""Kiosks and displays."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.actions import devices as actions
from app.domain.callers import Caller
from app.domain.devices import DeviceKind
from app.domain.errors import SecretAlreadyShown, UnknownReference
from app.domain.lifecycle import IllegalTransition
from app.domain.locations import LocationNotInUse
from app.domain.roles import Permission
from app.queries import devices as queries
from app.schemas.base import Page
from app.schemas.devices import Device, DeviceChanges, DeviceRequest, RegisteredDevice
from app.web.dependencies import Context, CurrentMall, needs
from app.web.etags import ConditionalGet
from app.web.idempotency import Command, IfMatch, Write, creates
from app.web.paging import ListPage, paged_by
from app.web.problems import refuses

router = APIRouter(prefix="/v1/malls/{mall}/devices", tags=["devices"])
Reader = Annotated[Caller, needs(Permission.READ_DEVICES)]
Manager = Annotated[Caller, needs(Permission.CHANGE_DEVICES)]
Creation = Annotated[Write, creates("/v1/malls/{mall}/devices/{id}")]


@router.get("")
async def list_devices(
    mall: CurrentMall,
    caller: Reader,
    context: Context,
    page: Annotated[ListPage, paged_by("id")],
    kind: DeviceKind | None = None,
    revoked: Annotated[bool, Query(description="True: those whose key was revoked; false: all others")] = False,
) -> Page[Device]:
    """List kiosks and displays, each with the beginning of its key and when it was last seen.

    `last_used_at` is kept to the minute; null: it was never seen. Those that were revoked are listed with
    `revoked=true` only.
    """
    async with context.database.reading(mall) as reading:
        return page.of(Device, await queries.devices(reading, caller, page.asked, kind=kind, revoked=revoked))


@router.post("", status_code=201, responses=refuses(UnknownReference, LocationNotInUse, SecretAlreadyShown))
async def register_device(
    mall: CurrentMall, body: DeviceRequest, caller: Manager, command: Creation
) -> RegisteredDevice:
    """Register a kiosk or display. Its key is shown once, in this answer."""
    return await command(mall, caller, RegisteredDevice, actions.register, **body.model_dump())


@router.get("/{device_id}")
async def get_device(
    mall: CurrentMall, device_id: UUID, caller: Reader, context: Context, conditional: ConditionalGet
) -> Device:
    """Read a kiosk or display.

    Its key is never shown again: `key_prefix` tells which one is meant. A device reads itself at `/v1/me`.
    """
    async with context.database.reading(mall) as reading:
        return conditional(Device.model_validate(await queries.one(reading, caller, device_id)))


@router.patch("/{device_id}", responses=refuses(UnknownReference, LocationNotInUse, IllegalTransition))
async def change_device(
    mall: CurrentMall, device_id: UUID, body: DeviceChanges, caller: Manager, edit: IfMatch
) -> Device:
    """Change the name and the location of a kiosk or display. Its key stays the same."""
    return await edit(mall, caller, Device, actions.change, device_id, edit.versions, body.given())


@router.post("/{device_id}/revocation", responses=refuses(IllegalTransition))
async def revoke_device(mall: CurrentMall, device_id: UUID, caller: Manager, command: Command) -> Device:
    """Revoke a device's key for good, within five seconds. To replace a lost key, register the device again."""
    return await command(mall, caller, Device, actions.revoke, device_id)
