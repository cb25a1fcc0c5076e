"""Entries held to the catalogue of events."""

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from app.domain.events import Event

MEMBERS = {"mall", "sequence", "at", "service_day", "type", "by", "subject", "agency_id", "before", "data"}


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
