"""Kiosks and displays on the wire."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.domain.devices import DeviceKind
from app.schemas.base import Changes, Editable, Input, Instant, LocalizedText, SecretMember, absent

DeviceNames = Annotated[LocalizedText, Field(examples=[{"id": "Kios lobi", "en": "Lobby kiosk"}])]


class DeviceRequest(Input):
    """A device to register."""

    kind: DeviceKind
    """What the device is for."""
    name: DeviceNames
    location_id: Annotated[UUID, Field(description="The building it stands in")]


class DeviceChanges(Changes):
    """Changes to a device. Its kind and its key never change."""

    name: DeviceNames = absent()
    location_id: Annotated[UUID, Field(description="The building it stands in")] = absent()


class Device(Editable):
    """A kiosk or display."""

    id: UUID
    kind: DeviceKind
    """What the device is for."""
    name: DeviceNames
    location_id: UUID
    """The building it stands in."""
    key_prefix: Annotated[str, Field(examples=["mpk_1_Yq0vT3"])]
    """The beginning of its key, to tell keys apart."""
    created_at: Instant
    last_used_at: Instant | None
    """When it was last seen, to the minute; null: never."""
    revoked_at: Instant | None


class RegisteredDevice(Device):
    """A device that was just registered."""

    secret: ClassVar = SecretMember("key", of="device")

    key: Annotated[str, Field(examples=["mpk_1_Yq0vT3oA8mJc5dW2eRk7uHn4xLs9bZp6fGi1tQyVwCE"])]
    """What the device sends as `Authorization: Bearer …`. Shown once, here."""
