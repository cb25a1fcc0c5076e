"""What the caller may know and change of itself, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.domain.devices import DeviceKind
from app.domain.roles import Anyone, Role, Scope
from app.schemas.accounts import Password
from app.schemas.base import Input, LocalizedText, Output


class Grant(Output):
    """A part that the caller plays."""

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
    """All that it was given; what this token may do is in the grants."""


class Me(Output):
    """Who is asking."""

    kind: str
    """`account`, `device` or `client`."""
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
    """The own password, and the one to come."""

    current_password: Annotated[str, StringConstraints(max_length=200), Field(json_schema_extra={"format": "password"})]
    new_password: Password


class ChangedPassword(Output):
    """Whose password was changed, and the version of its tokens since."""

    id: UUID
    token_version: int
