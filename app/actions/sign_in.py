"""Refresh tokens: made, used once, revoked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.sign_in import REFRESH_TOKEN_LIFE
from app.security.secrets import fingerprint, new_token


def new_refresh_token(session: AsyncSession, account_id: UUID, version: int, family_id: UUID, at: datetime) -> str:
    """Give a refresh token of a family, and keep its hash."""
    token = new_token()
    session.add(
        models.RefreshToken(
            family_id=family_id,
            account_id=account_id,
            token_version=version,
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
    for _ in range(2):  # the first waits for who uses one of them up meanwhile, the second sees what came of that
        await session.execute(
            update(row).where(row.family_id == family, row.revoked_at.is_(None)).values(revoked_at=at),
            execution_options={"synchronize_session": False},
        )
