"""The contract that is published is the one that is kept, and it is whole."""

import json
import re

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from tests.given import Json
from tests.servers import ROOT

READING = ("get", "list", "check", "describe", "explain", "read", "show")
VERBS = {"GET": READING, "PATCH": ("change",), "PUT": ("set",), "DELETE": ("delete",)}
"""What an operation id begins with, by method; a POST begins with the business's own verb."""


@pytest.fixture(scope="module")
def document(app: FastAPI) -> Json:
    return app.openapi()


def operations(document: Json) -> list[tuple[str, Json]]:
    return [(f"{method.upper()} {path}", each) for path, of in document["paths"].items() for method, each in of.items()]


def test_the_committed_contract_is_what_the_code_says(document: Json) -> None:
    committed = json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8"))
    assert committed == json.loads(json.dumps(document)), "run `make openapi`"


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


def test_every_body_has_an_example(document: Json) -> None:
    for name, each in operations(document):
        for body in (each.get("requestBody", {}), *each["responses"].values()):
            for content in body.get("content", {}).values():
                assert "example" in content or "examples" in content, name
