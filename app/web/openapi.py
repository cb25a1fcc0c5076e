"""The contract as a document (OpenAPI 3.1), made from the code: what handlers do not say, this adds for all alike."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.database import Busy, ClockSkew, OutcomeUnknown
from app.domain.clients import InvalidClient, InvalidScope, TwoCredentials
from app.domain.errors import (
    Forbidden,
    IdempotencyKeyInvalid,
    IdempotencyKeyRequired,
    IdempotencyKeyReused,
    NotThere,
    PreconditionFailed,
    PreconditionRequired,
    RateLimited,
    Unauthenticated,
)
from app.domain.roles import TABLE, USABLE_SCOPES, Anyone, Permission, Scope
from app.domain.sign_in import InvalidGrant, UnsupportedGrantType
from app.errors import Invalid, MallError
from app.queries.paging import InvalidCursor
from app.schemas.problems import OAuthProblem, Problem
from app.texts.introduction import INTRODUCTION, TAGS
from app.texts.problems import DETAILS, TITLES
from app.web.etags import MAY_BE_KNOWN
from app.web.examples import Examples
from app.web.issuer import IssuerUnavailable
from app.web.problems import (
    MEDIA,
    InternalError,
    InvalidRequest,
    PayloadTooLarge,
    UnsupportedMediaType,
    all_facts,
    oauth_word,
    status_of,
)
from app.web.writing import WritesOnce

_REQUEST_ID = "3f0c9a3be6a94c5e8d0b8a5a3c1f7e42"
VERSION = "1.0.0"
BY_HAND = ("get_me", "change_my_password")
"""Operations that need credentials of any kind and ask for no verb."""


def routes(app: FastAPI) -> Iterator[APIRoute]:
    """Every operation of the program (FastAPI keeps its routers as a tree)."""
    for context in iter_route_contexts(app.router.routes):
        if isinstance(context.original_route, APIRoute):
            yield context.original_route


def verb_of(route: APIRoute) -> Permission | None:
    """What the operation asks of the role table."""

    def found(dependant: Dependant) -> Iterator[Permission]:
        verb = getattr(dependant.call, "verb", None)
        if verb:
            yield verb
        for each in dependant.dependencies:
            yield from found(each)

    return next(found(route.dependant), None)


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
            "description": "The token that the deployment has set for who watches it (`MPP_METRICS_TOKEN`)",
        },
    }
    for shape in components["schemas"].values():
        for member in shape.get("properties", {}).values():
            if member.get("default", "") is None and {"type": "null"} not in member.get("anyOf", ()):
                del member["default"]  # stands for 'left out', which is no value
    examples = Examples(components["schemas"])
    for route in routes(app):
        if route.include_in_schema:
            for method in route.methods or ():
                operation = made["paths"][route.path][method.lower()]
                _complete(operation, method, route)
                examples.into(operation)
    _shared_responses(made)
    return made


def _scopes() -> dict[str, str]:
    """What each scope opens."""
    opens = {scope: [verb.value for verb, row in TABLE.items() if scope in row] for scope in USABLE_SCOPES}
    return {scope.value: ", ".join(verbs) for scope, verbs in opens.items()}


def _complete(operation: dict[str, Any], method: str, route: APIRoute) -> None:
    """Summary, security, shared headers and problems of one operation."""
    text = " ".join((route.endpoint.__doc__ or "").split("\n\n")[0].split())
    operation["summary"] = re.split(r"(?<=[.?]) ", text)[0].rstrip(".")
    operation["operationId"] = route.endpoint.__name__
    required_headers = {"Idempotency-Key"} if _writes_once(route) else set()
    for parameter in operation.get("parameters", ()):
        _plain_parameter(parameter, required_headers=required_headers)
    verb = verb_of(route)
    scopes = [part.value for part in TABLE[verb] if isinstance(part, Scope)] if verb else []
    by_scope: list[dict[str, list[str]]] = [{"client": [scope]} for scope in scopes]
    credentials: list[dict[str, list[str]]] = [{"account": []}, *by_scope, {"bearer": []}]
    public = verb is not None and Anyone.PUBLIC in TABLE[verb]
    if verb is None and route.endpoint.__name__ not in BY_HAND:
        credentials = [{}]
    elif public:
        credentials = [{}, *credentials]
    operation.setdefault("security", credentials)
    if verb:
        operation["x-verb"] = verb.value
        operation["x-roles"] = [str(part.value) for part in TABLE[verb]]
    answers: dict[str, Any] = operation["responses"]
    shown = {status: each for status, each in answers.items() if status[0] in "23"}
    own = {code for status, each in answers.items() if status[0] not in "23" for code in each.get("x-codes", ())}
    kept = {status: each for status, each in answers.items() if status == "503" and "x-codes" not in each}
    answers.clear()
    answers.update(shown)
    for each in shown.values():
        each.setdefault("headers", {}).update(_headers(method, route))
    if _is_tagged(route) and method == "GET":
        answers |= {str(status): each for status, each in MAY_BE_KNOWN.items()}
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
    answers.update(kept)
    facts = {*_shared(method, route, verb), *(each for each in all_facts() if each.code in own)}
    _declare(answers, facts, oauth="/oauth/" in route.path)


def _plain_parameter(parameter: dict[str, Any], *, required_headers: set[str]) -> None:
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
    "description": "An ETag that the reader has",
    "schema": {"type": "string"},
}


def _is_tagged(route: APIRoute) -> bool:
    return "fresh" in route.endpoint.__annotations__ or route.responses.keys() >= MAY_BE_KNOWN.keys()


def _writes_once(route: APIRoute) -> bool:
    return route.endpoint.__annotations__.get("write") == WritesOnce


def _headers(method: str, route: APIRoute) -> dict[str, Any]:
    """What successful answers carry."""
    text = {"type": "string"}
    headers: dict[str, Any] = {"X-Request-Id": {"description": "The request's id", "schema": text}}
    if _is_tagged(route):
        headers["ETag"] = {"description": "The version of what is shown", "schema": text}
    if method == "POST" and route.status_code == 201:  # noqa: PLR2004  # Created
        headers["Location"] = {"description": "Where it is", "schema": text}
    if "listed" in route.endpoint.__annotations__:
        headers["Link"] = {"description": '`rel="next"`, where there is a next page', "schema": text}
    if "write" in route.endpoint.__annotations__ and method == "POST":
        headers["Idempotency-Replayed"] = {"description": "`true`: the first answer, again", "schema": text}
    return headers


def _shared(method: str, route: APIRoute, verb: Permission | None) -> Iterator[type[MallError]]:  # noqa: C901  # one line a circumstance
    """The refusals that follow from how an operation is built."""
    names = {each.name for each in _parameters(route.dependant)}
    yield InternalError
    if "/health/live" not in route.path:
        yield Busy
    if "{" in route.path:
        yield NotThere
    if names or route.body_field:
        yield InvalidRequest
    if verb or route.endpoint.__name__ in BY_HAND:
        yield Unauthenticated
        yield IssuerUnavailable
        yield RateLimited
        yield Forbidden  # what anybody may, a client may with the scope for it
    if "cursor" in names:
        yield InvalidCursor
    if method != "GET":
        yield OutcomeUnknown
        yield PayloadTooLarge
        yield UnsupportedMediaType
        if verb or route.endpoint.__name__ in BY_HAND:
            yield ClockSkew
    if "idempotency_key" in names:
        yield from (IdempotencyKeyInvalid, IdempotencyKeyReused)
        if _writes_once(route):
            yield IdempotencyKeyRequired
    if "if_match" in names:
        yield from (PreconditionRequired, PreconditionFailed)
    if "/oauth/token" in route.path:
        yield from (InvalidGrant, UnsupportedGrantType, RateLimited, InvalidClient, InvalidScope, TwoCredentials)


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


def _parameters(dependant: Dependant) -> Iterator[Any]:
    yield from (*dependant.path_params, *dependant.query_params, *dependant.header_params)
    for each in dependant.dependencies:
        yield from _parameters(each)


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
