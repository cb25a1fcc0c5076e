"""A mall as everything below a request knows it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.errors import Conflict, domain_error


@dataclass(frozen=True)
class MallRef:
    """What of a mall never changes: safe to keep in memory."""

    id: int
    slug: str
    zone: ZoneInfo


@domain_error
class SlugTaken(Conflict):
    """Slugs are unique on the platform and never change."""

    pointer = "/slug"
    value: str
