"""Closures."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Date, Index, cast, exists, literal_column, or_, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_calendar
from app.domain.closures import ClosureEnded, Reach, WaitingVisitors
from app.domain.names import LocalizedText
from app.models.base import Base, MallOwned, Versioned, belongs_to, enum_check, of_mall


class Closure(Versioned, MallOwned, Base):
    """What was closed by one act. The calendar reads it as closed stretches of what it reaches."""

    records = event_data_calendar.ClosureData

    __tablename__ = "closures"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        belongs_to("services", "service_id"),
        belongs_to("counters", "counter_id"),
        belongs_to("locations", "location_id"),
        belongs_to("services", "move_to_service_id"),
        enum_check("waiting_tickets", WaitingVisitors),
        CheckConstraint("num_nonnulls(service_id, counter_id, location_id) <= 1", name="one_thing"),
        CheckConstraint("(location_id IS NULL) = (floor IS NULL)", name="floor_of_location"),
        CheckConstraint("ends_at > starts_at", name="in_order"),
        CheckConstraint("(waiting_tickets = 'move') = (move_to_service_id IS NOT NULL)", name="moved_somewhere"),
        Index("ix_closures_running", "mall_id", postgresql_where=text("ended_at IS NULL")),
    )

    agency_id: Mapped[UUID | None]
    service_id: Mapped[UUID | None]
    counter_id: Mapped[UUID | None]
    location_id: Mapped[UUID | None]
    floor: Mapped[str | None]
    reason: Mapped[LocalizedText]
    waiting_tickets: Mapped[WaitingVisitors]
    move_to_service_id: Mapped[UUID | None]
    """Where who waited went; None: nobody was moved."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """When it ends by itself; None: somebody ends it."""
    by_mall: Mapped[bool]
    """The mall's manager made it: an agency's does not end it."""
    service_ids: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    """The services that it closes; None: all of the agency's, or of the mall's."""
    counter_ids: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    """The counters that it closes, where it is not for the intake alone; None: all."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None, init=False)

    @property
    def reach(self) -> Reach:
        """What it closes."""
        services, counters = self.service_ids, self.counter_ids
        return Reach(
            self.agency_id,
            None if services is None else [UUID(each) for each in services],
            None if counters is None else [UUID(each) for each in counters],
        )

    def end(self, at: datetime) -> None:
        """Open again what it closed. Raises ClosureEnded."""
        over = self.ended_at or (self.ends_at if self.ends_at and self.ends_at <= at else None)
        if over:
            raise ClosureEnded(ended_at=over)
        self.ended_at = at
        self.version += 1


def any_keeps(mall_id: ColumnElement[int], today: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether the mall has a running closure that keeps somebody from being called."""
    return exists().where(
        Closure.mall_id == mall_id,
        Closure.ended_at.is_(None),
        or_(Closure.ends_at.is_(None), Closure.ends_at >= cast(today, Date) - 1),
        Closure.waiting_tickets != literal_column("'serve'"),
    )
