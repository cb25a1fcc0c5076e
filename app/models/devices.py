"""Kiosks and displays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_people
from app.domain.devices import DeviceKind
from app.domain.lifecycle import IllegalTransition
from app.domain.names import LocalizedText
from app.models.base import Base, MallOwned, Secret, Versioned, belongs_to, enum_check


class Device(Versioned, MallOwned, Base):
    """A kiosk or display. Its key names the mall and is kept as a hash."""

    records = event_data_people.DeviceData

    __tablename__ = "devices"
    __table_args__ = (
        belongs_to("locations", "location_id"),
        enum_check("kind", DeviceKind),
        UniqueConstraint("mall_id", "key_hash", name="uq_devices_key"),
    )

    kind: Mapped[DeviceKind]
    name: Mapped[LocalizedText]
    location_id: Mapped[UUID]
    key_prefix: Mapped[str]
    key_hash: Mapped[Secret[bytes]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None, init=False)

    def revoke(self, at: datetime) -> None:
        """End its key."""
        if self.revoked_at:
            raise IllegalTransition(thing="device", state="revoked", verb="revoke")
        self.revoked_at = at
        self.version += 1
