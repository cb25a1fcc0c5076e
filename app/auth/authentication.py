"""Who is asking: a bearer token or device key becomes a Caller, remembered for a few seconds."""

import time
from datetime import timedelta
from hashlib import sha256

from app.auth.oidc import OidcIssuer
from app.auth.signing_keys import SigningKeys
from app.database import Database
from app.domain.callers import PUBLIC, Caller, CallerKind
from app.domain.errors import Unauthenticated
from app.domain.roles import RoleBinding
from app.queries import accounts, clients, devices
from app.security.secrets import fingerprint, mall_of_key
from app.security.tokens import Bearer

REMEMBERED_SECONDS = 5
"""How long a process remembers whose credential it is: within this, what is revoked stops working everywhere."""
LAST_USE_EVERY = timedelta(minutes=1)
DEVICE_KEYS = ("mpk_", "mpd_")
"""How the keys of kiosks and displays begin."""
_MOST = 20_000


class Authentication:
    """The callers that one process knows."""

    def __init__(
        self, database: Database, signing_keys: SigningKeys, issuer: OidcIssuer | None, *, remembered_seconds: float
    ) -> None:
        """`issuer` is one elsewhere whose tokens count here; revoking takes effect within `remembered_seconds`."""
        self._database, self._signing_keys, self.issuer = database, signing_keys, issuer
        self._remembered_seconds = remembered_seconds
        self._callers: dict[bytes, tuple[float, Caller]] = {}

    async def caller(self, authorization: str) -> Caller:
        """Whose credential an `Authorization` header holds; nobody's is the public's. Raises Unauthenticated."""
        scheme, _, credential = authorization.partition(" ")
        if not scheme:
            return PUBLIC
        if scheme.lower() != "bearer" or not credential.isascii():
            raise Unauthenticated
        return await self._remembered(credential.strip())

    async def _remembered(self, credential: str) -> Caller:
        key, now = sha256(credential.encode()).digest(), time.monotonic()
        known = self._callers.get(key)
        if known and now - known[0] < self._remembered_seconds:
            return known[1]
        caller = await (self._device if credential.startswith(DEVICE_KEYS) else self._bearer)(credential)
        if caller is None:
            raise Unauthenticated
        if len(self._callers) >= _MOST:
            self._callers.clear()
        self._callers[key] = (now, caller)
        return caller

    async def _bearer(self, token: str) -> Caller | None:
        if self.issuer and self.issuer.issued(token):
            identity = await self.issuer.read(token)
            async with self._database.reading() as reading:
                return await accounts.caller_by_username(reading.session, identity.username) if identity else None
        bearer = await self._signing_keys.bearer(token)
        if bearer is None:
            return None
        async with self._database.reading() as reading:
            if isinstance(bearer, Bearer):
                return await accounts.bearer(reading.session, bearer)
            return await clients.bearer(reading.session, bearer)

    async def _device(self, key: str) -> Caller | None:
        mall_id = mall_of_key(key)
        if mall_id is None:
            return None
        async with self._database.reading() as reading:
            device = await devices.device(reading.session, mall_id, fingerprint(key))
        if device is None:
            return None
        if device.last_used_at is None or reading.at - device.last_used_at > LAST_USE_EVERY:
            async with self._database.without_journal() as unit:
                await devices.device_was_used(unit.session, device, unit.at)
        part = RoleBinding(device.kind, mall_id)
        return Caller(CallerKind.DEVICE, device.id, (part,), location_id=device.location_id)
