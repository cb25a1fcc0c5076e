"""Agencies."""

from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.domain import event_data_joining
from app.domain.agencies import AgencyCategory
from app.domain.names import LocalizedText
from app.models.base import Base, MallOwned, Personal, Retirable, enum_check, of_mall


class Agency(Retirable, MallOwned, Base):
    """An *instansi*. It keeps its own office, address and hours beside the mall's."""

    records = event_data_joining.AgencyData

    __tablename__ = "agencies"
    __table_args__ = (
        of_mall(),
        UniqueConstraint("mall_id", "code", name="uq_agencies_code"),
        enum_check("category", AgencyCategory),
    )

    code: Mapped[str]
    name: Mapped[LocalizedText]
    category: Mapped[AgencyCategory]
    office_address: Mapped[str | None]
    office_hours: Mapped[list[Any] | None]
    website: Mapped[str | None]
    contact: Mapped[Personal[dict[str, Any]] | None]
    """Name, phone and e-mail of who answers for it: shown to the mall's people only."""

    def event_agency_id(self) -> UUID:
        """Its entries are its own."""
        return self.id
