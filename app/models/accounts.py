"""People and devices: accounts, grants, tokens, keys, and what slows guessing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.lifecycle import IllegalTransition
from app.domain.names import Names
from app.domain.roles import AGENCY_ROLES, PLATFORM_ROLES, DeviceKind, Role
from app.models.base import Base, Editioned, MallOwned, Versioned, among, belongs_to, new_id
from app.models.malls import of_mall

platform_roles = ", ".join(f"'{role}'" for role in PLATFORM_ROLES)
agency_roles = ", ".join(f"'{role}'" for role in AGENCY_ROLES)


class Account(Editioned, Base):
    """A person's built-in account. Its version ends the access tokens that were made before."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("username", name="uq_accounts_username"),
        among("platform_role", Role, optional=True),
        CheckConstraint(f"platform_role IN ({platform_roles})", name="platform_role_of_platform"),
        Index("ix_accounts_platform", "username", postgresql_where=text("platform_role IS NOT NULL")),
    )

    username: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    platform_role: Mapped[Role | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1, init=False)
    disabled_at: Mapped[datetime | None] = mapped_column(default=None, init=False)

    def disable(self, at: datetime) -> None:
        """Shut it out."""
        if self.disabled_at:
            raise IllegalTransition(thing="account", state="disabled", verb="disable")
        self.disabled_at = at

    def enable(self) -> None:
        """Let it in again."""
        if self.disabled_at is None:
            raise IllegalTransition(thing="account", state="enabled", verb="enable")
        self.disabled_at = None


class Grant(MallOwned, Base):
    """A role of an account in a mall, for one agency of it where the role is an agency's."""

    __tablename__ = "grants"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        among("role", Role),
        CheckConstraint(f"role NOT IN ({platform_roles})", name="role_of_a_mall"),
        CheckConstraint(f"(agency_id IS NOT NULL) = (role IN ({agency_roles}))", name="agency_for_agency_roles"),
        Index("ix_grants_account", "account_id"),
        Index("ix_grants_agency", "mall_id", "agency_id"),
        Index(
            "uq_grants_current",
            "mall_id",
            "account_id",
            "role",
            "agency_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    account_id: Mapped[UUID]
    role: Mapped[Role]
    granted_at: Mapped[datetime]
    agency_id: Mapped[UUID | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None, init=False)

    def revoke(self, at: datetime) -> None:
        """Take the role away."""
        if self.revoked_at:
            raise IllegalTransition(thing="grant", state="revoked", verb="revoke")
        self.revoked_at = at


class RefreshToken(Base):
    """An opaque token, hashed, used once; using it again ends its family."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_refresh_tokens_hash"),
        Index("ix_refresh_tokens_family", "family_id"),
        Index("ix_refresh_tokens_account", "account_id"),
        Index("ix_refresh_tokens_expiry", "expires_at"),
    )

    family_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    account_version: Mapped[int]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    used_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None, init=False)


class SigningKey(Base):
    """A key that signs access tokens, sealed with the server's own key.

    It signs from its instant until a later key's comes, and is known until the last of its tokens has run out.
    """

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(primary_key=True)
    public: Mapped[dict[str, Any]]
    sealed: Mapped[str]
    created_at: Mapped[datetime]
    signs_from: Mapped[datetime | None] = mapped_column(default=None)
    """Null: from the first."""
    retired_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    """From when on it verifies nothing; it may lie ahead."""


class Attempt(Base):
    """The pace of failed guesses per account and per address (GCRA): when the next one would be on time."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_due", "due_at"), {"prefixes": ["UNLOGGED"]})

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    due_at: Mapped[datetime]


class Device(Versioned, MallOwned, Base):
    """A kiosk or display. Its key names the mall and is kept as a hash."""

    __tablename__ = "devices"
    __table_args__ = (
        belongs_to("locations", "location_id"),
        among("kind", DeviceKind),
        UniqueConstraint("mall_id", "key_hash", name="uq_devices_key"),
    )

    kind: Mapped[DeviceKind]
    name: Mapped[Names]
    location_id: Mapped[UUID]
    key_prefix: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None, init=False)

    def revoke(self, at: datetime) -> None:
        """End its key."""
        if self.revoked_at:
            raise IllegalTransition(thing="device", state="revoked", verb="revoke")
        self.revoked_at = at
        self.version += 1
