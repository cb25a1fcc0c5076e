"""Keeps what was asked and answered: the first of every operation, of every code of refusals and type of events."""

import json
from typing import Any
from urllib.parse import parse_qsl

import httpx

from tests.contract import Contract

Json = dict[str, Any]
LINES = 3
"""How much is kept of a text that is no JSON."""


class Recorder:
    """Sees every answer of a client."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self.operations: dict[str, Json] = {}
        self.problems: dict[str, Json] = {}
        self.events: dict[str, Json] = {}

    async def see(self, answer: httpx.Response) -> None:
        """Keep an answer, if it is the first of its kind."""
        request = answer.request
        operation = self._contract.operation(request.method.lower(), request.url.path)
        await answer.aread()
        body = _said(answer)
        if isinstance(body, dict) and "code" in body and answer.is_error:
            self.problems.setdefault(body["code"], body)
        elif operation:
            kept = self.operations.setdefault(operation["operationId"], {"answers": {}})
            if request.content:
                kept.setdefault("request", _sent(request))
            if body is not None:
                kept["answers"].setdefault(str(answer.status_code), body)
            if operation["operationId"] == "list_events" and answer.is_success:
                for event in answer.json()["data"]:
                    self.events.setdefault(event["type"], event)

    @property
    def seen(self) -> Json:
        """All that was kept, in an order that does not depend on the story."""
        return {"operations": self.operations, "problems": self.problems, "events": self.events}


def _sent(request: httpx.Request) -> Any:
    if request.headers["content-type"] == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.content.decode()))
    return json.loads(request.content)


def _said(answer: httpx.Response) -> Any:
    """The body; a stream whole, of another text its first lines, of a bare list its first item."""
    if not answer.content:
        return None
    media = answer.headers["content-type"].partition(";")[0]
    if media == "text/event-stream":
        return answer.text
    if not media.endswith("json"):
        return "\n".join(answer.text.splitlines()[:LINES])
    body = answer.json()
    return body[:1] if isinstance(body, list) else body


def alike(kept: Any, seen: Any) -> bool:
    """Whether two are the same but for ids, times, secrets, and what is not there on every day."""
    match kept, seen:
        case (None, _) | (_, None):
            return True
        case dict(), dict():
            return kept.keys() == seen.keys() and all(alike(kept[name], seen[name]) for name in kept)
        case list(), list():
            return all(alike(one, other) for one, other in zip(kept[:1], seen[:1], strict=False))
        case _:
            return type(kept) is type(seen)


def renewed(kept: Json, seen: Json) -> Json:
    """What was seen, with what was kept in the place of all that is alike: few lines change."""
    return {
        kind: {name: known[name] if alike(known.get(name, 0), each) else each for name, each in of.items()}
        for kind, of in seen.items()
        for known in [kept.get(kind, {})]
    }
