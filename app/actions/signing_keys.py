"""Signing keys: the first one, and one after the other."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import models
from app.domain.events import Event
from app.domain.sign_in import ACCESS_TOKEN_LIFE
from app.domain.signing_keys import KEY_RELOAD
from app.journal import Journal
from app.security.tokens import new_signing_key, sealed


def add(
    session: AsyncSession, server_key: bytes, at: datetime, signs_from: datetime | None = None
) -> models.SigningKey:
    """Make a key."""
    key = new_signing_key()
    made = models.SigningKey(
        kid=str(key.kid),
        public=dict(key.as_dict(private=False)),
        sealed=sealed(key, server_key),
        created_at=at,
        signs_from=signs_from,
    )
    session.add(made)
    return made


async def rotate(journal: Journal, server_key: bytes, *, after: timedelta, forget: bool = False) -> str:
    """Make a key that signs after a while, and return its name.

    Those before it leave when the last token they signed has run out.
    `forget` is for a key that leaked: those before leave as soon as the new one signs, and their tokens with them.
    """
    row, signs_from = models.SigningKey, journal.at + after
    await journal.session.execute(delete(row).where(row.retired_at <= journal.at))
    leaves = signs_from if forget else signs_from + KEY_RELOAD + ACCESS_TOKEN_LIFE
    stays_longer = or_(row.retired_at.is_(None), row.retired_at > leaves) if forget else row.retired_at.is_(None)
    await journal.session.execute(
        update(row).where(stays_longer).values(retired_at=leaves), execution_options={"synchronize_session": False}
    )
    key = add(journal.session, server_key, journal.at, signs_from)
    journal.record(Event.SIGNING_KEY_ROTATED, key, others_leave_at=leaves)
    return key.kid
