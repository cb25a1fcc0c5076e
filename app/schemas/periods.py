"""Periods with weekly hours of their own, on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas.base import Changes, Day, Editable, Input, LocalizedText, absent
from app.schemas.calendar import DayHours, Hours

PeriodName = Annotated[LocalizedText, Field(examples=[{"id": "Ramadan 1448 H", "en": "Ramadan 1448 AH"}])]


class CalendarPeriodRequest(Input):
    """A period with its own weekly hours."""

    agency_id: Annotated[
        UUID | None, Field(description="Only for this agency, instead of its own hours; null: for the whole mall")
    ] = None
    name: PeriodName
    starts_on: Day
    ends_on: Annotated[Day, Field(description="The last day of the period")]
    hours: Hours


class CalendarPeriodChanges(Changes):
    """Changes to a period."""

    name: PeriodName = absent()
    starts_on: Day = absent()
    ends_on: Day = absent()
    hours: Hours = absent()


class CalendarPeriod(Editable):
    """A period with its own weekly hours."""

    id: UUID
    agency_id: UUID | None
    """The agency whose hours they are; null: the whole mall's."""
    name: PeriodName
    starts_on: date
    ends_on: date
    hours: list[DayHours]
