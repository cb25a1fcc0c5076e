"""What changes is changed by its own verbs, and what happens is recorded by acts alone: read from the code itself."""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.servers import ROOT

APP = ROOT / "app"
NAMES_ENTRIES = {
    "models/__init__.py",
    "models/journals.py",  # the table
    "database/journals.py",  # writes them, before it commits
    "queries/board.py",  # reads the last calls
    "queries/events.py",  # reads them for others
    "queries/journals.py",  # reads them
}
"""Where the table of entries is known at all."""
MAKES_ENTRIES = {
    "journal.py",  # what is recorded
    "queries/journals.py",  # what is read again
}


def sources(*besides: str) -> Iterator[tuple[str, ast.Module]]:
    """Every file of the program, but for those in these folders."""
    for path in sorted(APP.rglob("*.py")):
        name = path.relative_to(APP).as_posix()
        if not name.startswith(tuple(f"{each}/" for each in besides)):
            yield name, ast.parse(path.read_text("utf-8"))


def called(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """The calls of functions, methods and classes with these names."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and getattr(each.func, "attr", getattr(each.func, "id", "")) in names:
            yield each


def assigned_statuses(tree: ast.AST) -> list[int]:
    """The lines that give something a status: by an assignment, by name, or in a statement."""
    found = [
        each.lineno
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute) and each.attr == "status" and isinstance(each.ctx, ast.Store)
    ]
    found += [each.lineno for each in called(tree, "setattr") if ast.unparse(each.args[1]) == "'status'"]
    found += [each.lineno for each in called(tree, "values") if "status" in {one.arg for one in each.keywords}]
    return found


def assigned_past_a_lifecycle(tree: ast.AST) -> list[int]:
    """The same, but for what a lifecycle says comes after: `self.status = TICKET_LIFE.after(self.status, verb)`."""
    obeying = {
        each.lineno
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign)
        and ast.unparse(each.targets[0]) == "self.status"
        and isinstance(each.value, ast.Call)
        and ast.unparse(each.value.func).endswith("_LIFE.after")
        and ast.unparse(each.value.args[0]) == "self.status"
    }
    return [line for line in assigned_statuses(tree) if line not in obeying]


def recorded_with_a_text(tree: ast.AST) -> list[int]:
    """The lines that record something else than a member of the catalogue."""
    return [
        each.lineno
        for each in called(tree, "record", "record_edit")
        if not each.args or not (isinstance(each.args[0], ast.Name) or ast.unparse(each.args[0]).startswith("Event."))
    ]


def test_a_status_moves_by_its_lifecycle_only() -> None:
    for name, tree in sources("models"):
        assert assigned_statuses(tree) == [], name
    for path in (APP / "models").glob("*.py"):
        assert assigned_past_a_lifecycle(ast.parse(path.read_text("utf-8"))) == [], path.name


def test_entries_are_made_by_the_journal_only() -> None:
    assert {name for name, tree in sources() if list(called(tree, "Entry"))} == MAKES_ENTRIES
    assert [name for name, tree in sources() if list(called(tree, "JournalEntry"))] == []
    assert {name for name, tree in sources() if "JournalEntry" in ast.unparse(tree)} == NAMES_ENTRIES


def test_what_happens_is_recorded_by_actions_and_is_one_of_the_events() -> None:
    recording = {name for name, tree in sources("actions") if list(called(tree, "record", "record_edit"))}
    assert recording == {"journal.py"}, "an edit is recorded there too"
    for name, tree in sources():
        if name != "journal.py":
            assert recorded_with_a_text(tree) == [], name


@pytest.mark.parametrize(
    ("look", "wrong"),
    [
        (assigned_statuses, "ticket.status = TicketStatus.CALLED"),
        (assigned_statuses, "ticket.ended_at, ticket.status = at, status"),
        (assigned_statuses, "setattr(ticket, 'status', status)"),
        (assigned_statuses, "update(Ticket).where(Ticket.id == id_).values(status=status)"),
        (assigned_past_a_lifecycle, "self.status = TicketStatus.CALLED"),
        (assigned_past_a_lifecycle, "self.status = TICKET_LIFE.after(TicketStatus.CALLED, 'start')"),
        (recorded_with_a_text, "journal.record('ticket.called', ticket)"),
        (recorded_with_a_text, "journal.record(f'ticket.{verb}', ticket)"),
        (recorded_with_a_text, "self.journal.record_edit(name(), ticket, edit)"),
        (recorded_with_a_text, "journal.record(event='ticket.called', row=ticket)"),
    ],
)
def test_what_is_wrong_is_seen(look: Callable[[ast.AST], list[int]], wrong: str) -> None:
    assert look(ast.parse(wrong)) == [1]
