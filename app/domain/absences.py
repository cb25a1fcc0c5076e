"""The no-show policy of a service: who was absent too often takes no numbers on the web for some days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import Conflict, domain_error

MOST_NO_SHOWS = 20
NO_SHOW_BLOCK_DAYS = 7
LONGEST_BLOCK = 90
"""Days."""


@domain_error
class WebBlockedAfterNoShows(Conflict):
    """Who was absent too often at the service takes no numbers for it on the web for some days.

    Kiosks and desks give one all the same, and the agency's people may pardon the absences.
    """

    pointer = "/phone"
    no_shows: int
    """How many absences led to it."""
    next_numbers_on: date
    """The first day on which the web gives the phone a number again, local to the mall."""


@dataclass(frozen=True)
class AbsencePolicy:
    """So many absences of one person within so many days block the web, for so many days from the last of them."""

    no_shows: int
    days: int

    def block(self, absences: Sequence[date], today: date) -> WebBlockedAfterNoShows | None:
        """What keeps from the web today who was absent on these days, in any order; None: nothing does.

        Days are the mall's own, and both the first and the last one count. A later absence that completes no such
        number of its own does not shorten a block that has begun.
        """
        length = timedelta(days=self.days)
        for last in sorted(absences, reverse=True):
            together = sum(last - length < each <= last for each in absences)
            if together >= self.no_shows and today < last + length:
                return WebBlockedAfterNoShows(no_shows=together, next_numbers_on=last + length)
        return None
