"""The papers at the front are true."""

from typing import Any

import pytest

from app.domain.agreements import AGREEMENT_LIFE
from app.domain.counters import COUNTER_LIFE
from app.domain.invitations import INVITATION_LIFE
from app.domain.lifecycle import Lifecycle
from app.domain.tickets import TICKET_LIFE
from tests.servers import ROOT

LIVES: dict[str, Lifecycle[Any]] = {
    "invited": INVITATION_LIFE,
    "draft": AGREEMENT_LIFE,
    "closed": COUNTER_LIFE,
    "waiting": TICKET_LIFE,
}


@pytest.mark.parametrize("initial", LIVES)
def test_the_architectures_drawings_are_the_tables(initial: str) -> None:
    life = LIVES[initial]
    drawn = f"### {life.thing}\n\n```mermaid\n{life.mermaid(life.states(initial))}\n```"
    assert drawn in (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_the_readme_opens_with_the_two_commands() -> None:
    first = (ROOT / "README.md").read_text("utf-8").split("```")[1]
    assert [line.split("  ")[0] for line in first.strip().splitlines()[1:]] == ["make run", "make test"]
