"""Statistics on the wire."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints

from app.domain import statistics
from app.domain.statistics import By
from app.schemas.base import LocalizedText, Output, in_range


def _a_period(text: str) -> str:
    """A day or a month that there is."""
    in_range(statistics.Period.of(text).starts_on)
    return text


Period = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"), AfterValidator(_a_period)]


class TableFormat(StrEnum):
    """A file for people: CSV in UTF-8 with a byte order mark, or a workbook."""

    CSV = "csv"
    XLSX = "xlsx"


class Durations(Output):
    """How long something took; read from a histogram, off by 2.5 % and one second at the most."""

    count: int
    """How many it took so long."""
    median_seconds: int | None
    """Half took at most so many seconds; null: there was none."""
    ninetieth_seconds: int | None
    """Nine of ten took at most so many seconds; null: there was none."""


class Figures(Output):
    """What happened. Tickets count where they are now; an hour counts what began in it."""

    arrivals: int | None
    """Tickets issued; null where it is told by counter or officer: nobody arrives there."""
    completed: int
    """Tickets that were served, also those that only the day's end closed."""
    no_show: int
    """Tickets whose visitors were called in vain and did not come back."""
    cancelled: int
    """Tickets cancelled by their visitors, the agency, or what stopped."""
    expired: int
    """Tickets that the day's end found open."""
    transferred: int
    """How often a ticket was sent on to another service."""
    waiting: Durations
    """From coming to a service, or back to waiting, until the call; of those who were called."""
    handling: Durations
    """How long a visitor was served at a service, until completed or transferred, without what was on hold; not where
    only the day's end closed the ticket."""

    @classmethod
    def shown(cls, found: statistics.Figures, by: By) -> "Figures":
        """As they go out."""
        return cls(
            arrivals=None if by in (By.COUNTER, By.OFFICER) else found.arrivals,
            completed=found.completed,
            no_show=found.no_show,
            cancelled=found.cancelled,
            expired=found.expired,
            transferred=found.transferred,
            waiting=Durations.model_validate(found.waiting),
            handling=Durations.model_validate(found.handling),
        )


class Statistics(Output):
    """The figures of one part of a mall over a day or a month."""

    code: str
    """The slug of the mall, the code of an agency, a service or a counter, an officer's user name, the hour (`08`,
    local), the channel, or the priority class."""
    id: UUID | None
    """The id of the agency, the service, the counter or the officer's account; null: it has none."""
    name: LocalizedText | None
    """What an agency, a service or a counter is called, in both languages; null: what else it is."""
    promised_minutes: int | None
    """How long the service says that a visitor takes, beside what it really was; null: not a service."""
    figures: Figures | None
    """Null: of fewer than ten people with this priority class, or of so few that theirs could be reckoned."""


class OwnStatistics(Output):
    """What an officer has done on a day, at all counters."""

    service_day: date
    """The day, local to the mall."""
    figures: Figures
    """What was called and served; nobody arrives at an officer."""
