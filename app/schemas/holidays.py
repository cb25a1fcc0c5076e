"""Holidays, collective leave and their proposals on the wire."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool

from app.domain.holidays import HolidayKind, ProposalState
from app.schemas.base import (
    FIRST_YEAR,
    LAST_YEAR,
    Changes,
    Day,
    Distinct,
    Editable,
    Input,
    LocalizedText,
    Output,
    Paragraph,
    absent,
)

Source = Annotated[
    Paragraph,
    Field(
        description="The decree or page that sets the day",
        examples=["SKB Menteri Agama, Menteri Ketenagakerjaan, dan Menteri PANRB"],
    ),
]
ClosesMall = Annotated[
    StrictBool, Field(description="False: the mall opens on that day, as some do on collective leave")
]
Estimated = Annotated[
    StrictBool, Field(description="The date is estimated; the sighting of the moon or a decree may still move it")
]
HolidayName = Annotated[LocalizedText, Field(examples=[{"id": "Hari Raya Natal", "en": "Christmas Day"}])]


class HolidayRequest(Input):
    """A holiday or a day of collective leave to add."""

    date: Day
    kind: HolidayKind
    """National holiday or collective leave."""
    name: HolidayName
    source: Source
    closes_mall: ClosesMall = True
    estimated: Estimated = False


class HolidayChanges(Changes):
    """Changes to a holiday. When a decree moves it, change its date and its `source` in one edit."""

    date: Day = absent()
    kind: HolidayKind = absent()
    """National holiday or collective leave."""
    name: HolidayName = absent()
    source: Source = absent()
    closes_mall: ClosesMall = absent()
    estimated: Estimated = absent()


class Holiday(Editable):
    """A holiday or a day of collective leave, and the decree or page that sets it."""

    id: UUID
    date: dt.date
    kind: HolidayKind
    """National holiday or collective leave."""
    name: HolidayName
    source: str
    """The decree or page that sets the day."""
    closes_mall: bool
    """Whether the mall is closed on that day; false where a mall opens on collective leave."""
    estimated: bool
    """The date is estimated; the sighting of the moon or a decree may still move it."""


class HolidayProposal(Output):
    """A day that is proposed, and what accepting it would do."""

    key: str
    """What it is and when: names the proposal when it is accepted."""
    date: dt.date
    kind: HolidayKind
    """National holiday or collective leave."""
    name: HolidayName
    estimated: bool
    """The date is estimated; the sighting of the moon or a decree may still move it."""
    state: ProposalState
    """new, changed: accepting it adds or changes a day; withdrawn: it was accepted and is proposed no more, accepting
    it opens the day again; accepted: it is there; kept: people set that day by hand; deleted: people took the day away,
    and accepting adds it only if its key is named."""
    holiday_id: UUID | None
    """The mall's holiday that came from it, or that is kept instead of it; null: there is none."""


class HolidayProposals(Output):
    """A year's proposals."""

    year: int
    """The year that the proposals are for."""
    source: str
    """The `source` that accepted days get."""
    proposals: list[HolidayProposal]
    """The proposals of the year, by date."""


class HolidayAcceptanceRequest(Input):
    """The proposals of a year to accept."""

    year: Annotated[int, Field(strict=True, ge=FIRST_YEAR, le=LAST_YEAR, examples=[2026])]
    """The year whose proposals to accept."""
    keys: Annotated[
        Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100), Distinct] | None,
        Field(description="The proposals' keys; null: all of the year but for those that people deleted"),
    ] = None
    collective_leave_closes: Annotated[
        StrictBool, Field(description="Whether the mall is closed on the days of leave that are added")
    ] = True


class HolidayAcceptance(Output):
    """What was accepted."""

    year: int
    """The year whose proposals were accepted."""
    source: str
    """The `source` that the accepted days got."""
    added: list[Holiday]
    """The days that were added."""
    changed: list[Holiday]
    """The days that were there and were corrected."""
    removed: list[Holiday]
    """The days that were proposed no more: they are working days again."""
    kept: list[str]
    """Keys of proposals that changed nothing: accepted before, set by hand, or deleted by people."""
