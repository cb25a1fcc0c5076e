"""Locations: the buildings of a mall, with floors on which counters stand."""

from datetime import date
from uuid import UUID

from app.errors import Conflict, Invalid, domain_error


def in_use(day: date, starts_on: date, ends_on: date | None) -> bool:
    """Whether a building is one of the mall's on a day, from these dates on."""
    return starts_on <= day <= (ends_on or day)


@domain_error
class FloorInUse(Conflict):
    """A floor with counters on it cannot be removed."""

    pointer = "/floors"
    floor: str
    """The floor that counters stand on."""


@domain_error
class LocationInUse(Conflict):
    """A building stays one of the mall's today as long as counters stand in it: they are moved or retired first."""

    counter_id: UUID
    """One of the counters that stand in it."""


@domain_error
class LocationNotInUse(Conflict):
    """Counters and devices stand, and counters open, in a building that is one of the mall's on that day."""

    member: str | None
    """The member of the request's body that names it; null: none does."""
    starts_on: date
    ends_on: date | None
    """The last day on which the building belongs to the mall; null: it has no end."""


@domain_error
class FloorUnknown(Invalid):
    """The location has no such floor."""

    pointer = "/floor"
    floor: str
    """The floor that is not there."""
