"""Accounts and their roles."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.callers import Caller, CallerKind
from app.domain.errors import NotThere, TokenInvalid
from app.domain.roles import Role, RoleBinding
from app.journal import Reading, lock_row
from app.queries.paging import Page, PageRequest, page
from app.security.tokens import Bearer


@dataclass(frozen=True)
class AccountView:
    """A platform's account; one just made, or with another password, shows a password that was made for it."""

    row: models.Account
    password: str | None = None

    @property
    def role(self) -> Role | None:
        """The platform's role."""
        return self.row.platform_role


async def account_named(session: AsyncSession, username: str) -> models.Account | None:
    """The account with this user name, in lower case."""
    return (
        await session.scalars(select(models.Account).where(models.Account.username == username.lower()))
    ).one_or_none()


async def bearer(session: AsyncSession, token: Bearer, mall_id: int | None = None) -> Caller | None:
    """Who bears an access token, with today's grants; None where the account has moved on or signed out since then."""
    row, refresh = models.Account, models.RefreshToken
    session_goes_on = select(refresh.id).where(
        refresh.family_id == token.session_id, refresh.account_id == row.id, refresh.revoked_at.is_(None)
    )
    statement = select(row).where(
        row.id == token.account_id,
        row.disabled_at.is_(None),
        row.token_version == token.token_version,
        session_goes_on.exists(),
    )
    account = (await session.scalars(statement)).one_or_none()
    if account is None:
        return None
    return await caller_of(session, account, mall_id)


async def caller_by_username(session: AsyncSession, username: str, mall_id: int | None = None) -> Caller | None:
    """The account that another issuer's token names by its very user name; None where it is not let in."""
    account = await account_named(session, username)
    if account is None or account.username != username or account.disabled_at:
        return None
    return await caller_of(session, account, mall_id)


async def refreshed(reading: Reading, caller: Caller) -> Caller:
    """A person with the grants of this instant in this mall: what a process remembers may be seconds old.

    Until the commit nobody shuts the account out: whoever does so waits for it, and is obeyed from then on.
    Raises TokenInvalid.
    """
    if caller.kind is not CallerKind.ACCOUNT:
        return caller
    account = await lock_row(reading.session, models.Account, caller.id, to_read=True)
    if account.disabled_at or account.token_version != caller.version:
        raise TokenInvalid
    return await caller_of(reading.session, account, reading.mall_id)


async def caller_of(session: AsyncSession, account: models.Account, mall_id: int | None = None) -> Caller:
    """An account in the roles that it has now, in all malls or in one, whether or not it is let in."""
    grant = models.Grant
    statement = select(grant.role, grant.mall_id, grant.agency_id).where(
        grant.account_id == account.id, grant.revoked_at.is_(None)
    )
    if mall_id is not None:
        statement = statement.where(grant.mall_id == mall_id)
    rows = await session.execute(statement)
    grants = tuple(RoleBinding(row.role, row.mall_id, row.agency_id) for row in rows)
    if account.platform_role:
        grants = (RoleBinding(account.platform_role), *grants)
    return Caller(
        CallerKind.ACCOUNT, account.id, grants, account.username, version=account.token_version, only_in=mall_id
    )


async def platform_accounts(session: AsyncSession, asked: PageRequest) -> Page[AccountView]:
    """The accounts that run or watch the whole deployment."""
    account = models.Account
    statement = select(account).where(account.platform_role.is_not(None))
    found = await page(session, statement, {"username": account.username}, asked)
    return found.showing([AccountView(each) for each in found.data])


async def platform_account(session: AsyncSession, account_id: UUID) -> AccountView:
    """An account that runs or watches the whole deployment. Raises NotThere."""
    found = await account(session, account_id)
    if found is None or found.platform_role is None:
        raise NotThere(thing="account")
    return AccountView(found)


async def account(session: AsyncSession, account_id: UUID) -> models.Account | None:
    """An account by its id."""
    return await session.get(models.Account, account_id)
