"""Estimates of waiting times on the wire."""

from uuid import UUID

from app.domain.tickets import PriorityClass
from app.schemas.base import Instant, MaybeProblemCode, Output


class Estimate(Output):
    """How long somebody waits, as a range of minutes from now that holds four times of five, and what it comes from."""

    from_minutes: int
    """Whole minutes; rarely less."""
    to_minutes: int
    """Whole minutes; rarely more. The middle of the range is the best guess."""
    people_ahead: int
    """How many may be called before."""
    open_counters: int
    """How many counters call for the service now; one on a break is not counted, but expected back when its
    officer has said, otherwise after a quarter of an hour."""
    due_counters: int
    """How many more are expected: on a break until a time that was said; kept from calling by a closure that ends
    today; or closed now, opened by somebody within the last seven days, and their agency's hours begin again today, or
    began a quarter of an hour ago at the most."""
    due_in_minutes: int | None
    """In how many minutes the first of these is expected to call; null: none is expected."""
    handling_minutes: int
    """How long a visitor of the service takes a counter: of late, drawn to the service's own `handling_minutes` while
    there are few recent ones."""
    recent_services: int
    """From how many of the service's last visitors these minutes come, 20 at most; 0: as the service says."""


class WaitEstimate(Output):
    """How long somebody would wait for a service who has no ticket yet."""

    service_id: UUID
    priority_class: PriorityClass
    """The priority class for which it was asked."""
    can_issue: bool
    """Whether a ticket would be issued on the channel now."""
    code: MaybeProblemCode
    """The problem code with which issuing would be refused; null: it can issue."""
    next_opening_at: Instant | None
    """When it opens next, if it is outside its opening hours; null: it is within them, or it is not known when."""
    estimate: Estimate | None
    """From now on, for who stands first among those that come next; null: no ticket is given today any more, or no
    counter is open or expected."""
