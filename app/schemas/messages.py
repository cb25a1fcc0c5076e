"""Messages to visitors' phones, for the gateway that sends them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.messages import DeliveryOutcome, MessageKind
from app.domain.names import Language
from app.schemas.base import Input, Instant, Output


class Message(Output):
    """What is to be sent to a phone."""

    id: UUID
    kind: MessageKind
    """What it is for."""
    phone: str
    """The number, +62 and digits only."""
    language: Language
    text: str
    """What to send, in the visitor's language."""
    expires_at: Instant
    """Later it helps nobody: do not send it then."""


class DeliveryReport(Input):
    """What became of a message."""

    outcome: Annotated[
        DeliveryOutcome, Field(description="failed: it will not arrive, and is not tried again", examples=["delivered"])
    ]


class ReportedMessage(Output):
    """A message that is over: it holds neither phone nor text any more; a ticket keeps its phone until it is over."""

    id: UUID
    kind: MessageKind
    """What it was for."""
    outcome: DeliveryOutcome
    """The first one that was reported."""
    reported_at: Instant
    """When it was."""
