"""Malls."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data
from app.domain.calendar import TimeZone
from app.domain.names import LocalizedText
from app.domain.reopening import REOPENING_MINUTES
from app.models.base import Base, Versioned, enum_check


class Mall(Versioned, Base):
    """One *Mal Pelayanan Publik*. Slug and time zone never change."""

    records = event_data.MallData
    recorded_id = "slug"

    __tablename__ = "malls"
    __table_args__ = (
        UniqueConstraint("slug", name="uq_malls_slug"),
        enum_check("time_zone", TimeZone),
        CheckConstraint("reopening_minutes >= 0", name="reopening_minutes_not_negative"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    slug: Mapped[str]
    name: Mapped[LocalizedText]
    region: Mapped[str]
    operator: Mapped[str]
    time_zone: Mapped[TimeZone]
    created_at: Mapped[datetime]
    transfers_between_agencies: Mapped[bool] = mapped_column(default=False)
    """Whether officers may transfer tickets to another agency's services."""
    reopening_minutes: Mapped[int] = mapped_column(SmallInteger, default=REOPENING_MINUTES)
    """For how long after its end a ticket may be reopened."""
