"""The contract as a document (OpenAPI 3.1), made from the code: what handlers do not say, this adds for all alike."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi

from app.contract.examples import Examples
from app.domain.errors import NotThere
from app.domain.roles import TABLE, USABLE_SCOPES, Anyone, Permission, Scope
from app.errors import Invalid, MallError
from app.schemas.base import Editable
from app.schemas.problems import OAuthProblem, Problem
from app.texts.introduction import INTRODUCTION, TAGS
from app.texts.problems import DETAILS, TITLES
from app.web.bodies import StreamedBody
from app.web.etags import ETAG, MAY_BE_KNOWN, Encoded, etag
from app.web.markers import Security
from app.web.problems import MEDIA, InternalError, InvalidRequest, all_facts, oauth_word, status_of
from app.web.routing import Operation, operations

_REQUEST_ID = "3f0c9a3be6a94c5e8d0b8a5a3c1f7e42"
VERSION = "1.0.0"


class Document:
    """The document of one program, made at the first asking."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    @cached_property
    def content(self) -> dict[str, Any]:
        """As it is read."""
        return document(self._app)

    @cached_property
    def encoded(self) -> Encoded:
        """As it goes out."""
        text = json.dumps(self.content, ensure_ascii=False).encode()
        return Encoded(text, etag(text))


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    made = get_openapi(
        title="Mal Pelayanan Publik API",
        version=VERSION,
        openapi_version="3.1.0",
        summary="Agreements, services, counters and tickets of Indonesian public service malls",
        description=INTRODUCTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        separate_input_output_schemas=False,
    )
    components = made["components"]
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)
    for shape in (Problem, OAuthProblem):
        shaped = shape.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        components["schemas"] |= shaped.pop("$defs", {})
        components["schemas"][shape.__name__] = shaped
    components["securitySchemes"] = {
        "account": {
            "type": "oauth2",
            "description": "People: user name and password of a built-in account",
            "flows": {"password": {"tokenUrl": "/v1/oauth/token", "refreshUrl": "/v1/oauth/token", "scopes": {}}},
        },
        "client": {
            "type": "oauth2",
            "description": "Partners' systems: the id and secret of a client",
            "flows": {"clientCredentials": {"tokenUrl": "/v1/oauth/token", "scopes": _scopes()}},
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token, or the key of a kiosk (`mpk_…`) or display (`mpd_…`)",
        },
        "operator": {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of the deployment for its monitoring (`MPP_METRICS_TOKEN`)",
        },
    }
    for shape in components["schemas"].values():
        for member in shape.get("properties", {}).values():
            if member.get("default", "") is None and {"type": "null"} not in member.get("anyOf", ()):
                del member["default"]  # stands for 'left out', which is no value
    examples = Examples(components["schemas"])
    for operation in operations(app):
        if operation.route.include_in_schema:
            for method in operation.methods:
                described = made["paths"][operation.path][method.lower()]
                _complete(described, operation)
                examples.into(described)
    _shared_responses(made)
    return made


def _scopes() -> dict[str, str]:
    """What each scope opens."""
    opens = {scope: [verb.value for verb, row in TABLE.items() if scope in row] for scope in USABLE_SCOPES}
    return {scope.value: ", ".join(verbs) for scope, verbs in opens.items()}


def _complete(described: dict[str, Any], operation: Operation) -> None:
    """Summary, security, shared headers and problems of one operation."""
    markers = operation.markers
    text = " ".join((operation.route.endpoint.__doc__ or "").split("\n\n")[0].split())
    described["summary"] = re.split(r"(?<=[.?]) ", text)[0].rstrip(".")
    described["operationId"] = operation.id
    described["security"] = markers.security or _security(markers.permission)
    for parameter in described.get("parameters", ()):
        _plain_parameter(parameter, required_headers=markers.required)
    if markers.permission:
        described["x-permission"] = markers.permission.value
        described["x-roles"] = [str(part.value) for part in TABLE[markers.permission]]
    if isinstance(operation.body, StreamedBody):
        file = {"schema": {"type": "string", "format": "binary"}}
        described["requestBody"] = {"required": True, "content": {media: dict(file) for media in operation.body.media}}
    _answers(described, operation)


def _security(permission: Permission | None) -> Security:
    """The credentials that an operation asks for."""
    if permission is None:
        return [{}]
    scopes = [part.value for part in TABLE[permission] if isinstance(part, Scope)]
    by_scope: Security = [{"client": [scope]} for scope in scopes]
    credentials: Security = [{"account": []}, *by_scope, {"bearer": []}]
    return [{}, *credentials] if Anyone.PUBLIC in TABLE[permission] else credentials


def _answers(described: dict[str, Any], operation: Operation) -> None:
    """What the operation answers: its own, with their headers, and what its dependencies add."""
    answers: dict[str, Any] = described["responses"]
    shown = {status: each for status, each in answers.items() if status[0] in "23"}
    own = {code for each in answers.values() for code in each.get("x-codes", ())}
    kept = {status: each for status, each in answers.items() if status == "503" and "x-codes" not in each}
    answers.clear()
    answers.update(shown)
    for each in shown.values():
        each.setdefault("headers", {}).update(_headers(operation))
    if _is_conditional(operation):
        answers |= {str(status): each for status, each in MAY_BE_KNOWN.items()}
        described.setdefault("parameters", []).append(_IF_NONE_MATCH)
    answers.update(kept)
    facts = {*_shared(operation), *(each for each in all_facts() if each.code in own)}
    _declare(answers, facts, oauth=operation.markers.oauth)


def _plain_parameter(parameter: dict[str, Any], *, required_headers: frozenset[str]) -> None:
    """A parameter is there or not: null is no value for one. Headers are written as people write them."""
    if parameter["in"] == "header":
        parameter["name"] = "-".join(part.title() for part in parameter["name"].split("-"))
        parameter["required"] = parameter["name"] in required_headers
    choices = parameter["schema"].pop("anyOf", ())
    for each in choices:
        if each != {"type": "null"}:
            parameter["schema"] |= each


_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what the reader already has",
    "schema": {"type": "string"},
}


def _is_conditional(operation: Operation) -> bool:
    return operation.markers.conditional or operation.route.responses.keys() >= MAY_BE_KNOWN.keys()


def _headers(operation: Operation) -> dict[str, Any]:
    """What successful answers carry."""
    shape = operation.route.response_model
    edited = operation.markers.writes and isinstance(shape, type) and issubclass(shape, Editable)
    tagged = ETAG if edited or _is_conditional(operation) else {}
    made = {"Location": "Where it is"} if operation.markers.location else {}
    headers = {"X-Request-Id": "The request's id", **tagged, **made, **operation.markers.headers}
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()}


def _shared(operation: Operation) -> Iterator[type[MallError]]:
    """The refusals that follow from how an operation is built."""
    yield InternalError
    yield from operation.markers.refuses
    yield from operation.body.refuses
    if "{" in operation.path:
        yield NotThere
    if _reads_parameters(operation.route.dependant) or operation.route.body_field:
        yield InvalidRequest


def _refused(kind: type[MallError], oauth: bool) -> dict[str, Any]:  # which of the two shapes
    """An example of a refusal."""
    detail = DETAILS[kind.code]["en"]
    if oauth:
        return {"error": oauth_word(kind), "error_description": detail, "code": kind.code, "request_id": _REQUEST_ID}
    return {
        "type": f"/problems/{kind.code}",
        "title": TITLES[kind.code]["en"],
        "status": status_of(kind),
        "detail": detail,
        "instance": "/v1/malls/samarinda",
        "code": kind.code,
        "request_id": _REQUEST_ID,
        "errors": [],
    }


def _shared_responses(made: dict[str, Any]) -> None:
    """Refusals that several operations declare alike stand once, under `components`."""
    operations = [each for path in made["paths"].values() for each in path.values()]
    texts = [json.dumps(each, sort_keys=True) for one in operations for each in one["responses"].values()]
    often = {text for text, count in Counter(texts).items() if count > 1}
    responses = made["components"].setdefault("responses", {})
    for one in operations:
        for status, each in one["responses"].items():
            if each.get("x-codes") and json.dumps(each, sort_keys=True) in often:
                oauth = [] if MEDIA in each["content"] else ["oauth"]
                name = ".".join([status, *oauth, *each["x-codes"]])
                responses[name] = each
                one["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _reads_parameters(dependant: Dependant) -> bool:
    own = (*dependant.path_params, *dependant.query_params, *dependant.header_params)
    return bool(own) or any(_reads_parameters(each) for each in dependant.dependencies)


def _declare(answers: dict[str, Any], facts: set[type[MallError]], *, oauth: bool) -> None:
    by_status: dict[str, list[type[MallError]]] = {}
    for each in sorted(facts, key=lambda kind: kind.code):
        refused = oauth and issubclass(each, Invalid)
        by_status.setdefault("400" if refused else str(status_of(each)), []).append(each)
    for status, kinds in sorted(by_status.items()):
        shape = "OAuthProblem" if oauth else "Problem"
        media = "application/json" if oauth else MEDIA
        if status in answers:
            continue
        answers[status] = {
            "description": "; ".join(f"`{each.code}`: {(each.__doc__ or '').splitlines()[0]}" for each in kinds),
            "content": {
                media: {"schema": {"$ref": f"#/components/schemas/{shape}"}, "example": _refused(kinds[0], oauth)}
            },
            "x-codes": [each.code for each in kinds],
        }
