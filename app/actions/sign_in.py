"""Refresh tokens: kept as hashes, used once, revoked."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import models
from app.domain.sign_in import REFRESH_GRACE, REFRESH_TOKEN_LIFE
from app.security.secrets import fingerprint
from app.security.tokens import Bearer


def keep_refresh_token(session: AsyncSession, token: str, bearer: Bearer, at: datetime) -> None:
    """Let a new token of a session count; what is kept of it is its hash."""
    session.add(
        models.RefreshToken(
            family_id=bearer.session_id,
            account_id=bearer.account_id,
            token_version=bearer.token_version,
            token_hash=fingerprint(token),
            expires_at=at + REFRESH_TOKEN_LIFE,
        )
    )


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


async def used_just_now(session: AsyncSession, token: str, successor: str, at: datetime) -> models.RefreshToken | None:
    """A token that was used a moment ago, whose successor may be given again: nobody has used or revoked that one."""
    row, following = models.RefreshToken, aliased(models.RefreshToken)
    return (
        await session.scalars(
            select(row)
            .join(following, following.family_id == row.family_id)
            .where(
                row.token_hash == fingerprint(token),
                row.used_at > at - REFRESH_GRACE,
                following.token_hash == fingerprint(successor),
                following.used_at.is_(None),
                following.revoked_at.is_(None),
            )
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
