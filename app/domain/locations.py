"""Locations: the buildings of a mall, with floors on which counters stand."""

from datetime import date

from app.errors import Conflict, Invalid, domain_error


@domain_error
class FloorInUse(Conflict):
    """A floor with counters on it cannot be removed."""

    pointer = "/floors"
    floor: str


@domain_error
class LocationNotInUse(Conflict):
    """Counters stand, and open, in a building that is one of the mall's on that day."""

    member: str | None
    starts_on: date
    ends_on: date | None


@domain_error
class FloorUnknown(Invalid):
    """The location has no such floor."""

    pointer = "/floor"
    floor: str
