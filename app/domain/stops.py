"""What becomes of waiting visitors when something stops."""

from enum import StrEnum


class WaitingTickets(StrEnum):
    """What becomes of who is already waiting when a membership is suspended or ends."""

    SERVE = "serve"
    CANCEL = "cancel"
