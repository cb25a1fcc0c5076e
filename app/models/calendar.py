"""Weekly hours, periods and exceptions."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_calendar
from app.domain.calendar import ExceptionKind, OpenFor
from app.domain.names import LocalizedText
from app.models.base import Base, MallOwned, Versioned, belongs_to, enum_check, of_mall

CLOCK = "'^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'"


class Schedule(Versioned, MallOwned, Base):
    """Weekly hours of the mall (`agency_id` null) or an agency there. A period has dates, and replaces them then."""

    records = event_data_calendar.CalendarPeriodData

    __tablename__ = "schedules"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        CheckConstraint("(starts_on IS NULL) = (ends_on IS NULL) AND ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("(name IS NULL) = (starts_on IS NULL)", name="periods_named"),
        ExcludeConstraint(
            (literal_column("mall_id"), "="),
            (literal_column("coalesce(agency_id, '00000000-0000-0000-0000-000000000000')"), "="),
            (literal_column("daterange(starts_on, ends_on, '[]')"), "&&"),
            name="ex_schedules_no_overlap",
            using="gist",
            where=text("starts_on IS NOT NULL"),
        ),
        Index(
            "uq_schedules_mall_base",
            "mall_id",
            unique=True,
            postgresql_where=text("agency_id IS NULL AND starts_on IS NULL"),
        ),
        Index(
            "uq_schedules_agency_base",
            "mall_id",
            "agency_id",
            unique=True,
            postgresql_where=text("agency_id IS NOT NULL AND starts_on IS NULL"),
        ),
    )

    hours: Mapped[list[Any]]
    agency_id: Mapped[UUID | None] = mapped_column(default=None)
    name: Mapped[LocalizedText | None] = mapped_column(JSONB(none_as_null=True), default=None)
    starts_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)

    def event_data(self) -> dict[str, Any]:
        """A period has all of it; the ordinary weeks have their hours alone."""
        return super().event_data() if self.starts_on else {"hours": self.hours}


class CalendarException(Versioned, MallOwned, Base):
    """A dated deviation of one layer: the mall's, an agency's, or, closing only, a service's or a counter's of it."""

    records = event_data_calendar.CalendarExceptionData

    __tablename__ = "calendar_exceptions"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        belongs_to("services", "service_id"),
        belongs_to("counters", "counter_id"),
        enum_check("kind", ExceptionKind),
        enum_check("agencies", OpenFor),
        CheckConstraint(
            "(service_id IS NULL OR counter_id IS NULL) AND"
            " (service_id IS NULL AND counter_id IS NULL OR agency_id IS NOT NULL AND kind = 'closed')",
            name="one_layer",
        ),
        CheckConstraint("agencies = 'scheduled' OR kind = 'open' AND agency_id IS NULL", name="all_by_the_mall"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint(
            f"opens ~ {CLOCK} AND closes ~ {CLOCK}"
            " AND (opens < closes OR kind = 'closed' AND coalesce(ends_on > starts_on, false))",
            name="hours_in_order",
        ),
        Index("ix_calendar_exceptions_days", "mall_id", "starts_on", "ends_on"),
    )

    agency_id: Mapped[UUID | None]
    service_id: Mapped[UUID | None]
    counter_id: Mapped[UUID | None]
    kind: Mapped[ExceptionKind]
    agencies: Mapped[OpenFor]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    opens: Mapped[str]
    closes: Mapped[str]
    reason: Mapped[LocalizedText]
    by_mall: Mapped[bool]
    """The mall's manager made it: an agency's does not undo it."""
