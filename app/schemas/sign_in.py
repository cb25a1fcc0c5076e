"""Signing in on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.domain.roles import USABLE_SCOPES, Scope
from app.schemas.base import Output

_Secret = {"format": "password"}


class TokenRequest(BaseModel):
    """A request for a token, as a form (RFC 6749). Members that are not known are ignored, as it demands."""

    grant_type: Annotated[
        str,
        Field(
            json_schema_extra={"enum": ["password", "refresh_token", "client_credentials"]},
            description="What is shown: a person's password, a refresh token, or a client's secret",
        ),
    ]
    username: Annotated[
        str, Field(max_length=100, description="For `password`: the user name", examples=["petugas.disdukcapil.1"])
    ] = ""
    password: Annotated[
        str,
        Field(
            max_length=200,
            json_schema_extra=_Secret,
            description="For `password`: the person's password, as it is typed",
        ),
    ] = ""
    refresh_token: Annotated[
        str,
        Field(
            max_length=200,
            description="For `refresh_token`: the newest of the session; it works once, and brings a lost answer again",
        ),
    ] = ""
    client_id: Annotated[
        str, Field(max_length=100, description="For `client_credentials`, where the secret is not in the header")
    ] = ""
    client_secret: Annotated[
        str, Field(max_length=200, json_schema_extra=_Secret, description="For `client_credentials`, with `client_id`")
    ] = ""
    scope: Annotated[
        str,
        Field(
            max_length=500,
            description="For `client_credentials`: the scopes to ask for, separated by spaces; all if left out",
        ),
    ] = ""


class RevocationRequest(BaseModel):
    """A token to end, as a form (RFC 7009)."""

    token: Annotated[
        str, Field(min_length=1, max_length=2000, description="A refresh token; all others are ignored, with a 200")
    ]


class Token(Output):
    """An access token, and the refresh token that gets the next one (RFC 6749 section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """In how many seconds the access token expires, from this answer on."""
    refresh_token: str
    """Gets the next tokens, once."""


class ClientToken(Output):
    """A client's access token (RFC 6749 section 4.4.3). When it expires, the client asks for another one."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    """In how many seconds the access token expires, from this answer on."""
    scope: Annotated[str, Field(examples=["tickets:write tickets:read"])]
    """The scopes of the token, separated by spaces."""


class AuthorizationServer(Output):
    """How to get access tokens here (RFC 8414)."""

    issuer: Annotated[str, Field(examples=["https://api.mall.example"])]
    """What tokens name as `iss`."""
    token_endpoint: Annotated[str, Field(examples=["https://api.mall.example/v1/oauth/token"])]
    """Where tokens are got."""
    revocation_endpoint: Annotated[str, Field(examples=["https://api.mall.example/v1/oauth/revoke"])]
    """Where refresh tokens are ended."""
    jwks_uri: Annotated[str, Field(examples=["https://api.mall.example/.well-known/jwks.json"])]
    """Where the keys are that verify tokens."""
    scopes_supported: Annotated[list[Scope], Field(examples=[list(USABLE_SCOPES)])]
    """The scopes that can be given."""
    response_types_supported: list[str]
    """Empty: there is no authorization endpoint."""
    grant_types_supported: Annotated[list[str], Field(examples=[["client_credentials", "refresh_token", "password"]])]
    """What tokens are given for."""
    token_endpoint_auth_methods_supported: Annotated[
        list[str], Field(examples=[["client_secret_basic", "client_secret_post", "none"]])
    ]
    """`none`: people, who send a password or a refresh token."""
    revocation_endpoint_auth_methods_supported: Annotated[list[str], Field(examples=[["none"]])]
    """`none`: whoever has a refresh token may end it."""
    service_documentation: Annotated[str, Field(examples=["https://api.mall.example/docs"])]
    """Where people read more."""
    ui_locales_supported: Annotated[list[str], Field(examples=[["id", "en"]])]
    """The languages of texts."""
