"""Malls, where they are, and when they are open."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.calendar import ExceptionKind, HolidayKind, TimeZone
from app.domain.names import Names
from app.models.base import Base, MallOwned, Versioned, among, belongs_to

CLOCK = "'^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'"


class Mall(Versioned, Base):
    """One *Mal Pelayanan Publik*. Slug and time zone never change."""

    __tablename__ = "malls"
    __table_args__ = (
        UniqueConstraint("slug", name="uq_malls_slug"),
        among("time_zone", TimeZone),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    slug: Mapped[str]
    name: Mapped[Names]
    region: Mapped[str]
    operator: Mapped[str]
    time_zone: Mapped[TimeZone]
    created_at: Mapped[datetime]


def of_mall() -> ForeignKeyConstraint:
    """The foreign key of a row that belongs to nothing smaller than the mall."""
    return ForeignKeyConstraint(["mall_id"], ["malls.id"])


class Location(Versioned, MallOwned, Base):
    """A building of the mall, from one day until another: a move keeps the history."""

    __tablename__ = "locations"
    __table_args__ = (
        of_mall(),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates_in_order"),
    )

    name: Mapped[Names]
    address: Mapped[str]
    floors: Mapped[list[Any]]
    """`[{"code": "1", "name": {"id": …, "en": …}}]`"""
    from_on: Mapped[date]
    until_on: Mapped[date | None] = mapped_column(default=None)


class Schedule(Versioned, MallOwned, Base):
    """Weekly hours of the mall (`agency_id` null) or an agency there. Dated ones replace the undated on their days."""

    __tablename__ = "schedules"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        CheckConstraint("(starts_on IS NULL) = (ends_on IS NULL) AND ends_on >= starts_on", name="dates_in_order"),
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
    starts_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)


class CalendarException(MallOwned, Base):
    """A dated deviation of the mall (`agency_id` null) or an agency; without an end it holds until deleted."""

    __tablename__ = "calendar_exceptions"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        among("kind", ExceptionKind),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint(f"opens ~ {CLOCK} AND closes ~ {CLOCK} AND opens < closes", name="hours_in_order"),
        Index("ix_calendar_exceptions_days", "mall_id", "starts_on", "ends_on"),
    )

    agency_id: Mapped[UUID | None]
    kind: Mapped[ExceptionKind]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    opens: Mapped[str]
    closes: Mapped[str]
    reason: Mapped[Names]


class Holiday(MallOwned, Base):
    """A national holiday or collective leave day, with the paper or page that says so."""

    __tablename__ = "holidays"
    __table_args__ = (
        of_mall(),
        among("kind", HolidayKind),
        UniqueConstraint("mall_id", "on", name="uq_holidays_day"),
    )

    on: Mapped[date]
    name: Mapped[Names]
    kind: Mapped[HolidayKind]
    source: Mapped[str]
