"""What the document says of one operation beside what its handler says: who may, what it carries, how it refuses."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from app.contract import refusals, streams
from app.contract.shapes import plain
from app.domain.errors import NotThere, RateLimited
from app.domain.roles import TABLE, Anyone, Permission, Scope
from app.errors import MallError
from app.schemas.base import Editable
from app.texts.members import FILTERS, MEMBERS
from app.web.bodies import StreamedBody
from app.web.etags import ETAG, MAY_BE_KNOWN
from app.web.markers import Security
from app.web.problems import AuthorizationRepeated, InternalError, InvalidRequest, all_facts, is_oauth
from app.web.routing import Operation

HEADERS: Mapping[str, str] = {
    "X-Request-Id": "The request's id: the one that was sent, or a new one. Name it when you ask for help",
    "Content-Language": "The language of computed texts: `id` or `en`",
    "Retry-After": "Seconds after which to try again",
    "WWW-Authenticate": "How to show who you are (RFC 9110 section 11.6.1)",
    "Location": "The path of what was made",
}
"""What headers of answers are, but for those that markers describe."""
PARAMETERS: Mapping[str, dict[str, Any]] = {
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "description": "The language of computed texts, refusals among them: `id` (otherwise) or `en`",
        "schema": {"type": "string"},
        "example": "en",
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "The ETag of what the reader already has: if it is still the newest, the answer is a 304",
        "schema": {"type": "string"},
    },
    "LastEventId": {
        "name": "Last-Event-ID",
        "in": "header",
        "required": False,
        "description": "The id of the last event that was read: the stream goes on behind it, or begins anew where "
        "that is not known. Browsers send it by themselves",
        "schema": {"type": "string"},
    },
}
"""Parameters that operations share."""


def complete(described: dict[str, Any], operation: Operation) -> None:
    """Summary, security, parameters, bodies and answers of one operation."""
    markers = operation.markers
    text = " ".join((operation.route.endpoint.__doc__ or "").split("\n\n")[0].split())
    described["summary"] = re.split(r"(?<=[.?]) ", text)[0].rstrip(".")
    described["operationId"] = operation.id
    described["security"] = markers.security or _security(markers.permission)
    if markers.permission:
        described["x-permission"] = markers.permission.value
        described["x-roles"] = [str(part.value) for part in TABLE[markers.permission]]
    _parameters(described, operation)
    _body(described, operation)
    _answers(described, operation)


def _security(permission: Permission | None) -> Security:
    """The credentials that an operation asks for."""
    if permission is None:
        return [{}]
    scopes = [part.value for part in TABLE[permission] if isinstance(part, Scope)]
    by_scope: Security = [{"client": [scope]} for scope in scopes]
    credentials: Security = [{"account": []}, *by_scope, {"bearer": []}]
    return [{}, *credentials] if Anyone.PUBLIC in TABLE[permission] else credentials


def _parameters(described: dict[str, Any], operation: Operation) -> None:
    """Those of the path in its order, then the query's, then headers."""
    parameters: list[dict[str, Any]] = described.get("parameters", [])
    for each in parameters:
        _plain_parameter(each, required_headers=operation.markers.required)
    in_path = re.findall(r"\{(\w+)\}", operation.path)
    parameters.sort(key=lambda each: in_path.index(each["name"]) if each["in"] == "path" else len(in_path))
    shared = ["IfNoneMatch", "AcceptLanguage"] if _is_conditional(operation) else ["AcceptLanguage"]
    if operation.markers.events:
        shared.append("LastEventId")
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in shared]
    described["parameters"] = parameters


def _plain_parameter(parameter: dict[str, Any], *, required_headers: frozenset[str]) -> None:
    """A parameter is there or not: null is no value for one. Headers are written as people write them."""
    if parameter["in"] == "header":
        parameter["name"] = "-".join(part.title() for part in parameter["name"].split("-"))
        parameter["required"] = parameter["name"] in required_headers
    choices = parameter["schema"].pop("anyOf", ())
    for each in choices:
        if each != {"type": "null"}:
            parameter["schema"] |= each
    plain(parameter["schema"])
    known = {**MEMBERS, **FILTERS} if parameter["in"] == "query" else MEMBERS
    if "description" not in parameter and parameter["name"] in known:
        parameter["description"] = known[parameter["name"]]


def _body(described: dict[str, Any], operation: Operation) -> None:
    """A body is there or not: null is none."""
    if isinstance(operation.body, StreamedBody):
        file = {"schema": {"type": "string", "format": "binary"}}
        described["requestBody"] = {"required": True, "content": {media: dict(file) for media in operation.body.media}}
    for content in described.get("requestBody", {}).get("content", {}).values():
        for each in content["schema"].get("anyOf", ()):
            if each != {"type": "null"}:
                content["schema"] = each


def _answers(described: dict[str, Any], operation: Operation) -> None:
    """What the operation answers: its own, with their headers, and what its dependencies add."""
    answers: dict[str, Any] = described["responses"]
    shown = {status: each for status, each in answers.items() if status[0] in "23"}
    own = {code for each in answers.values() for code in each.get("x-codes", ())}
    kept = {status: each for status, each in answers.items() if status == "503" and "x-codes" not in each}
    answers.clear()
    answers.update(shown)
    if operation.markers.events:
        answers["200"] = streams.answer(operation.markers)
    if _is_conditional(operation):
        answers |= {str(status): dict(each) for status, each in MAY_BE_KNOWN.items()}
    answers.update(kept)
    for status, each in answers.items():
        each.setdefault("headers", {}).update(_headers(operation, status))
        for content in each.get("content", {}).values():
            plain(content.get("schema", {}))
    kinds = {*_shared(operation), *(each for each in all_facts() if each.code in own)}
    for status, answer in refusals.answers(kinds, oauth=is_oauth(operation.path)):
        answers.setdefault(status, answer)


def _is_conditional(operation: Operation) -> bool:
    return operation.markers.conditional or operation.route.responses.keys() >= MAY_BE_KNOWN.keys()


def _headers(operation: Operation, status: str) -> dict[str, Any]:
    """What an answer carries that is no refusal."""
    shape = operation.route.response_model
    edited = operation.markers.writes and isinstance(shape, type) and issubclass(shape, Editable)
    names = ["X-Request-Id"]
    if edited or _is_conditional(operation):
        names += ETAG
    if operation.markers.computes_texts:
        names.append("Content-Language")
    if status != str(HTTPStatus.NOT_MODIFIED.value):
        names += [*(["Location"] if operation.markers.location else []), *operation.markers.headers]
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def headers(operations: list[Operation]) -> dict[str, Any]:
    """Every header of every answer, described."""
    known = {**HEADERS, **ETAG}
    for each in operations:
        known |= each.markers.headers
    typed = {"Retry-After": "integer"}
    return {
        name: {"description": text, "schema": {"type": typed.get(name, "string")}}
        for name, text in sorted(known.items())
    }


def _shared(operation: Operation) -> Iterator[type[MallError]]:
    """The refusals that follow from how an operation is built."""
    yield InternalError
    yield RateLimited
    yield from operation.markers.refuses
    yield from operation.body.refuses
    yield InvalidRequest
    yield AuthorizationRepeated
    if "{" in operation.path:
        yield NotThere
