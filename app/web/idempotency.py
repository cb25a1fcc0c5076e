"""One request, one act: take the journal, see whether it was done before, do it, store the answer, commit, answer.

The commit comes before the answer because the handler awaits it, whatever the framework does with dependencies.
"""

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Container
from typing import Annotated, Any, ClassVar, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic.config import JsonDict

from app.database import ClockSkew, OutcomeUnknown
from app.domain.callers import Caller
from app.domain.errors import (
    IdempotencyKeyInvalid,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    PreconditionFailed,
    PreconditionRequired,
    SecretAlreadyShown,
)
from app.domain.malls import MallRef
from app.journal import IdempotencyKey, Journal, StoredAnswer
from app.queries.journals import stored_answer
from app.schemas.base import Editable, Output
from app.web.context import context_of
from app.web.etags import etag_of, versions_in
from app.web.markers import Markers
from app.web.routing import Operation

_KEY = re.compile(r"^[!-~]([ -~]{0,253}[!-~])?\Z")
Answer = TypeVar("Answer", bound=Output)
P = ParamSpec("P")
EXAMPLE = UUID("0198c1de-5e3a-7c40-9f3e-2f6c9d0b7a11")
NOBODYS = frozenset({EXAMPLE, UUID(int=0), UUID(int=(1 << 128) - 1)})
"""Keys that many would send who copy them: without credentials they would get each other's answers."""
KEY_SCHEMA: JsonDict = {"pattern": "^[!-~]([ -~]{0,253}[!-~])?$", "examples": [str(EXAMPLE)]}
IF_MATCH = (
    "The ETag that the edit was made from, or several; without it the answer is a 428; with an older one, a weak one "
    "or another thing's it is a 412. `*`: whatever the version"
)
REPLAYED = "Idempotency-Replayed"
_WRITES = Markers(writes=True, refuses=(OutcomeUnknown, ClockSkew))
_KEYED = Markers(
    headers={REPLAYED: "`true`: the first answer, again"}, refuses=(IdempotencyKeyInvalid, IdempotencyKeyReused)
)


class Write:
    """A write that nothing is opened for until it is called: the body is valid and the caller known by then."""

    def __init__(self, request: Request, response: Response, key: str | None = None, location: str = "") -> None:
        """`location` is the path of what is made, with members of the path and of the answer in braces."""
        self._request, self._response, self._key, self._location = request, response, key, location
        self._context = context_of(request.app)
        self.repeated = False
        """Whether the answer is the first one again."""

    async def __call__(
        self,
        mall: MallRef,
        by: Caller,
        answer: type[Answer],
        act: Callable[Concatenate[Journal, P], Awaitable[object]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Do it once, and answer; a repeat under the same key is answered with the first answer."""
        key = self._checked_key(by)
        fingerprint = await self._fingerprint(mall, by) if key else b""

        async def once(journal: Journal) -> Answer:
            if journal.stored_answer:
                return self._replayed(answer, journal.stored_answer, fingerprint)
            shown = answer.model_validate(await act(journal, *args, **kwargs))
            if key:
                secret = answer.secret and answer.secret.name
                shows = secret is not None and getattr(shown, secret) is not None
                kept = shown.model_dump_json(exclude={secret} if secret and shows else None)
                journal.store_answer(StoredAnswer(fingerprint, kept))
            return shown

        return self._shown(await self._context.database.write(mall, by, once, key=key))

    async def again(self, mall: MallRef, by: Caller, answer: type[Answer]) -> Answer | None:
        """The first answer again, where one is kept, without taking the journal.

        For what counts before the act, so that a repeat does not count.
        """
        if (key := self._checked_key(by)) is None:
            return None
        async with self._context.database.reading(mall) as reading:
            stored = await stored_answer(reading, key)
        return self._replayed(answer, stored, await self._fingerprint(mall, by)) if stored else None

    async def without_body(
        self,
        mall: MallRef,
        by: Caller,
        act: Callable[Concatenate[Journal, P], Awaitable[object]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Do what has no answer (a DELETE)."""
        await self._context.database.write(mall, by, lambda journal: act(journal, *args, **kwargs))

    def _replayed(self, answer: type[Answer], stored: StoredAnswer, fingerprint: bytes) -> Answer:
        shown = _repeated(answer, stored, fingerprint)
        self._response.headers[REPLAYED], self.repeated = "true", True
        return shown

    def _shown(self, answer: Answer) -> Answer:
        """The answer, with where the thing is that was made, and the version of one that can be edited."""
        if self._location:
            where = self._location.format(**{**vars(answer), **self._request.path_params})
            self._response.headers["Location"] = where
        if isinstance(answer, Editable):
            self._response.headers["ETag"] = etag_of(self._request, answer)
        return answer

    def _checked_key(self, caller: Caller) -> IdempotencyKey | None:
        key = self._key
        if key is None:
            return None
        if not _KEY.match(key) or len(self._request.headers.getlist("idempotency-key")) > 1:
            raise IdempotencyKeyInvalid
        if caller.id is None:
            key = str(_of_ones_own(key))
        operation: Operation = self._request.scope["operation"]
        return IdempotencyKey(caller.key, operation.id, key)

    async def _fingerprint(self, mall: MallRef, by: Caller) -> bytes:
        """What makes two requests the same: method, path, query, the body's content, and the caller's roles here.

        Whoever has lost a role since then does not get an answer again that it would no longer get.
        Made with the server's key: a body may hold a password, and a plain hash of it could be guessed at leisure.
        """
        content: Any = await self._request.json() if await self._request.body() else None
        roles = sorted(
            f"{one.part} {one.mall_id} {one.agency_id}" for one in by.grants if one.mall_id in (None, mall.id)
        )
        scope = self._request.scope
        parts = [scope["method"], scope["path"], scope["query_string"].decode("latin-1"), content, roles]
        return hmac.digest(self._context.server_key, json.dumps(parts, sort_keys=True).encode(), "sha256")


def _of_ones_own(key: str) -> UUID:
    """The key of somebody who is not known. Raises IdempotencyKeyInvalid."""
    try:
        read = UUID(key)
    except ValueError:
        raise IdempotencyKeyInvalid from None
    if read in NOBODYS:
        raise IdempotencyKeyInvalid
    return read


def _repeated(answer: type[Answer], stored: StoredAnswer, fingerprint: bytes) -> Answer:
    """The first answer again. Raises IdempotencyKeyReused or SecretAlreadyShown."""
    if stored.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    if answer.secret and answer.secret.name not in (kept := json.loads(stored.answer)):
        raise SecretAlreadyShown(thing=answer.secret.of, thing_id=UUID(kept["id"]))
    return answer.model_validate_json(stored.answer)


class Edit(Write):
    """A write of a thing as its editor has seen it."""

    def __init__(self, request: Request, response: Response, versions: Container[int]) -> None:
        super().__init__(request, response)
        self.versions = versions


class _Command:
    """Takes a POST; `location` is where what it makes will be, if it makes something."""

    def __init__(self, location: str = "") -> None:
        self.markers = _WRITES | _KEYED | Markers(location=location)

    async def __call__(
        self,
        request: Request,
        response: Response,
        idempotency_key: Annotated[
            str | None,
            Header(
                description="Repeating a request with the same key within 24 hours answers it again, not doing it "
                "again. Without credentials it must be a UUID, and not the one of the example",
                json_schema_extra=KEY_SCHEMA,
            ),
        ] = None,
    ) -> Write:
        return Write(request, response, idempotency_key, self.markers.location)


class _IdempotentCommand(_Command):
    """Takes a POST that is refused without a key."""

    def __init__(self, location: str = "") -> None:
        super().__init__(location)
        self.markers |= Markers(required=frozenset({"Idempotency-Key"}), refuses=(IdempotencyKeyRequired,))

    async def __call__(
        self,
        request: Request,
        response: Response,
        idempotency_key: Annotated[
            str | None,
            Header(
                description="Required: a retry must not create twice. Without credentials it must be a UUID, and "
                "not the one of the example",
                json_schema_extra=KEY_SCHEMA,
            ),
        ] = None,
    ) -> Write:
        if idempotency_key is None:
            raise IdempotencyKeyRequired
        return Write(request, response, idempotency_key, self.markers.location)


class _Edit:
    markers: ClassVar = _WRITES | Markers(refuses=(PreconditionRequired, PreconditionFailed))

    async def __call__(
        self,
        request: Request,
        response: Response,
        if_match: Annotated[str | None, Header(description=IF_MATCH)] = None,
    ) -> Edit:
        if if_match is None:
            raise PreconditionRequired
        return Edit(request, response, versions_in(request, request.headers.getlist("if-match")))


def creates(location: str) -> Any:  # noqa: ANN401  # what Depends returns
    """For a POST that makes a thing: `location` is its path, with members of this path and of the answer in braces."""
    return Depends(_Command(location))


def creates_once(location: str) -> Any:  # noqa: ANN401  # what Depends returns
    """For a POST by which a machine makes a thing: it needs a key, so that a retry does not make two."""
    return Depends(_IdempotentCommand(location))


Command = Annotated[Write, Depends(_Command())]
"""For a POST that makes nothing new."""
IfMatch = Annotated[Edit, Depends(_Edit())]
"""For a PATCH, PUT or DELETE of the version that If-Match names."""
