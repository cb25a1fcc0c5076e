"""The OAuth endpoints' work: passwords, refresh tokens and client secrets become access tokens.

Their errors follow RFC 6749.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass, field
from urllib.parse import unquote_plus
from uuid import UUID

from app import models
from app.actions import sign_in
from app.auth.brute_force import SignInAttempt, attempt_key, throttled
from app.auth.signing_keys import SigningKeys
from app.database import Database
from app.domain.accounts import must_fit
from app.domain.callers import Caller
from app.domain.clients import LAST_USE_EVERY, InvalidClient, TwoCredentials, narrowed
from app.domain.paces import GUESSES, GUESSES_OF_ADDRESS
from app.domain.sign_in import ACCESS_TOKEN_LIFE, InvalidGrant, UnsupportedGrantType
from app.journal import UnitOfWork
from app.queries import accounts as queries
from app.queries import clients
from app.schemas.sign_in import ClientToken, Token
from app.security.passwords import NewPassword, Passwords
from app.security.secrets import new_token, successor_of
from app.security.tokens import Bearer, ClientBearer, Keyring


@dataclass(frozen=True)
class Credentials:
    """What a client shows of itself."""

    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class PasswordChange:
    """What changing a password needs."""

    proven: int | None
    """The account's version for which the present password was right; None: it was wrong."""
    password: NewPassword


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

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        signing_keys: SigningKeys,
        server_key: bytes,
        *,
        password_grant: bool,
    ) -> None:
        self._database, self._passwords, self._signing_keys = database, passwords, signing_keys
        self._server_key = server_key
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
        return await self.new_session(account.id, account.token_version)

    async def password_change(self, caller: Caller, current: str, new: str) -> "PasswordChange":
        """What is computed slowly for a new password, before the journal is taken. Raises RateLimited.

        That the present password was wrong is said inside it, so that a repeat under the same key is answered as the
        first request was.
        """
        must_fit(new, caller.username or "", "new_password")
        account = await self._proven(caller.username or "", current, caller.key)
        return PasswordChange(account.token_version if account else None, await self._passwords.new(new))

    async def new_session(self, account_id: UUID, version: int) -> Token:
        """The tokens of a session that begins now, for an account in this version."""
        keyring = await self._signing_keys.fresh()
        async with self._database.without_journal() as unit:
            bearer, token = Bearer(account_id, version, models.new_id()), new_token()
            sign_in.keep_refresh_token(unit.session, token, bearer, unit.at)
            return _tokens(keyring, unit, bearer, token)

    async def _proven(self, username: str, password: str, who: str) -> models.Account | None:
        """The account whose password this is, if it is let in; unknown ones take as long. Raises RateLimited.

        `who` tries: an address, or a caller who is known already. A guess is counted before it is tried, in its turn,
        so that few are counted whose outcome is not known yet: a whole office that signs in at eight behind one address
        is no guesser.
        """
        account = None
        if username.isprintable():
            async with self._database.reading() as reading:
                account = await queries.account_named(reading.session, username)
        usable = account if account and account.disabled_at is None else None
        attempt = SignInAttempt(username, who)
        async with self._passwords.turn:
            await attempt.register(self._database)
            right = await self._passwords.matches(password, usable.password_hash if usable else None)
            if right:
                await attempt.release(self._database)
        return usable if right else None

    async def with_refresh_token(self, token: str) -> Token:
        """New tokens for a refresh token, which is used up; using an old one again ends its whole family.

        Used again a moment later, before its successor was, it brings that very successor.
        """
        keyring, successor = await self._signing_keys.fresh(), successor_of(self._server_key, token)
        async with self._database.without_journal() as unit:
            used = await sign_in.use_refresh_token(unit.session, token, unit.at)
            found = used or await sign_in.used_just_now(unit.session, token, successor, unit.at)
            account = found and await queries.account(unit.session, found.account_id)
            if found and account and account.disabled_at is None and account.token_version == found.token_version:
                bearer = Bearer(account.id, account.token_version, found.family_id)
                if used:
                    sign_in.keep_refresh_token(unit.session, successor, bearer, unit.at)
                return _tokens(keyring, unit, bearer, successor)
            await sign_in.revoke_family(unit.session, token, unit.at)
        raise InvalidGrant

    async def with_client_secret(self, shown: "Credentials", scope: str, address: str) -> ClientToken:
        """A token for a client that shows its secret, for all of its scopes or those asked for."""
        guessed, guesser = attempt_key("client", shown.client_id, address), attempt_key("address", address)
        paces = {guessed: GUESSES, guesser: GUESSES_OF_ADDRESS}
        async with throttled(self._database, paces, InvalidClient), self._database.reading() as reading:
            client = await clients.proven(reading.session, shown.client_id, shown.secret, reading.at)
            if client is None:
                raise InvalidClient
        scopes = narrowed(client.scopes, scope)
        if client.last_used_at is None or reading.at - client.last_used_at > LAST_USE_EVERY:
            async with self._database.without_journal() as unit:
                await clients.was_used(unit.session, client, unit.at)
        bearer = ClientBearer(client.id, client.mall_id, client.token_version, tuple(scopes))
        keyring = await self._signing_keys.fresh()
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


def _tokens(keyring: Keyring, unit: UnitOfWork, bearer: Bearer, refresh_token: str) -> Token:
    return Token(
        access_token=keyring.sign(bearer, at=unit.at, until=unit.at + ACCESS_TOKEN_LIFE),
        token_type="Bearer",  # noqa: S106  # the type's name, not a secret
        expires_in=int(ACCESS_TOKEN_LIFE.total_seconds()),
        refresh_token=refresh_token,
    )
