"""The house's rules, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from app.domain.roles import TABLE, Permission
from app.schemas.base import Input, Output
from app.web.routing import operations
from tests.servers import ROOT

APP, TESTS = ROOT / "app", ROOT / "tests"
STORY_LINES = 24
"""So many lines a story of `tests/journeys/` has at the most: about twenty steps."""
Shape = TypeVar("Shape", bound=BaseModel)
OPEN_TO_ALL = (
    "change_my_password",  # for everybody who is signed in: their own
    "check_live",
    "check_ready",
    "describe_sign_in",
    "explain_problem",
    "get_me",  # any credentials: it says whose they are
    "issue_token",
    "read_metrics",  # the machine itself, or a token of the deployment's
    "revoke_token",
    "show_docs",
    "show_document",
    "show_front",
    "show_problems",
    "show_roles",
    "show_signing_keys",
)
"""The operations that ask nothing of the role table. All others do."""
WITHOUT_A_JOURNAL = ("issue_token", "revoke_token")
"""The operations that write and take no journal."""
WRITE_WITHOUT_A_JOURNAL = {
    "auth/authentication.py",  # when a device was last used
    "auth/brute_force.py",  # how many wrong guesses came
    "auth/sign_in.py",  # refresh tokens, when a client was last used
    "auth/signing_keys.py",  # the first signing key
    "auth/visitors.py",  # how many wrong codes of a phone came
    "workers/cleanup.py",  # deletes what has expired
    "workers/following.py",  # what followers of the journals have done, and how far they are
    "workers/mall_deliveries.py",  # what became of deliveries to webhooks, and how far these are
    "workers/leases.py",  # whose turn a job is
}
"""What else writes and takes no journal, and what it writes."""
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "crud", "base_service", "manager", "constants", "handler"}


def sources() -> Iterator[tuple[Path, str]]:
    for path in sorted(APP.rglob("*.py")):
        yield path.relative_to(APP), path.read_text("utf-8")


def test_only_the_database_commits_and_locks() -> None:
    for path, text in sources():
        if path.parent != Path("database"):
            assert not re.search(r"\.commit\(|\.rollback\(|\bCOMMIT\b|\bROLLBACK\b|\bSAVEPOINT\b", text), path
            assert not re.search(r"FOR (NO KEY )?(UPDATE|SHARE)|SKIP LOCKED", text), path
        if path != Path("journal.py"):  # `lock_row`, for what stands above the malls
            assert "with_for_update" not in text, path
        if path != Path("migrating.py"):  # before the schema is there, there is no journal to take
            assert not re.search(r"pg_(try_)?advisory", text), path


def test_what_writes_without_a_journal_is_one_list() -> None:
    assert {str(path) for path, text in sources() if ".without_journal(" in text} == WRITE_WITHOUT_A_JOURNAL


def test_time_comes_from_the_journal_or_the_reading() -> None:
    for path, text in sources():
        assert not re.search(r"datetime\.now|utcnow|date\.today|func\.now\(", text), path


def test_text_files_are_utf_8_whatever_the_machine_takes_for_usual() -> None:
    for path, text in sources():
        assert not re.search(r"\.(read_text\(|write_text\(|fdopen\()(?!.*utf-8)", text), path


def test_files_are_named_for_what_they_hold_and_stay_short() -> None:
    for path, text in sources():
        assert path.stem not in FORBIDDEN_NAMES, path
        assert len(text.splitlines()) <= 400, path


def stories() -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    for path in sorted((TESTS / "journeys").glob("test_*.py")):
        for each in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(each, ast.AsyncFunctionDef) and each.name.startswith("test_"):
                yield path.name, each


def test_test_files_stay_short_and_so_do_stories() -> None:
    for path in TESTS.rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 400, path
    found = list(stories())
    assert len(found) > 150
    for _, story in found:
        assert (story.end_lineno or 0) - story.lineno < STORY_LINES, f"{story.name}: one story a test"


def test_what_a_story_insists_on_is_said_one_by_one() -> None:
    for name, story in stories():
        for each in ast.walk(story):
            if isinstance(each, ast.Assert) and isinstance(each.test, ast.Compare):
                compared = [each.test.left, *each.test.comparators]
                assert not all(isinstance(one, ast.Tuple) for one in compared), f"{name}:{each.lineno}"


def test_no_relationship_and_no_swallowed_error() -> None:
    for path, text in sources():
        assert "relationship(" not in text, path
        assert not re.search(r"except( Exception)?:\s*\n\s*pass", text), path


def test_no_rule_is_asked_after_its_change() -> None:
    for path, text in sources():
        assert "no_autoflush" not in text, path


def test_who_comes_before_whom_is_known_in_one_rule_and_one_query() -> None:
    knowing = {path.as_posix() for path, text in sources() if "effective_arrival" in text}
    assert knowing == {"domain/queue.py", "queries/queue.py", "models/tickets.py", "actions/issuing.py"}


def test_every_operation_is_guarded_or_in_the_one_list_of_those_open_to_all(app: FastAPI) -> None:
    open_ones = {each.id for each in operations(app) if each.markers.permission is None}
    assert open_ones == set(OPEN_TO_ALL)


def test_every_verb_of_the_table_guards_an_operation(app: FastAPI) -> None:
    assert {each.markers.permission for each in operations(app)} - {None} == set(Permission)
    assert all(TABLE[verb] for verb in Permission)


def test_what_changes_something_takes_the_journal_and_what_reads_does_not(app: FastAPI) -> None:
    for each in operations(app):
        reads = each.methods == {"GET"}
        assert each.markers.writes is not (reads or each.id in WITHOUT_A_JOURNAL), each.id


def _all(kind: type[Shape]) -> Iterator[type[Shape]]:
    for each in kind.__subclasses__():
        yield each
        yield from _all(each)


@pytest.mark.parametrize("shape", sorted(set(_all(Output)), key=str))
def test_outputs_have_no_defaults(shape: type[Output]) -> None:
    assert [name for name, each in shape.model_fields.items() if not each.is_required()] == []


def test_inputs_refuse_what_they_do_not_know() -> None:
    shapes = set(_all(Input))
    assert shapes
    assert [each.__name__ for each in shapes if each.model_config.get("extra") != "forbid"] == []


def test_numbers_and_flags_that_are_sent_are_taken_as_they_are() -> None:
    """`true` is no number, "1" is none, and 1 is no flag: a member that is a number or a flag is strict."""

    def guessed(schema: Any) -> bool:
        if isinstance(schema, dict):
            lenient = schema.get("type") in ("int", "float", "bool") and not schema.get("strict")
            return lenient or any(map(guessed, schema.values()))
        return isinstance(schema, (list, tuple)) and any(map(guessed, schema))

    assert [each.__name__ for each in set(_all(Input)) if guessed(each.__pydantic_core_schema__)] == []


def test_nobody_hands_in_a_status() -> None:
    assert [each.__name__ for each in set(_all(Input)) if "status" in each.model_fields] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_are_hashed_and_name_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "index" not in text.replace("--no-emit-index-url", "")
    pins = re.findall(r"^[a-z0-9][a-z0-9._-]*==", text, re.MULTILINE)
    assert len(pins) > 20
    assert text.count("--hash=sha256:") >= len(pins)
