"""Refusals in the document: a schema for every code, made of the error's own fields, and the answers with them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from functools import reduce
from http import HTTPStatus
from operator import or_
from typing import Any, Literal, get_args, get_type_hints

from pydantic import ConfigDict, Field, create_model
from pydantic.json_schema import models_json_schema

from app.contract.examples import of_code
from app.contract.shapes import REF, docstrings
from app.domain import calendar
from app.domain import names as texts
from app.domain.devices import DeviceKind
from app.domain.roles import Anyone, Part, Role, Scope
from app.errors import Invalid, MallError
from app.schemas.base import Instant, LocalizedText, Output
from app.schemas.calendar import ClosedReason
from app.schemas.problems import OAuthProblem, Problem, ProblemMembers
from app.texts.members import MEMBERS
from app.web.problems import MEDIA, RETRY_AFTER, STATUS, all_facts, status_of

_ON_THE_WIRE: dict[Any, Any] = {
    datetime: Instant,
    texts.LocalizedText: LocalizedText,
    Sequence[calendar.ClosedReason]: list[ClosedReason],
    Sequence[Part]: list[Role | DeviceKind | Scope | Anyone],
}
CODES = "ProblemCode"


class _OfOneCode(ProblemMembers):
    """Every refusal with a certain code."""

    model_config = ConfigDict(use_attribute_docstrings=False)  # they are read from the error


def schemas() -> dict[str, Any]:
    """The schemas of all refusals, by name."""
    kinds = sorted(all_facts(), key=lambda kind: kind.code)
    shapes: list[type[Output]] = [Problem, OAuthProblem, *(_shape(kind) for kind in kinds)]
    _, made = models_json_schema([(shape, "serialization") for shape in shapes], ref_template=REF + "{model}")
    codes = {"type": "string", "enum": [kind.code for kind in kinds], "description": "Every code of this version."}
    return {**made["$defs"], CODES: codes}


def names() -> list[str]:
    """The names of the schemas of single codes."""
    return [_name(kind) for kind in all_facts()]


def _name(kind: type[MallError]) -> str:
    return f"{name_of(kind.code)}Problem"


def examples() -> dict[str, Any]:
    """A refusal of each code, as it was really met."""
    bodies = {kind.code: of_code(kind.code, oauth=False) or of_code(kind.code, oauth=True) for kind in all_facts()}
    return {name_of(code): {"value": body} for code, body in sorted(bodies.items()) if body}


def name_of(code: str) -> str:
    """A code as types are written: `service_closed` is `ServiceClosed`."""
    return "".join(part.title() for part in code.split("_"))


def _shape(kind: type[MallError]) -> type[ProblemMembers]:
    """The problem of one code: what all have, and its facts."""
    types, said = get_type_hints(kind), docstrings(kind)
    members: dict[str, Any] = {
        "status": (Literal[status_of(kind)], Field(description="The status of this code")),
        "code": (Literal[kind.code], Field(description="The code")),
    }
    members |= {
        each.name: (_written(types[each.name]), Field(description=said.get(each.name) or MEMBERS.get(each.name)))
        for each in fields(kind)
    }
    return create_model(
        _name(kind),
        __base__=_OfOneCode,
        __doc__=kind.__doc__,
        **members,
    )


def _written(kind: Any) -> Any:  # noqa: ANN401  # a type of any kind
    """A fact's type as it goes out."""
    return reduce(or_, map(_written, get_args(kind))) if type(None) in get_args(kind) else _ON_THE_WIRE.get(kind, kind)


def answers(kinds: Iterable[type[MallError]], *, oauth: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """The answers by which these refusals leave, by status."""
    by_status: dict[int, list[type[MallError]]] = {}
    for each in sorted(kinds, key=lambda kind: kind.code):
        status = HTTPStatus.BAD_REQUEST if oauth and issubclass(each, Invalid) else status_of(each)
        by_status.setdefault(status, []).append(each)
    for status, alike in sorted(by_status.items()):
        yield str(status), _answer(status, alike, oauth=oauth)


def _answer(status: int, kinds: list[type[MallError]], *, oauth: bool) -> dict[str, Any]:
    refs = [{"$ref": f"{REF}{name}"} for name in (*map(_name, kinds), "Problem")]
    schema = {"$ref": f"{REF}OAuthProblem"} if oauth else {"anyOf": refs}
    headers = {"X-Request-Id", "Content-Language"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers.add("WWW-Authenticate")
    if any(RETRY_AFTER in {fact.name for fact in fields(each)} for each in kinds):
        headers.add("Retry-After")
    met = {each.code: name_of(each.code) for each in kinds if of_code(each.code, oauth=oauth)}
    content: dict[str, Any] = {"schema": schema}
    if met:
        content["examples"] = {code: {"$ref": f"#/components/examples/{name}"} for code, name in met.items()}
    return {
        "description": "; ".join(f"`{each.code}`: {(each.__doc__ or '').splitlines()[0]}" for each in kinds),
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(headers)},
        "content": {"application/json" if oauth else MEDIA: content},
        "x-codes": [each.code for each in kinds],
    }


def shared(operations: list[dict[str, Any]]) -> dict[str, Any]:
    """Refusals that several operations declare alike stand once; they are taken out of the operations.

    One of a single code has its name; of those with several codes, the one that most operations share has the name of
    its kind.
    """
    found: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for responses in (each["responses"] for each in operations):
        for status, answer in responses.items():
            if "x-codes" in answer:
                oauth = "" if MEDIA in answer["content"] else "OAuth"
                found.setdefault(" ".join([oauth, status, *answer["x-codes"]]), []).append((responses, status))
    made: dict[str, Any] = {}
    for key, places in sorted(found.items(), key=lambda each: -len(each[1])):
        responses, status = places[0]
        codes = responses[status]["x-codes"]
        kind = next(kind for kind, number in STATUS.items() if number == int(status))
        name = f"{key.split(' ')[0]}{name_of(codes[0]) if len(codes) == 1 else kind.__name__}"
        if len(places) > 1 and name not in made:
            made[name] = responses[status]
            for responses, status in places:
                responses[status] = {"$ref": f"#/components/responses/{name}"}
    return dict(sorted(made.items()))
