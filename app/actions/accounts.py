"""People's accounts and grants, and the keys of devices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.accounts import REFRESH_TOKEN_LIFE
from app.domain.names import Names
from app.domain.roles import DeviceKind, Role
from app.journal import Journal
from app.security.secrets import fingerprint, new_device_key, new_token

KEY_PREFIX = {DeviceKind.KIOSK: "mpk", DeviceKind.DISPLAY: "mpd"}


async def create(
    journal: Journal, *, username: str, name: str, password_hash: str, platform_role: Role | None = None
) -> models.Account:
    """Make an account. The platform's journal records platform accounts, a mall's its own people's."""
    account = models.Account(
        username=username.lower(),
        name=name,
        password_hash=password_hash,
        platform_role=platform_role,
        created_at=journal.at,
    )
    journal.session.add(account)
    await journal.session.flush()
    journal.record("account.created", ("account", account.id), after={"platform_role": platform_role})
    return account


async def grant(journal: Journal, account: models.Account, role: Role, agency_id: UUID | None = None) -> None:
    """Give an account a role in the mall, for one agency where the role is an agency's."""
    row = models.Grant(
        mall_id=journal.mall_id, account_id=account.id, role=role, agency_id=agency_id, granted_at=journal.at
    )
    journal.session.add(row)
    journal.record(
        "role.granted", ("account", account.id), agency_id=agency_id, after={"role": role, "grant_id": row.id}
    )


async def register_device(journal: Journal, *, kind: DeviceKind, name: Names, location_id: UUID) -> str:
    """Register a kiosk or display, and return its key: it is shown here once and kept as a hash."""
    key = new_device_key(KEY_PREFIX[kind], journal.mall_id)
    device = models.Device(
        mall_id=journal.mall_id,
        kind=kind,
        name=name,
        location_id=location_id,
        key_prefix=key[:12],
        key_hash=fingerprint(key),
        created_at=journal.at,
    )
    journal.session.add(device)
    journal.record("device.registered", ("device", device.id), after={"kind": kind})
    return key


def new_refresh_token(session: AsyncSession, account_id: UUID, version: int, family_id: UUID, at: datetime) -> str:
    """Give a refresh token of a family, and keep its hash."""
    token = new_token()
    session.add(
        models.RefreshToken(
            family_id=family_id,
            account_id=account_id,
            account_version=version,
            token_hash=fingerprint(token),
            expires_at=at + REFRESH_TOKEN_LIFE,
        )
    )
    return token


async def use_refresh_token(session: AsyncSession, token: str, at: datetime) -> models.RefreshToken | None:
    """Use a refresh token up: one of two simultaneous users gets it. None where it is unknown, used, old or revoked."""
    row = models.RefreshToken
    return (
        await session.scalars(
            update(row)
            .where(
                row.token_hash == fingerprint(token),
                row.used_at.is_(None),
                row.revoked_at.is_(None),
                row.expires_at > at,
            )
            .values(used_at=at)
            .returning(row)
        )
    ).one_or_none()


async def revoke_family(session: AsyncSession, token: str, at: datetime) -> None:
    """End all tokens that came from the same sign-in as this one: it was used twice, or the person signs out."""
    row = models.RefreshToken
    family = select(row.family_id).where(row.token_hash == fingerprint(token)).scalar_subquery()
    await session.execute(
        update(row).where(row.family_id == family, row.revoked_at.is_(None)).values(revoked_at=at),
        execution_options={"synchronize_session": False},
    )
