"""An issuer elsewhere whose access tokens count here: found by its discovery, checked with the keys that it publishes.

Keys are fetched before any transaction and kept. While the issuer is down, those that are known go on working.
"""

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING, Any

from joserfc.errors import JoseError

from app.database import Database
from app.domain.errors import TokenInvalid
from app.errors import Unavailable, domain_error
from app.security.external import ExternalIdentity, IssuerKeySet, issuer_of
from app.security.tokens import header_of

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("mpp.auth")
TIMEOUT_SECONDS = 3
AGAIN_SECONDS = 60
"""An unknown key is looked for this often at the most."""
OLD_SECONDS = 3600
"""So old, keys are fetched anew: one that the issuer took back leaves."""
LARGEST_BYTES = 1 << 20


@domain_error
class IssuerUnavailable(Unavailable):
    """The keys of the token's issuer could not be fetched."""

    retry_after_seconds: int = AGAIN_SECONDS


class OidcIssuer:
    """One process's view of the issuer."""

    def __init__(self, database: Database, *, issuer: str, audience: str, claim: str) -> None:
        self._database = database
        self.issuer, self._audience, self._claim = issuer, audience, claim
        self._keys: IssuerKeySet | None = None
        self._asked_at = self._had_at = float("-inf")
        self._turn = asyncio.Lock()

    def issued(self, token: str) -> bool:
        """Whether the token says that it is the issuer's."""
        return issuer_of(token) == self.issuer

    async def read(self, token: str) -> ExternalIdentity:
        """Whom a good token names. Raises TokenExpired, TokenInvalid, or IssuerUnavailable without any keys of it."""
        kid = header_of(token).get("kid")
        if self._keys is None or self._keys.lacks(kid) or time.monotonic() - self._had_at > OLD_SECONDS:
            async with self._turn:
                await self._ask()
        if self._keys is None:
            raise IssuerUnavailable
        if self._keys.lacks(kid):
            raise TokenInvalid
        async with self._database.reading() as reading:
            return self._keys.read(token, reading.at)

    async def _ask(self) -> None:
        """Fetch the keys, unless they were asked for a moment ago."""
        if time.monotonic() - self._asked_at < AGAIN_SECONDS:
            return
        self._asked_at = time.monotonic()
        import httpx  # noqa: PLC0415  # it loads a command line of its own, and few programs have an issuer elsewhere

        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client, asyncio.timeout(2 * TIMEOUT_SECONDS):
                found = await _fetched(client, self.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if found["issuer"] != self.issuer:
                    raise ValueError("the discovery document is another issuer's")  # noqa: TRY301
                self._keys = IssuerKeySet(
                    await _fetched(client, found["jwks_uri"]),
                    issuer=self.issuer,
                    audience=self._audience,
                    claim=self._claim,
                )
            self._had_at = self._asked_at
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            JoseError,
            TimeoutError,
            ValueError,
            TypeError,
            LookupError,
        ) as error:
            log.warning(
                "the issuer's keys could not be fetched: %s", repr(error)
            )  # it may quote the issuer, but no visitor


async def _fetched(client: "httpx.AsyncClient", url: str) -> dict[str, Any]:
    async with client.stream("GET", url) as answer:
        answer.raise_for_status()
        body = b""
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > LARGEST_BYTES:
                raise ValueError("the answer is too large")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise TypeError("the answer is no object")
    return found
