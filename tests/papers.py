"""`make papers`: writes into the papers what follows from the code. `tests/rules/test_papers.py` compares the two.

The drawings of the lifecycles in ARCHITECTURE.md, and in the glossary which area has a file in which folder.
"""

import re
from typing import Any

from app.domain.agreements import AGREEMENT_LIFE
from app.domain.counters import COUNTER_LIFE
from app.domain.invitations import INVITATION_LIFE
from app.domain.lifecycle import Lifecycle
from app.domain.number_blocks import BLOCK_LIFE
from app.domain.tickets import TICKET_LIFE
from tests.servers import ROOT

ARCHITECTURE = ROOT / "ARCHITECTURE.md"
LIVES: tuple[Lifecycle[Any], ...] = (INVITATION_LIFE, AGREEMENT_LIFE, COUNTER_LIFE, TICKET_LIFE, BLOCK_LIFE)
GLOSSARY = ROOT / "docs" / "glossary.md"
APP = ROOT / "app"
FOLDERS = ("domain", "models", "queries", "actions", "schemas", "routers", "texts/problems")
"""Where a file is named for its area."""
SHARED = {
    "domain": {"event_data", "event_data_calendar", "event_data_joining", "event_data_people", "lifecycle"},
    "models": {"base", "prepared"},
    "schemas": {"base"},
    "texts/problems": {"requests"},
}
"""What the files of a folder share, each in its own folder. All others are areas."""


def drawings() -> str:
    """Every lifecycle as a Mermaid state diagram. A table's first row is the state in which a life begins."""
    drawn = [f"### {life.thing}\n\n```mermaid\n{life.mermaid(next(iter(life.moves)))}\n```\n" for life in LIVES]
    return "\n" + "\n".join(drawn) + "\n"


def areas_in(folder: str) -> set[str]:
    """The areas that have a file in a folder."""
    return {path.stem for path in (APP / folder).glob("*.py")} - SHARED.get(folder, set()) - {"__init__"}


def filing() -> str:
    """Which area has a file in which folder, as a table."""
    there = {folder: areas_in(folder) for folder in FOLDERS}
    rows = [
        f"| `{area}` | {' | '.join('x' if area in there[folder] else '' for folder in FOLDERS)} |"
        for area in sorted(set().union(*there.values()))
    ]
    head = f"| area | {' | '.join(f'`{folder}/`' for folder in FOLDERS)} |\n|---{'|---' * len(FOLDERS)}|"
    return "\n".join(["", head, *rows, "", ""])


def with_part(paper: str, name: str, part: str) -> str:
    """The paper with this part between the markers of its name. Raises ValueError where it has none."""
    between = re.compile(rf"(?<=<!-- {name} -->\n).*(?=<!-- /{name} -->)", re.DOTALL)
    written, count = between.subn(lambda _: part, paper)
    if count != 1:
        message = f"the paper has no place for {name}"
        raise ValueError(message)
    return written


PARTS = {ARCHITECTURE: ("lifecycles", drawings), GLOSSARY: ("filing", filing)}
"""What is written into which paper, by which function."""

if __name__ == "__main__":
    for paper, (name, part) in PARTS.items():
        paper.write_text(with_part(paper.read_text("utf-8"), name, part()), "utf-8")
