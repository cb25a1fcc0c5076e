"""Strong ETags: a thing and its version, for If-Match, and a hash of what is shown, for If-None-Match (RFC 9110)."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID

from fastapi import Depends, Request, Response

from app.access import ANY_VERSION
from app.domain.names import Language
from app.schemas.base import Editable, Output
from app.web.markers import Markers
from app.web.problems import NotModified
from app.web.routing import Operation

ETAG = {"ETag": "The version of what is answered"}
MAY_BE_KNOWN: dict[int | str, dict[str, Any]] = {304: {"description": "The reader has the newest version"}}
"""What a route declares that answers with `encoded`."""
Shown = TypeVar("Shown", bound=Output)
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_OURS = re.compile(r"^(\d{1,9})-([0-9a-f]{8})-[0-9a-f]{16}\Z")


@dataclass(frozen=True)
class Encoded:
    """An answer as it goes out, encoded once for many readers."""

    content: bytes
    etag: str


def etag(content: bytes, language: str = "", edit: str = "") -> str:
    """The tag of what is shown."""
    return f'"{edit}{_digest(language.encode() + content, 16)}"'


def etag_of(request: Request, shown: Output) -> str:
    """The tag of an answer; what is shown once only is no part of it. What can be edited is named with its version."""
    edit = f"{shown.version}-{_digest(_shown_thing(request, shown), 8)}-" if isinstance(shown, Editable) else ""
    return etag(shown.model_dump_json(exclude={shown.secret.name} if shown.secret else None).encode(), edit=edit)


def versions_in(request: Request, if_match: Iterable[str]) -> Container[int]:
    """The versions of the thing that If-Match allows; a weak tag never matches, nor does another thing's (RFC 9110)."""
    said = ",".join(if_match).strip()
    if said == "*":
        return ANY_VERSION
    thing = _digest(_asked_thing(request), 8)
    ours = [_OURS.match(tag) for weak, tag in _TAG.findall(said) if not weak]
    return {int(each[1]) for each in ours if each and each[2] == thing}


def _digest(text: bytes, length: int) -> str:
    return sha256(text).hexdigest()[:length]


def _shown_thing(request: Request, shown: Output) -> bytes:
    """Which thing an answer is about: its id, a mall's slug, or, where it has none, where it was asked for."""
    named = getattr(shown, "id", None) or getattr(shown, "slug", None)
    return str(named).encode() if named else _place(request)


def _asked_thing(request: Request) -> bytes:
    """Which thing an edit is about: the last segment of its path where that names one, or where it was asked for."""
    operation: Operation = request.scope["operation"]
    if not operation.path.endswith("}"):
        return _place(request)
    named = request.url.path.rsplit("/", 1)[1]
    try:
        return str(UUID(named)).encode()
    except ValueError:
        return named.encode()


def _place(request: Request) -> bytes:
    return f"{request.url.path}?{request.query_params.get('agency_id', '').lower()}".encode()


class Conditional:
    """Tags an answer, and says 304 to a reader who has it."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request, self._response = request, response

    def __call__(self, shown: Shown, language: Language | None = None) -> Shown:
        """The same answer, tagged; `language` where it differs by that. Raises NotModified."""
        self._response.headers.update(_tagged(self._request, etag_of(self._request, shown), language))
        return shown


def encoded(
    request: Request,
    answer: Encoded,
    language: Language | None = None,
    *,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """What is encoded and tagged already; `language` where it differs by that. Raises NotModified."""
    return Response(answer.content, headers=_tagged(request, answer.etag, language, headers), media_type=media_type)


def _tagged(
    request: Request, tag: str, language: Language | None, more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The headers of a tagged answer, the same for who has it. Raises NotModified for them."""
    headers = {"ETag": tag, "Cache-Control": "no-cache", **(more or {})}
    if language:
        headers |= {"Content-Language": language.value, "Vary": "Accept-Language"}
    if is_known(request, tag):
        raise NotModified(headers)
    return headers


def is_known(request: Request, tag: str) -> bool:
    """Whether the reader has what this tag names; tags compare weakly."""
    known = ",".join(request.headers.getlist("if-none-match")).strip()
    return known == "*" or tag.strip('"') in [each for _, each in _TAG.findall(known)]


class _TakesConditional:
    markers: ClassVar = Markers(conditional=True)

    async def __call__(self, request: Request, response: Response) -> Conditional:
        return Conditional(request, response)


ConditionalGet = Annotated[Conditional, Depends(_TakesConditional())]
"""For a GET of one thing."""
