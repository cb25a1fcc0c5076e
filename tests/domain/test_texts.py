"""What people read and hear: call texts and the words of every problem, in both languages."""

import re
from dataclasses import fields
from pathlib import Path
from string import Formatter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app import main
from app.domain.agreements import AGREEMENT_LIFE
from app.domain.counters import COUNTER_LIFE
from app.domain.invitations import INVITATION_LIFE
from app.domain.members import Membership, MembershipNotInForce
from app.domain.names import Language, LocalizedText
from app.domain.services import Channel
from app.domain.tickets import TICKET_LIFE
from app.errors import MallError
from app.texts.calls import Callee, call_texts, spelled, spoken, vocabulary
from app.texts.problems import DETAILS, TITLES
from app.texts.words import SAID
from app.web.problems import all_facts, in_words, status_of

APP = Path(main.__file__).parent
FACTS = sorted(all_facts(), key=lambda kind: kind.code)


def counter(indonesian: str, english: str, code: str = "L-07", *, spoken: LocalizedText | None = None) -> Callee:
    return {"code": code, "name": {"id": indonesian, "en": english}, "spoken": spoken}


def test_a_call_is_a_sentence_and_its_tokens_in_both_languages() -> None:
    texts = call_texts("A-012", counter("Loket 7", "Counter 7"))
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


def test_a_number_is_spoken_sign_by_sign() -> None:
    figures = "nol satu dua tiga empat lima enam tujuh delapan sembilan"
    assert spelled(Language.ID, "0123456789") == tuple(figures.split())
    assert spelled(Language.EN, "KTP-1000") == ("K", "T", "P", "one", "zero", "zero", "zero")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Loket 10", "loket sepuluh"),
        ("Loket 11", "loket sebelas"),
        ("Loket 19", "loket sembilan belas"),
        ("Loket 20", "loket dua puluh"),
        ("Loket 42", "loket empat puluh dua"),
        ("Loket 110", "loket seratus sepuluh"),
        ("Loket 205", "loket dua ratus lima"),
        ("Loket 04", "loket nol empat"),
        ("Loket 2026", "loket dua nol dua enam"),
        ("Loket 4/5", "loket empat lima"),
        ("Loket 3A (lt. 2)", "loket tiga A lt dua"),
        ("Loket BPJS 2", "loket B P J S dua"),
        ("Loket PTSP", "loket P T S P"),
        ("Loket KK & KTP", "loket K K K T P"),
        ("Loket e-KTP", "loket E K T P"),
        ("Loket SIM", "loket sim"),
        ("SAMSAT", "samsat"),
        ("LOKET PENGADUAN", "loket pengaduan"),
        ("Café", "cafe"),
    ],
)
def test_a_counters_name_is_spoken_as_people_say_it(written: str, said: str) -> None:
    assert spoken(Language.ID, written) == tuple(said.split())


@pytest.mark.parametrize(
    ("number", "said"),
    [("0", "zero"), ("12", "twelve"), ("21", "twenty one"), ("90", "ninety"), ("315", "three hundred fifteen")],
)
def test_numbers_of_counters_are_counted_in_english_too(number: str, said: str) -> None:
    assert spoken(Language.EN, f"Counter {number}") == ("counter", *said.split())


def test_a_counter_is_spoken_in_its_own_form_or_by_its_code_where_nothing_of_its_name_can_be() -> None:
    own = counter("Loket SIM", "Counter SIM", spoken={"id": "Loket S I M", "en": "Counter for driving licences"})
    assert call_texts("A-001", own)[Language.ID]["tokens"][-4:] == ["loket", "S", "I", "M"]
    assert call_texts("A-001", own)[Language.EN]["tokens"][-4:] == ["counter", "for", "driving", "licences"]
    assert call_texts("A-001", counter("窓口", "№", "L-07"))[Language.ID]["tokens"][-3:] == ["L", "nol", "tujuh"]


NAMES = some.text(alphabet=some.characters(codec="utf-8"), min_size=1, max_size=30) | some.from_regex(
    r"(Loket|Counter) [A-Z]{1,8}[ /.-]?[0-9]{1,5}", fullmatch=True
)


@given(
    NAMES,
    NAMES,
    some.none() | NAMES,
    some.from_regex(r"[A-Z0-9][A-Z0-9-]{0,31}", fullmatch=True),
    some.from_regex(r"[A-Z]{1,3}-[0-9]{3,7}", fullmatch=True),
)
def test_whatever_is_called_is_spoken_with_words_that_are_listed(
    indonesian: str, english: str, own: str | None, code: str, number: str
) -> None:
    one = counter(indonesian, english, code, spoken={"id": own, "en": own} if own else None)
    for language, call in call_texts(number, one).items():
        assert set(call["tokens"]) <= set(vocabulary(language, [one]))
        assert all(re.fullmatch("[A-Z]|[a-z]{2,}", each) for each in call["tokens"])
        assert len(call["tokens"]) > len(number), "neither the number nor the counter is left out"


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


def test_every_state_act_and_membership_is_said_in_words_within_a_sentence() -> None:
    lives = (AGREEMENT_LIFE, COUNTER_LIFE, INVITATION_LIFE, TICKET_LIFE)
    acts = {verb for life in lives for verbs in life.moves.values() for verb in verbs}
    states = {state.value for life in lives for state in life.states}
    assert acts | states | {life.thing for life in lives} | {*Membership, *Channel} <= SAID.keys()
    refusal = MembershipNotInForce(agency_id=UUID(int=1), membership=Membership.LAPSED)
    assert "sudah berakhir" in in_words(refusal, Language.ID)
    assert "lapsed" not in in_words(refusal, Language.ID)
