"""Events in the document: a schema for every type, made of the catalogue, and each as a webhook."""

from copy import deepcopy
from typing import Any, Literal

from pydantic import TypeAdapter

from app.contract import examples
from app.contract.shapes import REF, docstrings
from app.domain.events import TOLD, Event
from app.schemas.events import EventMembers
from app.texts.events import DESCRIPTIONS

MEDIA = "application/cloudevents+json"
"""The media type of an event that is sent by itself (CloudEvents, HTTP binding, structured mode)."""
_ALL = EventMembers.__name__
_HEADERS = {
    "webhook-id": "The event's id: the same at every attempt",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970",
    "webhook-signature": "`v1,` and the signature of `id.timestamp.body` (HMAC-SHA256, Base64), as Standard Webhooks"
    " says; several are separated by spaces",
}
PARAMETERS: dict[str, Any] = {
    "".join(part.title() for part in name.split("-")): {
        "name": name,
        "in": "header",
        "required": True,
        "description": text,
        "schema": {"type": "string"},
    }
    for name, text in _HEADERS.items()
}
"""The headers of everything that is sent, by the names of their components."""


def schemas() -> dict[str, Any]:
    """The schemas of all events and of their data, by name."""
    kinds: dict[str, type[Any]] = {event.data.__name__: event.data for event in TOLD.values()}
    adapters: list[tuple[str, Literal["serialization"], TypeAdapter[Any]]] = [
        (name, "serialization", TypeAdapter(kind)) for name, kind in (kinds | {_ALL: EventMembers}).items()
    ]
    _, made = TypeAdapter.json_schemas(adapters, ref_template=REF + "{model}")
    found: dict[str, Any] = made["$defs"]
    for name, kind in kinds.items():
        said = docstrings(kind)
        for member, schema in found[name]["properties"].items():
            if member in said:
                schema["description"] = said[member]
    shared = found.pop(_ALL)
    return found | {_name(event): _of_type(event, shared) for event in TOLD.values()}


def webhooks() -> dict[str, Any]:
    """What is sent to who has asked for it, by type."""
    return {event.wire: {"post": _webhook(event)} for event in TOLD.values()}


def _name(event: Event) -> str:
    return "".join(part.title() for part in event.replace(".", "_").split("_")) + "Event"


def _of_type(event: Event, shared: dict[str, Any]) -> dict[str, Any]:
    """The schema of an event of one type: what all have, and its data."""
    own = {
        "type": {"type": "string", "const": event.wire, "description": "The type"},
        "data": {"$ref": REF + event.data.__name__, "description": "What is recorded of it"},
    }
    members = deepcopy(shared["properties"]) | own
    return {
        "type": "object",
        "description": DESCRIPTIONS[event]["en"],
        "properties": members,
        "required": list(members),
    }


def _webhook(event: Event) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": f"{REF}{_name(event)}"}}
    if example := examples.of_event(event.wire):
        content["example"] = example
    return {
        "operationId": f"receive_{event.name.lower()}",
        "summary": DESCRIPTIONS[event]["en"].rstrip("."),
        "description": f"{DESCRIPTIONS[event]['id']} Sent to who has registered for `{event.wire}`, in the order of the"
        " journal, until it is answered with a 2xx; at least once, so keep the ids that you have done.",
        "tags": ["receivers"],
        "security": [{}],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS],
        "requestBody": {"required": True, "content": {MEDIA: content}},
        "responses": {
            "2XX": {"description": "Taken: it is not sent again"},
            "410": {"description": "Nobody wants events here any more: the webhook is disabled"},
        },
    }
