"""Partner clients on the wire."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.domain.clients import LONGEST_OVERLAP_HOURS, OVERLAP_HOURS
from app.domain.roles import USABLE_SCOPES, Scope
from app.schemas.base import Changes, Distinct, Editable, Input, Instant, Line, absent

SystemName = Annotated[Line, Field(description="What the system is", examples=["Aplikasi antrean Bank Kaltimtara"])]
Secret = Annotated[str, Field(examples=["mpc_1_Yq0vT3oA8mJc5dW2eRk7uHn4xLs9bZp6fGi1tQyVwCE"])]

Scopes = Annotated[
    list[Scope],
    Field(
        min_length=1,
        json_schema_extra={"uniqueItems": True},
        description=f"What it may do. Those that can be given today: {', '.join(USABLE_SCOPES)}",
        examples=[["tickets:write", "tickets:read"]],
    ),
    Distinct,
]


class ClientRequest(Input):
    """A partner's system to register."""

    agency_id: Annotated[UUID, Field(description="Whose system it is: it reaches no further than that agency")]
    name: SystemName
    scopes: Scopes


class ClientChanges(Changes):
    """What may be changed of a client. Its agency never changes."""

    name: SystemName = absent()
    scopes: Scopes = absent()


class SecretRotation(Input):
    """How the old secret ends."""

    overlap_hours: Annotated[
        int,
        Field(
            ge=0,
            le=LONGEST_OVERLAP_HOURS,
            description="How long the present secret goes on working. 0: it ends now, and the client's tokens with it",
        ),
    ] = OVERLAP_HOURS


class Client(Editable):
    """A partner's system."""

    id: UUID
    """Its `client_id`."""
    agency_id: UUID
    name: SystemName
    scopes: list[Scope]
    secret_prefix: Annotated[str, Field(examples=["mpc_1_Yq0vT3"])]
    """How its newest secret begins, to tell secrets apart."""
    old_secret_until: Instant | None
    """Until when the secret before that one works; null: there was none, or it was ended."""
    created_at: Instant
    last_used_at: Instant | None
    """When it last got a token, to the minute; null: never."""
    revoked_at: Instant | None


class ClientWithSecret(Client):
    """A client with a secret just made."""

    secret: ClassVar[str | None] = "client_secret"  # noqa: S105  # the member's name

    client_secret: Secret
    """Shown here once."""
