"""Streams in the document: OpenAPI 3.1 has no word for their events.

3.2 has `itemSchema`. Here the text of a stream has the `contentSchema` of a list: its items are the events, each with
the schema of its data, as JSON Schema says what is written in a text. So every tool sees that the schemas are used.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.contract.shapes import REF
from app.schemas.streams import StreamEnd
from app.web.frames import EVENTS
from app.web.markers import Markers
from app.web.routing import Operation

LAST: Mapping[str, type[BaseModel]] = {"end": StreamEnd}
"""What every stream ends with."""


def schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    """The shapes of all events of all streams, by name."""
    found = {shape for each in operations if each.markers.events for shape in {**each.markers.events, **LAST}.values()}
    shapes = sorted(found, key=lambda shape: shape.__name__)
    _, made = models_json_schema([(shape, "serialization") for shape in shapes], ref_template=REF + "{model}")
    defined: dict[str, Any] = made.get("$defs", {})
    return defined


def answer(markers: Markers) -> dict[str, Any]:
    """What a stream answers."""
    events = {**markers.events, **LAST}
    named = ", ".join(f"`{name}` ({shape.__name__})" for name, shape in events.items())
    text = {
        "type": "string",
        "description": f"Events in the format of server-sent events: {named}",
        "contentMediaType": EVENTS,
        "contentSchema": {"type": "array", "items": {"anyOf": [_event(*each) for each in events.items()]}},
    }
    return {
        "description": f"A stream of events: {named}",
        "content": {EVENTS: {"schema": text}},
    }


def _event(name: str, shape: type) -> dict[str, Any]:
    data = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": REF + shape.__name__},
    }
    id_ = {} if name in LAST else {"id": {"type": "string"}}
    return {
        "type": "object",
        "properties": {"event": {"const": name}, **id_, "data": data},
        "required": ["event", *id_, "data"],
    }
