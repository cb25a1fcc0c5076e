"""What people read and hear: call texts and the words of every problem, in both languages."""

import re
from dataclasses import fields
from pathlib import Path
from string import Formatter

import pytest

from app import main
from app.domain.names import Language
from app.errors import MallError
from app.texts.calls import call_texts, spoken
from app.texts.problems import DETAILS, TITLES
from app.web.problems import all_facts, in_words, status_of

APP = Path(main.__file__).parent
FACTS = sorted(all_facts(), key=lambda kind: kind.code)


def test_a_call_is_a_sentence_and_its_tokens_in_both_languages() -> None:
    texts = call_texts("A-012", {"id": "Loket 7", "en": "Counter 7"})
    assert texts == {
        "id": {
            "sentence": "Nomor antrean A-012, silakan menuju Loket 7.",
            "tokens": ["nomor", "antrean", "A", "nol", "satu", "dua", "silakan", "menuju", "loket", "tujuh"],
        },
        "en": {
            "sentence": "Ticket number A-012, please go to Counter 7.",
            "tokens": ["ticket", "number", "A", "zero", "one", "two", "please", "go", "to", "counter", "seven"],
        },
    }


def test_letters_and_digits_are_spoken_one_by_one() -> None:
    digits = "nol satu dua tiga empat lima enam tujuh delapan sembilan"
    assert spoken(Language.ID, "0123456789") == digits.split()
    assert spoken(Language.EN, "KTP-1000") == ["K", "T", "P", "one", "zero", "zero", "zero"]


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.code)
def test_every_fact_has_words_in_both_languages_that_say_its_own_facts(kind: type[MallError]) -> None:
    for language in ("id", "en"):
        assert TITLES[kind.code][language]
        assert DETAILS[kind.code][language]
    assert TITLES[kind.code]["id"] != TITLES[kind.code]["en"]
    names = {field.name for field in fields(kind)}
    said = [
        {name for _, name, _, _ in Formatter().parse(DETAILS[kind.code][language]) if name} for language in ("id", "en")
    ]
    assert said[0] == said[1] <= names, "both languages say the same facts"
    error = kind(**{name: f"<{name}>" for name in names})
    for language in Language:
        assert all(f"<{name}>" in in_words(error, language) for name in said[0])
    assert 400 <= status_of(kind) <= 503
    assert (kind.__doc__ or "").strip()


def test_no_words_are_left_of_facts_that_are_gone_and_no_code_names_two() -> None:
    assert [kind.code for kind in FACTS] == sorted(TITLES)
    assert sorted(TITLES) == sorted(DETAILS)


def test_indonesian_is_spelled_as_the_dictionary_has_it() -> None:
    wrong = re.compile(r"\b(antrian|silahkan|ijin|resiko|praktek|nomer|jadual)\b", re.IGNORECASE)
    texts = [path for kind in ("*.py", "*.json") for path in APP.rglob(kind)]
    assert texts
    assert [(path.name, found) for path in texts for found in wrong.findall(path.read_text("utf-8"))] == []
