"""What a display shows and speaks when a ticket is called, as data: a sentence and the tokens to speak one by one.

Speech is joined on site from recordings of the tokens, so it works without internet: `vocabulary` lists what a mall has
to record. A token is one capital letter or one word in small letters, never a digit or a mark.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from string import ascii_uppercase
from typing import TypedDict

from app.domain.names import Language, LocalizedText
from app.domain.queue import Choice, Chosen

_TEN, _TWENTY, _HUNDRED, _THOUSAND = 10, 20, 100, 1000
_DIGITS = {
    Language.ID: ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    Language.EN: ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
_TEENS = {
    Language.ID: (("sepuluh",), ("sebelas",), *((each, "belas") for each in _DIGITS[Language.ID][2:])),
    Language.EN: tuple(
        (each,)
        for each in (
            *("ten", "eleven", "twelve", "thirteen", "fourteen"),
            *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        )
    ),
}
_TENS = {
    Language.ID: tuple((each, "puluh") for each in _DIGITS[Language.ID][2:]),
    Language.EN: tuple(
        (each,) for each in ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
    ),
}
_HUNDREDS = {
    Language.ID: (("seratus",), *((each, "ratus") for each in _DIGITS[Language.ID][2:])),
    Language.EN: tuple((each, "hundred") for each in _DIGITS[Language.EN][1:]),
}
_SENTENCE = {
    Language.ID: "Nomor antrean {number}, silakan menuju {counter}.",
    Language.EN: "Ticket number {number}, please go to {counter}.",
}
_BEFORE = {Language.ID: ("nomor", "antrean"), Language.EN: ("ticket", "number")}
_BETWEEN = {Language.ID: ("silakan", "menuju"), Language.EN: ("please", "go", "to")}
_RUN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SPEAKABLE = re.compile(r"(?=...)[^AEIOU]?[AEIOU](?:[^AEIOU]{1,2}[AEIOU])*[^AEIOU]?")
_LONG, _VOWEL = 6, re.compile("[AEIOU]")


_REASONS = {
    Chosen.FIRST_IN_LINE: ("menunggu {waited_minutes} menit", "waited {waited_minutes} min"),
    Chosen.BY_OFFICER: (
        "dipilih petugas; menunggu {waited_minutes} menit",
        "chosen by the officer; waited {waited_minutes} min",
    ),
    Chosen.OWN_FIRST: (
        "menunggu {waited_minutes} menit; layanan loket ini sendiri didahulukan",
        "waited {waited_minutes} min; this counter's own services come first",
    ),
    Chosen.AFTER_PRIORITY: (
        "menunggu {waited_minutes} menit; giliran setelah {priority_calls} panggilan prioritas",
        "waited {waited_minutes} min; its turn after {priority_calls} priority calls",
    ),
}
_HEAD_START = (
    "; prioritas, dihitung {head_start_minutes} menit lebih awal",
    "; priority, counted as {head_start_minutes} min earlier",
)


class CallText(TypedDict):
    """One language's call."""

    sentence: str
    tokens: list[str]


class Callee(TypedDict):
    """Where a visitor is called to."""

    code: str
    name: LocalizedText
    spoken: LocalizedText | None
    """How its name is said, where that is not how it is written."""


def call_texts(number: str, counter: Callee) -> dict[Language, CallText]:
    """The call of a number to a counter, in both languages."""
    return {
        each: {
            "sentence": _SENTENCE[each].format(number=number, counter=counter["name"][each.value]),
            "tokens": [*_BEFORE[each], *spelled(each, number), *_BETWEEN[each], *_place(each, counter)],
        }
        for each in Language
    }


def call_reason(choice: Choice) -> LocalizedText:
    """Why this ticket was called, in both languages."""
    more = _HEAD_START if choice.head_start_minutes else ("", "")
    indonesian, english = (
        (one + other).format(**vars(choice)) for one, other in zip(_REASONS[choice.chosen], more, strict=True)
    )
    return {"id": indonesian, "en": english}


def vocabulary(language: Language, counters: Iterable[Callee]) -> list[str]:
    """All tokens that calls to these counters are made of, whatever the number."""
    numbers = (_TEENS, _TENS, _HUNDREDS)
    always = {*ascii_uppercase, *_DIGITS[language], *_BEFORE[language], *_BETWEEN[language]}
    always |= {word for each in numbers for words in each[language] for word in words}
    return sorted(always.union(*(_place(language, each) for each in counters)))


@lru_cache(maxsize=4096)
def spelled(language: Language, number: str) -> tuple[str, ...]:
    """A ticket's number, sign by sign: `A-012` is A, nol, satu, dua."""
    return tuple(_DIGITS[language][int(sign)] if sign.isdecimal() else sign for sign in number if sign.isalnum())


@lru_cache(maxsize=4096)
def spoken(language: Language, text: str) -> tuple[str, ...]:
    """A counter's name: words, counted numbers, and abbreviations spelled unless they can be said as a word."""
    latin = unicodedata.normalize("NFKD", text)
    without_accents = "".join(sign for sign in latin if not unicodedata.combining(sign))
    return tuple(token for run in _RUN.findall(without_accents) for token in _tokens(language, run))


def _place(language: Language, counter: Callee) -> tuple[str, ...]:
    """A counter as it is said; by its code, where its name has nothing that can be."""
    name = counter["spoken"] or counter["name"]
    return spoken(language, name[language.value]) or spoken(language, counter["code"])


def _tokens(language: Language, run: str) -> Iterator[str]:
    if run.isdecimal():
        yield from _counted(language, run)
    elif len(run) == 1 or (run.isupper() and not _is_a_word(run)):
        yield from run.upper()
    else:
        yield run.lower()


def _is_a_word(capitals: str) -> bool:
    """Whether capitals are said as a word, such as SIM, SAMSAT or PENGADUAN, and not spelled, such as BPJS or KK."""
    has_vowels = len(capitals) >= _LONG and 3 * len(_VOWEL.findall(capitals)) >= len(capitals)
    return has_vowels or _SPEAKABLE.fullmatch(capitals) is not None


def _counted(language: Language, digits: str) -> Iterator[str]:
    """A number as people count; digit by digit where it has a leading zero or is too long for that."""
    number = int(digits)
    if digits.startswith("0") or number >= _THOUSAND:
        yield from spelled(language, digits)
        return
    hundreds, rest = divmod(number, _HUNDRED)
    if hundreds:
        yield from _HUNDREDS[language][hundreds - 1]
    if _TEN <= rest < _TWENTY:
        yield from _TEENS[language][rest - _TEN]
        return
    tens, ones = divmod(rest, _TEN)
    if tens:
        yield from _TENS[language][tens - 2]
    if ones:
        yield _DIGITS[language][ones]
