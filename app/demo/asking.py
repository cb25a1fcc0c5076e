"""How people and machines ask the program: over HTTP. The demo's ask again where it helps; the tests' never do."""

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
        self.add_note(answer.text)  # a traceback shows it


class Asker:
    """Somebody who asks: the public, a device with its key, a person or a system with a token."""

    def __init__(self, http: httpx.AsyncClient, path: str, credential: str | None = None) -> None:
        """`path` is where its mall stands, `/v1/malls/samarinda`."""
        self.http, self.path, self.credential = http, path, credential

    async def ask(self, method: str, path: str, **how: Any) -> httpx.Response:  # noqa: ANN401  # as httpx takes them
        """Ask for a path below the mall, or for an absolute one that begins with `//`."""
        headers = how.pop("headers", {})
        if self.credential:
            headers = {"Authorization": f"Bearer {self.credential}", **headers}
        url = path[1:] if path.startswith("//") else self.path + path
        return await self.http.request(method, url, headers=headers, **how)

    async def sees(self, path: str, **params: Any) -> Any:  # noqa: ANN401  # JSON is any of them
        """Get, and insist that it succeeds. Raises Refused."""
        return _body(await self.ask("GET", path, params=params))

    async def all(self, path: str, **params: Any) -> list[Json]:  # noqa: ANN401
        """Every row of a list, page after page. Raises Refused."""
        rows: list[Json] = []
        cursor: Json = {}
        while True:
            page = await self.sees(path, limit=100, **params, **cursor)
            rows += page["data"]
            if not page["has_more"]:
                return rows
            cursor = {"cursor": page["next_cursor"]}

    async def does(self, path: str, json: Any = None, **how: Any) -> Json:  # noqa: ANN401
        """Post, and insist that it succeeds. Raises Refused."""
        if json is not None:
            how["json"] = json
        done: Json = _body(await self.ask("POST", path, **how))
        return done


class PatientAsker(Asker):
    """One who asks again: after a lost connection, when told to come later, and with a new token for an old one."""

    _sign_in: Callable[[], Awaitable[str]] | None = None

    @classmethod
    async def person(cls, http: httpx.AsyncClient, path: str, username: str, password: str) -> "PatientAsker":
        """Somebody with an account, signed in; again whenever the token has run out."""

        async def sign_in() -> str:
            form = {"grant_type": "password", "username": username, "password": password}
            token: str = _body(await http.post("/v1/oauth/token", data=form))["access_token"]
            return token

        made = cls(http, path, await sign_in())
        made._sign_in = sign_in  # its own
        return made

    async def ask(  # noqa: D102  # as above
        self,
        method: str,
        path: str,
        *,
        patient: bool = True,
        **how: Any,  # noqa: ANN401
    ) -> httpx.Response:
        if method == "POST":  # the same key for every try makes it happen once
            how["headers"] = {"Idempotency-Key": str(uuid4())}
        for left in reversed(range(TRIES)):
            try:
                answer = await super().ask(method, path, **how)
            except httpx.TransportError:
                if not left:
                    raise
                await asyncio.sleep(0.2)
                continue
            if answer.status_code in LATER and left and patient:
                await asyncio.sleep(int(answer.headers.get("Retry-After", "1")))
            elif answer.status_code == httpx.codes.UNAUTHORIZED and left and self._sign_in:
                self.credential = await self._sign_in()
            else:
                break
        return answer


def _body(answer: httpx.Response) -> Any:  # noqa: ANN401
    """What a success says. Raises Refused."""
    if not answer.is_success:
        raise Refused(answer)
    return answer.json()
