"""Locations: the buildings of a mall."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from app.domain import event_data
from app.domain.names import LocalizedText
from app.models.base import Base, MallOwned, Versioned, of_mall


class Location(Versioned, MallOwned, Base):
    """A building of the mall, from one day until another: a move keeps the history."""

    records = event_data.LocationData

    __tablename__ = "locations"
    __table_args__ = (
        of_mall(),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
    )

    name: Mapped[LocalizedText]
    address: Mapped[str]
    floors: Mapped[list[Any]]
    """`[{"code": "1", "name": {"id": …, "en": …}}]`"""
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(default=None)


def in_use_on(location: type[Location], day: ColumnElement[date] | date) -> ColumnElement[bool]:
    """Whether it is one of the mall's buildings on the day (`domain.locations.in_use` says the same of a row)."""
    return and_(location.starts_on <= day, or_(location.ends_on.is_(None), location.ends_on >= day))
