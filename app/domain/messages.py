"""Messages to visitors' phones: what a gateway sends, and what it says of that."""

from datetime import timedelta
from enum import StrEnum

NEAR_LIFE = timedelta(minutes=15)
"""So long it helps to hear that one's turn is near."""


class MessageKind(StrEnum):
    """What a message is for."""

    PHONE_CODE = "phone_code"
    """The code by which somebody proves that a phone is theirs."""
    TICKET_NEAR = "ticket_near"
    """The turn of a ticket is near, for who has proven a phone."""


class DeliveryOutcome(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"
    FAILED = "failed"
