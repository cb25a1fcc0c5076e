"""People with a role in a mall (*petugas* and their managers)."""

from uuid import UUID

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
    """The account also has a role that the caller does not manage; those it manages can be revoked one by one."""
