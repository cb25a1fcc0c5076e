"""Requests that no careful client sends are refused as what they are, whoever sends them, and nothing is stored."""

import re
from collections.abc import Iterator
from uuid import uuid4

from fastapi import FastAPI

from app.web.routing import Operation, operations
from tests.given import Given, code_of, must_refuse


def published(app: FastAPI) -> Iterator[tuple[Operation, str, str]]:
    """Every operation of the document, with its method and a path that leads to it."""
    for each in operations(app):
        if each.route.include_in_schema:
            path = re.sub(r"\{\w+\}", str(uuid4()), each.path.replace("{mall}", "nowhere"))
            yield from ((each, method, f"/{path}") for method in each.methods)


async def test_a_parameter_that_an_operation_does_not_read_is_refused_by_its_name(given: Given, app: FastAPI) -> None:
    asked = 0
    for operation, method, path in published(app):
        if operation.query is not None:
            answer = await given.public.ask(method, path, params={"colour": "1", "q~/x": ""})
            must_refuse(answer, 422, "invalid_request", pointer="#query/colour")
            assert [each["pointer"] for each in answer.json()["errors"]] == ["#query/colour", "#query/q~/x"]
            asked += 1
    assert asked > 100


async def test_a_parameter_is_said_once(given: Given, app: FastAPI) -> None:
    asked = 0
    for operation, method, path in published(app):
        for name in operation.query or ():
            answer = await given.public.ask(method, f"{path}?{name}=1&{name}=1")
            must_refuse(answer, 422, "invalid_request", pointer=f"#query/{name}")
            asked += 1
    assert asked > 50


async def test_a_parameter_that_is_not_known_is_told_in_both_languages(given: Given) -> None:
    mall = await given.mall()
    said = {}
    for language in ("id", "en"):
        answer = await mall.public.get("/board?colour=1", headers={"Accept-Language": language})
        [said[language]] = [each["detail"] for each in answer.json()["errors"]]
    assert said == {"id": "Parameter ini tidak dikenal.", "en": "this parameter is not known"}


async def test_pages_and_the_oauth_endpoints_ignore_what_they_do_not_know(given: Given) -> None:
    for page in ("//docs", "//problems", "//openapi.json"):
        assert (await given.public.get(f"{page}?utm_source=letter")).status_code == 200
    signing_in = await given.public.ask("POST", "//v1/oauth/token?trace=1", data={"grant_type": "device_code"})
    assert code_of(signing_in) == (400, "unsupported_grant_type")
