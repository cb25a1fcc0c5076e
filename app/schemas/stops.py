"""What a stop leaves to handle, on the wire."""

from uuid import UUID

from app.schemas.base import Instant, Output


class Aftermath(Output):
    """What was ended at once, and what is left to handle today."""

    ended: int
    """Tickets that were cancelled with it."""
    moved: int
    """Tickets that went on to another service with it; each is told as a transfer."""
    waiting: int
    """Visitors who still wait."""
    unattended: int
    """Of these, the ones for whom no counter is open now: open one, or cancel their tickets."""
    on_hold: int
    """Tickets on hold: their visitors are expected back."""
    in_hand: int
    """Tickets that are called or served; their visitors are served to the end."""
    closing_counter_ids: list[UUID]
    """Counters that close by themselves behind their last visitor."""
    serve_until: Instant | None
    """When the service day ends, and whoever is left is no longer served; null: nobody is left."""
