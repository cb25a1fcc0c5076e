"""What the caller may know and change of itself, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.domain.callers import CallerKind
from app.domain.devices import DeviceKind
from app.domain.roles import Anyone, Role, Scope
from app.schemas.accounts import Password
from app.schemas.base import Input, LocalizedText, Output


class Grant(Output):
    """A role of the caller: on the whole platform, in a mall, or for one agency of it."""

    role: Role | DeviceKind | Scope | Anyone
    mall: str | None
    """The mall's slug; null: the whole platform."""
    agency_id: UUID | None


class MyDevice(Output):
    """A device's own description."""

    kind: DeviceKind
    name: LocalizedText
    location_id: UUID


class MyClient(Output):
    """A partner client's own description."""

    agency_id: UUID
    name: str
    scopes: list[Scope]
    """All scopes of the client; those of this token are in `grants`."""


class Me(Output):
    """The caller."""

    kind: CallerKind
    """Whether a person, a device or a partner's client asks."""
    id: UUID
    username: str | None
    grants: list[Grant]
    mall: str | None
    """A device's or client's mall."""
    device: MyDevice | None
    client: MyClient | None
    counter_id: UUID | None
    """The counter that the caller has open today."""


class PasswordChange(Input):
    """Your current password and the new one."""

    current_password: Annotated[str, StringConstraints(max_length=200), Field(json_schema_extra={"format": "password"})]
    new_password: Password


class ChangedPassword(Output):
    """Whose password was changed, and the version of its tokens since."""

    id: UUID
    token_version: int
