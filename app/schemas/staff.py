"""People with a role in a mall, on the wire."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from app.domain.roles import Role
from app.schemas.accounts import FirstPassword, PersonName, ShownOnce, Username
from app.schemas.base import Changes, Editable, Input, Instant, Output, SecretMember, absent

MallRole = Literal[Role.MALL_MANAGER, Role.AUDITOR, Role.AGENCY_MANAGER, Role.OFFICER]


class RoleRequest(Input):
    """A role to grant."""

    role: Annotated[
        MallRole, Field(description="Never above the caller's own: an agency's manager grants `officer` only")
    ]
    agency_id: Annotated[
        UUID | None, Field(description="For `agency_manager` and `officer`: for which agency. Null for the others")
    ] = None


class GrantRequest(RoleRequest):
    """A role for somebody who has an account."""

    username: Username


class StaffRequest(RoleRequest):
    """A person to add, with a first role."""

    username: Username
    name: PersonName
    password: FirstPassword = None


class StaffChanges(Changes):
    """Changes to a person's account. Its user name never changes."""

    name: PersonName = absent()


class StaffGrant(Output):
    """A role that a person has, or had."""

    id: UUID
    account_id: UUID
    role: Role
    """What the person is to the mall."""
    agency_id: UUID | None
    """The agency that the role is for; null: the whole mall."""
    granted_at: Instant
    """When the role was granted."""
    revoked_at: Instant | None
    """When the role was revoked; null: it is valid."""


class Staff(Editable):
    """A person with a role in this mall."""

    id: UUID
    """The account's id."""
    username: str
    name: PersonName | None
    """Null: another mall or agency created the account and manages it."""
    created_at: Instant
    disabled_at: Instant | None
    grants: list[StaffGrant]
    """The roles in this mall, past ones too; an agency's manager sees the `officer` roles of their own agency."""


class NewStaff(Staff):
    """A person who was just added."""

    secret: ClassVar = SecretMember("password", of="account")

    password: ShownOnce
    """Shown once, here; null if the request gave the password."""


class ResetStaff(Staff):
    """A person whose password was just reset."""

    secret: ClassVar = SecretMember("password", of="account")

    password: Annotated[str, Field(examples=["7ZK3M-9QH2R-TX4B8-VD1WE"])]
    """Shown once, here."""
