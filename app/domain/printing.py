"""Tickets on paper (*cetak antrean*): what a kiosk reports, and until when."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.lifecycle import IllegalTransition
from app.domain.tickets import TICKET_LIFE, TicketStatus
from app.errors import Conflict, domain_error

PRINT_TIME = timedelta(minutes=10)
"""So long after issuing a kiosk prints a ticket again, and reports whether it did."""


class PrintOutcome(StrEnum):
    """What came out of the printer: the ticket, or nothing."""

    PRINTED = "printed"
    FAILED = "failed"


class PrintState(StrEnum):
    """What is known of a ticket's paper."""

    NOT_REPORTED = "not_reported"
    PRINTED = "printed"
    FAILED = "failed"


class PrintPart(StrEnum):
    """What a line of a printed ticket says, for its size and place on the paper."""

    MALL = "mall"
    AGENCY = "agency"
    SERVICE = "service"
    NUMBER = "number"
    ISSUED = "issued"
    PLACE = "place"
    WAIT = "wait"
    NOTICE = "notice"


@domain_error
class PrintTimeOver(Conflict):
    """A ticket is printed again, and a kiosk reports what became of the paper, within ten minutes of its issuing."""

    until: datetime
    """When the ten minutes were over."""


@domain_error
class NotOnPaper(Conflict):
    """A ticket that was taken on the web or from a partner was given on no paper: there is nothing to report."""


def must_be_nobodys(status: TicketStatus) -> None:
    """Raise IllegalTransition where a ticket without paper has a visitor all the same, or is over."""
    if status is TicketStatus.SERVING:
        raise IllegalTransition(thing=TICKET_LIFE.thing, state=status, verb="cancel")
    TICKET_LIFE.must_allow(status, "cancel")


def must_be_in_print_time(issued_at: datetime, at: datetime) -> None:
    """Raise PrintTimeOver where the time to print is over."""
    if at > (until := issued_at + PRINT_TIME):
        raise PrintTimeOver(until=until)
