"""Number series on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.schemas.base import Changes, Editable, Input, LocalizedText, absent


class NumberSeriesRequest(Input):
    """A number series to create."""

    prefix: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z]{1,3}$"),
        Field(
            description="What stands before the number; unique in the mall, never changes. Leave O and I out: people"
            " take them for 0 and 1",
            examples=["B"],
        ),
    ]
    name: LocalizedText
    agency_id: Annotated[
        UUID | None, Field(description="The agency it belongs to; null: services of any agency may use it")
    ] = None


class NumberSeriesChanges(Changes):
    """Changes to a number series. Its prefix never changes, because it is printed on tickets."""

    name: LocalizedText = absent()


class NumberSeries(Editable):
    """A number series: a prefix, and numbers that begin with 1 every service day."""

    id: UUID
    prefix: str
    """What stands before the number; unique in the mall, never changes."""
    name: LocalizedText
    agency_id: UUID | None
    """The agency it belongs to; null: services of any agency may use it."""
    looks_like_digits: Annotated[bool, Field(examples=[False])]
    """A warning: the prefix has an O or an I, which people take for 0 and 1."""
