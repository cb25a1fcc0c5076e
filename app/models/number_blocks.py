"""Number blocks, and what became of each of their numbers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data
from app.domain.number_blocks import BLOCK_LIFE, BlockStatus, NumberOutcome
from app.models.base import Base, MallOwned, Recorded, belongs_to, enum_check


class NumberBlock(Recorded, MallOwned, Base):
    """Numbers of a series that a kiosk may give on a service day without asking."""

    records = event_data.NumberBlockData

    __tablename__ = "number_blocks"
    __table_args__ = (
        belongs_to("number_series", "series_id"),
        belongs_to("devices", "device_id"),
        enum_check("status", BlockStatus),
        CheckConstraint("first_ordinal > 0 AND last_ordinal >= first_ordinal", name="ordinals_in_order"),
        CheckConstraint("(status = 'reserved') = (ended_at IS NULL)", name="ended_when_over"),
        Index(
            "uq_number_blocks_open",
            "mall_id",
            "device_id",
            "series_id",
            unique=True,
            postgresql_where=text("status = 'reserved'"),
        ),
        Index("ix_number_blocks_day", "mall_id", "service_day", "id"),
    )

    series_id: Mapped[UUID]
    device_id: Mapped[UUID]
    """The kiosk that gives them."""
    service_day: Mapped[date]
    first_ordinal: Mapped[int]
    last_ordinal: Mapped[int]
    reserved_at: Mapped[datetime]
    status: Mapped[BlockStatus] = mapped_column(default=BlockStatus.RESERVED, init=False)
    ended_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    """When it was reported, or expired."""

    @property
    def ordinals(self) -> range:
        """Its numbers, without the prefix."""
        return range(self.first_ordinal, self.last_ordinal + 1)

    def report(self, at: datetime) -> None:
        """The kiosk has told what it gave; the rest stays unused."""
        self._move("report", at)

    def expire(self, at: datetime) -> None:
        """The day ended first: what the kiosk gave is not known here."""
        self._move("expire", at)

    def _move(self, verb: str, at: datetime) -> None:
        self.status = BLOCK_LIFE.after(self.status, verb)
        self.ended_at = at


class BlockNumber(Base):
    """A number of a block, from the reservation on: so every number of a series has a row that says what it became."""

    __tablename__ = "block_numbers"
    __table_args__ = (belongs_to("number_blocks", "block_id"), enum_check("outcome", NumberOutcome))

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    block_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID]
    """The id of its ticket, once it is one: the claim code follows from it, so that a kiosk can print it cut off."""
    outcome: Mapped[NumberOutcome] = mapped_column(default=NumberOutcome.RESERVED, init=False)
