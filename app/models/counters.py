"""Counters, what they serve, and the sessions of officers at them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    and_,
    cast,
    exists,
    func,
    or_,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column
from sqlalchemy.sql import ColumnElement

from app.domain import event_data
from app.domain.counters import COUNTER_LIFE, CounterStatus
from app.domain.names import LocalizedText
from app.domain.stops import Cause
from app.models.base import Base, MallOwned, Recorded, Retirable, belongs_to, enum_check
from app.models.locations import Location, in_use_on
from app.models.services import Service


class Counter(Retirable, MallOwned, Base):
    """A *loket*: a calling point of one agency on a floor of a location."""

    records = event_data.CounterData

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
    name: Mapped[LocalizedText]
    spoken: Mapped[LocalizedText | None]
    """How its name is said, where that is not how it is written."""
    floor: Mapped[str]
    booth: Mapped[str | None]
    desk: Mapped[str | None] = mapped_column(default=None)
    """The desk that it shares with counters of other weekdays; null: it shares none."""
    weekdays: Mapped[list[int] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    """On which weekdays it opens; null: on all."""


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
    helps: Mapped[bool] = mapped_column(default=False)
    """It is called here only when nobody waits for the counter's own services (`is_own`)."""


class CounterSession(Recorded, MallOwned, Base):
    """One officer's time at one counter, within one service day."""

    records = event_data.SessionData
    recorded_id = "counter_id"

    __tablename__ = "counter_sessions"
    __table_args__ = (
        belongs_to("counters", "agency_id", "counter_id", key=("agency_id", "id")),
        ForeignKeyConstraint(["officer_id"], ["accounts.id"]),
        enum_check("status", CounterStatus),
        enum_check("ended_by", Cause, optional=True),
        enum_check("closing_for", Cause, optional=True),
        CheckConstraint(
            "(closed_at IS NULL) = (ended_by IS NULL) AND (closed_at IS NULL) = (status <> 'closed')",
            name="closed_when_closed",
        ),
        CheckConstraint("status = 'on_break' OR num_nonnulls(break_reason, break_until) = 0", name="break_on_break"),
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
    ended_by: Mapped[Cause | None] = mapped_column(default=None, init=False)
    closing_for: Mapped[Cause | None] = mapped_column(default=None, init=False)
    """What a closing counter will have ended by."""

    break_reason: Mapped[LocalizedText | None] = mapped_column(JSONB(none_as_null=True), default=None, init=False)
    """Why its officer takes a break, for visitors, while it lasts."""
    break_until: Mapped[datetime | None] = mapped_column(default=None, init=False)
    """When its officer will be back; null also where that was not said."""

    @property
    def session_id(self) -> UUID:
        """Its id, as entries about its counter name it."""
        return self.id

    def pause(self, reason: LocalizedText | None, until: datetime | None) -> None:
        """The officer takes a break."""
        self._move("pause")
        self.break_reason, self.break_until = reason, until

    def resume(self) -> None:
        """The officer is back."""
        self._move("resume")

    def take_over(self, officer_id: UUID) -> None:
        """A colleague goes on in the officer's place."""
        self._move("take_over")
        self.officer_id = officer_id

    def start_closing(self, why: Cause) -> None:
        """Serve the visitors who are waiting, nobody new, and close then."""
        self._move("start_closing")
        self.closing_for = why

    def close(self, at: datetime, by: Cause) -> None:
        """End the session."""
        self._move("close")
        self.closed_at, self.ended_by = at, by

    def _move(self, verb: str) -> None:
        """Every verb begins a break or ends one."""
        self.status = COUNTER_LIFE.after(self.status, verb)
        self.break_reason = self.break_until = None


def is_own(mall_id: ColumnElement[int], link: type[CounterService]) -> ColumnElement[bool]:
    """That a service is a counter's own: not one with which it helps while another living counter has it as its own."""
    owner, counter = aliased(CounterService), aliased(Counter)
    return or_(
        ~link.helps,
        ~exists().where(
            owner.mall_id == mall_id,
            owner.service_id == link.service_id,
            ~owner.helps,
            counter.mall_id == mall_id,
            counter.id == owner.counter_id,
            counter.retired_on.is_(None),
        ),
    )


def is_attended(mall_id: ColumnElement[int] | int, today: ColumnElement[date] | date) -> ColumnElement[bool]:
    """False where none of the counters that serve a service is there today; one that never had any may get one yet."""
    return or_(Service.equipped_on.is_(None), has_counter(mall_id, Service.id, today))


def has_counter(
    mall_id: ColumnElement[int] | int,
    service_id: InstrumentedAttribute[UUID],
    today: ColumnElement[date] | date,
    *,
    or_had: bool = False,
    besides: UUID | None = None,
) -> ColumnElement[bool]:
    """Whether a counter (besides this one) serves the service, in a building of today, on one of its weekdays.

    `or_had`: one that was retired today counts, too.
    """
    counter, link, building = aliased(Counter), aliased(CounterService), aliased(Location)
    serves: ColumnElement[bool] = and_(counter.retired_on.is_(None), is_there(mall_id, counter, today))
    if or_had:
        serves = or_(serves, counter.retired_on == today)
    return exists().where(
        link.mall_id == mall_id,
        link.service_id == service_id,
        counter.mall_id == link.mall_id,
        counter.id == link.counter_id,
        building.mall_id == counter.mall_id,
        building.id == counter.location_id,
        in_use_on(building, today),
        serves,
        *([counter.id != besides] if besides else []),
    )


def is_there(
    mall_id: ColumnElement[int] | int, counter: type[Counter], today: ColumnElement[date] | date
) -> ColumnElement[bool]:
    """Whether it is one of the counter's weekdays, or it is open all the same: its days were changed meanwhile."""
    session, weekday = aliased(CounterSession), func.extract("isodow", cast(today, Date)).cast(Integer)
    is_open = exists().where(
        session.mall_id == mall_id,
        session.counter_id == counter.id,
        session.service_day == today,
        session.closed_at.is_(None),
    )
    return or_(counter.weekdays.is_(None), counter.weekdays.contains(func.to_jsonb(weekday)), is_open)


def is_served_in(
    mall_id: ColumnElement[int] | int, service_id: InstrumentedAttribute[UUID], location_id: UUID
) -> ColumnElement[bool]:
    """Whether a counter that is not retired serves the service in this building."""
    return exists().where(
        CounterService.mall_id == mall_id,
        CounterService.service_id == service_id,
        Counter.mall_id == mall_id,
        Counter.id == CounterService.counter_id,
        Counter.location_id == location_id,
        Counter.retired_on.is_(None),
    )
