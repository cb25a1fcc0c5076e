"""What the world may know of how tokens are had and checked."""

from typing import Annotated, Literal

from pydantic import Field

from app.domain.roles import USABLE_SCOPES, Scope
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
    """The keys that access tokens are checked with (RFC 7517)."""

    keys: list[VerifyingKey]


class AuthorizationServer(Output):
    """How access tokens are had here (RFC 8414)."""

    issuer: Annotated[str, Field(examples=["https://api.mall.example"])]
    token_endpoint: Annotated[str, Field(examples=["https://api.mall.example/v1/oauth/token"])]
    revocation_endpoint: Annotated[str, Field(examples=["https://api.mall.example/v1/oauth/revoke"])]
    jwks_uri: Annotated[str, Field(examples=["https://api.mall.example/.well-known/jwks.json"])]
    scopes_supported: Annotated[list[Scope], Field(examples=[list(USABLE_SCOPES)])]
    response_types_supported: list[str]
    """Empty: there is no authorization endpoint."""
    grant_types_supported: Annotated[list[str], Field(examples=[["client_credentials", "refresh_token", "password"]])]
    token_endpoint_auth_methods_supported: Annotated[
        list[str], Field(examples=[["client_secret_basic", "client_secret_post", "none"]])
    ]
    """`none`: people, who show a password or refresh token."""
    revocation_endpoint_auth_methods_supported: Annotated[list[str], Field(examples=[["none"]])]
    service_documentation: Annotated[str, Field(examples=["https://api.mall.example/docs"])]
    ui_locales_supported: Annotated[list[str], Field(examples=[["id", "en"]])]
