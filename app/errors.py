"""What can go wrong, by kind. Each named fact lives beside the rule it protects and is of one of these kinds.

A fact knows nothing of HTTP: `web/problems.py` turns kinds into statuses, `texts/problems/` holds the words.
Its code on the wire is its class name in snake_case; its fields are the extra members of the problem.
"""

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform


@dataclass(eq=False, kw_only=True)
class MallError(Exception):
    """Base of everything that the program refuses to do on purpose."""

    code: ClassVar[str] = ""
    pointer: ClassVar[str | None] = None
    """JSON Pointer into the request body, where one member of it is at fault."""

    def where(self) -> str | None:
        """Where the fault lies: always the same, or the `member` that the fact names.

        It is a JSON Pointer into the body, or `#query/floor`-like for a parameter.
        """
        member: str | None = self.facts().get("member")
        return f"/{member}" if member and not member.startswith("#") else member or self.pointer

    def at_member(self, member: str) -> Self:
        """The same fault, at another member of the body."""
        vars(self)["pointer"] = f"/{member}"
        if "member" in vars(self):
            vars(self)["member"] = member
        return self

    def facts(self) -> dict[str, Any]:
        """The named facts of this error, as they appear in the problem."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        return f"{self.code} {self.facts()}"


class Unauthenticated(MallError):
    """Nobody, or nobody we know, is asking."""


class Forbidden(MallError):
    """The caller's role may never do this."""


class NotFound(MallError):
    """It is not there, or not the caller's: the two look the same."""


class Conflict(MallError):
    """A good request at the wrong moment."""


class Malformed(MallError):
    """The request lacks something beside its body."""


class Invalid(MallError):
    """The request can never succeed as it is."""


class TooLarge(MallError):
    """The body is larger than we read."""


class HeadTooLarge(MallError):
    """The address and the headers are larger than we read."""


class TooSlow(MallError):
    """The request did not come within its time."""


class WrongMedia(MallError):
    """The body is not of a media type that we read."""


class WrongMethod(MallError):
    """The path is there, the method is not."""


class PreconditionMissing(MallError):
    """An edit that does not say which version it edits."""


class PreconditionLost(MallError):
    """An edit of a version that is no longer the newest."""


class TooMany(MallError):
    """Too often; `retry_after_seconds` says when again."""


class Unavailable(MallError):
    """Not now: safe to repeat, a write with the same key."""


class Defect(MallError):
    """Our fault."""


Fact = TypeVar("Fact", bound=MallError)


@dataclass_transform(kw_only_default=True, eq_default=False)
def domain_error(cls: type[Fact]) -> type[Fact]:
    """Make a class a fact: a keyword-only dataclass whose code is its name."""
    made = dataclass(eq=False, kw_only=True)(cls)
    made.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
    return made
