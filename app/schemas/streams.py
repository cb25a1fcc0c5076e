"""What every stream of events says at its end."""

from app.domain.streams import EndReason
from app.schemas.base import Output
from app.schemas.problems import Problem


class StreamEnd(Output):
    """The last event of a stream."""

    reason: EndReason
    """Why it ends."""
    retry_after_seconds: int | None
    """When to ask for it again, with the last id that was read; null: never, close it."""
    problem: Problem | None
    """What is refused, as a request without `Accept: text/event-stream` is answered; null: nothing is."""
