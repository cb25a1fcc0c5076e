"""What a query or a form may say: what nobody reads is refused, and so is a second value where one is read."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, get_args, get_origin
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError

from app.texts.validation import REPEATED_PARAMETER, UNKNOWN_PARAMETER


def declared_in(dependant: Dependant) -> dict[str, bool]:
    """The parameters of the query that a handler, or what it depends on, reads; and whether several values of each."""
    declared = {each.alias: _is_list(each.field_info.annotation) for each in dependant.query_params}
    for each in dependant.dependencies:
        declared |= declared_in(each)
    return declared


def _is_list(annotation: object) -> bool:
    """Whether it says `list[…]`, or that or nothing."""
    return any(get_origin(each) is list for each in (annotation, *get_args(annotation)))


def must_be_declared(query: bytes, declared: Mapping[str, bool]) -> None:
    """Raise RequestValidationError for what a query says beside the parameters of its operation, or twice."""
    said: set[str] = set()
    wrong: dict[str, Mapping[str, Any]] = {}
    for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name not in declared:
            wrong[name] = UNKNOWN_PARAMETER
        elif name in said and not declared[name]:
            wrong[name] = REPEATED_PARAMETER
        said.add(name)
    if wrong:
        raise RequestValidationError([{**complaint, "loc": ("query", name)} for name, complaint in wrong.items()])


def must_say_once(form: bytes, read: Collection[str]) -> None:
    """Raise RequestValidationError where a form says twice what is read of it; the rest is ignored (RFC 6749 3.2)."""
    said = Counter(name for name, _ in parse_qsl(form.decode("latin-1"), keep_blank_values=True) if name in read)
    if repeated := [name for name, times in said.items() if times > 1]:
        raise RequestValidationError([{**REPEATED_PARAMETER, "loc": ("body", name)} for name in repeated])
