"""People with a role in a mall (*petugas* and their managers)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.domain.roles import Role
from app.errors import Conflict, Invalid, domain_error


@domain_error
class AgencyMisplaced(Invalid):
    """Managers of an agency and officers have a role for one agency, all others for the whole mall."""

    pointer = "/agency_id"


@domain_error
class RoleAlreadyGranted(Conflict):
    """An account has a role once, in a mall or for an agency of it."""

    pointer = "/role"
    grant_id: UUID
    """The grant that is there."""


@domain_error
class AccountBeyondReach(Conflict):
    """Another mall or agency made the account and manages it, or the mall gave it a role above an officer's.

    What the caller manages of it, the roles that it granted, it can revoke.
    """


@domain_error
class MallHasManager(Conflict):
    """The platform appoints a mall's manager only where the mall has none who can sign in: managers do the rest."""


class GrantedRole(Protocol):
    """What of a grant says whose account it is."""

    @property
    def role(self) -> Role:
        """The role."""

    @property
    def agency_id(self) -> UUID | None:
        """The agency that it is for."""

    @property
    def granted_at(self) -> datetime:
        """Since when."""

    @property
    def revoked_at(self) -> datetime | None:
        """Until when; None: still."""


def covers(agencies: Collection[UUID] | None, grant: GrantedRole) -> bool:
    """Whether a grant in the mall is within reach: all are where `agencies` is None, else those of their officers."""
    return agencies is None or (grant.role is Role.OFFICER and grant.agency_id in agencies)


def belongs_to(agencies: Collection[UUID] | None, grants: Sequence[GrantedRole]) -> bool:
    """Whether an account that the mall made, with these grants in it, is the people's of these agencies.

    It is theirs to whom its first role belongs, of those that it has still: so nobody comes to an account of others by
    granting one more role, and somebody who moves to another agency belongs there.
    """
    first = min(grants, key=lambda each: (each.revoked_at is not None, each.granted_at), default=None)
    return agencies is None or (first is not None and covers(agencies, first))


def is_managed_by(agencies: Collection[UUID] | None, grants: Sequence[GrantedRole]) -> bool:
    """Whether they may also disable it and reset its password: no role that it has here is above an officer's."""
    held = [each for each in grants if each.revoked_at is None]
    above = agencies is not None and any(each.role is not Role.OFFICER for each in held)
    return belongs_to(agencies, grants) and not above
