"""How often somebody may do something: so many at once, one more every so often after that."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Pace:
    """`burst` at once, then one `every` (the generic cell rate algorithm, ITU-T I.371)."""

    burst: int
    every: timedelta

    @classmethod
    def per_second(cls, number: float, *, burst: int) -> "Pace":
        """So many a second."""
        return cls(burst, timedelta(seconds=1 / number))

    @property
    def ahead(self) -> timedelta:
        """How far ahead of its time the next one may be due and still be let in."""
        return (self.burst - 1) * self.every


GUESS_EVERY = timedelta(seconds=3)
GUESSES = Pace(10, GUESS_EVERY)
"""Wrong passwords of one account from one address, wrong codes of one claimant."""
ACTS_OF_CLAIMANT = Pace(10, GUESS_EVERY)
"""What one ticket's visitor does with it, done or refused: each takes the mall's journal."""
GUESSES_OF_ADDRESS = Pace(20, GUESS_EVERY)
"""Wrong passwords from one address, whatever the account."""
GUESSES_OF_ACCOUNT = Pace(100, GUESS_EVERY)
"""Wrong passwords of one account from everywhere; beyond it, each address has only a few."""
GUESSES_UNDER_SIEGE = Pace(3, GUESS_EVERY)
CODES_OF_ASKER = Pace(3, timedelta(minutes=20))
"""Codes that one address asks for, to one phone."""
CODES_OF_ADDRESS = Pace(10, timedelta(minutes=2))
"""Codes that one address asks for, whatever the phone: many visitors of a mobile network share one."""
CODES_OF_PHONE = Pace(6, timedelta(minutes=10))
"""Codes that a phone gets, whoever asks and in whichever mall; nobody is told that it gets no more."""
CODES_OF_MALL = Pace.per_second(1, burst=60)
"""Codes that a mall sends, to all phones: made-up ones shall not empty its gateway's purse. Nobody is told either."""
