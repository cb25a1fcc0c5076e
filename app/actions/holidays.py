"""National holidays and collective leave of a mall: entered, moved, taken away, or accepted from proposals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app import access, models
from app.domain.callers import Caller
from app.domain.errors import UnknownReference
from app.domain.holidays import HolidayExists, HolidayKind, Judged, ProposalState, judge
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import holidays as queries

FACTS = ("on", "kind", "name", "source", "closes", "estimated")


@dataclass
class Accepted:
    """What one acceptance did."""

    year: int
    source: str
    added: list[models.Holiday] = field(default_factory=list)
    changed: list[models.Holiday] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Proposals that changed nothing: accepted before, or the day is set by hand."""


async def add(
    journal: Journal,
    by: Caller,
    *,
    on: date,
    kind: HolidayKind,
    name: LocalizedText,
    source: str,
    closes: bool,
    estimated: bool,
) -> models.Holiday:
    """Enter a holiday or a day of leave by hand."""
    by.must(Permission.CHANGE_MALL, journal.mall_id)
    await _free(journal, on)
    return _entered(
        journal,
        models.Holiday(
            mall_id=journal.mall_id, on=on, kind=kind, name=name, source=source, closes=closes, estimated=estimated
        ),
    )


async def change(
    journal: Journal, by: Caller, holiday_id: UUID, version: int, changes: Mapping[str, Any]
) -> models.Holiday:
    """Move a day, rename it, name its new source, let the mall open on it. No proposal changes it after that."""
    by.must(Permission.CHANGE_MALL, journal.mall_id)
    holiday = await access.row(journal, models.Holiday, holiday_id, "holiday")
    access.must_match_version(holiday, version)
    if changes.get("on", holiday.on) != holiday.on:
        await _free(journal, changes["on"])
    before, after = holiday.edit(changes)
    journal.record("holiday.changed", ("holiday", holiday.id), before=before, after=after)
    return holiday


async def remove(journal: Journal, by: Caller, holiday_id: UUID, version: int) -> None:
    """Take a day away: it is a working day again. The journal keeps what it was."""
    by.must(Permission.CHANGE_MALL, journal.mall_id)
    holiday = await access.row(journal, models.Holiday, holiday_id, "holiday")
    access.must_match_version(holiday, version)
    await journal.session.delete(holiday)
    journal.record("holiday.removed", ("holiday", holiday.id), before=_facts(holiday))


async def accept(
    journal: Journal, by: Caller, *, year: int, keys: Collection[str] | None, collective_leave_closes: bool
) -> Accepted:
    """Take over a year's proposals, or some of them. What is set by hand stays; a second time adds nothing."""
    by.must(Permission.CHANGE_MALL, journal.mall_id)
    known = await queries.of_year(journal, year)
    judged = {each.proposal.key: each for each in judge(queries.proposals(year), known)}
    if keys is not None and not judged.keys() >= set(keys):
        raise UnknownReference(thing="holiday_proposal", member="keys")
    rows = {each.id: each for each in known}
    done = Accepted(year, queries.SOURCE)
    for key in judged if keys is None else [key for key in judged if key in keys]:
        _accept(journal, judged[key], rows, done, collective_leave_closes=collective_leave_closes)
    _one_a_day([*rows.values(), *done.added])
    return done


def _accept(
    journal: Journal,
    judged: Judged,
    rows: Mapping[UUID, models.Holiday],
    done: Accepted,
    *,
    collective_leave_closes: bool,
) -> None:
    proposal = judged.proposal
    if judged.state is ProposalState.NEW:
        closes = collective_leave_closes or proposal.kind is not HolidayKind.COLLECTIVE_LEAVE
        holiday = models.Holiday(
            mall_id=journal.mall_id,
            **proposal.facts(),
            source=done.source,
            closes=closes,
            proposal=proposal.key,
            by_hand=False,
        )
        done.added.append(_entered(journal, holiday))
    elif judged.state is ProposalState.CHANGED and judged.holiday_id:
        holiday = rows[judged.holiday_id]
        before, after = holiday.follow(proposal, done.source)
        journal.record("holiday.changed", ("holiday", holiday.id), before=before, after=after)
        done.changed.append(holiday)
    else:
        done.kept.append(proposal.key)


async def _free(journal: Journal, on: date) -> None:
    """Raise HolidayExists where something stands on the day already."""
    there = await queries.on_day(journal, on)
    if there:
        raise HolidayExists(on=str(on), holiday_id=str(there.id))


def _one_a_day(rows: Collection[models.Holiday]) -> None:
    """Some proposals alone may want a day that another one would have left. Raises HolidayExists."""
    days: dict[date, models.Holiday] = {}
    for each in rows:
        if each.on in days:
            raise HolidayExists(on=str(each.on), holiday_id=str(days[each.on].id))
        days[each.on] = each


def _entered(journal: Journal, holiday: models.Holiday) -> models.Holiday:
    journal.session.add(holiday)
    journal.record("holiday.added", ("holiday", holiday.id), after=_facts(holiday))
    return holiday


def _facts(holiday: models.Holiday) -> dict[str, Any]:
    return {name: getattr(holiday, name) for name in FACTS}
