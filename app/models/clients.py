"""Partner clients."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_people
from app.domain.lifecycle import IllegalTransition
from app.models.base import Base, MallOwned, Secret, Versioned, belongs_to


class Client(Versioned, MallOwned, Base):
    """A partner's system. It has one secret, or two while the old one runs out; both are kept as hashes."""

    records = event_data_people.ClientData

    __tablename__ = "clients"
    __table_args__ = (
        belongs_to("agencies", "agency_id"),
        CheckConstraint("(old_secret_hash IS NULL) = (old_secret_until IS NULL)", name="old_secret_ends"),
        Index("ix_clients_agency", "mall_id", "agency_id", "id"),
    )

    agency_id: Mapped[UUID]
    name: Mapped[str]
    scopes: Mapped[list[str]]
    secret_prefix: Mapped[str]
    secret_hash: Mapped[Secret[bytes]]
    created_at: Mapped[datetime]
    token_version: Mapped[int] = mapped_column(default=1, init=False)
    """Ends the access tokens that were made before."""
    old_secret_hash: Mapped[Secret[bytes] | None] = mapped_column(default=None, init=False)
    old_secret_until: Mapped[datetime | None] = mapped_column(default=None, init=False)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    """When it last got a token."""

    def rotate(self, prefix: str, secret_hash: bytes, old_until: datetime | None) -> None:
        """Give it another secret; the one before works until then, or ends now with all its tokens."""
        if self.revoked_at:
            raise IllegalTransition(thing="client", state="revoked", verb="rotate")
        self.old_secret_hash, self.old_secret_until = (self.secret_hash, old_until) if old_until else (None, None)
        self.secret_prefix, self.secret_hash = prefix, secret_hash
        if old_until is None:
            self.token_version += 1

    def revoke(self, at: datetime) -> None:
        """End its secrets and tokens."""
        if self.revoked_at:
            raise IllegalTransition(thing="client", state="revoked", verb="revoke")
        self.revoked_at = at
