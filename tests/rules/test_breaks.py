"""What was released is kept: nothing breaks who builds on it, and the comparison sees what would."""

import json
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from tests.breaks import RELEASED, breaks, may_break, shape
from tests.given import Json

Edit = Callable[[Json], object]
SCOPES = "components securitySchemes client flows clientCredentials scopes"
REF = "#/components/schemas/"
EVENT = {"properties": {"number": {"type": "string"}}, "required": ["number"], "type": "object"}
PATHS = [
    f"/v1/malls/{{mall}}{each}"
    for each in ("/tickets", "/claims/{claim_code}", "/board", "/availability", "/counters/{counter_id}/calls")
]
"""What the comparison is tried with."""
TICKETS = "paths /v1/malls/{mall}/tickets"
STREAM = f"{TICKETS} post responses 201 content text/event-stream schema contentSchema items anyOf"
PLACE = "paths /v1/malls/{mall}/claims/{claim_code}"
LIMIT = {"in": "query", "name": "floor", "schema": {"type": "string"}}
A_CODE = "components schemas ServiceClosedProblem"
A_REFUSAL = f"{TICKETS} post responses 409"


@pytest.fixture(scope="module")
def released() -> Json:
    """A few operations of the released document, with a stream's event and a webhook beside what they need."""
    document: Json = json.loads(RELEASED.read_text("utf-8"))
    document["paths"] = {path: document["paths"][path] for path in PATHS}
    needed = {each for path in PATHS for each in refs(document, document["paths"][path])}
    for kind in ("schemas", "responses", "headers", "parameters"):
        some = document["components"][kind]
        document["components"][kind] = {name: some[name] for name in some if (kind, name) in needed}
    document["components"]["schemas"] |= {"StreamedCall": EVENT, "SentCall": EVENT, "Named": EVENT}
    sent = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/SentCall"}}}}
    document["webhooks"] = {"ticket.tried": {"post": {"requestBody": sent}}}
    content = document["paths"][PATHS[0]]["post"]["responses"]["201"]["content"]
    data = {"type": "string", "contentSchema": {"$ref": f"{REF}StreamedCall"}}
    event = {"type": "object", "properties": {"event": {"const": "call"}, "data": data}}
    events = {"type": "array", "items": {"anyOf": [event, {**event, "properties": {"event": {"const": "end"}}}]}}
    content["text/event-stream"] = {"schema": {"type": "string", "contentSchema": events}}
    return document


def refs(document: Json, part: object) -> set[tuple[str, str]]:
    """The components that a part refers to, and those that they refer to."""
    found: set[tuple[str, str]] = set()
    left = [part]
    while left:
        named = set(re.findall(r'"#/components/(\w+)/([\w-]+)"', json.dumps(left.pop())))
        left += [document["components"][kind][name] for kind, name in named - found]
        found |= named
    return found


def at(path: str) -> Callable[[Json], Json]:
    """The part of a document there."""

    def found(document: Json) -> Json:
        for key in path.split(" "):
            document = document[int(key)] if isinstance(document, list) else document[key]
        return document

    return found


def without(path: str) -> Edit:
    """The last word of it is taken away, out of an object or a list."""
    within, _, key = path.rpartition(" ")

    def edit(document: Json) -> None:
        part = at(within)(document)
        if isinstance(part, dict):
            del part[key]
        else:
            part.remove(key)

    return edit


def with_(path: str, key: str, value: object) -> Edit:
    """A key is set there; `+` adds to a list."""

    def edit(document: Json) -> None:
        part = at(path)(document)
        if isinstance(part, list):
            part.append(value)
        else:
            part[key] = value

    return edit


def both(*edits: Edit) -> Edit:
    """One after another."""
    return lambda document: [edit(document) for edit in edits]


def member_gone(schema: str, name: str) -> Edit:
    """A member is taken away, as somebody would who removes a line of the code."""
    within = f"components schemas {schema}"
    return both(without(f"{within} properties {name}"), without(f"{within} required {name}"))


def renamed(path: str) -> Edit:
    """Another address."""
    return lambda document: document["paths"].update({f"{path}s": document["paths"].pop(path)})


def without_problem(document: Json) -> None:
    """An operation no longer names the schema of a code."""
    of = at(f"{A_REFUSAL} content application/problem+json schema")(document)["anyOf"]
    of.remove({"$ref": "#/components/schemas/ServiceClosedProblem"})


REQUEST, ANSWER = "components schemas TicketRequest", "components schemas Ticket"
BREAKS: dict[str, tuple[Edit, str]] = {
    "an answer's field gone": (member_gone("Ticket", "number"), "Ticket.number is gone"),
    "an answer's field no longer sure": (without(f"{ANSWER} required number"), "Ticket.number may be left out now"),
    "a request's field gone": (without(f"{REQUEST} properties phone"), "TicketRequest.phone is gone"),
    "a new required member": (with_(f"{REQUEST} required", "+", "phone"), "TicketRequest.phone is required now"),
    "an enum narrowed": (without("components schemas Channel enum web"), 'Channel: no value "web" any more'),
    "an enum of answers alone narrowed": (
        without("components schemas TicketStatus enum on_hold"),
        'TicketStatus: no value "on_hold" any more',
    ),
    "a closed list of answers grows": (
        with_(f"{A_CODE} properties code", "const", "closed_today"),
        'ServiceClosedProblem.code: the value "closed_today", in a list that was closed',
    ),
    "a list of answers that was open is closed, with other values": (
        with_(f"{ANSWER} properties status", "anyOf", [{"$ref": "#/components/schemas/Channel"}]),
        'Ticket.status: no value "serving" any more',
    ),
    "a free text of requests becomes a list": (
        with_(f"{REQUEST} properties phone anyOf 0", "enum", ["0811"]),
        'TicketRequest.phone: only "0811" now',
    ),
    "an operation removed": (without(f"{TICKETS} post"), "POST /v1/malls/{mall}/tickets is gone"),
    "an operation's address changed": (renamed("/v1/malls/{mall}/board"), "GET /v1/malls/{mall}/board is gone"),
    "an operation renamed": (
        with_(f"{TICKETS} post", "operationId", "create_ticket"),
        "POST /v1/malls/{mall}/tickets was issue_ticket, is create_ticket",
    ),
    "a problem's code dropped": (
        without("components schemas ProblemCode enum service_closed"),
        'ProblemCode: no value "service_closed" any more',
    ),
    "a code dropped where it was met": (
        without(f"{A_REFUSAL} x-codes service_closed"),
        "POST /v1/malls/{mall}/tickets 409 has no code `service_closed` any more",
    ),
    "a problem's schema dropped where it was met": (
        without_problem,
        "POST /v1/malls/{mall}/tickets 409: no ServiceClosedProblem any more",
    ),
    "a problem of another shape where others were": (
        with_(f"{A_REFUSAL} content application/problem+json schema anyOf", "+", {"$ref": f"{REF}ProblemError"}),
        ".errors may be left out now",
    ),
    "a problem's fact gone": (
        member_gone("ServiceClosedProblem", "next_opening_at"),
        "ServiceClosedProblem.next_opening_at is gone",
    ),
    "a webhook's event gone": (without("webhooks ticket.tried"), "the event ticket.tried is gone"),
    "a webhook's member gone": (member_gone("SentCall", "number"), "SentCall.number is gone"),
    "a streamed event's member gone": (member_gone("StreamedCall", "number"), "StreamedCall.number is gone"),
    "a stream's event gone": (
        with_(f"{STREAM} 0 properties event", "const", "called"),
        "POST /v1/malls/{mall}/tickets 201: no event call any more",
    ),
    "a parameter newly required": (
        with_(f"{TICKETS} post parameters", "+", {**LIMIT, "required": True}),
        "POST /v1/malls/{mall}/tickets requires the parameter floor now",
    ),
    "a parameter gone": (
        with_("paths /v1/malls/{mall}/availability get", "parameters", []),
        "GET /v1/malls/{mall}/availability has no parameter channel any more",
    ),
    "a status gone": (
        without(f"{PLACE} get responses 200"),
        "GET /v1/malls/{mall}/claims/{claim_code} no longer answers 200",
    ),
    "a new kind of success": (
        with_(f"{PLACE} get responses", "203", {}),
        "GET /v1/malls/{mall}/claims/{claim_code} answers 203 now, which nobody expects",
    ),
    "a type changed": (with_(f"{ANSWER} properties call_count", "type", "string"), "Ticket.call_count: "),
    "an answer that may be null now": (
        with_(f"{ANSWER} properties number", "type", ["string", "null"]),
        "Ticket.number",
    ),
    "a request that may not be null any more": (
        with_(f"{REQUEST} properties channel", "anyOf", [{"$ref": "#/components/schemas/Channel"}]),
        "TicketRequest.channel",
    ),
    "a bound tightened": (
        with_(f"{REQUEST} properties access_needs", "maxItems", 1),
        "TicketRequest.access_needs: maxItems is 1, was 4",
    ),
    "a pattern changed": (
        with_(f"{REQUEST} properties phone_code anyOf 0", "pattern", "^[0-9]{8}$"),
        "TicketRequest.phone_code: pattern is",
    ),
    "a format changed": (with_(f"{ANSWER} properties id", "format", "int64"), 'Ticket.id: format is "int64"'),
    "a header gone": (
        without("components responses Malformed headers X-Request-Id"),
        "Malformed has no header X-Request-Id any more",
    ),
    "a media type gone": (
        without(f"{TICKETS} post requestBody content application/json"),
        "no application/json any more",
    ),
    "a body newly required": (
        with_("paths /v1/malls/{mall}/counters/{counter_id}/calls post", "requestBody", {"required": True}),
        "requires a body now",
    ),
    "a role that may no longer": (
        with_(f"{TICKETS} post", "x-roles", []),
        'POST /v1/malls/{mall}/tickets no longer takes "kiosk"',
    ),
    "a credential no longer taken": (with_(f"{TICKETS} post", "security", []), "no longer takes {}"),
    "a scope gone": (without(f"{SCOPES} tickets:read"), "the security scheme client is another"),
    "another way to sign in": (
        with_("components securitySchemes bearer", "scheme", "basic"),
        "the security scheme bearer is another",
    ),
    "a name of generated code gone": (
        without("components schemas Named"),
        "Named is no longer among the schemas",
    ),
}
"""What somebody might do to the document, and a part of what the comparison must say then."""

PROBLEM = {each: {"type": "string"} for each in ("type", "title", "detail", "instance", "request_id", "mood")}
TIRED = {
    "properties": PROBLEM
    | {
        "type": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string", "const": "tired"},
        "status": {"type": "integer", "const": 409},
        "errors": {"type": "array", "items": {"$ref": f"{REF}ProblemError"}},
    },
    "required": [*PROBLEM, "code", "status", "errors"],
    "type": "object",
}
GROWS: dict[str, Edit] = {
    "an answer's new field": with_(f"{ANSWER} properties", "mood", {"type": "string"}),
    "a request's new field": with_(f"{REQUEST} properties", "mood", {"type": "string"}),
    "a new value of requests and open answers": with_("components schemas Channel enum", "+", "phone"),
    "a new code": both(
        with_("components schemas ProblemCode enum", "+", "tired"),
        with_(f"{A_REFUSAL} x-codes", "+", "tired"),
        with_("components schemas", "TiredProblem", TIRED),
        with_(f"{A_REFUSAL} content application/problem+json schema anyOf", "+", {"$ref": f"{REF}TiredProblem"}),
    ),
    "a new scope, and another told in other words": both(
        with_(SCOPES, "events:read", "list_events"), with_(SCOPES, "tickets:read", "get_ticket, follow_ticket")
    ),
    "a new operation": with_("paths", "/v1/news", {"get": {}}),
    "a new parameter": with_(f"{TICKETS} post parameters", "+", LIMIT),
    "a new refusal": with_(f"{PLACE} get responses", "418", {}),
    "a new event of a stream": with_(STREAM, "+", {"type": "object", "properties": {"event": {"const": "new"}}}),
    "a new event": with_("webhooks", "ticket.tried_again", {}),
    "a wider bound": with_(f"{REQUEST} properties access_needs", "maxItems", 9),
    "a field that may be left out now": without(f"{REQUEST} required service_id"),
    "a role that may, too": with_(f"{TICKETS} post x-roles", "+", "auditor"),
}
"""What additive change is."""


def test_nothing_breaks_who_builds_on_the_released_document(app: FastAPI) -> None:
    released, current = json.loads(RELEASED.read_text("utf-8")), shape(json.loads(json.dumps(app.openapi())))
    found = [] if may_break(released, current) else breaks(released, current)
    assert not found, "take it back; before the first release `make released` keeps the new one: CONTRIBUTING.md"


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_seen(released: Json, name: str) -> None:
    current = json.loads(json.dumps(released))
    edit, expected = BREAKS[name]
    edit(current)
    found = breaks(released, current)
    assert any(expected in sentence for sentence in found), found


@pytest.mark.parametrize("name", GROWS)
def test_what_only_grows_breaks_nobody(released: Json, name: str) -> None:
    current = json.loads(json.dumps(released))
    GROWS[name](current)
    assert breaks(released, current) == []


def test_a_new_major_version_may_break(released: Json) -> None:
    assert not may_break(released, released)
    assert may_break(released, {**released, "info": {"version": "2.0.0"}})
