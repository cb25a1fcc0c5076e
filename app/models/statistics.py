"""What is counted from the journal's entries. It is no history of its own: it can be counted anew at any time."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.statistics import Count
from app.models.base import Base, belongs_to


class ServiceDayCounts(Base):
    """One service's tickets on one service day. `domain/statistics.py` says which event counts where."""

    __tablename__ = "service_day_counts"
    __table_args__ = (belongs_to("services", "service_id"),)

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    service_day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    issued: Mapped[int] = mapped_column(default=0)
    transferred_in: Mapped[int] = mapped_column(default=0)
    transferred_out: Mapped[int] = mapped_column(default=0)
    called: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)
    no_show: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)

    def add(self, counts: Mapping[Count, int]) -> None:
        """Count so many more of each."""
        for each, count in counts.items():
            setattr(self, each, getattr(self, each) + count)
