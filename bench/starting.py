"""How long the program takes from its start to its first answer."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.stage import serving

HEAD = ("| start | seconds | goal ≤ | reached |", "|---|---|---|---|")


@dataclass
class Start:
    """One line of the table, and what was seen in each round."""

    name: str
    goal: float
    seconds: list[float] = field(default_factory=list)

    async def play(self, url: str | None, folder: Path) -> None:
        """Start the program on this database; without one, in an empty folder, with all that a first run makes."""
        began = time.perf_counter()
        async with serving(url, folder):
            self.seconds.append(time.perf_counter() - began)

    def line(self) -> str:
        """As the table shows it."""
        took = median(self.seconds)
        return f"| {self.name} | {took:.1f} | {self.goal} | {'yes' if took <= self.goal else 'no'} |"
