"""Accounts of people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_people
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import PLATFORM_ROLES, Role
from app.models.base import Base, Personal, Secret, Versioned, enum_check, new_id

platform_roles = ", ".join(f"'{role}'" for role in PLATFORM_ROLES)


class Account(Versioned, Base):
    """A person's built-in account. Its `token_version` ends the access tokens that were made before."""

    records = event_data_people.AccountData

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("username", name="uq_accounts_username"),
        enum_check("platform_role", Role, optional=True),
        CheckConstraint(f"platform_role IN ({platform_roles})", name="platform_role_of_platform"),
        CheckConstraint("(platform_role IS NULL) = (home_mall_id IS NOT NULL)", name="made_in_a_mall_or_the_platforms"),
        Index("ix_accounts_platform", "username", postgresql_where=text("platform_role IS NOT NULL")),
    )

    username: Mapped[Personal[str]]
    name: Mapped[Personal[str]]
    password_hash: Mapped[Secret[str]]
    created_at: Mapped[datetime]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    platform_role: Mapped[Role | None] = mapped_column(default=None)
    home_mall_id: Mapped[int | None] = mapped_column(SmallInteger, ForeignKey("malls.id"), default=None)
    """The mall that made the account and manages it, whatever roles others grant; null: the platform's."""
    token_version: Mapped[int] = mapped_column(default=1, init=False)
    disabled_at: Mapped[datetime | None] = mapped_column(default=None, init=False)

    def disable(self, at: datetime) -> None:
        """Shut it out, and end its sessions."""
        if self.disabled_at:
            raise IllegalTransition(thing="account", state="disabled", verb="disable")
        self.disabled_at = at
        self.token_version += 1

    def enable(self) -> None:
        """Let it in again; it signs in anew."""
        if self.disabled_at is None:
            raise IllegalTransition(thing="account", state="enabled", verb="enable")
        self.disabled_at = None
        self.token_version += 1

    def set_password(self, password_hash: str) -> None:
        """Give it another password, and end the sessions that began with the one before."""
        self.password_hash = password_hash
        self.token_version += 1
