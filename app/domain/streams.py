"""Streams (*aliran peristiwa*): why one ends, and what is refused to who asks for one."""

from enum import StrEnum

from app.errors import TooMany, Unavailable, domain_error


class EndReason(StrEnum):
    """Why a stream has ended."""

    OVER = "over"
    """Nothing more will come: what it was about is over."""
    STOPPING = "stopping"
    """The process that sent it is stopping."""
    TOO_SLOW = "too_slow"
    """Its reader takes events more slowly than they come."""
    REACH_CHANGED = "reach_changed"
    """What its reader may see has changed."""
    REFUSED = "refused"
    """Its reader may not have it, or not now."""


@domain_error
class TooManyStreams(TooMany):
    """So many streams are open already, from this address, for this caller or in this process."""

    most: int
    """How many may be."""
    retry_after_seconds: int


@domain_error
class Stopping(Unavailable):
    """The process is stopping: ask again, and another answers, or this one when it has started again."""

    retry_after_seconds: int
