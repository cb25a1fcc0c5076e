"""Holidays of a mall."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data
from app.domain.holidays import HolidayKind, Proposal
from app.domain.names import LocalizedText
from app.models.base import Base, Edit, MallOwned, Versioned, enum_check, of_mall


class Holiday(Versioned, MallOwned, Base):
    """A national holiday or a day of collective leave, with the paper or page that says so."""

    records = event_data.HolidayData

    __tablename__ = "holidays"
    __table_args__ = (
        of_mall(),
        enum_check("kind", HolidayKind),
        # deferred: a correction of a year moves neighbours one after the other
        UniqueConstraint("mall_id", "date", name="uq_holidays_day", deferrable=True, initially="DEFERRED"),
        UniqueConstraint("mall_id", "proposal", name="uq_holidays_proposal", deferrable=True, initially="DEFERRED"),
    )

    date: Mapped[dt.date]
    name: Mapped[LocalizedText]
    kind: Mapped[HolidayKind]
    source: Mapped[str]
    closes_mall: Mapped[bool] = mapped_column(default=True)
    """False: the mall opens all the same, as some do on days of leave."""
    estimated: Mapped[bool] = mapped_column(default=False)
    proposal: Mapped[str | None] = mapped_column(default=None)
    """The key of the proposal that it was accepted from."""
    by_hand: Mapped[bool] = mapped_column(default=True)
    """Entered or changed by people: no proposal changes it again."""

    def edit(self, changes: Mapping[str, Any]) -> Edit | None:
        """Change it by hand."""
        edit = self.change(changes)
        self.by_hand = self.by_hand or bool(edit)
        return edit

    def follow(self, proposal: Proposal, source: str) -> Edit | None:
        """Become what is proposed now."""
        return self.change({**proposal.facts(), "source": source, "proposal": proposal.key})
