"""What has happened in a mall, for whoever may be told of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, ScalarSelect, Text, Uuid, and_, any_, cast, func, literal, or_, select

from app import models
from app.domain.events import BEGINNING, FROM_AGENCY, CursorUnknown, Event, EventCursor, Happened, Recipient
from app.journal import Reading
from app.queries import journals
from app.queries.paging import ALL_AGENCIES, AgencyFilter, id_of_code

SPAN = 10_000
"""So many entries are looked through for one page at the most, however rare what is asked for is in them."""
_ENTRY = models.JournalEntry


@dataclass(frozen=True)
class EventFilter:
    """Which events: of these types, about this thing, of this agency."""

    events: Collection[Event] = ()
    subject_id: UUID | None = None
    agency: AgencyFilter = ALL_AGENCIES


@dataclass(frozen=True)
class EventsPage:
    """Some events, and the place up to which the journal was looked through."""

    data: Sequence[Happened]
    next_cursor: EventCursor
    has_more: bool


async def events(
    reading: Reading, told: Recipient, wanted: EventFilter, after: EventCursor, *, member: str, limit: int
) -> EventsPage:
    """The next events behind a place, for who may be told of them. Raises CursorUnknown, which names the `member`.

    What they may not be told of, or did not ask for, is left out, and the place moves on behind it.
    """
    await must_be_known(reading, after, member)
    head = (await journals.sequences(reading.session, [reading.mall_id]))[reading.mall_id]
    last = head if wanted.subject_id else min(head, after.sequence + SPAN)
    statement = (
        select(_ENTRY.sequence, _ENTRY.content, _ENTRY.hash)
        .where(_ENTRY.mall_id == reading.mall_id, _ENTRY.sequence > after.sequence, _ENTRY.sequence <= last)
        .where(*_conditions(reading.mall_id, told, wanted))
        .order_by(_ENTRY.sequence)
        .limit(limit + 1)
    )
    found = (await reading.session.execute(statement)).all()
    shown = found[:limit]
    happened = [one for each in shown if (one := Happened.of(reading.mall, each.content, each.hash))]
    data = [each for each in happened if each.is_for(told)]
    if len(found) > limit:
        return EventsPage(data, EventCursor.of(shown[-1].sequence, shown[-1].hash), has_more=True)
    return EventsPage(data, await place(reading, last), has_more=last < head)


async def place(reading: Reading, sequence: int | None = None) -> EventCursor:
    """The place behind the entry of this sequence, or behind the last one."""
    statement = select(_ENTRY.sequence, _ENTRY.hash).where(_ENTRY.mall_id == reading.mall_id)
    if sequence is not None:
        statement = statement.where(_ENTRY.sequence == sequence)
    row = (await reading.session.execute(statement.order_by(_ENTRY.sequence.desc()).limit(1))).one_or_none()
    return EventCursor.of(row.sequence, row.hash) if row else BEGINNING


async def must_be_known(reading: Reading, cursor: EventCursor, member: str) -> None:
    """Raise CursorUnknown where the journal has no such place."""
    if cursor != BEGINNING and await place(reading, cursor.sequence) != cursor:
        raise CursorUnknown(member=member)


def _conditions(mall_id: int, told: Recipient, wanted: EventFilter) -> list[ColumnElement[bool]]:
    """What of the journal is asked for and may be told; each event is asked once more whether it may."""
    events = [event for event in told.events if not wanted.events or event in wanted.events]
    conditions: list[ColumnElement[bool]] = [
        _ENTRY.type == any_(literal([event.value for event in events], ARRAY(Text)))
    ]
    if told.agencies is not None:
        conditions.append(or_(_ENTRY.agency_id.is_(None), *(_concerns(each) for each in told.agencies)))
    if wanted.subject_id:
        conditions.append(_ENTRY.subject_id == wanted.subject_id)
    named = wanted.agency
    if named.id:
        conditions.append(_concerns(named.id))
    if named.code:
        conditions.append(_concerns(id_of_code(models.Agency, mall_id, named.code)))
    return conditions


def _concerns(agency_id: UUID | ScalarSelect[UUID]) -> ColumnElement[bool]:
    """Whether an entry is the agency's, or tells of a ticket that leaves it."""
    named = literal(agency_id, Uuid()) if isinstance(agency_id, UUID) else agency_id
    leaves = func.strpos(_ENTRY.content, func.concat(f'"{FROM_AGENCY}":"', cast(named, Text), '"')) > 0
    return or_(_ENTRY.agency_id == agency_id, and_(_ENTRY.type == Event.TICKET_TRANSFERRED.value, leaves))
