"""What people read is words: no ids, and no words of the program. Every text is tried with facts of every kind."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import product
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from typing_extensions import is_typeddict

from app import main
from app.domain.names import Language
from app.domain.roles import Scope
from app.errors import MallError
from app.texts import events, pages, stops
from app.texts.problems import DETAILS, TITLES
from app.texts.validation import complaint
from app.texts.words import SAID
from app.web.problems import all_facts, in_words

FACTS = sorted(all_facts(), key=lambda kind: kind.code)
ID = UUID("01a21b28-a705-7244-930b-6955fb99e793")
MACHINE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|[a-z]+_[a-z]|\b[a-z]+:[a-z]+\b|[{}\[\]<>]|None|: -")
"""An id, a word of the program, a scope, or a fact that is not said."""
PLACES = re.compile(r"/\.well-known/\S+")
"""Addresses are shown as they are."""
WORDS = {"thing": SAID, "state": SAID, "verb": SAID}
"""Facts that are words of the program, and what is said for them."""


def samples(kind: Any, name: str) -> list[Any]:
    """A fact of each sort that its type allows."""
    if name in WORDS and kind is str:
        return list(WORDS[name])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return [each for each in kind if kind is not Scope or each in pages.PARTS]
    if is_typeddict(kind):
        return [{each: samples(its, each)[0] for each, its in get_type_hints(kind).items()}]
    if get_origin(kind) in (list, tuple, Sequence):
        return [[], samples(get_args(kind)[0], name)]
    if get_args(kind):
        return [each for one in get_args(kind) for each in samples(one, name)]
    plain: Mapping[Any, object] = {
        str: "Contoh",
        int: 3,
        UUID: ID,
        date: date(2026, 3, 17),
        datetime: datetime(2026, 3, 17, 8, tzinfo=UTC),
        NoneType: None,
    }
    return [plain[kind]]


def told(kind: type[MallError], language: Language) -> Iterator[tuple[dict[str, Any], str]]:
    """What is said of a refusal with every sort of facts, one fact at a time."""
    hints = get_type_hints(kind)
    of_each = {each.name: samples(hints[each.name], each.name) for each in fields(kind)}
    usual = {name: found[-1] for name, found in of_each.items()}
    for facts in [usual] + [{**usual, name: one} for name, found in of_each.items() for one in found]:
        yield facts, in_words(kind(**facts), language)


@pytest.mark.parametrize(
    ("kind", "language"), list(product(FACTS, Language)), ids=lambda each: getattr(each, "code", each)
)
def test_a_refusal_is_said_without_ids_and_without_words_of_the_program(
    kind: type[MallError], language: Language
) -> None:
    for facts, text in told(kind, language):
        assert not MACHINE.search(PLACES.sub("", text)), text
        for value in facts.values():
            if language is Language.ID and isinstance(value, StrEnum) and SAID.get(value, ("",))[0] != value:
                assert not re.search(rf"\b{value}\b", text), text


def test_titles_events_stops_and_words_within_a_sentence_are_plain() -> None:
    both = [
        *TITLES.values(),
        *events.DESCRIPTIONS.values(),
        *pages.PARTS.values(),
        *map(stops.why_stopped, stops.WORDS),
    ]
    texts = [text for each in both for text in (each["id"], each["en"])]
    texts += [text for each in SAID.values() for text in each]
    assert len(texts) > 300
    for text in texts:
        assert not MACHINE.search(text), text


def test_what_is_wrong_with_a_value_is_said_in_words() -> None:
    bounds = dict.fromkeys(("gt", "ge", "lt", "le", "max_length", "min_length"), 3)
    for kind in ("missing", "greater_than", "less_than_equal", "string_too_long", "uuid_type", "unknown"):
        text = complaint({"type": kind, "msg": "", "ctx": bounds}, Language.ID)
        assert not MACHINE.search(text), text
    chosen = complaint({"type": "enum", "msg": "", "ctx": {"expected": "'web' or 'kiosk'"}}, Language.ID)
    assert chosen == "Pilih salah satu: 'web' atau 'kiosk'."


def test_every_thing_and_act_that_a_refusal_names_is_said_in_words() -> None:
    named = {
        (keyword.arg, keyword.value.value)
        for path in Path(main.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        if getattr(call.func, "id", "") in ("IllegalTransition", "UnknownReference", "SecretAlreadyShown")
        for keyword in call.keywords
        if keyword.arg in WORDS and isinstance(keyword.value, ast.Constant)
    }
    assert len(named) > 10
    assert {word for _, word in named} <= SAID.keys()


def test_every_refusal_has_its_details_tried() -> None:
    assert {kind.code for kind in FACTS} == DETAILS.keys()
