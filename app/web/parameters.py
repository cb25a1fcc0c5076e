"""What a request may ask in its query: what nobody reads is refused, and so is a second value where one is read."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError

from app.texts.validation import REPEATED_PARAMETER, UNKNOWN_PARAMETER


def declared_in(dependant: Dependant) -> frozenset[str]:
    """The parameters of the query that a handler, or what it depends on, reads. Each is read once."""
    own = frozenset(each.alias for each in dependant.query_params)
    return own.union(*map(declared_in, dependant.dependencies))


def must_be_declared(query: bytes, declared: frozenset[str]) -> None:
    """Raise RequestValidationError for what a query says beside the parameters of its operation, or twice."""
    said: set[str] = set()
    wrong: dict[str, Mapping[str, Any]] = {}
    for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name not in declared:
            wrong[name] = UNKNOWN_PARAMETER
        elif name in said:
            wrong[name] = REPEATED_PARAMETER
        said.add(name)
    if wrong:
        raise RequestValidationError([{**complaint, "loc": ("query", name)} for name, complaint in wrong.items()])
