"""The journal of each mall (and, under mall 0, of the platform), and what is remembered of machine's retries."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Personal

PLATFORM = 0
"""The journal of what the platform itself does."""


class JournalLock(Base):
    """The row that is locked to take a journal. It is never updated."""

    __tablename__ = "journals"

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)


class JournalEntry(Base):
    """One thing that happened. Rows are only ever inserted.

    `content` is the very text that was hashed; the columns beside it repeat what readers filter by.
    """

    __tablename__ = "entries"
    __table_args__ = (
        Index("ix_entries_subject", "mall_id", "subject_id", "sequence"),
        Index("ix_entries_agency", "mall_id", "agency_id", "sequence"),
    )

    mall_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("journals.mall_id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    service_day: Mapped[date]
    type: Mapped[str]
    subject_id: Mapped[UUID | None]
    agency_id: Mapped[UUID | None]
    content: Mapped[str]
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class IdempotencyKey(Base):
    """The answer that was given to a caller's key, kept for a day, without secrets."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_expiry", "mall_id", "expires_at"),)

    mall_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("journals.mall_id"), primary_key=True)
    caller: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[Personal[str]]
    expires_at: Mapped[datetime]
