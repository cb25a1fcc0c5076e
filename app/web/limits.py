"""How often one may ask: generous where the caller is known, strict where it is not. Per process, in memory.

Guesses and numbers taken without credentials are counted in the database instead (`auth/brute_force.py`), exactly and
for all processes.
"""

import math
import time
from datetime import timedelta

from app.domain.callers import Caller
from app.domain.errors import RateLimited
from app.domain.paces import Pace

_MOST = 50_000


class Limits:
    """The paces of one process."""

    def __init__(self, *, known: Pace, public: Pace) -> None:
        self._known, self._public = known, public
        self._due: dict[str, float] = {}

    def pace(self, caller: Caller) -> None:
        """Count a request of a known caller, wherever it comes from. Raises RateLimited."""
        self._count(self._known, caller.key)

    def pace_address(self, address: str) -> None:
        """Count a request of whom nobody knows. Raises RateLimited."""
        self._count(self._public, address)

    def _count(self, pace: Pace, who: str) -> None:
        now, every = time.monotonic(), pace.every / timedelta(seconds=1)
        if len(self._due) >= _MOST:
            self._due = {key: due for key, due in self._due.items() if due > now}
        due = max(self._due.get(who, 0.0), now)
        early = due - now - (pace.burst - 1) * every
        if early > 0:
            raise RateLimited(retry_after_seconds=math.ceil(early))
        self._due[who] = due + every
