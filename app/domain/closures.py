"""Closures: one act closes something, now or for a stretch, says why, and what becomes of who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.errors import Conflict, Invalid, domain_error

LONGEST = timedelta(days=366)
"""A closure with an end ends within that."""


class WaitingVisitors(StrEnum):
    """What becomes of who waits: still served (only the intake closes), kept until it opens again, or cancelled."""

    SERVE = "serve"
    KEEP = "keep"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Reach:
    """What a closure closes: the mall or an agency with all of it, or some services and counters."""

    agency_id: UUID | None
    """None: the mall's, or a floor's of several agencies."""
    service_ids: Sequence[UUID] | None = None
    """None: all of them."""
    counter_ids: Sequence[UUID] | None = None


@domain_error
class ClosureNotPossible(Invalid):
    """A closure is of one thing, a floor comes with its location, it begins now or later, and ends after it begins."""

    member: str
    """The member of the request's body that does not fit."""


@domain_error
class ClosureEnded(Conflict):
    """The closure is over already."""

    ended_at: datetime
    """When it ended."""
