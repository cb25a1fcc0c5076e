"""Strong ETags: the row's version, for If-Match, and a hash of what is shown, for If-None-Match."""

import re
from hashlib import sha256
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response

from app.domain.accounts import PreconditionRequired
from app.schemas import Output
from app.web.problems import NotModified, language_of

NO_VERSION = 0
"""What a tag that is none of ours stands for: no row has it."""
Shown = TypeVar("Shown", bound=Output)
_OURS = re.compile(r'^"(\d{1,9})-[0-9a-f]{16}"$')


def etag(shown: Output, language: str = "") -> str:
    """The tag of what is shown."""
    digest = sha256(language.encode() + shown.model_dump_json().encode()).hexdigest()[:16]
    return f'"{getattr(shown, "version", 0)}-{digest}"'


class Fresh:
    """Tags an answer, and says 304 to who has it."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request, self._response = request, response

    def __call__(self, shown: Shown, *, by_language: bool = False) -> Shown:
        """The same answer, tagged. Raises NotModified."""
        language = language_of(self._request).value if by_language else ""
        tag = etag(shown, language)
        if tag in [each.strip() for each in self._request.headers.get("if-none-match", "").split(",")]:
            raise NotModified(tag)
        self._response.headers["ETag"] = tag
        self._response.headers["Cache-Control"] = "no-cache"
        if by_language:
            self._response.headers["Content-Language"] = language
            self._response.headers["Vary"] = "Accept-Language"
        return shown


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
