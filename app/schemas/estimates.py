"""Estimates of waiting times on the wire."""

from app.schemas.base import Output


class Estimate(Output):
    """How long somebody waits, as a range of minutes from now that holds four times of five, and what it comes from."""

    from_minutes: int
    """Whole minutes; rarely less."""
    to_minutes: int
    """Whole minutes; rarely more. The middle of the range is the best guess."""
    people_ahead: int
    """How many may be called before."""
    open_counters: int
    """How many counters call for the service now; one on a break is not counted, but expected back."""
    handling_minutes: int
    """How long a visitor of the service takes a counter: of late, drawn to the service's own `handling_minutes` while
    there are few recent ones."""
    recent_services: int
    """From how many of the service's last visitors these minutes come, 20 at most; 0: as the service says."""
