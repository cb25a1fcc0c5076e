"""Accounts, grants, devices and tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.access import Caller
from app.domain.accounts import Unauthenticated
from app.domain.roles import Grant
from app.queries.shown import Asked, Page, With, page
from app.security.tokens import Bearer


async def account_named(session: AsyncSession, username: str) -> models.Account | None:
    """The account with this user name, in lower case."""
    return (
        await session.scalars(select(models.Account).where(models.Account.username == username.lower()))
    ).one_or_none()


async def bearer(session: AsyncSession, token: Bearer) -> Caller | None:
    """Who bears an access token, with today's grants; None when the account has moved on since it was made."""
    account = await session.get(models.Account, token.account_id)
    if account is None or account.disabled_at or account.version != token.account_version:
        return None
    return await playing(session, account)


async def named_elsewhere(session: AsyncSession, username: str) -> Caller | None:
    """The account that another issuer's token names by its very user name; None where it is not let in."""
    account = await account_named(session, username)
    if account is None or account.username != username or account.disabled_at:
        return None
    return await playing(session, account)


async def as_of_now(session: AsyncSession, by: Caller) -> Caller:
    """A person with the grants of this instant: what a process remembers may be seconds old. Raises Unauthenticated."""
    if by.kind != "account":
        return by
    account = await session.get(models.Account, by.id)
    if account is None or account.disabled_at:
        raise Unauthenticated
    return await playing(session, account)


async def playing(session: AsyncSession, account: models.Account) -> Caller:
    """An account in the roles that it has now, whether or not it is let in."""
    grant = models.Grant
    rows = await session.execute(
        select(grant.role, grant.mall_id, grant.agency_id).where(
            grant.account_id == account.id, grant.revoked_at.is_(None)
        )
    )
    grants = tuple(Grant(row.role, row.mall_id, row.agency_id) for row in rows)
    if account.platform_role:
        grants = (Grant(account.platform_role), *grants)
    return Caller("account", account.id, grants, account.username)


async def platform_accounts(session: AsyncSession, asked: Asked) -> Page[object]:
    """The accounts that run or watch the whole deployment."""
    account = models.Account
    statement = select(account).where(account.platform_role.is_not(None))
    found = await page(session, statement, {"username": account.username}, asked)
    return found.showing([With(each, role=each.platform_role) for each in found.data])


async def device(session: AsyncSession, mall_id: int, key_hash: bytes) -> models.Device | None:
    """The device with this key."""
    return (
        await session.scalars(
            select(models.Device).where(
                models.Device.mall_id == mall_id,
                models.Device.key_hash == key_hash,
                models.Device.revoked_at.is_(None),
            )
        )
    ).one_or_none()


async def account(session: AsyncSession, account_id: UUID) -> models.Account | None:
    """An account by its id."""
    return await session.get(models.Account, account_id)


async def attempt_due_at(session: AsyncSession, keys: Sequence[bytes]) -> datetime | None:
    """The latest instant at which the next guess under any of the keys would be on time."""
    rows = await session.scalars(select(models.Attempt.due_at).where(models.Attempt.key.in_(keys)))
    return max(rows, default=None)


async def device_was_used(session: AsyncSession, device: models.Device, at: datetime) -> None:
    """Keep when a device was last seen."""
    await session.execute(
        update(models.Device)
        .where(models.Device.mall_id == device.mall_id, models.Device.id == device.id)
        .values(last_used_at=at)
    )
