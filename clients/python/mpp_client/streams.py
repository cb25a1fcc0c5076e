"""A stream goes on over lost connections and restarts: it is asked for again after the last event that was read."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from mpp_client.answers import Refused
from mpp_client.generated import AuthenticatedClient

SILENT_SECONDS = 45
"""A living stream sends something more often than this."""


@dataclass(frozen=True)
class StreamEvent:
    """Something that was sent; `data` is JSON, as the document describes it."""

    id: str | None
    type: str
    data: Any


def follow(
    client: AuthenticatedClient, path: str, *, last_event_id: str | None = None, **params: Any
) -> Iterator[StreamEvent]:
    """Every event of the stream there, until it is over or refused (Refused). It waits between attempts."""
    seconds = 1.0
    http = client.get_httpx_client()
    while True:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_event_id} if last_event_id else {})
        try:
            with http.stream("GET", path, params=params, headers=headers, timeout=SILENT_SECONDS) as answer:
                if answer.is_client_error and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    raise Refused(json.loads(answer.read()))
                if answer.status_code == httpx.codes.NO_CONTENT:
                    return
                for block in _blocks(answer.iter_lines()) if answer.is_success else ():
                    seconds = int(block["retry"]) / 1000 if "retry" in block else seconds
                    if "data" not in block:
                        continue
                    last_event_id = block.get("id", last_event_id)
                    event = StreamEvent(block.get("id"), block.get("event", "message"), json.loads(block["data"]))
                    if event.type != "end":
                        yield event
                    elif event.data["retry_after_seconds"] is not None:
                        seconds = event.data["retry_after_seconds"]
                    elif event.data["problem"]:
                        raise Refused(event.data["problem"])
                    else:
                        return
        except httpx.TransportError:
            pass
        time.sleep(seconds)


def _blocks(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """What stands between blank lines, by field."""
    block: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if not line:
            yield block
            block = {}
        elif name == "data" and name in block:
            block[name] += "\n" + value.removeprefix(" ")
        elif name:
            block[name] = value.removeprefix(" ")
