"""What is done beside the requests: how far a follower of a journal is, and whose turn a job is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Follower(Base):
    """How far a durable follower has followed one journal. It moves on in the transaction of what it has done."""

    __tablename__ = "followers"
    __table_args__ = (CheckConstraint("next_sequence > 0", name="next_sequence_positive"),)

    mall_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("journals.mall_id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    next_sequence: Mapped[int] = mapped_column(BigInteger)
    """The first entry that it has not done."""


class Lease(Base):
    """A job of the whole deployment, and until when nobody but its holder may do it."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[UUID]
    """Made anew each time that the job is taken on."""
    leased_until: Mapped[datetime]
