"""Periods with weekly hours of their own, on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas.base import Changes, Day, Editable, Input, LocalizedText, absent
from app.schemas.calendar import DayHours, Hours

PeriodName = Annotated[LocalizedText, Field(examples=[{"id": "Ramadan 1448 H", "en": "Ramadan 1448 AH"}])]


class CalendarPeriodRequest(Input):
    """Days on which other weekly hours hold."""

    agency_id: Annotated[
        UUID | None, Field(description="One agency's period, in place of its own hours; null: the whole mall's")
    ] = None
    name: PeriodName
    starts_on: Day
    ends_on: Annotated[Day, Field(description="The last day of it")]
    hours: Hours


class CalendarPeriodChanges(Changes):
    """What may be changed of a period."""

    name: PeriodName = absent()
    starts_on: Day = absent()
    ends_on: Day = absent()
    hours: Hours = absent()


class CalendarPeriod(Editable):
    """Days on which other weekly hours hold."""

    id: UUID
    agency_id: UUID | None
    name: PeriodName
    starts_on: date
    ends_on: date
    hours: list[DayHours]
