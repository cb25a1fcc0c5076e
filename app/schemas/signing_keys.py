"""The keys that verify access tokens, on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Output

_EXAMPLE = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"


class VerifyingKey(Output):
    """The public half of a signing key (RFC 8037)."""

    kty: Annotated[str, Field(examples=["OKP"])]
    """The key's type: an octet key pair."""
    crv: Annotated[str, Field(examples=["Ed25519"])]
    """The curve of the key, which says how to read `x`."""
    x: Annotated[str, Field(examples=[_EXAMPLE])]
    """The public key, in base64url."""
    kid: Annotated[str, Field(examples=["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"])]
    """The key's id, as tokens name it."""
    use: Literal["sig"]
    """It verifies signatures."""
    alg: Annotated[str, Field(examples=["Ed25519"])]
    """The algorithm of the signatures: accept no other in a token that names this key."""


class VerifyingKeys(Output):
    """The keys that verify access tokens (RFC 7517)."""

    keys: list[VerifyingKey]
    """The keys whose tokens are valid, and those that will sign soon."""
