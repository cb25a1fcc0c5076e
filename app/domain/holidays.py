"""National holidays and collective leave: a mall's own days, and what is proposed for a year.

A day has at most one row: where two coincide, its name says both, and a holiday comes before leave.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from app.domain.names import LocalizedText
from app.errors import Conflict, domain_error


class HolidayKind(StrEnum):
    """*Libur nasional* and *cuti bersama*, both set yearly by a joint decree of three ministers."""

    NATIONAL_HOLIDAY = "national_holiday"
    COLLECTIVE_LEAVE = "collective_leave"


@domain_error
class HolidayExists(Conflict):
    """A day has at most one holiday: change that one, or delete it first."""

    pointer = "/date"
    date: dt.date
    holiday_id: UUID
    """The holiday that is there."""


@dataclass(frozen=True)
class Proposal:
    """A day that is proposed, under a key that stays the same when its date is corrected."""

    key: str
    date: dt.date
    kind: HolidayKind
    name: LocalizedText
    estimated: bool
    """The date is reckoned: the moon, or the decree, may say another one."""

    def facts(self) -> dict[str, Any]:
        """What of a mall's holiday follows the proposal."""
        return {"date": self.date, "kind": self.kind, "name": self.name, "estimated": self.estimated}


class ProposalState(StrEnum):
    """What accepting would do: add or change a day, or nothing (`accepted` before, or `kept` as people set it)."""

    NEW = "new"
    CHANGED = "changed"
    ACCEPTED = "accepted"
    KEPT = "kept"


class Known(Protocol):
    """A mall's holiday, as far as it is compared."""

    id: UUID
    date: dt.date
    kind: HolidayKind
    name: LocalizedText
    estimated: bool
    proposal: str | None
    by_hand: bool


@dataclass(frozen=True)
class Judged:
    """A proposal beside what the mall has."""

    proposal: Proposal
    state: ProposalState
    holiday_id: UUID | None
    """The mall's day that it is, or that stands in its way."""


def judge(proposals: Sequence[Proposal], known: Iterable[Known]) -> list[Judged]:
    """Compare a year's proposals with the mall's days. What people entered, moved or changed is never proposed over."""
    rows = list(known)
    return [_judged(each, _by_key(rows), {row.date: row for row in rows}, proposals) for each in proposals]


def _by_key(rows: Iterable[Known]) -> dict[str, Known]:
    return {row.proposal: row for row in rows if row.proposal}


def _judged(
    each: Proposal, by_key: Mapping[str, Known], by_day: Mapping[dt.date, Known], proposals: Sequence[Proposal]
) -> Judged:
    own, there = by_key.get(each.key), by_day.get(each.date)
    if own and own.by_hand:
        return Judged(each, ProposalState.KEPT, own.id)
    if there and there.by_hand:
        return Judged(each, ProposalState.KEPT, there.id)
    if own is None and there and all(other.key != there.proposal for other in proposals):
        own = there  # accepted under a key that is proposed no more: the same day by another name
    if own is None:
        return Judged(each, ProposalState.NEW, None)
    same = own.proposal == each.key and all(getattr(own, name) == value for name, value in each.facts().items())
    return Judged(each, ProposalState.ACCEPTED if same else ProposalState.CHANGED, own.id)
