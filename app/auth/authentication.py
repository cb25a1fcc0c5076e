"""Who is asking: a bearer token or device key becomes a Caller, remembered for a few seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import TypeAlias, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.oidc import OidcIssuer
from app.auth.signing_keys import SigningKeys
from app.database import Busy, Database
from app.domain.callers import PUBLIC, Caller, CallerKind
from app.domain.devices import DeviceKind
from app.domain.errors import TokenInvalid, Unauthenticated
from app.domain.roles import RoleBinding
from app.queries import accounts, clients, devices
from app.security.secrets import fingerprint, mall_of_key
from app.security.tokens import Bearer

Who = TypeVar("Who")
Find: TypeAlias = Callable[[AsyncSession, Who, int | None], Awaitable[Caller | None]]
"""Finds an account by what its token says, with its grants in all malls, or in one."""
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
        self._looking: dict[tuple[bytes, int | None], asyncio.Task[Caller]] = {}

    async def caller(self, authorization: str, mall_id: int | None) -> Caller:
        """Whose credential an `Authorization` header holds; nobody's is the public's. The request is about the mall.

        Raises Unauthenticated: what exactly depends on whether a credential of the right sort was shown.
        """
        scheme, _, credential = authorization.strip().partition(" ")
        if not scheme:
            return PUBLIC
        if scheme.lower() != "bearer":  # another way of showing who one is counts as none (RFC 6750 section 3.1)
            raise Unauthenticated
        if not credential.isascii():
            raise TokenInvalid
        return await self._remembered(credential.strip(), mall_id)

    async def _remembered(self, credential: str, mall_id: int | None) -> Caller:
        """Who it is, as remembered; whoever comes with it while it is looked up waits for that."""
        key, now = sha256(credential.encode()).digest(), time.monotonic()
        known = self._callers.get(key)
        if known and now - known[0] < self._remembered_seconds and known[1].only_in in (None, mall_id):
            return known[1]
        looking = self._looking.get((key, mall_id))
        if looking is None:
            looking = self._looking[key, mall_id] = asyncio.create_task(self._look(key, credential, mall_id))
            looking.add_done_callback(partial(self._looked, (key, mall_id)))
        return await asyncio.shield(looking)

    def _looked(self, who: tuple[bytes, int | None], looking: asyncio.Task[Caller]) -> None:
        del self._looking[who]
        if not looking.cancelled():
            looking.exception()  # told to who waits, if anybody

    async def _look(self, key: bytes, credential: str, mall_id: int | None) -> Caller:
        """Look up whose credential it is, and remember that."""
        now = time.monotonic()
        if credential.startswith(DEVICE_KEYS):
            caller = await self._device(credential)
        else:
            caller = await self._bearer(credential, mall_id)
        if caller is None:
            raise TokenInvalid
        if len(self._callers) >= _MOST:
            self._callers.clear()
        self._callers[key] = (now, caller)
        return caller

    async def _bearer(self, token: str, mall_id: int | None) -> Caller | None:
        if self.issuer and self.issuer.issued(token):
            identity = await self.issuer.read(token)
            return await self._person(accounts.caller_by_username, identity.username, mall_id)
        bearer = await self._signing_keys.bearer(token)
        if isinstance(bearer, Bearer):
            return await self._person(accounts.bearer, bearer, mall_id)
        async with self._database.reading() as reading:
            return await clients.bearer(reading.session, bearer)

    async def _person(self, find: Find[Who], who: Who, mall_id: int | None) -> Caller | None:
        """An account with its grants in all malls.

        Where some mall does not answer, those in the mall that the request is about are enough: another mall's part
        of the database that is away keeps nobody from work. Raises Busy where they do not answer, or are none.
        """
        try:
            async with self._database.reading() as reading:
                return await find(reading.session, who, None)
        except Busy:
            if mall_id is None:
                raise
        async with self._database.reading() as reading:
            caller = await find(reading.session, who, mall_id)
        if caller and not caller.grants:
            raise Busy
        return caller

    async def _device(self, key: str) -> Caller | None:
        mall_id = mall_of_key(key)
        if mall_id is None:
            return None
        async with self._database.reading() as reading:
            device = await devices.holder(reading.session, mall_id, fingerprint(key))
        if device is None:
            return None
        if device.last_used_at is None or reading.at - device.last_used_at > LAST_USE_EVERY:
            async with self._database.without_journal() as unit:
                await devices.was_used(unit.session, mall_id, device.id, unit.at)
        part = RoleBinding(DeviceKind(device.kind), mall_id)
        return Caller(CallerKind.DEVICE, device.id, (part,), location_id=device.location_id)
