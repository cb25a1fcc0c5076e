"""Visits on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool

from app.domain.visits import FEWEST_SERVICES, MOST_SERVICES
from app.schemas.base import Distinct, Output
from app.schemas.tickets import IssuedTicket, Ticket, Wish


class VisitRequest(Wish):
    """A visit to plan."""

    service_ids: Annotated[
        list[UUID],
        Field(
            min_length=FEWEST_SERVICES,
            max_length=MOST_SERVICES,
            json_schema_extra={"uniqueItems": True},
            description="The services that the visitor wants, each once; with `in_order`, in that order",
        ),
        Distinct,
    ]
    in_order: Annotated[
        StrictBool,
        Field(
            description="true: a ticket is called only when those of all services before it are over, and keeps its"
            " place meanwhile; false: whichever counter is first"
        ),
    ] = False


class Visit(Output):
    """One person's trip with its tickets, as far as the reader may read them."""

    id: UUID
    service_day: date
    """The mall's local date."""
    in_order: bool
    next_ticket_id: UUID | None
    """The ticket that is at a counter now; otherwise, of those that may be called, the one with the lowest position.
    Null: there is none."""
    tickets: list[Ticket]
    """Its tickets, in the order of the plan."""


class PlannedVisit(Visit):
    """A visit that was just planned, with the claim code of each ticket for its visitor alone."""

    tickets: list[IssuedTicket]  # type: ignore[assignment]  # each is a ticket
    """Its tickets, in the order of the plan."""
