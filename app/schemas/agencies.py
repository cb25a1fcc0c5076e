"""Agencies on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from app.domain.agencies import AgencyCategory
from app.domain.members import Membership
from app.schemas.base import (
    Changes,
    Code,
    Editable,
    EmailAddress,
    Input,
    Line,
    LocalizedText,
    Paragraph,
    WebAddress,
    absent,
)
from app.schemas.calendar import DayHours, Hours


class Contact(Input):
    """The agency's contact person. Shown only to the people of the mall and of the agency."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: Line
    """The person's name."""
    phone: Annotated[str | None, StringConstraints(pattern=r"^\+?[0-9 ()-]{5,24}$")] = None
    """The person's telephone number; null: none is given."""
    email: EmailAddress | None = None
    """The person's e-mail address; null: none is given."""


class AgencyRequest(Input):
    """An agency to add to the catalogue."""

    code: Annotated[Code, Field(examples=["DISDUKCAPIL"])]
    name: LocalizedText
    category: AgencyCategory
    office_address: Annotated[
        Paragraph | None, Field(description="The address of the agency's own office, which it keeps; null: not known")
    ] = None
    office_hours: Annotated[
        Hours | None, Field(description="The weekly hours of the agency's own office; null: not known")
    ] = None
    website: WebAddress | None = None
    """The agency's own site; null: none is known."""
    contact: Contact | None = None


class AgencyChanges(Changes):
    """Changes to an agency. Its code never changes."""

    name: LocalizedText = absent()
    category: AgencyCategory = absent()
    office_address: Paragraph | None = None
    office_hours: Hours | None = None
    website: WebAddress | None = None
    contact: Contact | None = None


class Agency(Editable):
    """An agency, with its membership today."""

    id: UUID
    code: str
    """Upper case, unique in the mall, never changed nor given twice."""
    name: LocalizedText
    category: AgencyCategory
    membership: Membership
    in_force: bool
    """Whether it may open counters and issue tickets today."""
    hours: list[DayHours] | None
    """Its hours at the mall; null: the same as the mall's."""
    office_address: str | None
    office_hours: list[DayHours] | None
    website: str | None
    contact: Contact | None
    """Null also for callers who may not read it."""
    retired_on: date | None
    """Since which day it is retired; null: it is not."""
