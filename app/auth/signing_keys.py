"""The keys that sign access tokens: kept sealed in the database, the first one made at the first start.

A key that follows is seen by every process, and by whoever reads the JWKS, before it signs; and a token that names a
key unknown here is looked up in the database. So no valid token is refused while keys change.
"""

import time
from typing import Any

from app.actions import signing_keys as actions
from app.database import Database
from app.domain.errors import TokenInvalid
from app.domain.signing_keys import KEY_RELOAD
from app.queries import signing_keys as queries
from app.security.tokens import Bearer, ClientBearer, Keyring, RingKey, header_of, unsealed


class SigningKeys:
    """One process's view of the keys."""

    def __init__(self, database: Database, server_key: bytes, *, issuer: str, audience: str) -> None:
        self._database, self._server_key = database, server_key
        self.ring = Keyring((), issuer=issuer, audience=audience)
        self._read_at = 0.0

    async def begin(self) -> None:
        """Read the keys at the start of a process. Two first starts at once leave two keys, both good."""
        async with self._database.without_journal() as unit:
            if not await queries.signing_keys(unit.session, unit.at):
                actions.add(unit.session, self._server_key, unit.at)
        await self._reload()

    async def fresh(self) -> Keyring:
        """The keys as they were a moment ago at the most: new ones sign, and old ones leave, in every process."""
        if time.monotonic() - self._read_at > KEY_RELOAD.total_seconds():
            await self._reload()
        return self.ring

    async def bearer(self, token: str) -> Bearer | ClientBearer:
        """Who bears the token, with the key that it names looked up where it is not known here yet.

        Raises TokenExpired or TokenInvalid.
        """
        kid = header_of(token).get("kid")
        if not isinstance(kid, str):
            raise TokenInvalid
        if (await self.fresh()).lacks(kid):
            async with self._database.reading() as reading:
                there = kid.isprintable() and await queries.has_key(reading.session, kid)
            if not there:
                raise TokenInvalid
            await self._reload()
        async with self._database.reading() as reading:
            return self.ring.read(token, reading.at)

    async def published(self) -> list[dict[str, Any]]:
        """The public halves, as a JWK Set holds them; those that will sign soon are there already."""
        async with self._database.reading() as reading:
            return [row.public for row in await queries.signing_keys(reading.session, reading.at)]

    async def _reload(self) -> None:
        async with self._database.reading() as reading:
            rows = await queries.signing_keys(reading.session, reading.at)
        keys = [RingKey(unsealed(row.sealed, self._server_key), row.signs_from, row.retired_at) for row in rows]
        self.ring = Keyring(keys, issuer=self.ring.issuer, audience=self.ring.audience)
        self._read_at = time.monotonic()
