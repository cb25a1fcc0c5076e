"""Where OAuth clients look first: how tokens are had, and the keys that check them."""

from fastapi import APIRouter, Request, Response

from app import schemas
from app.domain.accounts import KEY_LEAD
from app.domain.names import Language
from app.domain.roles import USABLE_SCOPES
from app.web.callers import TheHouse
from app.web.sign_in import SignIn

router = APIRouter(prefix="/.well-known", tags=["sign-in"])
KEPT = f"public, max-age={int(KEY_LEAD.total_seconds() // 2)}"


@router.get("/jwks.json")
async def show_signing_keys(house: TheHouse, response: Response) -> schemas.VerifyingKeys:
    """Show the keys that access tokens are checked with, those that will sign soon among them (RFC 7517)."""
    response.headers["Cache-Control"] = KEPT
    return schemas.VerifyingKeys.model_validate({"keys": await house.keys.published()})


@router.get("/oauth-authorization-server")
async def describe_sign_in(request: Request, house: TheHouse, response: Response) -> schemas.AuthorizationServer:
    """Describe how access tokens are had (RFC 8414)."""
    response.headers["Cache-Control"] = KEPT
    sign_in: SignIn = request.app.state.sign_in
    issuer = house.keyring.issuer
    base = issuer.rstrip("/")
    return schemas.AuthorizationServer(
        issuer=issuer,
        token_endpoint=f"{base}/v1/oauth/token",
        revocation_endpoint=f"{base}/v1/oauth/revoke",
        jwks_uri=f"{base}/.well-known/jwks.json",
        scopes_supported=list(USABLE_SCOPES),
        response_types_supported=[],
        grant_types_supported=list(sign_in.grant_types),
        token_endpoint_auth_methods_supported=["client_secret_basic", "client_secret_post", "none"],
        revocation_endpoint_auth_methods_supported=["none"],
        service_documentation=f"{base}/docs",
        ui_locales_supported=[language.value for language in Language],
    )
