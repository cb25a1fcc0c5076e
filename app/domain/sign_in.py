"""Signing in: tokens and their lifetimes."""

from datetime import timedelta

from app.errors import Invalid, domain_error

ACCESS_TOKEN_LIFE = timedelta(minutes=15)


REFRESH_TOKEN_LIFE = timedelta(days=30)
REFRESH_GRACE = timedelta(seconds=30)
"""So long after its use a refresh token brings its successor again: the answer was lost, or two tabs asked at once."""


@domain_error
class InvalidGrant(Invalid):
    """The password or refresh token is not accepted (RFC 6749 section 5.2); the answer never says why."""


@domain_error
class UnsupportedGrantType(Invalid):
    """Only `password`, `refresh_token` and `client_credentials` are known here (RFC 6749 section 5.2)."""
