"""Retirements on the wire."""

from typing import Annotated

from pydantic import Field

from app.domain.stops import WaitingTickets
from app.schemas.agencies import Agency
from app.schemas.base import Input
from app.schemas.counters import Counter
from app.schemas.services import Service
from app.schemas.stops import Aftermath


class Retirement(Input):
    """Retiring an agency, a service or a counter, from now on: what happens to waiting tickets."""

    waiting_tickets: Annotated[
        WaitingTickets,
        Field(description="serve: waiting tickets are still called today; cancel: they are cancelled with the reason"),
    ]


class RetiredService(Service):
    """A service that was just retired, and what that leaves to handle."""

    aftermath: Aftermath


class RetiredCounter(Counter):
    """A counter that was just retired, and what that leaves to handle."""

    aftermath: Aftermath


class RetiredAgency(Agency):
    """An agency that was just retired, and what that leaves to handle."""

    aftermath: Aftermath
