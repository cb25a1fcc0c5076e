"""Access tokens (JWT, RFC 9068, EdDSA) and the keys that sign them."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet, OKPKey

from app.domain.errors import TokenExpired, TokenInvalid
from app.security import seals

ALGORITHM = "Ed25519"
TYPE = "at+jwt"


@dataclass(frozen=True)
class Bearer:
    """What a good access token says: whose it is, the account's version when it was made, and the sign-in it is of."""

    account_id: UUID
    token_version: int
    session_id: UUID
    """The family of its refresh tokens."""

    @property
    def claims(self) -> dict[str, Any]:
        """What the token says of it."""
        return {"sub": str(self.account_id), "ver": self.token_version, "sid": str(self.session_id), "client_id": "mpp"}


@dataclass(frozen=True)
class ClientBearer:
    """A partner's system that bears a token: which, of which mall, its version, and what the token lets it do."""

    client_id: UUID
    mall_id: int
    token_version: int
    scopes: tuple[str, ...]

    @property
    def claims(self) -> dict[str, Any]:
        """What the token says of it."""
        return {
            "sub": str(self.client_id),
            "ver": self.token_version,
            "client_id": str(self.client_id),
            "mall": self.mall_id,
            "scope": " ".join(self.scopes),
        }


@dataclass(frozen=True)
class RingKey:
    """A signing key and its time: it signs from the one instant and is known until the other."""

    key: OKPKey
    signs_from: datetime | None = None
    until: datetime | None = None

    def is_known(self, at: datetime) -> bool:
        """Whether it verifies."""
        return self.until is None or at < self.until

    def may_sign(self, at: datetime) -> bool:
        """Whether its time to sign has come."""
        return self.is_known(at) and (self.signs_from is None or self.signs_from <= at)


def new_signing_key() -> OKPKey:
    """An Ed25519 key with its thumbprint as `kid`."""
    key = OKPKey.generate_key("Ed25519", private=True, auto_kid=False)
    return OKPKey.import_key({**key.as_dict(private=True), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM})


def sealed(key: OKPKey, server_key: bytes) -> str:
    """The private key, encrypted: a copy of the database alone signs nothing."""
    return seals.sealed(json.dumps(key.as_dict(private=True)), server_key)


def unsealed(text: str, server_key: bytes) -> OKPKey:
    """Open what `sealed` made. Raises JoseError where the server's key is another one."""
    return OKPKey.import_key(json.loads(seals.unsealed(text, server_key)))


class Keyring:
    """Signs with the newest key whose time has come, verifies with any that is known."""

    def __init__(self, keys: Sequence[RingKey], *, issuer: str, audience: str) -> None:
        """`keys` are oldest first."""
        self.keys = list(keys)
        self._kids = {each.key.kid for each in keys}
        self.issuer, self.audience = issuer, audience

    def sign(self, bearer: Bearer | ClientBearer, *, at: datetime, until: datetime) -> str:
        """An access token for the bearer."""
        key = next(each.key for each in reversed(self.keys) if each.may_sign(at))
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            **bearer.claims,
            "jti": str(uuid4()),
            "iat": int(at.timestamp()),
            "exp": int(until.timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])

    def _claims(self, at: datetime) -> jwt.JWTClaimsRegistry:
        """What a token must say at this instant of the database's clock, whatever this machine's says."""
        return jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            sub={"essential": True},
            exp={"essential": True},
            ver={"essential": True},
        )

    def lacks(self, kid: object) -> bool:
        """Whether a key is not of this ring; another process may have made a newer one."""
        return not isinstance(kid, str) or kid not in self._kids

    def read(self, token: str, at: datetime) -> Bearer | ClientBearer:
        """Who bears it. Raises TokenExpired, or TokenInvalid where anything but its time is not right."""
        known = KeySet([each.key for each in self.keys if each.is_known(at)])
        try:
            decoded = jwt.decode(token, known, algorithms=[ALGORITHM])
            claims = checked(decoded, (TYPE,), self._claims(at))
            subject, version = UUID(claims["sub"]), int(claims["ver"])
            if "mall" in claims:
                return ClientBearer(subject, int(claims["mall"]), version, tuple(claims["scope"].split()))
            return Bearer(subject, version, UUID(claims["sid"]))
        except (JoseError, ValueError, TypeError, KeyError):
            raise TokenInvalid from None


def checked(token: jwt.Token, types: Container[str], registry: jwt.JWTClaimsRegistry) -> Mapping[str, Any]:
    """What a signed token says. Its end is looked at last: TokenExpired means that nothing else was wrong.

    Raises TokenExpired, TokenInvalid or JoseError.
    """
    if str(token.header.get("typ")).lower() not in types:
        raise TokenInvalid
    try:
        registry.validate(dict(sorted(token.claims.items(), key=lambda claim: claim[0] == "exp")))
    except ExpiredTokenError:
        raise TokenExpired from None
    return token.claims


def header_of(token: str) -> Mapping[str, Any]:
    """What a token says of how it was signed; believed by nobody yet."""
    try:
        header: object = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        return {}
    return header if isinstance(header, dict) else {}  # any JSON that holds the word "alg" gets here
