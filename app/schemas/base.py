"""What all wire shapes share."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, TypeVar
from unicodedata import category

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

Item = TypeVar("Item")

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Signs that Unicode calls letters or symbols and that show nothing."""
_HEAPED = re.compile(r"^M|\nM|M{5}")
"""Combining marks without a letter, or more of them on one than any language writes."""
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(r"^20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})\Z")
FIRST_YEAR, LAST_YEAR = 1945, 2100


class Input(BaseModel):
    """A request body; unknown members are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class _View:
    """A view's members, then its row's."""

    def __init__(self, view: object, row: object) -> None:
        self._view, self._row = view, row

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # a member of any type
        return getattr(self._view, name) if hasattr(self._view, name) else getattr(self._row, name)


class SecretMember(NamedTuple):
    """The secret of an answer: the answer stored for repeats does not hold it."""

    name: str
    of: str
    """The kind of thing that it lets in."""


class Output(BaseModel):
    """An answer, read from rows; every member is always present."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)
    secret: ClassVar[SecretMember | None] = None

    @model_validator(mode="before")
    @classmethod
    def _of_a_view(cls, shown: object) -> object:
        """A view is a row with what is known beside it; what is beside the row comes first."""
        row = getattr(shown, "row", None)
        return shown if row is None else _View(shown, row)


class Editable(Output):
    """What people edit. An answer that shows one of them carries its ETag."""

    version: int
    """Grows with every edit; the ETag carries it, and `If-Match` compares it."""


def absent() -> Any:  # noqa: ANN401  # stands in for a member that was not sent
    """The default of a member that an edit may leave out but not set to null."""
    return Field(default=None)  # the document has no defaults of requests


class Changes(Input):
    """A merge patch (RFC 7396): a member that is left out stays as it is, null clears one that may be empty."""

    def given(self) -> dict[str, Any]:
        """The members that were sent, each whole: what a nested one leaves out has its default."""
        return self.model_dump(include=self.model_fields_set)


class Page(Output, Generic[Item]):
    """A page of a list. `next_cursor` is null on the last page."""

    model_config = ConfigDict(
        use_attribute_docstrings=False,  # looking for them is slow
        json_schema_extra={"description": "A page of a list."},
    )

    data: Annotated[list[Item], Field(description="The items of this page, in the order asked for")]
    next_cursor: Annotated[str | None, Field(description="The `cursor` of the next page; null on the last page")]
    has_more: Annotated[bool, Field(description="Whether there is a next page")]


def _as_written(day: object) -> object:
    """A date is a text, YYYY-MM-DD; numbers are refused."""
    if isinstance(day, date) or (isinstance(day, str) and _DAY.match(day)):
        return day
    message = "a date is written as YYYY-MM-DD"
    raise ValueError(message)


def _instant_as_written(at: object) -> object:
    """An instant is a text with its offset (RFC 3339); numbers are refused."""
    if isinstance(at, datetime) or (isinstance(at, str) and _INSTANT.match(at)):
        return at
    message = "an instant is written as 2026-11-27T03:15:00Z, with its offset"
    raise ValueError(message)


def in_range(day: date) -> date:
    """The day, if it lies in years that make sense here."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        message = f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}"
        raise ValueError(message)
    return day


def in_utc(at: datetime) -> str:
    """An instant as it goes out."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _codes_listed(schema: dict[str, Any]) -> None:
    said = schema.pop("anyOf", None) or [{"type": schema.pop("type")}]
    schema["anyOf"] = [{"$ref": "#/components/schemas/ProblemCode"}, *said]


ProblemCode = Annotated[str, Field(json_schema_extra=_codes_listed)]
"""A problem's code: a text, with the codes of this version listed."""
MaybeProblemCode = Annotated[str | None, Field(json_schema_extra=_codes_listed)]
"""The same, where there may be none."""
Instant = Annotated[
    datetime,
    PlainSerializer(in_utc),
    Field(json_schema_extra={"type": "string", "format": "date-time"}),
]
"""RFC 3339 in UTC with `Z`."""
GivenInstant = Annotated[
    AwareDatetime,
    BeforeValidator(_instant_as_written),
    Field(json_schema_extra={"type": "string", "format": "date-time"}, examples=["2026-11-27T03:15:00Z"]),
]
"""An instant of a request: RFC 3339, with its offset, of this century."""
Day = Annotated[date, BeforeValidator(_as_written), AfterValidator(in_range)]
"""A local date of the mall."""


def printable(text: str) -> str:
    """The text, if it has no control characters except line ends, and what it has can be seen."""
    if not all(sign.isprintable() or sign == "\n" for sign in text) or _BLANK.intersection(text):
        raise ValueError("control characters are not allowed")
    marks = "".join("M" if category(sign)[0] == "M" else sign for sign in text.replace("M", "-"))
    if _HEAPED.search(marks):
        raise ValueError("a mark belongs to a letter, and a letter has few of them")
    return text


def _distinct(items: list[Item]) -> list[Item]:
    """Refuse a list that names a thing twice; two things with the same code count as the same."""
    if len({getattr(each, "code", each) for each in items}) != len(items):
        message = "each item may stand there once only"
        raise ValueError(message)
    return items


Distinct = AfterValidator(_distinct)


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(printable),
]
Paragraph = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(printable),
]
WebAddress = Annotated[
    str,
    StringConstraints(
        max_length=200,
        pattern=r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?([/?#][A-Za-z0-9._~:/?#@!$&()*+,;=%-]*)?$",
    ),
    Field(examples=["https://disdukcapil.samarindakota.go.id"]),
]
"""A page on the web: no user name in it, and no sign that an address does not have (RFC 3986)."""
EmailAddress = Annotated[
    str,
    StringConstraints(
        max_length=255,
        pattern=r"^[A-Za-z0-9.!#$%&*+/=?^_{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,188}[A-Za-z0-9])?$",
    ),
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,31}$")]
"""Upper case, stable, unique in the mall."""
FloorCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,7}$"), Field(examples=["2"])]
SLUG = r"^[a-z][a-z0-9-]{1,39}$"
"""The mall's name in every path."""
Clock = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""`HH:MM` in the mall's zone; `24:00` is the day's end."""


class LocalizedText(Input):
    """A text in both languages."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: Annotated[Line, Field(description="Indonesian")]
    en: Annotated[Line, Field(description="English")]
