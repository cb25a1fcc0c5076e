"""Who asks the program in a test: the public, a person, a device, a partner's system."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx

from app.demo import asking

Json = asking.Json
ANY = {"If-Match": "*"}
"""For an edit of a thing as it is, whatever the version."""
REMEMBERED_SECONDS = 0.2
"""For so long a process that is made to forget quickly remembers a caller."""


class Asker(asking.Asker):
    """One who never asks twice. Also shows refusals, and takes, calls and handles tickets."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        path: str,
        credential: str | None = None,
        id_: UUID | None = None,
        *,
        channel: str | None = None,
    ) -> None:
        super().__init__(http, path, credential)
        self.id = id_
        self.channel = channel or ("kiosk" if credential else "web")

    def at(self, http: httpx.AsyncClient) -> "Asker":
        """The same one, asking another process."""
        return Asker(http, self.path, self.credential, self.id, channel=self.channel)

    async def known_at(self, http: httpx.AsyncClient) -> "Asker":
        """The same one, asking another process that knows by now who it is."""
        there = self.at(http)
        await there.sees("//v1/me")
        return there

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.ask("GET", path, **how)

    async def post(self, path: str, json: Any = None, **how: Any) -> httpx.Response:
        if json is not None:
            how["json"] = json
        return await self.ask("POST", path, **how)

    async def patch(self, path: str, json: Any, etag: str | None = None) -> httpx.Response:
        return await self.ask("PATCH", path, json=json, headers={"If-Match": etag} if etag else {})

    async def edits(self, path: str, json: Json) -> httpx.Response:
        """Change a thing as it stands now."""
        return await self.patch(path, json, (await self.get(path)).headers["ETag"])

    async def issue(self, service_id: str, key: str | None = None, **more: Any) -> httpx.Response:
        """Ask for a ticket on its own channel: the web's without credentials, the kiosk's unless told otherwise."""
        body = {"service_id": service_id, "channel": self.channel, **more}
        return await self.post("/tickets", body, headers={"Idempotency-Key": key or str(uuid4())})

    async def takes(self, service_id: str, **more: Any) -> Json:
        """A ticket."""
        answer = await self.issue(service_id, **more)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        body: Json = answer.json()
        return body

    async def plan(self, *service_ids: str, key: str | None = None, **more: Any) -> httpx.Response:
        """Ask for a visit to these services."""
        body = {"service_ids": service_ids, **more}
        return await self.post("/visits", body, headers={"Idempotency-Key": key or str(uuid4())})

    async def plans(self, *service_ids: str, **more: Any) -> Json:
        """A visit to these services."""
        answer = await self.plan(*service_ids, **more)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        body: Json = answer.json()
        return body

    async def reserves(self, series_id: str, size: int) -> Json:
        """A block of numbers, to give while cut off."""
        key = {"Idempotency-Key": str(uuid4())}
        return await self.does("/number-blocks", {"number_series_id": series_id, "size": size}, headers=key)

    async def calls(self, counter_id: str, ticket: Json | None = None) -> Json:
        """The next ticket to a counter, or the one named."""
        return await self.does(f"/counters/{counter_id}/calls", {"ticket_id": ticket["id"]} if ticket else None)

    async def handles(self, ticket: Json, *verbs: str) -> Json:
        """A ticket after one verb and the next, `start`, `completion` and so on."""
        for verb in verbs:
            ticket = await self.does(f"/tickets/{ticket['id']}/{verb}")
        return ticket


async def forgotten() -> None:
    """Wait until a process that is made to forget quickly has to look up anew whose credential it is."""
    await asyncio.sleep(1.1 * REMEMBERED_SECONDS)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """What a refusal says, in short; nothing where it is none."""
    return answer.status_code, "" if answer.is_success else answer.json().get("code", "")


def must_show(body: Json, **members: Any) -> None:
    """Insist that a body says so, and name what it says otherwise."""
    other = {name: body[name] for name, value in members.items() if body[name] != value}
    assert not other, f"{other}, not {members}"


def must_refuse(answer: httpx.Response, status: int, code: str, *, pointer: str | None = None, **facts: Any) -> None:
    """Insist that an answer is this problem, about this place of the request, with these facts."""
    assert code_of(answer) == (status, code), answer.text
    must_show(answer.json(), **facts)
    if pointer is not None:
        pointers = [each["pointer"] for each in answer.json()["errors"]]
        assert pointers[0] == pointer, answer.text
