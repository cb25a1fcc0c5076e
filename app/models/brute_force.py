"""The pace of failed attempts to sign in or to guess a code."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Attempt(Base):
    """The pace of failed guesses per account and per address (GCRA): when the next one would be on time."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_due", "next_allowed_at"), {"prefixes": ["UNLOGGED"]})

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    next_allowed_at: Mapped[datetime]
