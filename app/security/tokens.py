"""Access tokens (JWT, RFC 9068, EdDSA) and the keys that sign them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwe, jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey, OKPKey

ALGORITHM = "Ed25519"
_SEAL = {"alg": "dir", "enc": "A256GCM"}


@dataclass(frozen=True)
class Bearer:
    """What a good access token says: whose it is, and the account's version when it was made."""

    account_id: UUID
    account_version: int


def new_signing_key() -> OKPKey:
    """An Ed25519 key with its thumbprint as `kid`."""
    key = OKPKey.generate_key("Ed25519", private=True, auto_kid=False)
    return OKPKey.import_key({**key.as_dict(private=True), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM})


def sealed(key: OKPKey, server_key: bytes) -> str:
    """The private key, encrypted: a copy of the database alone signs nothing."""
    return jwe.encrypt_compact(_SEAL, json.dumps(key.as_dict(private=True)), _sealer(server_key))


def unsealed(text: str, server_key: bytes) -> OKPKey:
    """Open what `sealed` made. Raises JoseError where the server's key is another one."""
    plain = jwe.decrypt_compact(text, _sealer(server_key)).plaintext
    return OKPKey.import_key(json.loads(plain or b""))


class Keyring:
    """Signs with the newest key, verifies with any that is known."""

    def __init__(self, keys: Sequence[OKPKey], *, issuer: str, audience: str) -> None:
        """`keys` are oldest first."""
        self.keys = list(keys)
        self._all = KeySet(list(keys))
        self.issuer, self.audience = issuer, audience
        self._claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
            ver={"essential": True},
        )

    def sign(self, bearer: Bearer, *, at: datetime, until: datetime) -> str:
        """An access token for the bearer."""
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(bearer.account_id),
            "ver": bearer.account_version,
            "client_id": "mpp",
            "jti": str(uuid4()),
            "iat": int(at.timestamp()),
            "exp": int(until.timestamp()),
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self.keys[-1].kid}
        return jwt.encode(header, claims, self.keys[-1], algorithms=[ALGORITHM])

    def knows(self, token: str) -> bool:
        """Whether the token names a key of this ring; another process may have made a newer one."""
        try:
            return jws.extract_compact(token.encode()).headers().get("kid") in {key.kid for key in self._all.keys}
        except (JoseError, ValueError):
            return True  # no token at all: no newer key will make it one

    def read(self, token: str, at: datetime) -> Bearer | None:
        """Who bears it; None where signature, algorithm, type, issuer, audience or time are not right."""
        try:
            decoded = jwt.decode(token, self._all, algorithms=[ALGORITHM])
            self._claims.validate(decoded.claims)
            claims: Mapping[str, Any] = decoded.claims
            if decoded.header.get("typ") != "at+jwt" or claims["exp"] <= at.timestamp():
                return None
            return Bearer(UUID(claims["sub"]), int(claims["ver"]))
        except (JoseError, ValueError, TypeError, KeyError):
            return None


def _sealer(server_key: bytes) -> OctKey:
    return OctKey.import_key(sha256(b"seal:" + server_key).digest())
