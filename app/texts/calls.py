"""What a display shows and speaks when a ticket is called, as data: a sentence and the tokens to speak one by one.

Speech is joined on site from recordings of the tokens, so it works without internet.
"""

from typing import TypedDict

from app.domain.names import Language, LocalizedText

_DIGITS = {
    Language.ID: ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    Language.EN: ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
_SENTENCE = {
    Language.ID: "Nomor antrean {number}, silakan menuju {counter}.",
    Language.EN: "Ticket number {number}, please go to {counter}.",
}
_BEFORE = {Language.ID: ("nomor", "antrean"), Language.EN: ("ticket", "number")}
_BETWEEN = {Language.ID: ("silakan", "menuju"), Language.EN: ("please", "go", "to")}


class CallText(TypedDict):
    """One language's call."""

    sentence: str
    tokens: list[str]


def call_texts(number: str, counter: LocalizedText) -> dict[Language, CallText]:
    """The call of a number to a counter, in both languages."""
    return {
        Language.ID: _call(Language.ID, number, counter["id"]),
        Language.EN: _call(Language.EN, number, counter["en"]),
    }


def spoken(language: Language, text: str) -> list[str]:
    """Letters and digits one by one; words as they are: `A-012` is A, nol, satu, dua."""
    tokens: list[str] = []
    for word in text.replace("-", " ").split():
        if word.isdecimal() or (len(word) <= 3 and word.isupper()):  # noqa: PLR2004  # prefixes have at most three letters
            tokens += [_DIGITS[language][int(sign)] if sign.isdecimal() else sign for sign in word]
        else:
            tokens.append(word.lower())
    return tokens


def _call(language: Language, number: str, counter: str) -> CallText:
    return {
        "sentence": _SENTENCE[language].format(number=number, counter=counter),
        "tokens": [
            *_BEFORE[language],
            *spoken(language, number),
            *_BETWEEN[language],
            *spoken(language, counter),
        ],
    }
