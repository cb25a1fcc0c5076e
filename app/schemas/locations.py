"""Locations on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas.base import Changes, Day, Distinct, Editable, FloorCode, Input, LocalizedText, Paragraph, absent


class Floor(Input):
    """A floor of a location."""

    code: FloorCode
    """What counters name the floor by: upper case, unique in the building."""
    name: LocalizedText


class LocationRequest(Input):
    """A building of the mall."""

    name: LocalizedText
    address: Paragraph
    floors: Annotated[list[Floor], Field(min_length=1, max_length=50), Distinct]
    starts_on: Day
    """The first day on which it belongs to the mall."""
    ends_on: Day | None = None
    """The last day on which it belongs to the mall; null: it has no end."""


class LocationChanges(Changes):
    """Changes to a building."""

    name: LocalizedText = absent()
    address: Paragraph = absent()
    floors: Annotated[list[Floor], Field(min_length=1, max_length=50), Distinct] = absent()
    starts_on: Day = absent()
    ends_on: Day | None = None


class Location(Editable):
    """A building of the mall, with the days on which it belongs to the mall."""

    id: UUID
    name: LocalizedText
    address: str
    floors: list[Floor]
    starts_on: date
    """The first day on which it belongs to the mall."""
    ends_on: date | None
    """The last day on which it belongs to the mall; null: it has no end."""
