"""What a JSON body must be before anybody reads it: UTF-8, not too deep, each member once, whole characters."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError

from app.texts.validation import BROKEN_CHARACTER, NO_JSON, REPEATED_MEMBER, TOO_DEEP

DEEPEST = 64
"""How many objects and lists may stand in each other."""


class _Repeating(dict[str, Any]):
    """An object that names a member twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        [(self.repeated, _)] = Counter(name for name, _ in pairs).most_common(1)


def must_be_plain(body: bytes) -> None:
    """Raise RequestValidationError for JSON that readers would take differently, or could not pass on."""
    repeating = False

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeating
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        repeating = True
        return _Repeating(pairs)

    try:
        content = json.loads(body.decode("utf-8-sig"), object_pairs_hook=members)
    except RecursionError:
        raise _refusal(TOO_DEEP) from None
    except ValueError:
        raise _refusal(NO_JSON) from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deep(content):
        raise _refusal(TOO_DEEP)
    if repeating or (b"\\u" in body and not _is_text(json.dumps(content, ensure_ascii=False))):
        complaint, at = next(_faults(content))
        raise _refusal(complaint, *at)


def _refusal(complaint: Mapping[str, str], *at: str | int) -> RequestValidationError:
    return RequestValidationError([{**complaint, "loc": ("body", *at)}])


def _inside(content: object) -> list[tuple[str | int, Any]]:
    match content:
        case dict():
            return list(content.items())
        case list():
            return list(enumerate(content))
        case _:
            return []


def _is_deep(content: object) -> bool:
    level = [content]
    for _ in range(DEEPEST):
        level = [each for one in level for _, each in _inside(one) if isinstance(each, (dict, list))]
    return bool(level)


def _is_text(text: str) -> bool:
    """Whether it can be written down: half of a pair of surrogates is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _faults(content: object, *at: str | int) -> Iterator[tuple[Mapping[str, str], tuple[str | int, ...]]]:
    """What is wrong, each with where it stands; of a name that is no text, the object that has it."""
    if isinstance(content, str) and not _is_text(content):
        yield BROKEN_CHARACTER, at
    for name, each in _inside(content):
        if isinstance(name, str) and not _is_text(name):
            yield BROKEN_CHARACTER, at
        else:
            yield from _faults(each, *at, name)
    if isinstance(content, _Repeating) and _is_text(content.repeated):
        yield REPEATED_MEMBER, (*at, content.repeated)
