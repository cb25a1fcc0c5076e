"""Keys and codes made of random bits: shown once, kept as hashes."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CLAIM_CODE_LENGTH = 16
"""Sixteen characters of five bits: 80 bits."""

MOST_MALLS = 32_767
"""A mall's number is a small integer."""

SHOWN_SIGNS = 12
"""So much of a key or secret is kept readable, to tell them apart."""


def fingerprint(secret: str) -> bytes:
    """How a random secret is kept: it has 256 bits of its own, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).digest()


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def successor_of(server_key: bytes, token: str) -> str:
    """The refresh token that follows another one: always the same, so it can be given again and is stored nowhere."""
    return urlsafe_b64encode(hmac.digest(server_key, f"refresh:{token}".encode(), "sha256")).decode().rstrip("=")


def made_password() -> str:
    """A password that is easily read out: four times five signs of five bits, 100 bits in all."""
    return "-".join("".join(secrets.choice(CROCKFORD) for _ in range(5)) for _ in range(4))


def new_machine_key(prefix: str, mall_id: int) -> str:
    """A device's key or a client's secret. It names its mall, so that looking it up asks one mall only."""
    return f"{prefix}_{mall_id}_{new_token()}"


def mall_of_key(key: str) -> int | None:
    """The mall that a device key or client secret names, if it has the form of one."""
    parts = key.split("_", 2)
    named = int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() and len(parts[1]) < 6 else -1  # noqa: PLR2004  # prefix, mall, secret
    return named if 0 <= named <= MOST_MALLS else None


def claim_code(server_key: bytes, ticket_id: UUID) -> str:
    """The code that is a visitor's alone: always the same for a ticket, so a replay can say it again."""
    digest = hmac.digest(server_key, b"claim:" + ticket_id.bytes, "sha256")
    number = int.from_bytes(digest[:10], "big")
    return "".join(CROCKFORD[number >> (5 * place) & 31] for place in reversed(range(CLAIM_CODE_LENGTH)))


def address_mark(server_key: bytes, mall_id: int, address: str) -> bytes:
    """What of an address is kept for a day: which tickets came from the same one, and never which it is."""
    return hmac.digest(server_key, f"address:{mall_id}:{address}".encode(), "sha256")[:16]


def phone_mark(server_key: bytes, mall_id: int, phone: str) -> bytes:
    """What of a phone is kept: which tickets are one person's, and never whose. The same on all days of a mall."""
    return hmac.digest(server_key, f"phone:{mall_id}:{phone}".encode(), "sha256")


def phone_everywhere(server_key: bytes, phone: str) -> bytes:
    """The same in all malls, to count the codes that a phone gets; kept only within the hash of a pace's key."""
    return hmac.digest(server_key, f"phone_everywhere:{phone}".encode(), "sha256")


def new_phone_code() -> str:
    """Six digits, to be typed by hand: short, so it lives for minutes and a few tries."""
    return f"{secrets.randbelow(10**6):06}"


def phone_code_hash(server_key: bytes, mark: bytes, code: str) -> bytes:
    """How the code of a phone is kept: keyed, since a plain hash of six digits is guessed at once."""
    return hmac.digest(server_key, b"phone_code:" + mark + code.encode(), "sha256")


def claim_hash(code: str) -> bytes:
    """How a claim code is kept. Crockford's base32 reads O as 0, I and L as 1, in either case, hyphens or not."""
    plain = code.upper().replace("-", "").translate(str.maketrans("OIL", "011"))
    return fingerprint(plain)
