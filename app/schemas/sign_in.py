"""Signing in on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from app.domain.roles import USABLE_SCOPES, Scope
from app.schemas.base import Output


class Token(Output):
    """An access token, and the refresh token that gets the next one (RFC 6749 section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    refresh_token: str


class ClientToken(Output):
    """A client's access token (RFC 6749 section 4.4.3). When it expires, the client asks for another one."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """Seconds."""
    scope: Annotated[str, Field(examples=["tickets:write tickets:read"])]
    """The scopes of the token, separated by spaces."""


class AuthorizationServer(Output):
    """How to get access tokens here (RFC 8414)."""

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
    """`none`: people, who send a password or a refresh token."""
    revocation_endpoint_auth_methods_supported: Annotated[list[str], Field(examples=[["none"]])]
    service_documentation: Annotated[str, Field(examples=["https://api.mall.example/docs"])]
    ui_locales_supported: Annotated[list[str], Field(examples=[["id", "en"]])]
