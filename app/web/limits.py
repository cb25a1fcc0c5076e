"""How often: generous where the caller is known, strict where it is not. Per process, in memory.

Sign-in and guesses of claim codes are counted in the database instead (`guesses.py`), exactly and for all processes.
"""

import math
import time
from dataclasses import dataclass

from app.domain.callers import Caller
from app.domain.errors import RateLimited

_MOST = 50_000


@dataclass(frozen=True)
class Rate:
    """So many at once, so many a second after that (GCRA)."""

    burst: int
    per_second: float

    def next_due(self, due: float, now: float) -> float:
        """When the one after this would be on time. Raises RateLimited when this one is too early."""
        due = max(due, now)
        early = due - now - (self.burst - 1) / self.per_second
        if early > 0:
            raise RateLimited(retry_after_seconds=math.ceil(early))
        return due + 1 / self.per_second


class Limits:
    """The paces of one process."""

    def __init__(self, *, known: Rate, public_reads: Rate, public_issues: Rate) -> None:
        self._rates = {"known": known, "public": public_reads, "issue": public_issues}
        self._due: dict[tuple[str, str], float] = {}

    def pace(self, caller: Caller, address: str) -> None:
        """Count one request of the caller, or of the address that has no credentials. Raises RateLimited."""
        if caller.id:
            self._count("known", caller.key)
        else:
            self._count("public", address)

    def pace_issue(self, caller: Caller, address: str) -> None:
        """Count a ticket taken without credentials."""
        if caller.id is None:
            self._count("issue", address)

    def _count(self, rate: str, who: str) -> None:
        now = time.monotonic()
        if len(self._due) >= _MOST:
            self._due = {key: due for key, due in self._due.items() if due > now}
        self._due[rate, who] = self._rates[rate].next_due(self._due.get((rate, who), 0.0), now)
