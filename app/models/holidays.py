"""Holidays of a mall."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_calendar
from app.domain.holidays import HolidayKind, Proposal
from app.domain.names import LocalizedText
from app.models.base import Base, Edit, MallOwned, Versioned, enum_check, of_mall


class Holiday(Versioned, MallOwned, Base):
    """A national holiday or a day of collective leave, with the paper or page that says so."""

    records = event_data_calendar.HolidayData

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
    """Entered, moved or renamed by people: no proposal changes it again."""

    def edit(self, changes: Mapping[str, Any]) -> Edit | None:
        """Change it by hand. Whether the mall closes, and that the date is confirmed, no proposal says otherwise."""
        edit = self.change(changes)
        self.by_hand = self.by_hand or bool(edit and {"date", "kind", "name"} & set(edit.changed))
        return edit

    def follow(self, proposal: Proposal, source: str) -> Edit | None:
        """Become what is proposed now; a date that people confirmed stays confirmed while it is the same."""
        estimated = proposal.estimated and (self.estimated or self.date != proposal.date)
        return self.change({**proposal.facts(), "estimated": estimated, "source": source, "proposal": proposal.key})


class RemovedHoliday(MallOwned, Base):
    """A day that people deleted: it is not proposed as new again. It goes when the day is entered again."""

    __tablename__ = "removed_holidays"
    __table_args__ = (of_mall(), UniqueConstraint("mall_id", "date", name="uq_removed_holidays_day"))

    date: Mapped[dt.date]
    proposal: Mapped[str | None]
    """The key of the proposal that it was accepted from."""
