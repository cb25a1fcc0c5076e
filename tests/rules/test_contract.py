"""The contract that is published is the one that is kept, and it is whole."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from app.contract.document import document as made_of
from app.contract.shapes import nodes
from app.domain.sign_in import ACCESS_TOKEN_LIFE, REFRESH_GRACE, REFRESH_TOKEN_LIFE
from app.main import USUAL
from app.texts.members import FILTERS, MEMBERS
from app.web.problems import all_facts, status_of
from tests.contract import Contract
from tests.given import Json
from tests.servers import ROOT

READING = ("estimate", "get", "list", "check", "describe", "explain", "read", "show", "stream")
VERBS = {"GET": READING, "PATCH": ("change",), "PUT": ("change",), "DELETE": ("delete",)}
"""What an operation id begins with, by method; a POST begins with the business's own verb."""
A_SENTENCE = 20
"""Signs."""


@pytest.fixture(scope="module")
def document(app: FastAPI) -> Json:
    return app.openapi()


def operations(document: Json) -> list[tuple[str, Json]]:
    return [(f"{method.upper()} {path}", each) for path, of in document["paths"].items() for method, each in of.items()]


def test_the_committed_contract_is_what_the_code_says(document: Json) -> None:
    committed = json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8"))
    assert committed == json.loads(json.dumps(document)), "run `make openapi`"


def test_every_edit_names_the_version_that_a_get_of_the_same_thing_answers(document: Json) -> None:
    for path, of in document["paths"].items():
        for method in of.keys() & {"put", "patch", "delete"}:
            named = [each.get("name") for each in of[method]["parameters"]]
            assert "If-Match" in named, (method, path)
            assert {"412", "428"} <= of[method]["responses"].keys(), (method, path)
            assert {"200", "304"} <= of["get"]["responses"].keys(), path
            for answer in (
                of["get"]["responses"]["200"],
                *([of[method]["responses"]["200"]] if method != "delete" else []),
            ):
                assert "ETag" in answer["headers"], (method, path)
        made = of.get("post", {}).get("responses", {}).get("201")
        where = [
            each
            for each in document["paths"]
            if each.startswith(f"{path}/{{") and each.count("/") == path.count("/") + 1
        ]
        if made and any("patch" in document["paths"][each] for each in where):
            assert {"ETag", "Location"} <= made["headers"].keys(), path


def test_the_contract_is_valid_openapi(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_an_operation_id_is_one_operations(document: Json) -> None:
    ids = [each["operationId"] for _, each in operations(document)]
    assert len(ids) > 100
    assert sorted(ids) == sorted(set(ids))


def test_an_operation_id_is_a_verb_and_what_it_is_done_to(document: Json) -> None:
    for name, each in operations(document):
        method, id_ = name.split()[0], each["operationId"]
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", id_), name
        verb = id_.split("_")[0]
        assert verb not in (*READING, "set", "delete") if method == "POST" else verb in VERBS[method], name


def test_every_operation_says_what_it_is_who_may_and_what_it_refuses(document: Json) -> None:
    for name, each in operations(document):
        assert each["summary"], name
        assert each["description"], name
        assert len(each["tags"]) == 1, name
        assert "security" in each, name
        refusals = [status for status in each["responses"] if status[0] in "45"]
        assert refusals, name
        for status in refusals:
            answer = each["responses"][status]
            if "$ref" in answer:
                answer = document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
            media = set(answer["content"])
            assert media <= {"application/problem+json", "application/json"}, name
            assert "/oauth/" in name or "/health/" in name or media == {"application/problem+json"}, name


def test_every_body_has_an_example_that_fits(document: Json) -> None:
    contract = Contract(document)
    for name, each in operations(document):
        bodies = {"request": each["requestBody"]} if "requestBody" in each else {}
        for status, body in (bodies | each["responses"]).items():
            for content in resolved(document, body).get("content", {}).values():
                examples = content.get("examples", {}).values()
                shown = [content["example"]] if "example" in content else []
                shown += [resolved(document, one)["value"] for one in examples]
                is_file = content["schema"].get("format") == "binary"
                assert shown or is_file or status[0] in "45", name  # a refusal of OAuth has one where it was met
                for one in shown:
                    errors = list(contract.validator(content["schema"]).iter_errors(one))
                    assert not errors, f"{name} {status}: {errors[0].message}"


def resolved(document: Json, part: Json) -> Json:
    while "$ref" in part:
        kind, name = part["$ref"].split("/")[-2:]
        part = document["components"][kind][name]
    return part


def refusals(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every refusal of every operation: where, its status, what is said of it."""
    for name, each in operations(document):
        for status, answer in each["responses"].items():
            if status[0] in "45":
                yield name, status, resolved(document, answer)


def test_every_code_is_listed_and_has_its_facts_in_a_schema_of_its_own(document: Json) -> None:
    schemas = document["components"]["schemas"]
    kinds = {kind.code: kind for kind in all_facts()}
    assert schemas["ProblemCode"]["enum"] == sorted(kinds)
    assert {"$ref": "#/components/schemas/ProblemCode"} in schemas["Problem"]["properties"]["code"]["anyOf"]
    members = [(each, each.get("properties", {}).get("code", {})) for each in schemas.values()]
    named = {code["const"]: each for each, code in members if "const" in code}
    assert len(named) > 60
    for code, schema in named.items():
        facts = {fact.name for fact in fields(kinds[code])}
        assert facts <= set(schema["required"]), code
        assert schema["properties"]["status"]["const"] == status_of(kinds[code]), code


def test_a_member_that_holds_a_problems_code_lists_the_codes(document: Json) -> None:
    listed = 0
    for name, schema in document["components"]["schemas"].items():
        for member, each in schema.get("properties", {}).items():
            if re.search("problem('s)? code", each.get("description", "")):
                assert {"$ref": "#/components/schemas/ProblemCode"} in each["anyOf"], f"{name}.{member}"
                listed += 1
    assert listed >= 6


def test_every_refusal_names_its_codes_by_their_schemas(document: Json) -> None:
    for where, status, answer in refusals(document):
        for media, content in answer["content"].items():
            if media == "application/problem+json" and "x-codes" in answer:
                *own, last = (resolved(document, each) for each in content["schema"]["anyOf"])
                assert [each["properties"]["code"]["const"] for each in own] == answer["x-codes"], where
                assert last == document["components"]["schemas"]["Problem"], where  # for codes to come
                assert {each["properties"]["status"]["const"] for each in own} == {int(status)}, where


def test_headers_are_declared_where_they_are_sent(document: Json) -> None:
    for where, status, answer in refusals(document):
        if "x-codes" in answer:
            headers = set(answer["headers"])
            assert {"X-Request-Id", "Content-Language"} <= headers, where
            assert (status in ("429", "503")) == ("Retry-After" in headers), where
            assert (status == "401") == ("WWW-Authenticate" in headers), where
    for where, each in operations(document):
        asked = {resolved(document, one)["name"] for one in each["parameters"]}
        assert "Accept-Language" in asked, where
        assert ("304" in each["responses"]) == ("If-None-Match" in asked), where
        for status, answer in each["responses"].items():
            headers = set(answer.get("headers", ()))
            assert status != "304" or "ETag" in headers, where
            assert "304" not in each["responses"] or status != "200" or "ETag" in headers, where
            assert "If-Match" not in asked or status != "200" or "ETag" in headers, where
            assert status != "204" or "content" not in answer, where


def test_the_parameters_of_a_path_stand_in_its_order(document: Json) -> None:
    for where, each in operations(document):
        named = [resolved(document, one) for one in each["parameters"]]
        assert [one["name"] for one in named if one["in"] == "path"] == re.findall(r"\{(\w+)\}", where), where


def schemas_of_requests(document: Json) -> set[str]:
    """The names of all schemas that requests are made of."""
    bodies = [each["requestBody"]["content"] for _, each in operations(document) if "requestBody" in each]
    open_, seen = [content["schema"] for body in bodies for content in body.values()], set()
    while open_:
        for node in nodes(open_.pop()):
            name = node.get("$ref", "").rsplit("/", 1)[-1]
            if name and name not in seen:
                seen.add(name)
                open_.append(document["components"]["schemas"][name])
    return seen


def test_what_may_be_left_out_of_a_request_is_not_made_required_by_a_default(document: Json) -> None:
    for name in schemas_of_requests(document):
        for node in nodes(document["components"]["schemas"][name]):
            assert "default" not in node, name
    for where, each in operations(document):
        for content in each.get("requestBody", {}).get("content", {}).values():
            assert "anyOf" not in content["schema"], where  # a body is there or not: null is none


def test_an_answer_may_have_a_value_that_a_client_does_not_know_yet(document: Json) -> None:
    schemas = document["components"]["schemas"]
    sent = schemas_of_requests(document)
    opened = 0
    for name in set(schemas) - sent:
        for node in nodes(schemas[name]):
            choices = [resolved(document, each) for each in node.get("anyOf", ())]
            if any("enum" in each for each in choices):
                assert {"type": "string"} in choices, name
                opened += 1
            for below in (*node.get("properties", {}).values(), node.get("items", {})):
                assert "enum" not in resolved(document, below), name
    assert opened > 30
    for name in sent:
        assert {"type": "string"} not in [one for node in nodes(schemas[name]) for one in node.get("anyOf", ())], name


def test_names_of_types_are_those_that_people_would_give(document: Json) -> None:
    for kind in ("schemas", "responses"):
        for name in document["components"][kind]:
            assert re.fullmatch(r"([A-Z][a-z0-9]*)+", name), name
    taken = {"Client", "AuthenticatedClient", "Response", "Unset", "File"}
    assert not taken & set(document["components"]["schemas"]), "openapi-python-client has these names itself"


def test_every_schema_member_parameter_and_header_is_described(document: Json) -> None:
    components = document["components"]
    silent = [name for kind in ("schemas", "headers") for name, each in components[kind].items() if not said(each)]
    silent += [
        f"{name}.{member}"
        for name, schema in components["schemas"].items()
        for node in nodes(schema)
        for member, each in node.get("properties", {}).items()
        if not said(each)
    ]
    silent += [
        f"{where}: {parameter['name']}"
        for where, each in operations(document)
        for parameter in (resolved(document, one) for one in each["parameters"])
        if not said(parameter)
    ]
    assert not silent, "describe them where they are declared, or by their name in app/texts/members.py"


def test_a_description_says_more_than_what_is_read_beside_it(document: Json) -> None:
    said = {where: len(each["description"]) - len(each["summary"]) for where, each in operations(document)}
    short = [where for where, more in said.items() if more < A_SENTENCE]
    assert not short, "say what else one must know: who may, what stays, what else it answers, what null means"


def test_what_may_be_null_says_what_that_means(document: Json) -> None:
    silent = [
        f"{name}.{member}"
        for name, schema in document["components"]["schemas"].items()
        for member, each in schema.get("properties", {}).items()
        if {"type": "null"} in each.get("anyOf", ()) and not re.search(r"\bnull\b", each["description"], re.IGNORECASE)
    ]
    assert not silent, "say it where they are declared, or by their name in app/texts/members.py"


def test_a_filter_has_one_name_and_one_shape_on_every_list(document: Json) -> None:
    shapes: dict[str, str] = {}
    statuses = 0
    for path, of in document["paths"].items():
        answer = of.get("get", {}).get("responses", {}).get("200", {})
        page = resolved(document, answer.get("content", {}).get("application/json", {}).get("schema", {}))
        if "next_cursor" not in page.get("properties", {}):
            continue
        asked = {each["name"]: each["schema"] for each in of["get"]["parameters"] if each.get("in") == "query"}
        for name in asked.keys() - {"limit", "sort", "kind"}:  # each list has an order and kinds of its own
            type_ = resolved(document, asked[name])["type"]
            assert shapes.setdefault(name, type_) == type_, (path, name)
        shows = "status" in resolved(document, page["properties"]["data"]["items"])["properties"]
        assert shows == ("status" in asked), path
        statuses += shows
    assert statuses > 3
    assert shapes["status"] == "array"


def test_an_answer_says_what_it_is(document: Json) -> None:
    for where, each in operations(document):
        for status, answer in each["responses"].items():
            text = resolved(document, answer)["description"]
            assert len(text) > 5, (where, status)
            assert text != "Successful Response", (where, status)


def test_what_a_request_may_say_is_bounded(document: Json) -> None:
    bounds = {
        "string": {"maxLength", "pattern", "format", "enum", "const"},
        "integer": {"maximum", "enum", "const"},
        "array": {"maxItems"},
    }
    asked = {name: document["components"]["schemas"][name] for name in schemas_of_requests(document)}
    for where, each in operations(document):
        for one in (resolved(document, parameter) for parameter in each["parameters"]):
            if one["in"] != "header":  # all headers together are bounded
                asked[f"{where}: {one['name']}"] = one["schema"] if one["schema"].get("type") != "array" else {}
    for name, schema in asked.items():
        for node in nodes(schema):
            assert node.get("type") not in bounds or bounds[node["type"]] & node.keys(), (name, node)


def said(described: Json) -> bool:
    return len(described.get("description", "")) > 2


def test_a_word_that_is_described_by_name_is_one_of_the_documents(document: Json) -> None:
    written = json.dumps(document, ensure_ascii=False)
    for words in (MEMBERS, FILTERS):
        for name, text in words.items():
            assert json.dumps(text, ensure_ascii=False)[1:-1] in written, name


def test_the_introduction_names_the_limits_and_lifetimes_that_count(app: FastAPI, document: Json) -> None:
    text = document["info"]["description"]
    assert f"{ACCESS_TOKEN_LIFE.seconds // 60} minutes" in text
    assert f"{REFRESH_TOKEN_LIFE.days} days" in text
    assert f"again for {REFRESH_GRACE.seconds} seconds" in text
    assert f"{USUAL['known_rate_per_second']} requests a second" in text
    other = made_of(app, {**USUAL, "known_rate_per_second": 77})
    assert "77 requests a second" in other["info"]["description"]


def test_the_clients_have_the_documents_version(document: Json) -> None:
    clients = ROOT / "clients"
    typescript = json.loads((clients / "typescript" / "package.json").read_text("utf-8"))
    python = tomllib.loads((clients / "python" / "pyproject.toml").read_text("utf-8"))["project"]
    assert {typescript["version"], python["version"]} == {document["info"]["version"]}
