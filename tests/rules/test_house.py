"""The house's rules, read from the code itself."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.domain.roles import TABLE, Permission
from app.schemas.base import Input, Output
from app.web.openapi import routes, verb_of
from app.web.writing import Write
from tests.servers import ROOT

APP = ROOT / "app"
Shape = TypeVar("Shape", bound=BaseModel)
OPEN_TO_ALL = (
    "change_my_password",  # whoever is signed in: the own one
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
"""The writes that take no journal: sign-in and tokens. Limits, last use and expired keys are no operations."""
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "crud", "base_service", "manager", "constants", "handler"}


def sources() -> Iterator[tuple[Path, str]]:
    for path in sorted(APP.rglob("*.py")):
        yield path.relative_to(APP), path.read_text()


def test_only_the_database_commits_and_locks() -> None:
    for path, text in sources():
        if path != Path("database.py"):
            assert not re.search(r"\.commit\(|\.rollback\(", text), path
            assert not re.search(r"with_for_update|FOR (NO KEY )?UPDATE|SKIP LOCKED", text), path
        if path != Path("migrating.py"):  # before the schema is there, there is no journal to take
            assert not re.search(r"pg_(try_)?advisory", text), path


def test_time_comes_from_the_journal_or_the_reading() -> None:
    for path, text in sources():
        assert not re.search(r"datetime\.now|utcnow|date\.today|func\.now\(", text), path


def test_files_are_named_for_what_they_hold_and_stay_short() -> None:
    for path, text in sources():
        assert path.stem not in FORBIDDEN_NAMES, path
        assert len(text.splitlines()) <= 400, path


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
    open_ones = {each.endpoint.__name__ for each in routes(app) if verb_of(each) is None}
    assert open_ones == set(OPEN_TO_ALL)


def test_every_verb_of_the_table_guards_an_operation(app: FastAPI) -> None:
    assert {verb_of(each) for each in routes(app)} - {None} == set(Permission)
    assert all(TABLE[verb] for verb in Permission)


def _needed(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _needed(each)


def _writes(route: APIRoute) -> bool:
    return any(getattr(call, "__annotations__", {}).get("return") is Write for call in _needed(route.dependant))


def test_what_changes_something_takes_the_journal_and_what_reads_does_not(app: FastAPI) -> None:
    for route in routes(app):
        reads = route.methods == {"GET"}
        name = route.endpoint.__name__
        assert _writes(route) is not (reads or name in WITHOUT_A_JOURNAL), name


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


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_are_hashed_and_name_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index" not in text.replace("--no-emit-index-url", "")
    pins = re.findall(r"^[a-z0-9][a-z0-9._-]*==", text, re.MULTILINE)
    assert len(pins) > 20
    assert text.count("--hash=sha256:") >= len(pins)
