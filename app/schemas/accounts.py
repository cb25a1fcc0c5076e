"""Tokens and the caller on the wire."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.domain.accounts import PASSWORD_LENGTH
from app.domain.roles import Anyone, DeviceKind, Role, Scope
from app.schemas.base import Input, Instant, Line, Names, Output, printable

Username = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{2,63}$"),
    Field(description="What the person signs in with", examples=["petugas.disdukcapil.1"]),
]
PersonName = Annotated[Line, Field(description="What colleagues call the person", examples=["Dewi Lestari"])]
Password = Annotated[
    str,
    StringConstraints(min_length=PASSWORD_LENGTH[0], max_length=PASSWORD_LENGTH[1]),
    AfterValidator(printable),
    Field(json_schema_extra={"format": "password"}, examples=["sandi yang cukup panjang"]),
]
FirstPassword = Annotated[
    Password | None, Field(description="Not the user name; null: one is made, and shown once in this answer")
]
ShownOnce = Annotated[str | None, Field(examples=["7ZK3M-9QH2R-TX4B8-VD1WE"])]


class Token(Output):
    """An access token and the refresh token that follows it (RFC 6749 section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    refresh_token: str


class ClientToken(Output):
    """A client's access token (RFC 6749 section 4.4.3): it asks for another one when this runs out."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    scope: Annotated[str, Field(examples=["tickets:write tickets:read"])]
    """What it may do, with spaces between."""


class Grant(Output):
    """A part that the caller plays."""

    role: Role | DeviceKind | Scope | Anyone
    mall: str | None
    """The mall's slug; null: the whole platform."""
    agency_id: UUID | None


class MyDevice(Output):
    """A device's own description."""

    kind: DeviceKind
    name: Names
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
    """Whose password was changed, and the account's version since."""

    id: UUID
    version: int


class AccountRequest(Input):
    """An account that runs or watches the whole deployment."""

    username: Username
    name: PersonName
    role: Literal[Role.PLATFORM_ADMIN, Role.MINISTRY_OBSERVER]
    password: FirstPassword = None


class Account(Output):
    """An account that runs or watches the whole deployment."""

    id: UUID
    username: str
    name: PersonName
    role: Role
    created_at: Instant
    disabled_at: Instant | None


class NewAccount(Account):
    """An account just made, or with another password."""

    secret: ClassVar[str | None] = "password"  # noqa: S105  # the member's name

    password: ShownOnce
    """Shown here once; null where it was given."""
