"""Who may sign in, and what is refused at the door."""

from datetime import timedelta

from app.errors import Conflict, Invalid, Malformed, PreconditionLost, PreconditionMissing, TooMany, fact
from app.errors import Forbidden as ForbiddenKind
from app.errors import Unauthenticated as UnauthenticatedKind

ACCESS_TOKEN_LIFE = timedelta(minutes=15)
REFRESH_TOKEN_LIFE = timedelta(days=30)
KEY_RELOAD = timedelta(seconds=30)
"""How old a process's view of the signing keys may be when it signs."""
KEY_LEAD = timedelta(minutes=10)
"""How long the JWKS shows a new key before it signs; readers of the JWKS may keep it for half of that."""
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
    """Only `password`, `refresh_token` and `client_credentials` are known here (RFC 6749 section 5.2)."""


@fact
class UsernameTaken(Conflict):
    """A user name belongs to one account on the platform. A person of another mall is granted a role by id."""

    pointer = "/username"


@fact
class PasswordIsUsername(Invalid):
    """A password is not the account's user name."""

    member: str


@fact
class PasswordWrong(Invalid):
    """Whoever changes the own password says the present one."""

    pointer = "/current_password"


@fact
class OwnAccount(Conflict):
    """Nobody shuts out the own account or takes its roles away: nobody might be left who lets people in."""


@fact
class SecretAlreadyShown(Conflict):
    """The key came before; its answer held a secret, which is shown once and kept nowhere."""


def fit(password: str | None, username: str, member: str) -> None:
    """Raise PasswordIsUsername. Its length is in its shape."""
    if password is not None and password.lower() == username.lower():
        raise PasswordIsUsername(member=member)


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
