"""Who is asking: a bearer token or device key becomes a Caller, remembered for a few seconds."""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.params import Depends as DependsParam

from app.access import Caller
from app.database import Database
from app.domain.errors import Forbidden, NotThere, Unauthenticated
from app.domain.malls import MallRef
from app.domain.roles import Anyone, Permission, RoleBinding
from app.queries import accounts, clients, devices, malls
from app.schemas.base import SLUG
from app.security.passwords import Passwords
from app.security.secrets import fingerprint, mall_of_key
from app.security.tokens import Bearer, Keyring
from app.web.boards import Boards
from app.web.issuer import Issuer
from app.web.keys import Keys
from app.web.limits import Limits
from app.web.proxies import Network, client_of, is_local

LAST_USE_EVERY = timedelta(minutes=1)
_MOST = 20_000
PUBLIC = Caller("public", None, (RoleBinding(Anyone.PUBLIC),))

log = logging.getLogger("mpp.web")


@dataclass
class House:
    """What belongs to one running program; handlers reach it through the dependencies below."""

    database: Database
    keys: Keys
    server_key: bytes
    passwords: Passwords
    limits: Limits
    trusted_proxies: tuple[Network, ...]
    metrics_token: str | None
    caller_cache_seconds: float
    """Revoking takes effect within this, in every process."""
    issuer: Issuer | None = None
    """An issuer elsewhere whose tokens count here."""

    def __post_init__(self) -> None:
        self._malls: dict[str, MallRef] = {}
        self._callers: dict[bytes, tuple[float, Caller]] = {}
        self.boards = Boards(self.database)

    @property
    def keyring(self) -> Keyring:
        """The keys that this process knows."""
        return self.keys.ring

    async def mall(self, slug: str) -> MallRef:
        """A mall by its slug. Raises NotThere."""
        if slug not in self._malls:
            async with self.database.reading() as reading:
                found = await malls.ref(reading.session, slug)
            if found is None:
                raise NotThere(thing="mall")
            self._malls[slug] = found
        return self._malls[slug]

    async def caller(self, credential: str) -> Caller:
        """Whose credential it is. Raises Unauthenticated."""
        key, now = sha256(credential.encode()).digest(), time.monotonic()
        known = self._callers.get(key)
        if known and now - known[0] < self.caller_cache_seconds:
            return known[1]
        caller = await (self._device if credential.startswith(("mpk_", "mpd_")) else self._bearer)(credential)
        if caller is None:
            raise Unauthenticated
        if len(self._callers) >= _MOST:
            self._callers.clear()
        self._callers[key] = (now, caller)
        return caller

    async def _bearer(self, token: str) -> Caller | None:
        if self.issuer and self.issuer.issued(token):
            named = await self.issuer.read(token)
            async with self.database.reading() as reading:
                return await accounts.caller_by_username(reading.session, named.username) if named else None
        bearer = await self.keys.bearer(token)
        if bearer is None:
            return None
        async with self.database.reading() as reading:
            if isinstance(bearer, Bearer):
                return await accounts.bearer(reading.session, bearer)
            return await clients.bearer(reading.session, bearer)

    async def _device(self, key: str) -> Caller | None:
        mall_id = mall_of_key(key)
        if mall_id is None:
            return None
        async with self.database.reading() as reading:
            device = await devices.device(reading.session, mall_id, fingerprint(key))
        if device is None:
            return None
        if device.last_used_at is None or reading.at - device.last_used_at > LAST_USE_EVERY:
            async with self.database.bookkeeping() as books:
                await devices.device_was_used(books.session, device, books.at)
        return Caller("device", device.id, (RoleBinding(device.kind, mall_id),))


def house(request: Request) -> House:
    """The running program."""
    found: House = request.app.state.house
    return found


async def _house(request: Request) -> House:
    return house(request)


async def _mall(
    request: Request,
    mall: Annotated[str, Path(pattern=SLUG, description="The mall's slug", examples=["samarinda"])],
) -> MallRef:
    return await house(request).mall(mall)


async def _caller(request: Request) -> Caller:
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        request.scope["caller"] = PUBLIC
        return PUBLIC
    if scheme.lower() != "bearer" or not credential.isascii():
        raise Unauthenticated
    request.scope["caller"] = caller = await house(request).caller(credential.strip())
    return caller


def address(request: Request) -> str:
    """The address of who is asking, as limits count it."""
    return client_of(request, house(request).trusted_proxies)


def is_operator(request: Request) -> bool:
    """Whether it is the machine itself that asks, or who shows the token for metrics."""
    token = house(request).metrics_token
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    right = token is not None and scheme.lower() == "bearer" and compare_digest(shown.strip().encode(), token.encode())
    return right or is_local(request)


async def _person(request: Request, caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    if caller.id is None:
        raise Unauthenticated
    if caller.kind != "account":
        raise Forbidden
    house(request).limits.pace(caller, address(request))
    return caller


async def _stranger(request: Request) -> None:
    house(request).limits.pace(PUBLIC, address(request))


TheHouse = Annotated[House, Depends(_house)]
CurrentMall = Annotated[MallRef, Depends(_mall)]
Anybody = Annotated[Caller, Depends(_caller)]
STRANGER = Depends(_stranger)
"""Counts a request for its address, where nobody is known yet."""
Person = Annotated[Caller, Depends(_person)]
"""Whoever is signed in with an account, whatever the roles."""


def needs(verb: Permission) -> Any:  # noqa: ANN401  # what Depends returns
    """The caller, if it may do this in the mall of the path."""

    async def allowed(request: Request, mall: CurrentMall, caller: Anybody) -> Caller:
        caller.must(verb, mall.id)
        house(request).limits.pace(caller, address(request))
        return caller

    return _marked(allowed, verb)


def needs_on_platform(verb: Permission) -> Any:  # noqa: ANN401  # what Depends returns
    """The caller, if it may do this on the platform."""

    async def allowed(request: Request, caller: Anybody) -> Caller:
        caller.must(verb, None)
        house(request).limits.pace(caller, address(request))
        return caller

    return _marked(allowed, verb)


def _marked(dependency: Callable[..., Awaitable[Caller]], verb: Permission) -> DependsParam:
    dependency.verb = verb  # type: ignore[attr-defined]  # read by the document and the tests
    return DependsParam(dependency)
