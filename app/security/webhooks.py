"""Secrets of webhooks, and what is signed with them (Standard Webhooks)."""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.security.seals import sealed, unsealed

PREFIX = "whsec_"


@dataclass(frozen=True)
class NewSecret:
    """A secret on its way to its webhook: sealed before the journal is taken, and shown once."""

    shown: str = field(repr=False)
    sealed: str = field(repr=False)

    @classmethod
    def made(cls, server_key: bytes) -> "NewSecret":
        """256 random bits, as the standard writes them."""
        shown = PREFIX + b64encode(secrets.token_bytes(32)).decode()
        return cls(shown, sealed(shown, server_key))


def signing_key(text: str, server_key: bytes) -> bytes:
    """What signs, of a secret that was sealed. Raises JoseError where the server's key is another one."""
    return b64decode(unsealed(text, server_key).removeprefix(PREFIX))


def signature(keys: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """One for each secret that lives; a receiver needs to know one of them."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join("v1," + b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
