"""Number series, and the last number of each service day."""

from datetime import date
from uuid import UUID

from sqlalchemy import SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data
from app.domain.names import LocalizedText
from app.domain.number_series import looks_like_digits
from app.models.base import Base, MallOwned, Versioned, belongs_to, of_mall


class NumberSeries(Versioned, MallOwned, Base):
    """A line of ticket numbers with a prefix chosen by the mall. Services share one or have their own."""

    records = event_data.NumberSeriesData

    __tablename__ = "number_series"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        UniqueConstraint("mall_id", "prefix", name="uq_number_series_prefix"),
    )

    prefix: Mapped[str]
    name: Mapped[LocalizedText]
    agency_id: Mapped[UUID | None]

    @property
    def looks_like_digits(self) -> bool:
        """Whether its prefix is easily misread."""
        return looks_like_digits(self.prefix)


class SeriesDay(Base):
    """The last number given of a series on a service day."""

    __tablename__ = "number_days"
    __table_args__ = (belongs_to("number_series", "series_id"),)

    mall_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    series_id: Mapped[UUID] = mapped_column(primary_key=True)
    service_day: Mapped[date] = mapped_column(primary_key=True)
    last_number: Mapped[int]
