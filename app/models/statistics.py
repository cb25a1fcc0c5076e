"""What is counted and kept for statistics. It is no history of its own: it can be counted anew at any time."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.statistics import By, Count, Figures, Span
from app.models.base import Base, belongs_to, enum_check


class ServiceDayCounts(Base):
    """One service's tickets on one service day. `domain/statistics.py` says which event counts where."""

    __tablename__ = "service_day_counts"
    __table_args__ = (belongs_to("services", "service_id"),)

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    service_day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    issued: Mapped[int] = mapped_column(default=0)
    transferred_in: Mapped[int] = mapped_column(default=0)
    transferred_out: Mapped[int] = mapped_column(default=0)
    called: Mapped[int] = mapped_column(default=0)
    completed: Mapped[int] = mapped_column(default=0)
    no_show: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)

    def add(self, counts: Mapping[Count, int]) -> None:
        """Count so many more of each."""
        for each, count in counts.items():
            setattr(self, each, getattr(self, each) + count)


class ServiceFigures(Base):
    """One service's figures of a day that is over, or of such days of a month (`domain/statistics.py`).

    Each column has figures by a word of its own: an hour, a channel, a counter's or an officer's id.
    """

    __tablename__ = "service_figures"
    __table_args__ = (belongs_to("services", "service_id"), enum_check("span", Span))

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    span: Mapped[Span] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    service: Mapped[dict[str, Any]]
    """All of it, by an empty word."""
    hour: Mapped[dict[str, Any]]
    channel: Mapped[dict[str, Any]]
    counter: Mapped[dict[str, Any]]
    officer: Mapped[dict[str, Any]]

    @classmethod
    def none(cls, mall_id: int, span: Span, starts_on: date, service_id: UUID) -> "ServiceFigures":
        """A service of which nothing has been counted yet."""
        return cls(
            mall_id=mall_id,
            span=span,
            starts_on=starts_on,
            service_id=service_id,
            service={},
            hour={},
            channel={},
            counter={},
            officer={},
        )

    def add(self, part: By, word: str, figures: Figures) -> None:
        """Count these, too."""
        kept: dict[str, Any] = getattr(self, part)
        whole = Figures.total([Figures.read(kept[word]), figures]) if word in kept else figures
        setattr(self, part, {**kept, word: whole.kept()})
