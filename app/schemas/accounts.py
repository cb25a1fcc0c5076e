"""Tokens and the caller on the wire."""

from typing import Literal
from uuid import UUID

from app.domain.roles import Anyone, DeviceKind, Role
from app.schemas.base import Names, Output


class Token(Output):
    """An access token and the refresh token that follows it (RFC 6749 section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    refresh_token: str


class Grant(Output):
    """A part that the caller plays."""

    role: Role | DeviceKind | Anyone
    mall: str | None
    """The mall's slug; null: the whole platform."""
    agency_id: UUID | None


class MyDevice(Output):
    """A device's own description."""

    kind: DeviceKind
    name: Names
    location_id: UUID


class Me(Output):
    """Who is asking."""

    kind: str
    """`account` or `device`."""
    id: UUID
    username: str | None
    grants: list[Grant]
    mall: str | None
    """A device's mall."""
    device: MyDevice | None
    counter_id: UUID | None
    """The counter that the caller has open today."""
