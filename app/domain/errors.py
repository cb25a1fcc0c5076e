"""Errors that several areas share."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.domain.roles import Part
from app.errors import (
    Conflict,
    Invalid,
    Malformed,
    NotFound,
    PreconditionLost,
    PreconditionMissing,
    TooMany,
    domain_error,
)
from app.errors import Forbidden as ForbiddenKind
from app.errors import Unauthenticated as UnauthenticatedKind


@domain_error
class UnknownReference(Invalid):
    """A member of the body, or a parameter, names a thing that this mall (or this agency) does not have."""

    thing: str
    """What was looked for."""
    member: str


@domain_error
class CodeTaken(Conflict):
    """Codes are unique in a mall and never given twice."""

    pointer = "/code"
    value: str


@domain_error
class NotThere(NotFound):
    """What does not exist and what is not yours look the same."""

    thing: str
    """What was looked for; `path` where the path leads nowhere."""


NotThere.code = "not_found"


@domain_error
class DatesReversed(Invalid):
    """It ends on or after the day it begins."""

    starts_on: date
    ends_on: date
    member: str


@domain_error
class InvalidCursor(Invalid):
    """Not a cursor of this list, or of this stream."""

    member: str
    """The parameter or header that held it."""


def must_be_in_order(starts_on: date, ends_on: date | None, member: str = "ends_on") -> None:
    """Days that end, end when they began or later. Raises DatesReversed."""
    if ends_on and ends_on < starts_on:
        raise DatesReversed(starts_on=starts_on, ends_on=ends_on, member=member)


@domain_error
class Unauthenticated(UnauthenticatedKind):
    """Nobody has shown credentials where somebody must."""


@domain_error
class TokenExpired(Unauthenticated):
    """The access token was good, and its time is over."""


@domain_error
class TokenInvalid(Unauthenticated):
    """The credentials are not ours, are misshapen, or were revoked."""


@domain_error
class Forbidden(ForbiddenKind):
    """No role of the caller may do this, here or anywhere."""

    required: Sequence[Part]
    """Who may: roles, kinds of devices, scopes of clients. One of them is enough; empty: nobody."""
    member: str | None = None
    """The member of the body that asks for more than the caller may; null: whatever it says, the caller may not."""


@domain_error
class RateLimited(TooMany):
    """Too many attempts."""

    retry_after_seconds: int


@domain_error
class SecretAlreadyShown(Conflict):
    """This key was used before, and its answer held a secret, which is shown once and stored nowhere."""

    thing: str
    """What was made, or given a new secret."""
    thing_id: UUID
    """Its id: there it can be given another secret, or be revoked."""


@domain_error
class PreconditionRequired(PreconditionMissing):
    """An edit says in If-Match which version it was made from."""


@domain_error
class PreconditionFailed(PreconditionLost):
    """Somebody else has edited it since then."""


@domain_error
class IdempotencyKeyRequired(Malformed):
    """Where a machine creates, a retry must not create twice."""


@domain_error
class IdempotencyKeyInvalid(Invalid):
    """A key is 1 to 255 visible ASCII characters; without credentials it must be a UUID of one's own."""


@domain_error
class IdempotencyKeyReused(Invalid):
    """The key was used before with another request, or by the same caller in other roles."""
