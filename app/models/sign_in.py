"""Refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Secret, new_id


class RefreshToken(Base):
    """An opaque token, hashed, used once; using it again ends its family."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_refresh_tokens_hash"),
        Index("ix_refresh_tokens_family", "family_id"),
        Index("ix_refresh_tokens_account", "account_id"),
        Index("ix_refresh_tokens_expiry", "expires_at"),
    )

    family_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    token_version: Mapped[int]
    token_hash: Mapped[Secret[bytes]]
    expires_at: Mapped[datetime]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    used_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
