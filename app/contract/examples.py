"""Examples of every body: what the program really said while a story was played (`tests/examples/`)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "examples.json"


@cache
def _recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def into(operation: dict[str, Any]) -> None:
    """Give an operation's request and answers their examples."""
    kept = _recorded()["operations"].get(operation["operationId"], {"answers": {}})
    for status, answer in operation["responses"].items():
        for content in answer.get("content", {}).values():
            if status in kept["answers"] and content["schema"].get("format") != "binary":
                content["example"] = kept["answers"][status]
    body = operation.get("requestBody", {})
    for content in body.get("content", {}).values():
        if "request" in kept and body.get("required"):
            content["example"] = kept["request"]
        elif "request" in kept:
            content["examples"] = _with_and_without(kept["request"])


def _with_and_without(request: dict[str, Any]) -> dict[str, Any]:
    """Examples of a body that may be left out: a page that fills the first one in asks for the usual thing."""
    told = {"chosen": {"summary": "Saying more", "value": request}} if request else {}
    return {"usual": {"summary": "Saying nothing", "value": {}}, **told}


def of_code(code: str, *, oauth: bool) -> dict[str, Any] | None:
    """A refusal with this code, if one was met in this form."""
    body: dict[str, Any] | None = _recorded()["problems"].get(code)
    return body if body and oauth == ("error" in body) else None


def of_event(type_: str) -> dict[str, Any] | None:
    """An event of this type, as it was told."""
    event: dict[str, Any] | None = _recorded().get("events", {}).get(type_)
    return event
