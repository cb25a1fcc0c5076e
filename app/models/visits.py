"""Visits: one person's trip."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data
from app.models.base import Base, MallOwned, Recorded, of_mall


class Visit(Recorded, MallOwned, Base):
    """One person's trip: it groups tickets, and is never called to two counters at once."""

    records = event_data.VisitData

    __tablename__ = "visits"
    __table_args__ = (of_mall(),)

    service_day: Mapped[date]
    in_order: Mapped[bool] = mapped_column(default=False)
    """Whether a step of its plan is called only when all before it are over."""
