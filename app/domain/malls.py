"""A mall as everything below a request knows it."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from app.errors import Conflict, Invalid, fact


@dataclass(frozen=True)
class MallRef:
    """What of a mall never changes: safe to keep in memory."""

    id: int
    slug: str
    zone: ZoneInfo


@fact
class SlugTaken(Conflict):
    """Slugs are unique on the platform and never change."""

    pointer = "/slug"
    value: str


@fact
class DatesReversed(Invalid):
    """It ends on or after the day it begins."""

    starts_on: str
    ends_on: str
    member: str


def in_order(starts_on: date, ends_on: date | None, member: str = "ends_on") -> None:
    """Days that end, end when they began or later. Raises DatesReversed."""
    if ends_on and ends_on < starts_on:
        raise DatesReversed(starts_on=str(starts_on), ends_on=str(ends_on), member=member)
