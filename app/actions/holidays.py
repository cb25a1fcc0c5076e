"""National holidays and collective leave of a mall: entered, moved, taken away, or accepted from proposals."""

import datetime as dt
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete as delete_from

from app import access, models
from app.domain.errors import UnknownReference
from app.domain.events import Event
from app.domain.holidays import HolidayExists, HolidayKind, Judged, ProposalState
from app.domain.names import LocalizedText
from app.domain.roles import Permission
from app.journal import Journal
from app.queries import holidays as queries


@dataclass
class Accepted:
    """What one acceptance did."""

    year: int
    source: str
    added: list[models.Holiday] = field(default_factory=list)
    changed: list[models.Holiday] = field(default_factory=list)
    removed: list[models.Holiday] = field(default_factory=list)
    """Days that are proposed no more."""
    kept: list[str] = field(default_factory=list)
    """Proposals that changed nothing: accepted before, set by hand, or deleted by people."""


async def create(
    journal: Journal,
    *,
    date: dt.date,
    kind: HolidayKind,
    name: LocalizedText,
    source: str,
    closes_mall: bool,
    estimated: bool,
) -> models.Holiday:
    """Enter a holiday or a day of leave by hand."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    await _must_be_free(journal, date)
    await _forget_removal(journal, date)
    return _create(
        journal,
        models.Holiday(
            mall_id=journal.mall_id,
            date=date,
            kind=kind,
            name=name,
            source=source,
            closes_mall=closes_mall,
            estimated=estimated,
        ),
    )


async def change(
    journal: Journal, holiday_id: UUID, versions: Container[int], changes: Mapping[str, Any]
) -> models.Holiday:
    """Move a day, rename it, name its new source, let the mall open on it. No proposal changes it after that."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    holiday = await access.row(journal, models.Holiday, holiday_id, "holiday")
    access.must_match_version(holiday, versions)
    if changes.get("date", holiday.date) != holiday.date:
        await _must_be_free(journal, changes["date"])
    journal.record_edit(Event.HOLIDAY_CHANGED, holiday, holiday.edit(changes))
    return holiday


async def delete(journal: Journal, holiday_id: UUID, versions: Container[int]) -> None:
    """Take a day away: it is a working day again, and is not proposed as new again. The journal keeps what it was."""
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    holiday = await access.row(journal, models.Holiday, holiday_id, "holiday")
    access.must_match_version(holiday, versions)
    await journal.session.delete(holiday)
    await _forget_removal(journal, holiday.date)
    journal.session.add(models.RemovedHoliday(mall_id=journal.mall_id, date=holiday.date, proposal=holiday.proposal))
    journal.record(Event.HOLIDAY_DELETED, holiday)


async def accept(
    journal: Journal, *, year: int, keys: Collection[str] | None, collective_leave_closes: bool
) -> Accepted:
    """Take over a year's proposals, or some of them, withdrawals too; a second time does nothing.

    What is set by hand stays; what people deleted is added again only where its key is named.
    """
    journal.caller.must(Permission.CHANGE_MALL, journal.mall_id)
    known = await queries.of_year(journal, year)
    judged = {each.proposal.key: each for each in await queries.proposed(journal, year)}
    if keys is not None and not judged.keys() >= set(keys):
        raise UnknownReference(thing="holiday_proposal", member="keys")
    chosen = [each for key, each in judged.items() if keys is None or key in keys]
    _must_leave_one_a_day(known, chosen, with_deleted=keys is not None)
    rows = {each.id: each for each in known}
    done = Accepted(year, queries.SOURCE)
    for each in chosen:
        await _accept(
            journal, each, rows, done, is_named=keys is not None, collective_leave_closes=collective_leave_closes
        )
    return done


async def _accept(
    journal: Journal,
    judged: Judged,
    rows: Mapping[UUID, models.Holiday],
    done: Accepted,
    *,
    is_named: bool,
    collective_leave_closes: bool,
) -> None:
    proposal = judged.proposal
    if judged.state is ProposalState.NEW or (judged.state is ProposalState.DELETED and is_named):
        await _forget_removal(journal, proposal.date)
        closes = collective_leave_closes or proposal.kind is not HolidayKind.COLLECTIVE_LEAVE
        holiday = models.Holiday(
            mall_id=journal.mall_id,
            **proposal.facts(),
            source=done.source,
            closes_mall=closes,
            proposal=proposal.key,
            by_hand=False,
        )
        done.added.append(_create(journal, holiday))
    elif judged.state is ProposalState.CHANGED and judged.holiday_id:
        holiday = rows[judged.holiday_id]
        journal.record_edit(Event.HOLIDAY_CHANGED, holiday, holiday.follow(proposal, done.source))
        done.changed.append(holiday)
    elif judged.state is ProposalState.WITHDRAWN and judged.holiday_id:
        holiday = rows[judged.holiday_id]
        await journal.session.delete(holiday)
        journal.record(Event.HOLIDAY_DELETED, holiday)
        done.removed.append(holiday)
    else:
        done.kept.append(proposal.key)


async def _must_be_free(journal: Journal, date: dt.date) -> None:
    """Raise HolidayExists where something stands on the day already."""
    there = await queries.on_day(journal, date)
    if there:
        raise HolidayExists(date=date, holiday_id=there.id)


def _must_leave_one_a_day(known: Collection[models.Holiday], chosen: Collection[Judged], *, with_deleted: bool) -> None:
    """Some proposals alone may want a day that another one would have left. Raises HolidayExists."""
    moved = {each.holiday_id: each.proposal.date for each in chosen if each.state is ProposalState.CHANGED}
    withdrawn = {each.holiday_id for each in chosen if each.state is ProposalState.WITHDRAWN}
    adding = {ProposalState.NEW, *([ProposalState.DELETED] if with_deleted else [])}
    taken: dict[dt.date, UUID] = {}
    for each in known:
        if each.id in withdrawn:
            continue
        date = moved.get(each.id, each.date)
        if date in taken:
            raise HolidayExists(date=date, holiday_id=taken[date])
        taken[date] = each.id
    for new in chosen:
        date = new.proposal.date
        if new.state in adding and date in taken:
            raise HolidayExists(date=date, holiday_id=taken[date])


async def _forget_removal(journal: Journal, date: dt.date) -> None:
    removed = models.RemovedHoliday
    await journal.session.execute(delete_from(removed).where(removed.mall_id == journal.mall_id, removed.date == date))


def _create(journal: Journal, holiday: models.Holiday) -> models.Holiday:
    journal.session.add(holiday)
    journal.record(Event.HOLIDAY_CREATED, holiday)
    return holiday
