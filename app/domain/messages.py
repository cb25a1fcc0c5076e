"""Messages to visitors' phones: what a gateway sends, and what it says of that."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is for."""

    PHONE_CODE = "phone_code"
    """The code by which somebody proves that a phone is theirs."""


class DeliveryOutcome(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"
    FAILED = "failed"
