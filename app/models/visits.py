"""Visits: one person's trip."""

from datetime import date

from sqlalchemy.orm import Mapped

from app.models.base import Base, MallOwned, of_mall


class Visit(MallOwned, Base):
    """One person's trip: it groups tickets, and is never called to two counters at once."""

    __tablename__ = "visits"
    __table_args__ = (of_mall(),)

    service_day: Mapped[date]
