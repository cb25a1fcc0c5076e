"""Retirements on the wire."""

from typing import Annotated

from pydantic import Field

from app.domain.stops import WaitingTickets
from app.schemas.base import Input


class Retirement(Input):
    """The end of a thing of the catalogue, from this very act, and what becomes of who waits."""

    waiting_tickets: Annotated[
        WaitingTickets,
        Field(description="serve: who waits is still called today; cancel: they are cancelled, and told why"),
    ]
