"""Kiosks and displays, and their keys."""

from collections.abc import Container, Mapping
from typing import Any
from uuid import UUID

from app import access, models
from app.actions import accounts
from app.domain.devices import DeviceKind
from app.domain.errors import UnknownReference
from app.domain.events import Event
from app.domain.lifecycle import IllegalTransition
from app.domain.locations import LocationNotInUse, in_use
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.journal import Journal
from app.queries.devices import DeviceWithKey
from app.security.secrets import SHOWN_SIGNS, fingerprint, new_machine_key

KEY_PREFIX = {DeviceKind.KIOSK: "mpk", DeviceKind.DISPLAY: "mpd"}


async def register(journal: Journal, *, kind: DeviceKind, name: LocalizedText, location_id: UUID) -> DeviceWithKey:
    """Register a kiosk or display, with its key: it is shown here once and kept as a hash."""
    await accounts.look_again(journal)
    journal.caller.must(Permission.CHANGE_DEVICES, journal.mall_id)
    await _must_be_a_location(journal, location_id)
    key = new_machine_key(KEY_PREFIX[kind], journal.mall_id)
    device = models.Device(
        mall_id=journal.mall_id,
        kind=kind,
        name=name,
        location_id=location_id,
        key_prefix=key[:SHOWN_SIGNS],
        key_hash=fingerprint(key),
        created_at=journal.at,
    )
    journal.session.add(device)
    journal.record(Event.DEVICE_REGISTERED, device)
    return DeviceWithKey(device, key)


async def change(
    journal: Journal, device_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> models.Device:
    """Change what a device is called and where it stands."""
    await accounts.look_again(journal)
    journal.caller.must(Permission.CHANGE_DEVICES, journal.mall_id)
    device = await access.row(journal, models.Device, device_id, "device")
    access.must_match_version(device, versions)
    if device.revoked_at:
        raise IllegalTransition(thing="device", state="revoked", verb="change")
    if changes.get("location_id", device.location_id) != device.location_id:
        await _must_be_a_location(journal, changes["location_id"])
    journal.record_edit(Event.DEVICE_CHANGED, device, device.change(changes))
    return device


async def revoke(journal: Journal, device_id: UUID) -> models.Device:
    """End a device's key for good."""
    await accounts.look_again(journal)
    journal.caller.must(Permission.CHANGE_DEVICES, journal.mall_id)
    device = await access.row(journal, models.Device, device_id, "device")
    device.revoke(journal.at)
    journal.record(Event.DEVICE_REVOKED, device)
    return device


async def _must_be_a_location(journal: Journal, location_id: UUID) -> None:
    """The building is one of today, or of later days."""
    location = await journal.session.get(models.Location, (journal.mall_id, location_id))
    if location is None:
        raise UnknownReference(thing="location", member="location_id")
    if not in_use(max(journal.today, location.starts_on), location.starts_on, location.ends_on):
        raise LocationNotInUse(member="location_id", starts_on=location.starts_on, ends_on=location.ends_on)
