"""The keys that verify access tokens, on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Output

_EXAMPLE = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"


class VerifyingKey(Output):
    """The public half of a signing key (RFC 8037)."""

    kty: Annotated[str, Field(examples=["OKP"])]
    crv: Annotated[str, Field(examples=["Ed25519"])]
    x: Annotated[str, Field(examples=[_EXAMPLE])]
    kid: Annotated[str, Field(examples=["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"])]
    use: Literal["sig"]
    alg: Annotated[str, Field(examples=["Ed25519"])]


class VerifyingKeys(Output):
    """The keys that verify access tokens (RFC 7517)."""

    keys: list[VerifyingKey]
