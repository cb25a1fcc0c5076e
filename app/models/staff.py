"""Roles of accounts in a mall."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain import event_data_people
from app.domain.lifecycle import IllegalTransition
from app.domain.roles import AGENCY_ROLES, Role
from app.models.accounts import platform_roles
from app.models.base import Base, MallOwned, Recorded, belongs_to, enum_check, of_mall

agency_roles = ", ".join(f"'{role}'" for role in AGENCY_ROLES)


class Grant(Recorded, MallOwned, Base):
    """A role of an account in a mall, for one agency of it where the role is an agency's."""

    records = event_data_people.RoleData

    __tablename__ = "grants"
    __table_args__ = (
        of_mall(),
        belongs_to("agencies", "agency_id"),
        ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        enum_check("role", Role),
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
