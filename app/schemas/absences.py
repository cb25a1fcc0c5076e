"""Pardoning absences on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from app.domain.visitors import LONGEST_PHONE
from app.schemas.base import Input, Output, absent


class Pardon(Input):
    """Whose absences are forgotten: one of the two is named."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    phone: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_PHONE,
            description="The visitor's mobile number, +62 or 08",
            examples=["0812-3456-7890"],
        ),
    ] = absent()
    ticket_id: Annotated[UUID, Field(description="A ticket of the agency that was issued with the visitor's phone")] = (
        absent()
    )

    @model_validator(mode="after")
    def _names_one(self) -> "Pardon":
        if len(self.model_fields_set) != 1:
            message = "exactly one of phone and ticket_id is named"
            raise ValueError(message)
        return self


class Pardoned(Output):
    """What was forgotten."""

    service_id: UUID
    no_shows: int
    """How many absences of the person the service had counted; 0: none, or it knows no phone of the ticket."""
