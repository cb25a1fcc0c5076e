"""Reading a stream of events, as a browser's EventSource does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from tests.contract import EVENTS, Contract
from tests.given.asking import Json

LONGEST_SECONDS = 20
"""No event is waited for longer: the machine may be slow."""


@dataclass(frozen=True)
class Told:
    """One event."""

    name: str
    data: Json
    id: str | None


class Stream:
    """What one reader is told. Every event is held to the document."""

    def __init__(self, answer: httpx.Response, contract: Contract) -> None:
        self.answer, self._contract = answer, contract
        self._lines = answer.aiter_lines()
        self.last_id: str | None = None
        self.retry_ms: int | None = None

    async def next(self, name: str | None = None) -> Told:
        """The next event, which is of this name."""
        async with asyncio.timeout(LONGEST_SECONDS):
            told = await anext(self.all())
        assert name in (None, told.name), told
        return told

    async def rest(self) -> list[Told]:
        """All that still comes until the stream ends."""
        async with asyncio.timeout(LONGEST_SECONDS):
            return [each async for each in self.all()]

    async def all(self) -> AsyncIterator[Told]:
        """Event after event."""
        said: dict[str, str] = {}
        async for line in self._lines:
            name, _, value = line.partition(": ")
            if name == "retry":
                self.retry_ms = int(value)
            elif line and not line.startswith(":"):
                said[name] = value
            elif said and not line:
                self.last_id = said.get("id", self.last_id)
                told = Told(said["event"], json.loads(said["data"]), said.get("id"))
                self._contract.check_event(urlsplit(str(self.answer.url)).path, told.name, told.data)
                yield told
                said = {}


@asynccontextmanager
async def reading(
    http: httpx.AsyncClient,
    contract: Contract,
    path: str,
    last_id: str | None = None,
    credential: str | None = None,
) -> AsyncIterator[Stream]:
    """A stream, for as long as it is read."""
    headers = {"Accept": EVENTS}
    headers |= {"Last-Event-ID": last_id} if last_id else {}
    headers |= {"Authorization": f"Bearer {credential}"} if credential else {}
    async with http.stream("GET", path, headers=headers, timeout=LONGEST_SECONDS) as answer:
        yield Stream(answer, contract)


def after(board: Json, change: Json) -> Json:
    """The board after a change, as the document says that it is put together."""
    shown = [*board["now_serving"], *board["recently_called"], *change["tickets"]]
    tickets = {each["number"]: each for each in shown}
    services = {each["service_id"]: each for each in change["services"]}
    lists = {name: [tickets[each] for each in change[name]] for name in ("now_serving", "recently_called")}
    return {
        **{name: change[name] for name in ("service_day", "sequence", "changes_at")},
        **lists,
        "services": [services.get(each["service_id"], each) for each in board["services"]],
    }
