"""`make papers`: writes into ARCHITECTURE.md what the code draws. `tests/rules/test_papers.py` compares the two."""

import re
from typing import Any

from app.domain.agreements import AGREEMENT_LIFE
from app.domain.counters import COUNTER_LIFE
from app.domain.invitations import INVITATION_LIFE
from app.domain.lifecycle import Lifecycle
from app.domain.tickets import TICKET_LIFE
from tests.servers import ROOT

ARCHITECTURE = ROOT / "ARCHITECTURE.md"
LIVES: tuple[Lifecycle[Any], ...] = (INVITATION_LIFE, AGREEMENT_LIFE, COUNTER_LIFE, TICKET_LIFE)
_BETWEEN_THE_MARKERS = re.compile(r"(?<=<!-- lifecycles -->\n).*(?=<!-- /lifecycles -->)", re.DOTALL)


def drawings() -> str:
    """Every lifecycle as a Mermaid state diagram. A table's first row is the state in which a life begins."""
    drawn = [f"### {life.thing}\n\n```mermaid\n{life.mermaid(next(iter(life.moves)))}\n```\n" for life in LIVES]
    return "\n" + "\n".join(drawn) + "\n"


def with_drawings(paper: str) -> str:
    """The paper with the drawings between its markers. Raises ValueError where it has no markers."""
    written, count = _BETWEEN_THE_MARKERS.subn(lambda _: drawings(), paper)
    if count != 1:
        raise ValueError("the paper has no place for the lifecycles")
    return written


if __name__ == "__main__":
    ARCHITECTURE.write_text(with_drawings(ARCHITECTURE.read_text("utf-8")), "utf-8")
