"""What a route carries, said by the dependencies that it asks for.

A dependency that means something to the whole operation (a permission, a header, a refusal, how the body is read) is an
object with `markers`. The document, the request layer and the tests read them from the framework's own tree of
dependencies; nothing is guessed from the name of a parameter, a function or a path (but that all below `/v1/oauth/` is
refused in the words of OAuth, which is so where there is no operation too).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Protocol, runtime_checkable

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from app.domain.roles import Permission
from app.errors import MallError
from app.web.bodies import BodyPolicy

Security = list[dict[str, list[str]]]


@dataclass(frozen=True, kw_only=True)
class Markers:
    """What a dependency says of every operation that asks for it."""

    permission: Permission | None = None
    """What the caller must be allowed to do."""
    security: Security | None = None
    """Which credentials are asked for, where that does not follow from a permission."""
    authenticates: bool = False
    """Credentials are looked at, and the request is counted for who shows them (`limits.py`)."""
    writes: bool = False
    """The journal is taken, and an answer that can be edited carries its ETag."""
    conditional: bool = False
    """The answer carries an ETag, and is a 304 for a reader who has it (If-None-Match)."""
    kept: bool = False
    """What the public is answered is kept in memory (`kept_pages.py`)."""
    kept_for: tuple[Permission, ...] = ()
    """What callers are answered is kept, too, for all who may do these for the same agencies."""
    body: BodyPolicy | None = None
    """How the body is read, where not as JSON."""
    location: str = ""
    """Where that is which the operation makes: a path with members of its own path and of the answer in braces."""
    computes_texts: bool = False
    """The answer has texts in the language asked for, and says which it is (Content-Language)."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of a successful answer, each with its description."""
    required: frozenset[str] = frozenset()
    """Headers of the request without which it is refused."""
    refuses: tuple[type[MallError], ...] = ()
    events: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    """The answer is a stream of these events, and of one that says why it ends."""

    def __or__(self, other: "Markers") -> "Markers":
        """What both say."""
        return Markers(
            permission=self.permission or other.permission,
            security=self.security or other.security,
            authenticates=self.authenticates or other.authenticates,
            writes=self.writes or other.writes,
            conditional=self.conditional or other.conditional,
            kept=self.kept or other.kept,
            kept_for=self.kept_for or other.kept_for,
            body=self.body or other.body,
            location=self.location or other.location,
            computes_texts=self.computes_texts or other.computes_texts,
            headers={**self.headers, **other.headers},
            required=self.required | other.required,
            refuses=(*self.refuses, *other.refuses),
            events={**self.events, **other.events},
        )


@runtime_checkable
class Marked(Protocol):
    """A dependency that says something of the operation."""

    @property
    def markers(self) -> Markers:
        """What it says."""


def markers_of(dependant: Dependant) -> Markers:
    """What all that a handler asks for says together."""
    return reduce(or_, _found(dependant), Markers())


def _found(dependant: Dependant) -> Iterator[Markers]:
    if isinstance(dependant.call, Marked):
        yield dependant.call.markers
    for each in dependant.dependencies:
        yield from _found(each)
