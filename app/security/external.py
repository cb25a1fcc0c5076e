"""Access tokens of another issuer (RFC 9068), checked with that issuer's public keys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from app.domain.errors import TokenExpired, TokenInvalid
from app.security.tokens import checked

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Asymmetric ones only: with `none` or HS256, whoever knows the public key could sign."""
SKEW_SECONDS = 5
"""How far the issuer's clock may be ahead of ours."""
TYPES = ("at+jwt", "application/at+jwt")
"""An ID token is no access token."""


@dataclass(frozen=True)
class ExternalIdentity:
    """What a good token of the issuer says: the claim that names the account."""

    username: str


class IssuerKeySet:
    """An issuer's keys, by their names."""

    def __init__(self, document: Mapping[str, Any], *, issuer: str, audience: str, claim: str) -> None:
        """Raise ValueError or JoseError where the document is no JWK Set."""
        usable = [
            each
            for each in document["keys"]
            if each.get("kid") and each.get("kty") in ("RSA", "EC", "OKP") and each.get("use", "sig") == "sig"
        ]
        self._keys = KeySet.import_key_set({"keys": usable})
        self._kids = {each["kid"] for each in usable}
        self._claim = claim
        self._issuer, self._audience = issuer, audience

    def lacks(self, kid: object) -> bool:
        """Whether the issuer had no such key when it was asked."""
        return not isinstance(kid, str) or kid not in self._kids

    def _claims(self, at: datetime) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
        )

    def read(self, token: str, at: datetime) -> ExternalIdentity:
        """Whom it names. Raises TokenExpired, or TokenInvalid where anything but its time is not right."""
        try:
            decoded = jwt.decode(token, self._keys, algorithms=ALGORITHMS)
            claims = checked(decoded, TYPES, self._claims(at))
            username = claims[self._claim]
        except (JoseError, ValueError, TypeError, KeyError):
            raise TokenInvalid from None
        if claims["exp"] <= at.timestamp():  # the allowance for a clock that is ahead makes no token live longer
            raise TokenExpired
        if not isinstance(username, str) or not username.isprintable():
            raise TokenInvalid
        return ExternalIdentity(username)


def issuer_of(token: str) -> object:
    """The issuer that a token names; believed by nobody yet."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
        return claims.get("iss") if isinstance(claims, dict) else None
    except (JoseError, ValueError, RecursionError):
        return None
