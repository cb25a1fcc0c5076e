"""What was last said about the visitors who wait for a service that stopped."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.stops import Cause, WaitingTickets
from app.models.base import Base, belongs_to, enum_check


class ServiceStop(Base):
    """The last stop of a service on a day. A ticket that comes back later meets the same answer."""

    __tablename__ = "service_stops"
    __table_args__ = (
        belongs_to("services", "service_id"),
        enum_check("cause", Cause),
        enum_check("waiting_tickets", WaitingTickets),
    )

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    service_day: Mapped[date] = mapped_column(primary_key=True)
    cause: Mapped[Cause]
    reason: Mapped[str]
    waiting_tickets: Mapped[WaitingTickets]
    at: Mapped[datetime]
