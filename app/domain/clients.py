"""Partner clients: an agency's own systems, and how their secrets follow each other."""

from collections.abc import Collection
from datetime import timedelta

from app.domain.roles import OF_THE_MALL, USABLE_SCOPES, Scope
from app.errors import Invalid, domain_error
from app.errors import Unauthenticated as UnauthenticatedKind

OVERLAP_HOURS, LONGEST_OVERLAP_HOURS = 24, 7 * 24
"""How long an old secret keeps working: by default, and at most."""
LAST_USE_EVERY = timedelta(minutes=1)


@domain_error
class ScopeNotAvailable(Invalid):
    """The scope opens no operation yet; or it reaches over the whole mall, and is given to a new client only."""

    pointer = "/scopes"
    scope: str
    """The scope that cannot be given."""


@domain_error
class InvalidClient(UnauthenticatedKind):
    """The client is unknown or revoked, or its secret is wrong (RFC 6749 section 5.2); the answer never says which."""


@domain_error
class InvalidScope(Invalid):
    """The client does not have a scope that it asks for (RFC 6749 section 5.2)."""


@domain_error
class TwoCredentials(Invalid):
    """A client sends its secret in the header or in the body, not in both (RFC 6749 section 2.3)."""


def must_be_usable(scopes: Collection[Scope]) -> None:
    """Raise ScopeNotAvailable."""
    for scope in scopes:
        if scope not in USABLE_SCOPES:
            raise ScopeNotAvailable(scope=scope)


def must_be_addable(had: Collection[str], scopes: Collection[Scope]) -> None:
    """Raise ScopeNotAvailable: other people may hold the secret of a client that had no scope over the whole mall."""
    for scope in scopes:
        if scope in OF_THE_MALL and scope not in had:
            raise ScopeNotAvailable(scope=scope)


def narrowed(given: Collection[str], asked: str) -> list[Scope]:
    """The scopes of a token: those asked for, or all that the client has. Raises InvalidScope."""
    wanted = set(asked.split()) or set(given)
    if not wanted <= set(given):
        raise InvalidScope
    return [scope for scope in Scope if scope in wanted]
