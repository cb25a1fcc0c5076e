"""Number blocks (*blok nomor*): numbers that a kiosk takes ahead, to give them while it is cut off from the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.lifecycle import Lifecycle
from app.domain.names import Language
from app.domain.number_series import shown_number
from app.domain.tickets import PriorityClass
from app.errors import Conflict, Invalid, domain_error

LARGEST_BLOCK = 200


class BlockStatus(StrEnum):
    """Where a block is in its life."""

    RESERVED = "reserved"
    REPORTED = "reported"
    EXPIRED = "expired"


BLOCK_LIFE: Lifecycle[BlockStatus] = Lifecycle(
    "number_block", {BlockStatus.RESERVED: {"report": BlockStatus.REPORTED, "expire": BlockStatus.EXPIRED}}
)


class NumberOutcome(StrEnum):
    """What became of a number of a block."""

    RESERVED = "reserved"
    """The kiosk may still give it."""
    ISSUED = "issued"
    VOID = "void"
    """It came to nobody: the paper was jammed, say."""
    UNUSED = "unused"


@domain_error
class BlockOpen(Conflict):
    """A kiosk has one block of a series at a time: what it gave of the last one is reported first."""

    block_id: UUID


@domain_error
class NumberOutOfOrder(Invalid):
    """Numbers of a block are given in order from its first: none twice, none left out, none of another block."""

    member: str
    number: str
    expected: str | None
    """The number that was due at this place; null: the block ended before it."""


@domain_error
class TimeOutOfOrder(Invalid):
    """A number was given after the one before it, after its block was reserved, and before now."""

    member: str
    not_before: datetime
    not_after: datetime


@domain_error
class OtherSeries(Invalid):
    """The service takes its numbers from another series than the block's."""

    member: str
    number_series_id: UUID
    """The series that the service gives its numbers from."""


@dataclass(frozen=True, kw_only=True)
class GivenNumber:
    """A number that a kiosk gave, or spoilt, while it was cut off."""

    number: str
    issued_at: datetime
    service_id: UUID | None
    """Null: it is void."""
    priority_class: PriorityClass
    access_needs: list[str]
    language: Language


def must_follow(given: Sequence[GivenNumber], prefix: str, block: range, since: datetime, now: datetime) -> None:
    """Raise NumberOutOfOrder or TimeOutOfOrder unless these are the block's first numbers, one after another."""
    for at, each in enumerate(given):
        expected = shown_number(prefix, block[at]) if at < len(block) else None
        if each.number != expected:
            raise NumberOutOfOrder(member=f"numbers/{at}/number", number=each.number, expected=expected)
        if not since <= each.issued_at <= now:
            raise TimeOutOfOrder(member=f"numbers/{at}/issued_at", not_before=since, not_after=now)
        since = each.issued_at
