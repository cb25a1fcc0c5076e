"""The OAuth endpoints' work: passwords, refresh tokens and client secrets become access tokens.

Their errors follow RFC 6749.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from urllib.parse import unquote_plus
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.actions import accounts as actions
from app.actions import sign_in
from app.database import PLATFORM_REF, Database
from app.domain.accounts import must_fit
from app.domain.callers import Caller
from app.domain.clients import LAST_USE_EVERY, InvalidClient, TwoCredentials, narrowed
from app.domain.sign_in import ACCESS_TOKEN_LIFE, InvalidGrant, UnsupportedGrantType
from app.journal import UnitOfWork
from app.queries import accounts as queries
from app.queries import clients
from app.schemas.me import ChangedPassword
from app.schemas.sign_in import ClientToken, Token
from app.security.passwords import Passwords
from app.security.tokens import Bearer, ClientBearer, Keyring
from app.web.guesses import count, guess_key, guessing, take_back
from app.web.keys import Keys
from app.web.writing import Write

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Credentials:
    """What a client shows of itself."""

    client_id: str
    secret: str = field(repr=False)


def credentials(header: str, client_id: str, secret: str) -> Credentials:
    """What a client shows, in the header (`client_secret_basic`) or the form (`client_secret_post`).

    In the header both are form-encoded before they are put together (RFC 6749 section 2.3.1).
    """
    scheme, _, encoded = header.partition(" ")
    if not header:
        return Credentials(client_id, secret)
    if scheme.lower() != "basic":
        raise InvalidClient
    if secret:
        raise TwoCredentials
    try:
        named, colon, shown = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise InvalidClient from None
    in_header = Credentials(unquote_plus(named), unquote_plus(shown))
    if not colon or client_id not in ("", in_header.client_id):
        raise InvalidClient
    return in_header


class SignIn:
    """Signs people in."""

    def __init__(self, database: Database, passwords: Passwords, keys: Keys, *, password_grant: bool) -> None:
        self._database, self._passwords, self._keys = database, passwords, keys
        self._password_grant = password_grant

    @property
    def grant_types(self) -> tuple[str, ...]:
        """What tokens are given for."""
        return ("client_credentials", "refresh_token", *(("password",) if self._password_grant else ()))

    async def with_password(self, username: str, password: str, address: str) -> Token:
        """Tokens for a user name and password. The hash is computed before any transaction, known user or not."""
        if not self._password_grant:
            raise UnsupportedGrantType
        account = await self._proven(username, password, address)
        if account is None:
            raise InvalidGrant
        keyring = await self._keys.fresh()
        async with self._database.without_journal() as unit:
            return self._tokens(keyring, unit, account.id, account.token_version, models.new_id())

    async def with_new_password(self, write: Write, by: Caller, current: str, new: str, address: str) -> Token:
        """Change the own password: all sessions end, and the tokens of a new one are the answer.

        What is computed slowly is computed before the journal is taken; that the present password was wrong is said
        inside it, so that a repeat under the same key is answered as the first request was.
        """
        must_fit(new, by.username or "", "new_password")
        account = await self._proven(by.username or "", current, address)
        password = await self._passwords.new(new)
        changed = await write(
            PLATFORM_REF,
            by,
            ChangedPassword,
            actions.change_password,
            by.id or NOBODY,
            proven=account.token_version if account else None,
            password=password,
        )
        keyring = await self._keys.fresh()
        async with self._database.without_journal() as unit:
            return self._tokens(keyring, unit, changed.id, changed.token_version, models.new_id())

    async def _proven(self, username: str, password: str, address: str) -> models.Account | None:
        """The account whose password this is, if it is let in; unknown ones take as long. Raises RateLimited.

        A guess is counted before it is tried, in its turn, so that few are counted whose outcome is not known yet:
        a whole office that signs in at eight behind one address is no guesser.
        """
        account = None
        if username.isprintable():
            async with self._database.reading() as reading:
                account = await queries.account_named(reading.session, username)
        usable = account if account and account.disabled_at is None else None
        keys = [guess_key("account", username.lower()), guess_key("address", address)]
        async with self._passwords.turn:
            await count(self._database, keys)
            right = await self._passwords.matches(password, usable.password_hash if usable else None)
            if right:
                await take_back(self._database, keys)
        return usable if right else None

    async def with_refresh_token(self, token: str) -> Token:
        """New tokens for a refresh token, which is used up; using an old one again ends its whole family."""
        keyring = await self._keys.fresh()
        async with self._database.without_journal() as unit:
            used = await sign_in.use_refresh_token(unit.session, token, unit.at)
            account = used and await queries.account(unit.session, used.account_id)
            if used and account and account.disabled_at is None and account.token_version == used.token_version:
                return self._tokens(keyring, unit, account.id, account.token_version, used.family_id)
            await sign_in.revoke_family(unit.session, token, unit.at)
        raise InvalidGrant

    async def with_client_secret(self, shown: "Credentials", scope: str, address: str) -> ClientToken:
        """A token for a client that shows its secret, for all of its scopes or those asked for."""
        keys = [guess_key("client", shown.client_id), guess_key("address", address)]
        async with guessing(self._database, keys, InvalidClient), self._database.reading() as reading:
            client = await clients.proven(reading.session, shown.client_id, shown.secret, reading.at)
            if client is None:
                raise InvalidClient
        scopes = narrowed(client.scopes, scope)
        if client.last_used_at is None or reading.at - client.last_used_at > LAST_USE_EVERY:
            async with self._database.without_journal() as unit:
                await clients.was_used(unit.session, client, unit.at)
        bearer = ClientBearer(client.id, client.mall_id, client.token_version, tuple(scopes))
        keyring = await self._keys.fresh()
        return ClientToken(
            access_token=keyring.sign(bearer, at=reading.at, until=reading.at + ACCESS_TOKEN_LIFE),
            token_type="Bearer",  # noqa: S106  # the type's name, not a secret
            expires_in=int(ACCESS_TOKEN_LIFE.total_seconds()),
            scope=" ".join(scopes),
        )

    async def out(self, token: str) -> None:
        """End a refresh token's family (RFC 7009). What is unknown is as good as ended."""
        async with self._database.without_journal() as unit:
            await sign_in.revoke_family(unit.session, token, unit.at)

    def _tokens(self, keyring: Keyring, unit: UnitOfWork, account_id: UUID, version: int, family_id: UUID) -> Token:
        session: AsyncSession = unit.session
        return Token(
            access_token=keyring.sign(Bearer(account_id, version), at=unit.at, until=unit.at + ACCESS_TOKEN_LIFE),
            token_type="Bearer",  # noqa: S106  # the type's name, not a secret
            expires_in=int(ACCESS_TOKEN_LIFE.total_seconds()),
            refresh_token=sign_in.new_refresh_token(session, account_id, version, family_id, unit.at),
        )
