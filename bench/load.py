"""The load: a process of its own that plays many clients at once. A plan comes in as JSON, what happened goes out."""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import cycle
from typing import Any
from uuid import uuid4

import aiohttp

CREATED, OK = 201, 200
Json = dict[str, Any]


class Load:
    """The clients of one plan, and what they saw. Where several processes serve, they are asked in turn."""

    def __init__(self, http: aiohttp.ClientSession, plan: Json) -> None:
        self._http, self._plan = http, plan
        self._bases = cycle(plan["bases"])
        self.latencies: list[float] = []
        self.acknowledged: list[Json] = []
        self.refused: Counter[str] = Counter()
        self.seconds = 0.0

    async def _ask(self, method: str, path: str, credential: str | None, body: Json | None, good: int) -> Json | None:
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        if body is not None:
            headers["Idempotency-Key"] = str(uuid4())
        began = time.perf_counter()
        async with self._http.request(method, next(self._bases) + path, headers=headers, json=body) as answer:
            content = await answer.read()
        self.latencies.append(time.perf_counter() - began)
        if answer.status != good:
            self.refused[f"{answer.status} {json.loads(content).get('code')}"] += 1
            return None
        found: Json = json.loads(content)
        return found

    async def _for_a_while(self, client: Callable[[int], Awaitable[None]]) -> None:
        """Every client, again and again, until the time is over."""
        began = time.perf_counter()
        until = began + self._plan["seconds"]

        async def again(number: int) -> None:
            while time.perf_counter() < until:
                await client(number)

        await asyncio.gather(*(again(number) for number in range(self._plan["clients"])))
        self.seconds = time.perf_counter() - began

    async def issue(self) -> None:
        """Each client takes tickets at the kiosks, one after the other, each time in the next mall."""
        kiosks = self._plan["kiosks"]
        turns = list(range(self._plan["clients"]))

        async def client(number: int) -> None:
            kiosk = kiosks[turns[number] % len(kiosks)]
            turns[number] += self._plan["clients"] + 1
            body = {"service_id": kiosk["service_id"], "channel": "kiosk"}
            ticket = await self._ask("POST", f"{kiosk['mall']}/tickets", kiosk["key"], body, CREATED)
            if ticket:
                self.acknowledged.append({"mall": kiosk["mall"], "id": ticket["id"], "number": ticket["number"]})

        await self._for_a_while(client)

    async def call(self) -> None:
        """All counters call at once, again and again; between two calls the tickets go, which is not timed."""
        for _ in range(self._plan["times"]):
            began = time.perf_counter()
            called = await asyncio.gather(*(self._call(counter) for counter in self._plan["counters"]))
            self.seconds += time.perf_counter() - began
            seen, self.latencies = self.latencies, []
            await asyncio.gather(*(self._send_away(*each) for each in zip(self._plan["counters"], called, strict=True)))
            self.latencies = seen

    async def pace(self) -> None:
        """The counters call in turn, so many times a second."""

        async def one(counter: Json, after: float) -> None:
            await asyncio.sleep(after)
            await self._send_away(counter, await self._call(counter))

        counters, rate = self._plan["counters"], self._plan["per_second"]
        calls = int(self._plan["seconds"] * rate)
        await asyncio.gather(*(one(counters[number % len(counters)], number / rate) for number in range(calls)))

    async def _call(self, counter: Json) -> Json | None:
        path = f"{counter['mall']}/counters/{counter['id']}/calls"
        ticket = await self._ask("POST", path, counter["token"], {}, CREATED)
        if ticket:
            self.acknowledged.append({"mall": counter["mall"], "id": ticket["id"], "number": ticket["number"]})
        return ticket

    async def _send_away(self, counter: Json, ticket: Json | None) -> None:
        if ticket:
            path = f"{counter['mall']}/tickets/{ticket['id']}/cancellation"
            await self._ask("POST", path, counter["token"], {}, OK)


async def run(plan: Json) -> Json:
    """Play the plan."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        load = Load(http, plan)
        await getattr(load, plan["what"])()
    return {
        "seconds": load.seconds,
        "latencies": load.latencies,
        "acknowledged": load.acknowledged,
        "refused": load.refused,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
