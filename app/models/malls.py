"""Malls, where they are, and when they are open."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.calendar import ExceptionKind, TimeZone
from app.domain.holidays import HolidayKind, Proposal
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
    """Weekly hours of the mall (`agency_id` null) or an agency there. A period has dates, and replaces them then."""

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
    name: Mapped[Names | None] = mapped_column(JSONB(none_as_null=True), default=None)
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


class Holiday(Versioned, MallOwned, Base):
    """A national holiday or a day of collective leave, with the paper or page that says so."""

    __tablename__ = "holidays"
    __table_args__ = (
        of_mall(),
        among("kind", HolidayKind),
        # deferred: a correction of a year moves neighbours one after the other
        UniqueConstraint("mall_id", "on", name="uq_holidays_day", deferrable=True, initially="DEFERRED"),
        UniqueConstraint("mall_id", "proposal", name="uq_holidays_proposal", deferrable=True, initially="DEFERRED"),
    )

    on: Mapped[date]
    name: Mapped[Names]
    kind: Mapped[HolidayKind]
    source: Mapped[str]
    closes: Mapped[bool] = mapped_column(default=True)
    """False: the mall opens all the same, as some do on days of leave."""
    estimated: Mapped[bool] = mapped_column(default=False)
    proposal: Mapped[str | None] = mapped_column(default=None)
    """The key of the proposal that it was accepted from."""
    by_hand: Mapped[bool] = mapped_column(default=True)
    """Entered or changed by people: no proposal changes it again."""

    def edit(self, changes: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Change it by hand."""
        before, after = self.change(changes)
        self.by_hand = self.by_hand or bool(after)
        return before, after

    def follow(self, proposal: Proposal, source: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Become what is proposed now."""
        self.proposal = proposal.key
        return self.change({**proposal.facts(), "source": source})
