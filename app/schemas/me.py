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
    """What the caller is: a role, a kind of device, a scope of a client, or the public."""
    mall: str | None
    """The mall's slug; null: the whole platform."""
    agency_id: UUID | None
    """The agency that the role is for; null: the whole mall, or the platform."""
    agency_code: str | None
    """The code of that agency; null: the role is for none."""
    agency_name: LocalizedText | None
    """The name of that agency, in both languages; null: the role is for none."""


class MyDevice(Output):
    """A device's own description."""

    kind: DeviceKind
    """What the device is for."""
    name: LocalizedText
    location_id: UUID
    """The building it stands in."""


class MyClient(Output):
    """A partner client's own description."""

    agency_id: UUID
    """The agency whose system it is."""
    name: str
    """What people call the system."""
    scopes: list[Scope]
    """All scopes of the client; those of this token are in `grants`."""


class Me(Output):
    """The caller."""

    kind: CallerKind
    """Whether a person, a device or a partner's client asks."""
    id: UUID
    """The id of the account, device or client."""
    username: str | None
    """An account's user name; null for devices and clients."""
    name: str | None
    """What the person is called; null for devices and clients, which have their names below."""
    grants: list[Grant]
    """Everything that the caller is, in every mall."""
    mall: str | None
    """The slug of a device's or client's mall; null: a person, whose malls are in `grants`."""
    device: MyDevice | None
    """What a device is; null for others."""
    client: MyClient | None
    """What a partner's client is; null for others."""
    counter_id: UUID | None
    """The counter that the caller has open today; null: none, or no person."""


class PasswordChange(Input):
    """Your current password and the new one."""

    current_password: Annotated[str, StringConstraints(max_length=200), Field(json_schema_extra={"format": "password"})]
    """The password that is valid now."""
    new_password: Password
    """The new one, hard to guess: `password_guessable` says what is refused."""


class ChangedPassword(Output):
    """Whose password was changed, and the version of its tokens since."""

    id: UUID
    token_version: int
