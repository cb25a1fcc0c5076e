"""National holidays and collective leave: a mall's own days, and what is proposed for a year.

A day has at most one row: where two coincide, its name says both, and a holiday comes before leave.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
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
    """A day that is proposed."""

    key: str
    """What it is and when: `2026/collective_leave/cuti-bersama-natal/2026-12-24`. No other day has a part in it."""
    date: dt.date
    kind: HolidayKind
    name: LocalizedText
    estimated: bool
    """The date is reckoned: the moon, or the decree, may say another one."""

    @property
    def what(self) -> str:
        """The same for all days of one name in a year."""
        return what_of(self.key)

    def facts(self) -> dict[str, Any]:
        """What of a mall's holiday follows the proposal."""
        return {"date": self.date, "kind": self.kind, "name": self.name, "estimated": self.estimated}


def what_of(key: str) -> str:
    """A key without its day."""
    return key.rpartition("/")[0]


class ProposalState(StrEnum):
    """What accepting would do: add, change or (`withdrawn`) take away a day, or nothing.

    Nothing is done to what was `accepted` before, what people set otherwise (`kept`), and what people deleted, unless a
    deleted one is named by its key.
    """

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    KEPT = "kept"
    DELETED = "deleted"


class Known(Protocol):
    """A mall's holiday, as far as it is compared."""

    id: UUID
    date: dt.date
    kind: HolidayKind
    name: LocalizedText
    estimated: bool
    proposal: str | None
    by_hand: bool


class Removed(Protocol):
    """A day that people have deleted."""

    date: dt.date
    proposal: str | None


@dataclass(frozen=True)
class Judged:
    """A proposal, or one that is withdrawn, beside what the mall has."""

    proposal: Proposal
    state: ProposalState
    holiday_id: UUID | None
    """The mall's day that it is, or that stands in its way."""


def judge(
    year: int, proposals: Sequence[Proposal], known: Iterable[Known], removed: Iterable[Removed] = ()
) -> list[Judged]:
    """Compare a year's proposals with the mall's days. What people entered, moved or deleted is never proposed over."""
    rows, deleted = list(known), list(removed)
    own, by_day = _matched(proposals, rows), {row.date: row for row in rows}
    gone = {each.proposal for each in deleted} | {each.date for each in deleted}
    judged = [
        _judged(each, own.get(each.key), by_day.get(each.date), is_deleted=bool({each.key, each.date} & gone))
        for each in proposals
    ]
    spoken_for = {each.holiday_id for each in judged} | {each.id for each in own.values()}
    left = [row for row in rows if row.id not in spoken_for and (row.proposal or "").startswith(f"{year}/")]
    return sorted([*judged, *map(_withdrawn, left)], key=lambda each: each.proposal.date)


def _matched(proposals: Sequence[Proposal], rows: Sequence[Known]) -> dict[str, Known]:
    """The row of each proposal: the same thing on the same day; the same day under a new name; the same thing moved."""
    left = {row.proposal: row for row in rows if row.proposal}
    found = {each.key: left.pop(each.key) for each in proposals if each.key in left}
    for each in proposals:
        there = next((key for key, row in left.items() if row.date == each.date and not row.by_hand), None)
        if each.key not in found and there:
            found[each.key] = left.pop(there)
    for each in proposals:
        moved = [key for key in left if key and what_of(key) == each.what]
        if each.key not in found and moved:
            nearest = min(moved, key=lambda key: abs(left[key].date - each.date))
            found[each.key] = left.pop(nearest)
    return found


def _judged(each: Proposal, own: Known | None, there: Known | None, *, is_deleted: bool) -> Judged:
    if own and own.by_hand:
        return Judged(each, ProposalState.KEPT, own.id)
    if there and there.by_hand:
        return Judged(each, ProposalState.KEPT, there.id)
    if own is None:
        return Judged(each, ProposalState.DELETED if is_deleted else ProposalState.NEW, None)
    same = (own.proposal, own.date, own.kind, own.name) == (each.key, each.date, each.kind, each.name)
    is_confirmed_now = own.estimated and not each.estimated
    return Judged(each, ProposalState.ACCEPTED if same and not is_confirmed_now else ProposalState.CHANGED, own.id)


def _withdrawn(row: Known) -> Judged:
    """A day that was accepted and is proposed no more."""
    was = Proposal(row.proposal or "", row.date, row.kind, row.name, row.estimated)
    return Judged(was, ProposalState.KEPT if row.by_hand else ProposalState.WITHDRAWN, row.id)
