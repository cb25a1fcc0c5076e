"""A journal that was taken: the head, the time, and what is recorded.

`Reading` is a look at one mall at one instant. `Journal` is a look that may change things: nobody else writes this
mall until it is put down. `UnitOfWork` is for the few writes that belong to no mall's history. All three are made in
`database/` only.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.calendar import service_day
from app.domain.callers import Caller
from app.domain.events import Event
from app.domain.malls import MallRef
from app.models.base import Base, Edit, Recorded

Owned = TypeVar("Owned", bound=Base)

GENESIS = bytes(32)
"""The hash before the first entry."""
SKEW = timedelta(seconds=5)
"""How far a last entry may lie ahead of the database's clock before writing stops."""


@dataclass
class UnitOfWork:
    """A transaction that takes no journal, for what is no mall's history.

    These are: refresh tokens, the paces of guesses and of numbers without credentials, wrong codes of phones, when a
    device or a client was last used, the first signing key, leases, how far a follower is, deliveries
    to webhooks, and the deletion of what has expired.
    """

    session: AsyncSession
    at: datetime


@dataclass
class Reading:
    """One mall, seen at one instant through one transaction."""

    session: AsyncSession
    mall: MallRef
    at: datetime
    changes_at: datetime | None = field(default=None, init=False)
    """When the clock alone may change what was read, other than by the turn of the day."""

    def holds_until(self, at: datetime) -> None:
        """What was read may be another from this instant on, though nobody writes."""
        self.changes_at = min(at, self.changes_at or at)

    @property
    def mall_id(self) -> int:
        """The first column of every key."""
        return self.mall.id

    @property
    def today(self) -> date:
        """The mall's service day at this instant."""
        return service_day(self.at, self.mall.zone)

    def select(self, table: type[Owned]) -> Select[Owned]:
        """The rows of this mall in a table: the condition on the mall cannot be forgotten."""
        return select(table).where(table.__table__.c.mall_id == self.mall_id)

    async def get(self, table: type[Owned], id_: UUID | None) -> Owned | None:
        """This mall's row with the id, if there is one."""
        return None if id_ is None else await self.session.get(table, (self.mall_id, id_))


@dataclass(frozen=True)
class Head:
    """The last entry of a journal; the only state that a journal has."""

    sequence: int = 0
    hash: bytes = GENESIS
    at: datetime | None = None
    service_day: date | None = None
    type: str | None = None

    def leaves_open(self, today: date) -> date | None:
        """The day that is over and was not ended, if there is one."""
        over = self.service_day is not None and self.service_day < today and self.type != Event.DAY_ENDED
        return self.service_day if over else None


class Entry(NamedTuple):
    """One thing that happened, in the columns' order."""

    sequence: int
    at: datetime
    service_day: date
    type: str
    subject_id: UUID | None
    agency_id: UUID | None
    content: str
    hash: bytes


class StoredAnswer(NamedTuple):
    """What a key came with and was answered."""

    fingerprint: bytes
    answer: str


@dataclass(frozen=True)
class IdempotencyKey:
    """A caller's idempotency key for one operation."""

    caller: str
    route: str
    key: str


@dataclass
class Known:
    """What acts of one process have read of a mall's things, by their ids, with the journal held.

    It holds as long as the journal's last entry and the day are those at which it held: whatever changes something
    records an entry, and no two entries have the same hash.
    """

    at: tuple[bytes, date] | None = None
    things: dict[UUID, Any] = field(default_factory=dict)


@dataclass
class Journal(Reading):
    """The right to change one mall, held by one writer at a time."""

    head: Head
    """The last entry before this act."""
    caller: Caller
    """Who acts."""
    stored_answer: StoredAnswer | None = None
    """What was answered before under the key that this act comes with."""
    known: Known = field(default_factory=Known)
    entries: list[Entry] = field(default_factory=list)
    new_answer: StoredAnswer | None = None

    @property
    def last(self) -> Head:
        """The last entry, those recorded in this act included."""
        if not self.entries:
            return self.head
        entry = self.entries[-1]
        return Head(entry.sequence, entry.hash, entry.at, entry.service_day, entry.type)

    @property
    def sequence(self) -> int:
        """The sequence of the last entry, those recorded in this act included."""
        return self.entries[-1].sequence if self.entries else self.head.sequence

    def what_is_known(self) -> dict[UUID, Any]:
        """What acts before this one have read and still holds: nothing where the journal or the day has moved on."""
        if self.known.at != (at := (self.last.hash, self.today)):
            self.known.at, self.known.things = at, {}
        return self.known.things

    def renew_what_is_known(self, after: Callable[[UUID, Any], Any]) -> None:
        """Say what each thing that was known before this act's entry is after it."""
        self.known.at = self.last.hash, self.today
        self.known.things = {id_: after(id_, thing) for id_, thing in self.known.things.items()}

    def record(
        self,
        event: Event,
        row: Recorded | None = None,
        *,
        before: Mapping[str, Any] | None = None,
        day: date | None = None,
        **details: object,
    ) -> int:
        """Record one thing that happened, and return its sequence.

        The entry's data is what the row says of itself and the details of the event: exactly the members that the
        catalogue has for it, anything else is a defect. `before` is what some of them were, where the act changed them.
        What has no row is about the day itself.
        """
        data = {**(row.event_data() if row else {}), **details}
        if data.keys() != event.members or not data.keys() >= (before or {}).keys():
            message = f"{event} has the members {sorted(event.members)}, not {sorted({*data, *(before or ())})}"
            raise TypeError(message)
        previous = self.entries[-1].hash if self.entries else self.head.hash
        sequence = self.sequence + 1
        day = day or self.today
        subject_id = row.event_subject_id() if row else day
        agency_id = row.event_agency_id() if row else None
        content = canonical(
            {
                "mall": self.mall_id,
                "sequence": sequence,
                "at": self.at,
                "service_day": day,
                "type": event,
                "by": self.caller.actor,
                "subject": {"kind": event.subject, "id": subject_id},
                "agency_id": agency_id,
                "before": before,
                "data": data,
            }
        )
        named = subject_id if isinstance(subject_id, UUID) else None
        self.entries.append(Entry(sequence, self.at, day, event, named, agency_id, content, link(previous, content)))
        return sequence

    def record_edit(self, event: Event, row: Recorded, edit: Edit | None, **details: Any) -> None:  # noqa: ANN401  # of any event
        """Record what an edit changed. One that changed nothing is no event."""
        if edit:
            self.record(event, row, before=edit.before, changed=edit.changed, **details)

    def store_answer(self, answer: StoredAnswer) -> None:
        """Store an answer under the key that this act came with."""
        self.new_answer = answer


async def lock_row(session: AsyncSession, kind: type[Owned], key: object, *, to_read: bool = False) -> Owned:
    """Read a row as it is now, and let nobody else change it until the commit. `to_read`: nor does the caller.

    For what stands above the malls: another mall's journal does not keep others from it.
    """
    how = {"read": True} if to_read else {"key_share": True}
    return await session.get_one(kind, key, with_for_update=how, populate_existing=True)


async def lock_rows(session: AsyncSession, id_: InstrumentedAttribute[UUID], ids: Sequence[UUID]) -> None:
    """Lock several rows that stand above the malls until the commit.

    In the order of their ids: two acts in different malls, each on the other's caller, would wait for each other.
    """
    await session.execute(select(id_).where(id_.in_(ids)).order_by(id_).with_for_update(key_share=True))


def link(previous: bytes, content: str) -> bytes:
    """The hash of an entry: SHA-256 over the hash before it and its content."""
    return hashlib.sha256(previous + content.encode()).digest()


def canonical(content: Mapping[str, Any]) -> str:
    """The text that is hashed and kept: sorted keys, no floats, instants in UTC with six digits and `Z`."""
    return json.dumps(plain(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def plain(value: Any) -> Any:  # noqa: ANN401  # a JSON value is any of them
    """A value as the canonical text says it."""
    match value:
        case None | bool() | int() | str():
            return value
        case UUID() | Decimal():
            return str(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple() | frozenset() | set():
            return [plain(each) for each in (value if isinstance(value, (list, tuple)) else sorted(value))]
        case _:
            message = f"an entry holds no {type(value).__name__}"
            raise TypeError(message)
