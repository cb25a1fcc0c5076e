"""Strong ETags: the row's version, for If-Match, and a hash of what is shown, for If-None-Match."""

import re
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request, Response

from app.domain.errors import PreconditionRequired
from app.domain.names import Language
from app.schemas.base import Output
from app.web.problems import NotModified

NO_VERSION = 0
"""What a tag that is none of ours stands for: no row has it."""
MAY_BE_KNOWN: dict[int | str, dict[str, Any]] = {304: {"description": "The reader has the newest version"}}
"""What a route declares that answers with `encoded`."""
Shown = TypeVar("Shown", bound=Output)
_OURS = re.compile(r'^"(\d{1,9})-[0-9a-f]{16}"$')


def etag(content: bytes, language: str = "", version: int = NO_VERSION) -> str:
    """The tag of what is shown."""
    return f'"{version}-{sha256(language.encode() + content).hexdigest()[:16]}"'


class Fresh:
    """Tags an answer, and says 304 to who has it."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request, self._response = request, response

    def __call__(self, shown: Shown) -> Shown:
        """The same answer, tagged. Raises NotModified."""
        tag = etag(shown.model_dump_json().encode(), version=getattr(shown, "version", NO_VERSION))
        _must_be_new(self._request, tag)
        self._response.headers["ETag"] = tag
        self._response.headers["Cache-Control"] = "no-cache"
        return shown


def encoded(request: Request, content: bytes, tag: str, language: Language) -> Response:
    """What is encoded and tagged already, and differs by language. Raises NotModified."""
    _must_be_new(request, tag)
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Language": language.value,
        "Vary": "Accept-Language",
    }
    return Response(content, headers=headers, media_type="application/json")


def _must_be_new(request: Request, tag: str) -> None:
    if tag in [each.strip() for each in request.headers.get("if-none-match", "").split(",")]:
        raise NotModified(tag)


async def _fresh(request: Request, response: Response) -> Fresh:
    return Fresh(request, response)


async def _edited(
    if_match: Annotated[
        str | None, Header(description="The ETag that the edit was made from; without it the answer is a 428")
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired
    ours = _OURS.match(if_match.strip())
    return int(ours[1]) if ours else NO_VERSION


Tagged = Annotated[Fresh, Depends(_fresh)]
EditedVersion = Annotated[int, Depends(_edited)]
"""The version that an edit names in If-Match."""
