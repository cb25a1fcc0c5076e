"""Who may sign in, and what is refused at the door."""

from datetime import timedelta

from app.errors import Forbidden as ForbiddenKind
from app.errors import Invalid, Malformed, PreconditionLost, PreconditionMissing, TooMany, fact
from app.errors import Unauthenticated as UnauthenticatedKind

ACCESS_TOKEN_LIFE = timedelta(minutes=15)
REFRESH_TOKEN_LIFE = timedelta(days=30)
PASSWORD_LENGTH = (12, 128)


@fact
class Unauthenticated(UnauthenticatedKind):
    """No credentials, or none that we accept."""


@fact
class Forbidden(ForbiddenKind):
    """No role of the caller may do this, here or anywhere."""


@fact
class RateLimited(TooMany):
    """Too many attempts."""

    retry_after_seconds: int


@fact
class InvalidGrant(Invalid):
    """The password or refresh token is not accepted (RFC 6749 section 5.2); it is never said why."""


@fact
class UnsupportedGrantType(Invalid):
    """Only `password` and `refresh_token` are known here (RFC 6749 section 5.2)."""


@fact
class PreconditionRequired(PreconditionMissing):
    """An edit says in If-Match which version it was made from."""


@fact
class PreconditionFailed(PreconditionLost):
    """Somebody else edited it since."""


@fact
class IdempotencyKeyRequired(Malformed):
    """Where a machine creates, a retry must not create twice."""


@fact
class IdempotencyKeyInvalid(Invalid):
    """A key is 1 to 255 visible ASCII characters; without credentials it must be a UUID."""


@fact
class IdempotencyKeyReused(Invalid):
    """The key came before with another request."""
