"""Number series, services, counters and their sessions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from app.domain.counters import COUNTER_LIFE, CounterStatus, SessionEnd
from app.domain.names import Names
from app.domain.services import GovernmentLevel, ServiceKind, ServiceScope
from app.domain.tickets import NO_SHOW_CALLS, RETURN_PLACES
from app.models.base import Base, MallOwned, Retirable, Versioned, among, belongs_to
from app.models.malls import of_mall


class NumberSeries(Versioned, MallOwned, Base):
    """A line of ticket numbers with a prefix chosen by the mall. Services share one or have their own."""

    __tablename__ = "number_series"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        UniqueConstraint("mall_id", "prefix", name="uq_number_series_prefix"),
    )

    prefix: Mapped[str]
    name: Mapped[Names]
    agency_id: Mapped[UUID | None]


class NumberDay(Base):
    """The last number given of a series on a service day."""

    __tablename__ = "number_days"
    __table_args__ = (belongs_to("number_series", "series_id"),)

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    series_id: Mapped[UUID] = mapped_column(primary_key=True)
    service_day: Mapped[date] = mapped_column(primary_key=True)
    last_number: Mapped[int]


class Service(Retirable, MallOwned, Base):
    """A *layanan* of an agency at this mall."""

    __tablename__ = "services"
    __table_args__ = (
        belongs_to("agencies", "agency_id"),
        belongs_to("number_series", "number_series_id"),
        UniqueConstraint("mall_id", "code", name="uq_services_code"),
        UniqueConstraint("mall_id", "agency_id", "id", name="uq_services_of_agency"),
        among("kind", ServiceKind),
        among("level", GovernmentLevel),
        among("scope", ServiceScope),
        CheckConstraint("daily_quota >= 0", name="daily_quota_not_negative"),
        CheckConstraint("handling_minutes > 0", name="handling_minutes_positive"),
        CheckConstraint("no_show_calls > 0", name="no_show_calls_positive"),
        CheckConstraint("return_places > 0", name="return_places_positive"),
        Index("ix_services_agency", "mall_id", "agency_id", "code"),
    )

    agency_id: Mapped[UUID]
    number_series_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[Names]
    kind: Mapped[ServiceKind]
    level: Mapped[GovernmentLevel]
    scope: Mapped[ServiceScope]
    scope_note: Mapped[Names | None]
    channels: Mapped[list[str]]
    daily_quota: Mapped[int | None]
    channel_quotas: Mapped[dict[str, Any]]
    handling_minutes: Mapped[int] = mapped_column(SmallInteger)
    no_show_calls: Mapped[int] = mapped_column(SmallInteger, default=NO_SHOW_CALLS)
    return_places: Mapped[int] = mapped_column(SmallInteger, default=RETURN_PLACES)


def drawn_on(day: date) -> ColumnElement[bool]:
    """Whether kiosks and boards draw a service: one retired today still says so to who waits for it."""
    return or_(Service.retired_on.is_(None), Service.retired_on >= day)


class Counter(Retirable, MallOwned, Base):
    """A *loket*: a calling point of one agency on a floor of a location."""

    __tablename__ = "counters"
    __table_args__ = (
        belongs_to("agencies", "agency_id"),
        belongs_to("locations", "location_id"),
        UniqueConstraint("mall_id", "code", name="uq_counters_code"),
        UniqueConstraint("mall_id", "agency_id", "id", name="uq_counters_of_agency"),
        Index("ix_counters_agency", "mall_id", "agency_id", "code"),
    )

    agency_id: Mapped[UUID]
    location_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[Names]
    floor: Mapped[str]
    booth: Mapped[str | None]


class CounterService(Base):
    """A service that a counter serves. Both are the same agency's, by the foreign keys."""

    __tablename__ = "counter_services"
    __table_args__ = (
        belongs_to("counters", "agency_id", "counter_id", key=("agency_id", "id")),
        belongs_to("services", "agency_id", "service_id", key=("agency_id", "id")),
        Index("ix_counter_services_service", "mall_id", "service_id"),
    )

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    counter_id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID]


class CounterSession(MallOwned, Base):
    """One officer's time at one counter, within one service day."""

    __tablename__ = "counter_sessions"
    __table_args__ = (
        belongs_to("counters", "agency_id", "counter_id", key=("agency_id", "id")),
        ForeignKeyConstraint(["officer_id"], ["accounts.id"]),
        among("status", CounterStatus),
        among("ended_by", SessionEnd, optional=True),
        among("winding_down_for", SessionEnd, optional=True),
        CheckConstraint(
            "(closed_at IS NULL) = (ended_by IS NULL) AND (closed_at IS NULL) = (status <> 'closed')",
            name="closed_when_closed",
        ),
        Index(
            "uq_counter_sessions_counter",
            "mall_id",
            "counter_id",
            "service_day",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "uq_counter_sessions_officer",
            "mall_id",
            "officer_id",
            "service_day",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_counter_sessions_day", "mall_id", "service_day", "counter_id"),
    )

    agency_id: Mapped[UUID]
    counter_id: Mapped[UUID]
    officer_id: Mapped[UUID]
    service_day: Mapped[date]
    opened_at: Mapped[datetime]
    status: Mapped[CounterStatus] = mapped_column(default=CounterStatus.OPEN, init=False)
    closed_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    ended_by: Mapped[SessionEnd | None] = mapped_column(default=None, init=False)
    winding_down_for: Mapped[SessionEnd | None] = mapped_column(default=None, init=False)
    """What a closing counter will have ended by."""

    def pause(self) -> None:
        """The officer takes a break."""
        self.status = COUNTER_LIFE.after(self.status, "pause")

    def resume(self) -> None:
        """The officer is back."""
        self.status = COUNTER_LIFE.after(self.status, "resume")

    def wind_down(self, why: SessionEnd) -> None:
        """Serve who waits, nobody new."""
        self.status = COUNTER_LIFE.after(self.status, "wind_down")
        self.winding_down_for = why

    def close(self, at: datetime, by: SessionEnd) -> None:
        """End the session."""
        self.status = COUNTER_LIFE.after(self.status, "close")
        self.closed_at, self.ended_by = at, by
