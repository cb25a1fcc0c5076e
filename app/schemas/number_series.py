"""Number series on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.schemas.base import Changes, Editable, Input, LocalizedText, absent


class NumberSeriesRequest(Input):
    """A line of ticket numbers to begin."""

    prefix: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z]{1,3}$"),
        Field(description="What stands before the number; unique in the mall, never changes", examples=["B"]),
    ]
    name: LocalizedText
    agency_id: Annotated[
        UUID | None, Field(description="Whose it is; null: any agency's services may number with it")
    ] = None


class NumberSeriesChanges(Changes):
    """What may be changed of a number series. Its prefix never changes: it stands on paper."""

    name: LocalizedText = absent()


class NumberSeries(Editable):
    """A line of ticket numbers."""

    id: UUID
    prefix: str
    name: LocalizedText
    agency_id: UUID | None
