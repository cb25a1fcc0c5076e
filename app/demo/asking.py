"""How the demo's people and machines ask the program: over HTTP, as anybody does, and as patiently."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx

Json = dict[str, Any]
TRIES = 5
LATER = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)


class Refused(Exception):
    """The program said no; `code` is the problem's."""

    def __init__(self, answer: httpx.Response) -> None:
        is_json = "json" in answer.headers.get("content-type", "")
        self.code: str = answer.json().get("code", "") if is_json else ""
        super().__init__(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {self.code}")


class Asker:
    """Somebody who asks about one mall: the public, a device with its key, or a person who signs in."""

    def __init__(self, http: httpx.AsyncClient, mall: str, credential: str | None = None) -> None:
        self._http, self.path, self.credential = http, f"/v1/malls/{mall}", credential
        self._sign_in: Callable[[], Awaitable[str]] | None = None

    @classmethod
    async def person(cls, http: httpx.AsyncClient, mall: str, username: str, password: str) -> "Asker":
        """Somebody with an account, signed in; again whenever the token has run out."""

        async def sign_in() -> str:
            form = {"grant_type": "password", "username": username, "password": password}
            answer = await http.post("/v1/oauth/token", data=form)
            if not answer.is_success:
                raise Refused(answer)
            token: str = answer.json()["access_token"]
            return token

        made = cls(http, mall, await sign_in())
        made._sign_in = sign_in  # its own
        return made

    async def sees(self, path: str, **params: Any) -> Any:  # noqa: ANN401  # JSON is any of them
        """Get what is at a path below the mall. Raises Refused."""
        return await self._ask("GET", path, params=params)

    async def all(self, path: str, **params: Any) -> list[Json]:  # noqa: ANN401
        """Every row of a list, page after page."""
        rows: list[Json] = []
        cursor: Json = {}
        while True:
            page = await self.sees(path, limit=100, **params, **cursor)
            rows += page["data"]
            if not page["has_more"]:
                return rows
            cursor = {"cursor": page["next_cursor"]}

    async def does(self, path: str, json: Json | None = None, *, patient: bool = True) -> Json:
        """Post. The same key for every try makes it happen once. Raises Refused."""
        headers = {"Idempotency-Key": str(uuid4())}
        done: Json = await self._ask("POST", path, json=json, headers=headers, patient=patient)
        return done

    async def _ask(self, method: str, path: str, *, patient: bool = True, **how: Any) -> Any:  # noqa: ANN401
        headers = how.pop("headers", {})
        for left in reversed(range(TRIES)):
            if self.credential:
                headers["Authorization"] = f"Bearer {self.credential}"
            try:
                answer = await self._http.request(method, self.path + path, headers=headers, **how)
            except httpx.TransportError:
                if not left:
                    raise
                await asyncio.sleep(0.2)
                continue
            if answer.is_success:
                return answer.json()
            if answer.status_code in LATER and left and patient:
                await asyncio.sleep(int(answer.headers.get("Retry-After", "1")))
            elif answer.status_code == httpx.codes.UNAUTHORIZED and left and self._sign_in:
                self.credential = await self._sign_in()
            else:
                break
        raise Refused(answer)
