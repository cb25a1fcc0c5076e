"""The keys that verify access tokens."""

from fastapi import APIRouter, Response

from app.domain.signing_keys import KEY_LEAD
from app.schemas.signing_keys import VerifyingKeys
from app.web.dependencies import Context

router = APIRouter(prefix="/.well-known", tags=["sign-in"])
KEPT = f"public, max-age={int(KEY_LEAD.total_seconds() // 2)}"


@router.get("/jwks.json")
async def show_signing_keys(context: Context, response: Response) -> VerifyingKeys:
    """Show the keys that verify access tokens, also those that will sign soon (RFC 7517).

    Read it again every few minutes, at the latest when a token names a `kid` that is not here: `Cache-Control` says how
    long it may be kept. A new key is shown here before it signs, an old one until the last token that it signed has
    expired.
    """
    response.headers["Cache-Control"] = KEPT
    return VerifyingKeys.model_validate({"keys": await context.signing_keys.published()})
