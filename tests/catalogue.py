"""Entries held to the catalogue of events, and to the law that nothing private is in one."""

import json
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import null, select

from app import models
from app.database import Database
from app.domain.events import Event
from app.domain.tickets import AccessNeed, PriorityClass
from app.models.base import PRIVATE
from app.texts import stops

MEMBERS = {"mall", "sequence", "at", "service_day", "type", "by", "subject", "agency_id", "before", "data"}
OF_PEOPLE = {str(word) for kind in (PriorityClass, AccessNeed) for word in kind}
OWN_WORDS = {str(word) for kind in StrEnum.__subclasses__() for word in kind} - OF_PEOPLE
STOPPED = {said for words in stops.WORDS.values() for said in (words["id"], words["en"])}
SAYS_NOTHING = {"", str(PriorityClass.NONE), str(PriorityClass.UNSPECIFIED)} | OWN_WORDS | STOPPED
"""Values of private columns that say nothing of anybody: a ticket's reason may be `suspended`, also in words."""


@cache
def shape(event: Event) -> TypeAdapter[Any]:
    """The type of an event's data, as Pydantic checks it."""
    return TypeAdapter(event.data)


def held_to_the_catalogue(content: str) -> dict[str, Any]:
    """An entry's text as an object, after insisting that the catalogue has it, member by member and type by type."""
    entry: dict[str, Any] = json.loads(content)
    event = Event[entry["type"].replace(".", "_").upper()]
    assert set(entry) == MEMBERS, entry
    assert set(entry["subject"]) == {"kind", "id"}, entry
    assert entry["subject"]["kind"] == event.subject, entry
    assert set(entry["data"]) == event.members, entry
    assert set(entry["before"] or ()) <= event.members, entry
    shape(event).validate_json(json.dumps(entry["data"]), strict=True)
    shape(event).validate_json(json.dumps(entry["data"] | (entry["before"] or {})))
    return entry


async def hold_every_entry(database: Database) -> None:
    """Insist that the catalogue has every entry there is, and that none says what stands in a private column.

    Whatever its member is called there: a class of priority as a detail `why` would be seen. An entry is compared with
    what its own mall holds, and with what belongs to no mall: another test's words are no secret of this one.
    """
    entry = models.JournalEntry
    async with database.reading() as reading:
        contents = list(await reading.session.scalars(select(entry.content)))
        private = defaultdict[int | None, set[str]](set)
        for table in models.Base.metadata.sorted_tables:
            mall = table.columns.get("mall_id", null())
            for column in (each for each in table.columns if PRIVATE in each.info):
                for mall_id, value in await reading.session.execute(select(mall, column).distinct()):
                    private[mall_id].update(texts_in(value))
        closed = models.Closure
        for mall_id, reason in await reading.session.execute(select(closed.mall_id, closed.reason)):
            private[mall_id].difference_update(texts_in(reason))  # said to all, and to whose ticket it has cancelled
    for content in contents:
        held = held_to_the_catalogue(content)
        assert leaked(held, private[held["mall"]] | private[None]) == set(), content


def leaked(entry: dict[str, Any], private: set[str]) -> set[str]:
    """Which of these private values an entry says."""
    return private.intersection(texts_in([entry["data"], entry["before"]])) - SAYS_NOTHING


def texts_in(value: object) -> Iterator[str]:
    """All texts in a value, but for the names of members. Bytes are no text; what entries say is in JSON."""
    match value:
        case str():
            yield value
        case bytes():
            yield value.hex()
        case dict():
            yield from texts_in(list(value.values()))
        case list():
            for each in value:
                yield from texts_in(each)
