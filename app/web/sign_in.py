"""The OAuth endpoints' work: passwords and refresh tokens become access tokens. Their errors follow RFC 6749."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import models, schemas
from app.access import Caller
from app.actions import accounts as actions
from app.database import PLATFORM_REF, Database
from app.domain.accounts import (
    ACCESS_TOKEN_LIFE,
    InvalidGrant,
    UnsupportedGrantType,
    fit,
)
from app.journal import Reading
from app.queries import accounts as queries
from app.security.passwords import Passwords
from app.security.tokens import Bearer, Keyring
from app.web.guesses import count, guess_key, take_back
from app.web.writing import Write

NOBODY = UUID(int=0)


class SignIn:
    """Signs people in."""

    def __init__(self, database: Database, passwords: Passwords, keyring: Keyring, *, password_grant: bool) -> None:
        self._database, self._passwords, self._keyring = database, passwords, keyring
        self._password_grant = password_grant

    async def with_password(self, username: str, password: str, address: str) -> schemas.Token:
        """Tokens for a user name and password. The hash is computed before any transaction, known user or not."""
        if not self._password_grant:
            raise UnsupportedGrantType
        account = await self._proven(username, password, address)
        if account is None:
            raise InvalidGrant
        async with self._database.bookkeeping() as books:
            return self._tokens(books, account.id, account.version, models.new_id())

    async def with_new_password(self, write: Write, by: Caller, current: str, new: str, address: str) -> schemas.Token:
        """Change the own password: all sessions end, and the tokens of a new one are the answer.

        What is computed slowly is computed before the journal is taken; that the present password was wrong is said
        inside it, so that a repeat under the same key is answered as the first request was.
        """
        fit(new, by.username or "", "new_password")
        account = await self._proven(by.username or "", current, address)
        password = await self._passwords.new(new)
        changed = await write(
            PLATFORM_REF,
            by,
            schemas.ChangedPassword,
            actions.change_password,
            by.id or NOBODY,
            proven=account.version if account else None,
            password=password,
        )
        async with self._database.bookkeeping() as books:
            return self._tokens(books, changed.id, changed.version, models.new_id())

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

    async def with_refresh_token(self, token: str) -> schemas.Token:
        """New tokens for a refresh token, which is used up; using an old one again ends its whole family."""
        async with self._database.bookkeeping() as books:
            used = await actions.use_refresh_token(books.session, token, books.at)
            account = used and await queries.account(books.session, used.account_id)
            if used and account and account.disabled_at is None and account.version == used.account_version:
                return self._tokens(books, account.id, account.version, used.family_id)
            await actions.revoke_family(books.session, token, books.at)
        raise InvalidGrant

    async def out(self, token: str) -> None:
        """End a refresh token's family (RFC 7009). What is unknown is as good as ended."""
        async with self._database.bookkeeping() as books:
            await actions.revoke_family(books.session, token, books.at)

    def _tokens(self, books: Reading, account_id: UUID, version: int, family_id: UUID) -> schemas.Token:
        session: AsyncSession = books.session
        return schemas.Token(
            access_token=self._keyring.sign(
                Bearer(account_id, version), at=books.at, until=books.at + ACCESS_TOKEN_LIFE
            ),
            token_type="Bearer",  # noqa: S106  # the type's name, not a secret
            expires_in=int(ACCESS_TOKEN_LIFE.total_seconds()),
            refresh_token=actions.new_refresh_token(session, account_id, version, family_id, books.at),
        )
