"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.auth.sign_in import credentials
from app.domain.clients import InvalidClient, InvalidScope, TwoCredentials
from app.domain.names import Language
from app.domain.roles import USABLE_SCOPES
from app.domain.sign_in import InvalidGrant, UnsupportedGrantType
from app.routers.signing_keys import KEPT
from app.schemas.sign_in import AuthorizationServer, ClientToken, RevocationRequest, Token, TokenRequest
from app.web.dependencies import Context, address, reads
from app.web.problems import refuses

router = APIRouter()


@router.post(
    "/v1/oauth/token",
    tags=["sign-in"],
    dependencies=[reads(TokenRequest)],
    responses=refuses(InvalidGrant, UnsupportedGrantType, InvalidClient, InvalidScope, TwoCredentials),
)
async def issue_token(
    request: Request,
    context: Context,
    form: Annotated[TokenRequest, Form()],
) -> Token | ClientToken:
    """Get an access token: with a password, a refresh token, or a partner client's secret (RFC 6749).

    An access token is valid for 15 minutes. A refresh token is used once; the answer carries the next one. Where the
    answer was lost, the same refresh token brings the same next one again for 30 seconds, unless that was used; used
    again later, it ends the session. A client sends its secret in the header (`client_secret_basic`) or in the form,
    and gets no refresh token.
    """
    sign_in = context.sign_in
    match form.grant_type:
        case "password":
            return await sign_in.with_password(form.username, form.password, address(request))
        case "refresh_token":
            return await sign_in.with_refresh_token(form.refresh_token)
        case "client_credentials":
            shown = credentials(request.headers.get("authorization", ""), form.client_id, form.client_secret)
            return await sign_in.with_client_secret(shown, form.scope, address(request))
        case _:
            raise UnsupportedGrantType


@router.post(
    "/v1/oauth/revoke",
    tags=["sign-in"],
    response_class=Response,
    dependencies=[reads(RevocationRequest)],
)
async def revoke_token(context: Context, form: Annotated[RevocationRequest, Form()]) -> Response:
    """Sign out: end a refresh token and all that came from the same sign-in, access tokens within five seconds.

    What is no refresh token, or one that has ended, is ignored: the answer is a 200 all the same (RFC 7009).
    """
    await context.sign_in.out(form.token)
    return Response(status_code=200)


@router.get("/.well-known/oauth-authorization-server", tags=["sign-in"])
async def describe_sign_in(context: Context, response: Response) -> AuthorizationServer:
    """Describe how to get access tokens (RFC 8414).

    It names the token and revocation endpoints, the keys' address, the grants that work here and the scopes that
    clients can be given. `password` is missing where the operator has turned it off.
    """
    response.headers["Cache-Control"] = KEPT
    issuer = context.signing_keys.ring.issuer
    base = issuer.rstrip("/")
    return AuthorizationServer(
        issuer=issuer,
        token_endpoint=f"{base}/v1/oauth/token",
        revocation_endpoint=f"{base}/v1/oauth/revoke",
        jwks_uri=f"{base}/.well-known/jwks.json",
        scopes_supported=list(USABLE_SCOPES),
        response_types_supported=[],
        grant_types_supported=list(context.sign_in.grant_types),
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post", "none"],
        revocation_endpoint_auth_methods_supported=["none"],
        service_documentation=f"{base}/docs",
        ui_locales_supported=[language.value for language in Language],
    )
