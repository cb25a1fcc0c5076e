"""An act has one verb: in its path, its operation, its action, its row's own verb, and its event."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.domain.agreements import AGREEMENT_LIFE
from app.domain.counters import COUNTER_LIFE
from app.domain.events import Event
from app.domain.lifecycle import Lifecycle
from app.domain.number_blocks import BLOCK_LIFE
from app.domain.tickets import TICKET_LIFE
from app.models import Agreement, CounterSession, NumberBlock, Ticket
from app.web.routing import operations
from tests.servers import ROOT

APP = ROOT / "app"
NOUNS = {
    "acceptance": "accept",
    "answer": "answer",
    "break": "pause",
    "calls": "call",
    "cancellation": "cancel",
    "closing": "close",
    "completion": "complete",
    "correction": "correct",
    "delivery": "report",
    "disabling": "disable",
    "enabling": "enable",
    "ending": "end",
    "no-show": "mark",
    "opening": "open",
    "password": "change",
    "password-reset": "reset",
    "postponement": "postpone",
    "print-report": "report",
    "reinstatement": "reinstate",
    "rejection": "reject",
    "resumption": "resume",
    "reopening": "reopen",
    "retirement": "retire",
    "revocation": "revoke",
    "secret-rotation": "rotate",
    "signature": "sign",
    "suspension": "suspend",
    "takeover": "take",
    "termination": "terminate",
}
"""The verb of each act that stands in a path as a noun; all others stand there as they are: `/hold`, `/return`."""
BEGINS = {
    "accounts": "create",
    "agencies": "create",
    "agreements": "draft",
    "clients": "register",
    "closures": "create",
    "counters": "create",
    "devices": "register",
    "exceptions": "create",
    "grants": "grant",
    "holidays": "create",
    "invitations": "invite",
    "locations": "create",
    "malls": "create",
    "number-blocks": "reserve",
    "number-series": "create",
    "periods": "create",
    "phone-confirmations": "confirm",
    "services": "create",
    "staff": "create",
    "tickets": "issue",
    "visits": "plan",
    "webhooks": "register",
}
"""How a thing begins: what a POST to its list does."""
PASTS = {
    "take": "taken",
    "hold": "held",
    "invite": "created",
    "cancel": "cancelled",
    "plan": "planned",
    "reset": "reset",
    "transfer": "transferred",
}
OF_MANY_VERBS = {
    "holidays._accept": "a proposal that is taken over is a holiday created, changed or deleted",
    "stops._end_day": "a ticket that is served at midnight is completed, all others expire",
}
"""Acts that record events of other verbs than their own, and why."""
ROWS: list[tuple[Lifecycle[Any], type[object]]] = [
    (AGREEMENT_LIFE, Agreement),
    (COUNTER_LIFE, CounterSession),
    (BLOCK_LIFE, NumberBlock),
    (TICKET_LIFE, Ticket),
]


def past(verb: str) -> str:
    return PASTS.get(verb) or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")


def first_word(name: str) -> str:
    """`hold_ticket` is `hold`, `open_` is `open`."""
    return name.lstrip("_").split("_")[0]


def actions_of(handler: ast.AsyncFunctionDef) -> list[str]:
    """The acts that a handler has done: `actions.hold`."""
    return [
        each.attr
        for each in ast.walk(handler)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and "actions" in each.value.id
    ]


def handlers() -> dict[str, ast.AsyncFunctionDef]:
    trees = [ast.parse(path.read_text("utf-8")) for path in (APP / "routers").glob("*.py")]
    return {each.name: each for tree in trees for each in tree.body if isinstance(each, ast.AsyncFunctionDef)}


def recorded() -> Iterator[tuple[str, Event]]:
    """Every act in `app/actions`, by its name, with each event that stands in it."""
    for path in sorted((APP / "actions").glob("*.py")):
        for act in ast.parse(path.read_text("utf-8")).body:
            for each in ast.walk(act):
                if isinstance(each, ast.Attribute) and ast.unparse(each.value) == "Event":
                    yield f"{path.stem}.{getattr(act, 'name', '')}", Event[each.attr]


def test_the_path_says_the_verb_of_its_operation(app: FastAPI) -> None:
    of_methods = {"PATCH": "change", "PUT": "change", "DELETE": "delete"}
    for each in operations(app):
        (method,) = each.methods
        last = each.path.rpartition("/")[2]
        if method == "POST" and not each.path.startswith("/v1/oauth/"):
            assert first_word(each.id) == (NOUNS.get(last) or BEGINS.get(last) or last), each.id
        elif method in of_methods:
            assert first_word(each.id) == of_methods[method], each.id


def test_an_operation_has_the_verb_of_its_action() -> None:
    found = {name: actions for name, each in handlers().items() if (actions := actions_of(each))}
    assert len(found) > 50
    for name, actions in found.items():
        assert [first_word(each) for each in actions] == [first_word(name)], name


def test_an_action_has_the_verb_of_its_event() -> None:
    for act, event in recorded():
        verb = first_word(act.partition(".")[2])
        said = re.split(r"[._]", event)
        assert (past(verb) in said) is (act not in OF_MANY_VERBS), f"{act}: {event}"


@pytest.mark.parametrize(("life", "row"), ROWS, ids=[row.__name__ for _, row in ROWS])
def test_a_row_has_the_verbs_of_its_lifecycle(life: Lifecycle[Any], row: type[object]) -> None:
    verbs = {verb for _, verb, _ in life.arrows()} - ({"open"} if row is CounterSession else set())
    assert [verb for verb in verbs if not hasattr(row, verb) and not hasattr(row, f"{verb}_")] == []
