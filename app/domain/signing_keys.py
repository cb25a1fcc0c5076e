"""How a new signing key comes into use."""

from datetime import timedelta

KEY_RELOAD = timedelta(seconds=30)
"""How old a process's view of the signing keys may be when it signs."""


KEY_LEAD = timedelta(minutes=10)
"""How long the JWKS shows a new key before it signs; readers of the JWKS may keep it for half of that."""
