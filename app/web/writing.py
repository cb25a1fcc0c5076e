"""One request, one act: take the journal, see whether it was done before, do it, store the answer, commit, answer.

The commit comes before the answer because the handler awaits it, whatever the framework does with dependencies.
"""

import hmac
import json
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic.config import JsonDict

from app.domain.callers import Caller
from app.domain.errors import IdempotencyKeyInvalid, IdempotencyKeyRequired, IdempotencyKeyReused, SecretAlreadyShown
from app.domain.malls import MallRef
from app.journal import IdempotencyKey, Journal, StoredAnswer
from app.schemas.base import Output
from app.web.callers import house

_KEY = re.compile(r"^[!-~]([ -~]{0,253}[!-~])?\Z")
Answer = TypeVar("Answer", bound=Output)
P = ParamSpec("P")
KEY_SCHEMA: JsonDict = {"pattern": "^[!-~]([ -~]{0,253}[!-~])?$", "examples": ["0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11"]}
REPLAYED = "Idempotency-Replayed"


class Write:
    """A write that nothing is opened for until it is called: the body is valid and the caller known by then."""

    def __init__(self, request: Request, response: Response, key: str | None) -> None:
        self._request, self._response, self._key = request, response, key

    async def __call__(
        self,
        mall: MallRef,
        by: Caller,
        answer: type[Answer],
        act: Callable[Concatenate[Journal, Caller, P], Awaitable[object]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Do it once, and answer; a repeat under the same key is answered with the first answer."""
        key = self._checked_key(by)
        fingerprint = await self._fingerprint() if key else b""

        async def once(journal: Journal) -> Answer:
            if journal.stored_answer:
                shown = _repeated(answer, journal.stored_answer, fingerprint)
                self._response.headers[REPLAYED] = "true"
                return shown
            shown = answer.model_validate(await act(journal, by, *args, **kwargs))
            if key:
                secret = {answer.secret} if answer.secret and getattr(shown, answer.secret) is not None else None
                journal.store_answer(StoredAnswer(fingerprint, shown.model_dump_json(exclude=secret)))
            return shown

        return await house(self._request).database.write(mall, by, once, key=key)

    async def nothing(
        self,
        mall: MallRef,
        by: Caller,
        act: Callable[Concatenate[Journal, Caller, P], Awaitable[object]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Do what has no answer (a DELETE)."""
        await house(self._request).database.write(mall, by, lambda journal: act(journal, by, *args, **kwargs))

    @property
    def _route(self) -> str:
        name: str = self._request.scope["endpoint"].__name__
        return name

    def _checked_key(self, by: Caller) -> IdempotencyKey | None:
        key = self._key
        if key is None:
            return None
        if not _KEY.match(key):
            raise IdempotencyKeyInvalid
        if by.id is None:
            try:
                key = str(UUID(key))
            except ValueError:
                raise IdempotencyKeyInvalid from None
        return IdempotencyKey(by.key, self._route, key)

    async def _fingerprint(self) -> bytes:
        """What makes two requests the same: method, path, query and the body's content.

        Made with the server's key: a body may hold a password, and a plain hash of it could be guessed at leisure.
        """
        body = await self._request.body()
        try:
            content: Any = json.loads(body) if body else None
        except (ValueError, RecursionError):  # no JSON: only an operation that reads no body comes as far as this
            content = body.hex()
        parts = [self._request.method, self._request.url.path, self._request.url.query, content]
        return hmac.digest(house(self._request).server_key, json.dumps(parts, sort_keys=True).encode(), "sha256")


def _repeated(answer: type[Answer], stored: StoredAnswer, fingerprint: bytes) -> Answer:
    """The first answer again. Raises IdempotencyKeyReused or SecretAlreadyShown."""
    if stored.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if answer.secret and answer.secret not in json.loads(stored.answer):
        raise SecretAlreadyShown
    return answer.model_validate_json(stored.answer)


async def _write(
    request: Request,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Repeating a request with the same key within 24 hours answers it again, not doing it again. "
            "Without credentials it must be a UUID",
            json_schema_extra=KEY_SCHEMA,
        ),
    ] = None,
) -> Write:
    return Write(request, response, idempotency_key)


async def _write_once(
    request: Request,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Required: a retry must not create twice. Without credentials it must be a UUID",
            json_schema_extra=KEY_SCHEMA,
        ),
    ] = None,
) -> Write:
    if idempotency_key is None:
        raise IdempotencyKeyRequired
    return Write(request, response, idempotency_key)


async def _edit(request: Request, response: Response) -> Write:
    return Write(request, response, None)


Writes = Annotated[Write, Depends(_write)]
"""For every POST."""
WritesOnce = Annotated[Write, Depends(_write_once)]
"""For a POST by which a machine creates."""
Edits = Annotated[Write, Depends(_edit)]
"""For PATCH, PUT and DELETE, which are safe to repeat by themselves."""
