"""Malls on the wire."""

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from app.domain.calendar import TimeZone
from app.domain.reopening import LONGEST_REOPENING, REOPENING_MINUTES
from app.schemas.base import SLUG, Changes, Editable, Input, Instant, Line, LocalizedText, absent
from app.schemas.calendar import OFFICE_HOURS, Hours

TransfersBetweenAgencies = Annotated[
    StrictBool,
    Field(description="Whether officers may transfer a ticket to a service of another agency; false until it is set"),
]


ReopeningMinutes = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=LONGEST_REOPENING,
        description="For how long after its end an officer may reopen a ticket, in minutes; 0: not at all",
        examples=[10],
    ),
]


class MallRequest(Input):
    """A mall to create."""

    slug: Annotated[
        str,
        StringConstraints(pattern=SLUG),
        Field(description="The mall's name in every path; never changes", examples=["samarinda"]),
    ]
    name: LocalizedText
    region: Annotated[Line, Field(examples=["Kota Samarinda, Kalimantan Timur"])]
    operator: Annotated[Line, Field(examples=["DPMPTSP Kota Samarinda"])]
    time_zone: Annotated[TimeZone, Field(description="Never changes")]
    hours: Annotated[Hours, Field(description="Weekly hours; Monday to Friday 08.00-15.00 if left out")] = OFFICE_HOURS
    transfers_between_agencies: TransfersBetweenAgencies = False
    reopening_minutes: ReopeningMinutes = REOPENING_MINUTES


class MallChanges(Changes):
    """Changes to a mall."""

    name: LocalizedText = absent()
    region: Line = absent()
    operator: Line = absent()
    transfers_between_agencies: TransfersBetweenAgencies = absent()
    reopening_minutes: ReopeningMinutes = absent()


class Mall(Editable):
    """A mall."""

    slug: str
    """The mall's name in every path; never changes."""
    name: LocalizedText
    region: str
    operator: str
    time_zone: TimeZone
    transfers_between_agencies: TransfersBetweenAgencies
    reopening_minutes: ReopeningMinutes
    created_at: Instant
