"""Holidays, collective leave and their proposals on the wire."""

from datetime import date
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
        description="The decree or page that says so",
        examples=["SKB Menteri Agama, Menteri Ketenagakerjaan, dan Menteri PANRB"],
    ),
]
Closes = Annotated[StrictBool, Field(description="False: the mall opens all the same, as some do on collective leave")]
Estimated = Annotated[StrictBool, Field(description="The date is reckoned; the moon or a decree may yet move it")]
HolidayName = Annotated[LocalizedText, Field(examples=[{"id": "Hari Raya Natal", "en": "Christmas Day"}])]


class HolidayRequest(Input):
    """A holiday or a day of collective leave to enter."""

    on: Day
    kind: HolidayKind
    name: HolidayName
    source: Source
    closes: Closes = True
    estimated: Estimated = False


class HolidayChanges(Changes):
    """What may be changed of a holiday: a decree that moves it is one edit of `on` and `source`."""

    on: Day = absent()
    kind: HolidayKind = absent()
    name: HolidayName = absent()
    source: Source = absent()
    closes: Closes = absent()
    estimated: Estimated = absent()


class Holiday(Editable):
    """A holiday or a day of collective leave, and the paper or page that says so."""

    id: UUID
    on: date
    kind: HolidayKind
    name: HolidayName
    source: str
    closes: bool
    """Whether the mall is closed on it; false where a mall opens on collective leave."""
    estimated: bool
    """The date is reckoned; the moon or a decree may yet move it."""


class HolidayProposal(Output):
    """A day that is proposed, and what accepting it would do."""

    key: str
    """Names it when it is accepted; stays the same when its date is corrected."""
    on: date
    kind: HolidayKind
    name: HolidayName
    estimated: bool
    """The date is reckoned; the moon or a decree may yet move it."""
    state: ProposalState
    """new and changed: accepting it adds or changes a day; accepted: it is there; kept: that day is set by hand."""
    holiday_id: UUID | None
    """The mall's day that it is, or that is kept in its place."""


class HolidayProposals(Output):
    """A year's proposals."""

    year: int
    source: str
    """What accepted days name as their source."""
    proposals: list[HolidayProposal]


class HolidayAcceptanceRequest(Input):
    """Which proposals of a year to take over."""

    year: Annotated[int, Field(strict=True, ge=FIRST_YEAR, le=LAST_YEAR, examples=[2026])]
    keys: Annotated[
        Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=100), Distinct] | None,
        Field(description="The proposals' keys; null: all of the year"),
    ] = None
    collective_leave_closes: Annotated[
        StrictBool, Field(description="Whether the mall is closed on the days of leave that are added")
    ] = True


class HolidayAcceptance(Output):
    """What was taken over."""

    year: int
    source: str
    added: list[Holiday]
    changed: list[Holiday]
    kept: list[str]
    """Keys of proposals that changed nothing: accepted before, or the day is set by hand."""
