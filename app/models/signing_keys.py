"""Keys that sign access tokens."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_people
from app.models.base import Base, Recorded, Secret


class SigningKey(Recorded, Base):
    """A key that signs access tokens, sealed with the server's own key.

    It signs from its instant until a later key's comes, and is known until the last of its tokens has run out.
    """

    records = event_data_people.SigningKeyData
    recorded_id = "kid"

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[dict[str, Any]]
    sealed: Mapped[Secret[str]]
    created_at: Mapped[datetime]
    signs_from: Mapped[datetime | None] = mapped_column(default=None)
    """Null: from the first."""
    retired_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    """From when on it verifies nothing; it may lie ahead."""
