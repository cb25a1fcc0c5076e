"""Partner clients on the wire."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from app.domain.clients import LONGEST_OVERLAP_HOURS, OVERLAP_HOURS
from app.domain.roles import USABLE_SCOPES, Scope
from app.schemas.base import Changes, Distinct, Editable, Input, Instant, Line, SecretMember, absent

SystemName = Annotated[Line, Field(description="A name for the system", examples=["Aplikasi antrean Bank Kaltimtara"])]
Secret = Annotated[str, Field(examples=["mpc_1_Yq0vT3oA8mJc5dW2eRk7uHn4xLs9bZp6fGi1tQyVwCE"])]

Scopes = Annotated[
    list[Scope],
    Field(
        min_length=1,
        max_length=len(Scope),
        json_schema_extra={"uniqueItems": True},
        description=f"What the client may do. Scopes that can be given today: {', '.join(USABLE_SCOPES)}",
        examples=[["tickets:write", "tickets:read"]],
    ),
    Distinct,
]


class ClientRequest(Input):
    """A partner's system to register."""

    agency_id: Annotated[UUID, Field(description="The agency whose system it is; the client acts for no other agency")]
    name: SystemName
    scopes: Scopes


class ClientChanges(Changes):
    """Changes to a partner client. Its agency never changes."""

    name: SystemName = absent()
    scopes: Scopes = absent()


class SecretRotation(Input):
    """How long the current secret keeps working."""

    overlap_hours: Annotated[
        int,
        Field(
            strict=True,
            ge=0,
            le=LONGEST_OVERLAP_HOURS,
            description="How long the current secret keeps working. 0: it stops now, and so do the client's tokens",
        ),
    ] = OVERLAP_HOURS


class PartnerClient(Editable):
    """A partner's system."""

    id: UUID
    """Its id, and the `client_id` with which it asks for tokens."""
    agency_id: UUID
    """The agency whose system it is; it acts for no other."""
    name: SystemName
    scopes: list[Scope]
    secret_prefix: Annotated[str, Field(examples=["mpc_1_Yq0vT3"])]
    """The beginning of its newest secret, to tell secrets apart."""
    old_secret_until: Instant | None
    """When the previous secret stops working; null: there is none."""
    created_at: Instant
    last_used_at: Instant | None
    """When it last got a token, to the minute; null: never."""
    revoked_at: Instant | None
    """When it was revoked; null: it works."""


class PartnerClientWithSecret(PartnerClient):
    """A client with its new secret."""

    secret: ClassVar = SecretMember("client_secret", of="client")

    client_secret: Secret
    """Shown once, here."""
