"""Strong ETags: the row's version, for If-Match, and a hash of what is shown, for If-None-Match."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar, TypeVar

from fastapi import Depends, Request, Response

from app.domain.names import Language
from app.schemas.base import Editable, Output
from app.web.markers import Markers
from app.web.problems import NotModified

NO_VERSION = 0
"""What a tag that is none of ours stands for: no row has it."""
ETAG = {"ETag": "The version of what is answered"}
MAY_BE_KNOWN: dict[int | str, dict[str, Any]] = {304: {"description": "The reader has the newest version"}}
"""What a route declares that answers with `encoded`."""
Shown = TypeVar("Shown", bound=Output)
_OURS = re.compile(r'^"(\d{1,9})-[0-9a-f]{16}"$')


@dataclass(frozen=True)
class Encoded:
    """An answer as it goes out, encoded once for many readers."""

    content: bytes
    etag: str


def etag(content: bytes, language: str = "", version: int = NO_VERSION) -> str:
    """The tag of what is shown."""
    return f'"{version}-{sha256(language.encode() + content).hexdigest()[:16]}"'


def etag_of(shown: Output) -> str:
    """The tag of an answer; what is shown once only is no part of it."""
    version = shown.version if isinstance(shown, Editable) else NO_VERSION
    return etag(shown.model_dump_json(exclude={shown.secret} if shown.secret else None).encode(), version=version)


def version_in(if_match: str) -> int:
    """The version that an edit names in If-Match."""
    ours = _OURS.match(if_match.strip())
    return int(ours[1]) if ours else NO_VERSION


class Conditional:
    """Tags an answer, and says 304 to a reader who has it."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request, self._response = request, response

    def __call__(self, shown: Shown, language: Language | None = None) -> Shown:
        """The same answer, tagged; `language` where it differs by that. Raises NotModified."""
        tag = etag_of(shown)
        _must_be_new(self._request, tag)
        if language:
            self._response.headers["Content-Language"] = language.value
            self._response.headers["Vary"] = "Accept-Language"
        self._response.headers["ETag"] = tag
        self._response.headers["Cache-Control"] = "no-cache"
        return shown


def encoded(request: Request, answer: Encoded, language: Language | None = None) -> Response:
    """What is encoded and tagged already; `language` where it differs by that. Raises NotModified."""
    _must_be_new(request, answer.etag)
    headers = {"ETag": answer.etag, "Cache-Control": "no-cache"}
    if language:
        headers |= {"Content-Language": language.value, "Vary": "Accept-Language"}
    return Response(answer.content, headers=headers, media_type="application/json")


def _must_be_new(request: Request, tag: str) -> None:
    if tag in [each.strip() for each in request.headers.get("if-none-match", "").split(",")]:
        raise NotModified(tag)


class _TakesConditional:
    markers: ClassVar = Markers(conditional=True)

    async def __call__(self, request: Request, response: Response) -> Conditional:
        return Conditional(request, response)


ConditionalGet = Annotated[Conditional, Depends(_TakesConditional())]
"""For a GET of one thing."""
