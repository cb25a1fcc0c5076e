"""What is kept of a visitor's phone for some minutes, to prove that it is theirs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Secret, of_mall


class PhoneConfirmation(Base):
    """The newest code that was sent to a phone. A phone is known by its mark, a code by a keyed hash."""

    __tablename__ = "phone_confirmations"
    __table_args__ = (
        of_mall(),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        Index("ix_phone_confirmations_expiry", "mall_id", "expires_at"),
    )

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    phone_mark: Mapped[Secret[bytes]] = mapped_column(LargeBinary, primary_key=True)
    code_hash: Mapped[Secret[bytes]]
    tries: Mapped[int] = mapped_column(SmallInteger)
    """Wrong codes so far."""
    expires_at: Mapped[datetime]
