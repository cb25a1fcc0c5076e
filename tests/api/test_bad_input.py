"""Requests that no careful client sends are refused as what they are, whoever sends them, and nothing is stored."""

import gzip
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from app.web.reading_json import DEEPEST, must_be_plain
from app.web.routing import Operation, operations
from tests.given import Given, Json, code_of, must_refuse, names

JSON = {"Content-Type": "application/json"}


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
        for name in (name for name, repeatable in (operation.query or {}).items() if not repeatable):
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
    form = "token=nobodys&trace=1&trace=2&=&="
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await given.public.post("//v1/oauth/revoke", content=form, headers=headers)).status_code == 200


async def test_json_that_can_be_taken_in_two_ways_is_refused_with_where_it_is(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    reading, ignoring = "/agencies", f"/agreements/{agency.agreement_id}/review"
    before = len(await mall.entries())
    for content, pointer in (
        ('{"code": "A", "category": "private", "code": "B"}', "/code"),
        ('{"name": {"id": "A", "en": "B", "id": "C"}}', "/name/id"),
        ('{"list": [{}, {"a/b": 1, "a/b": 1}]}', "/list/1/a~1b"),
        ('{"a": {"b": 1, "b": 2}, "a": 3}', "/a"),
        (r'{"\ud800": 1}', ""),
        (r'{"name": {"\udfff": 1, "\udfff": 2}}', "/name"),
        (r'{"name": {"id": "\ud83d", "en": "\ud83c\udfab"}}', "/name/id"),
        ("[" * 65 + "]" * 65, ""),
        ('{"a":' * 65 + "1" + "}" * 65, ""),
        ("[" * 959 + "]" * 959, ""),
        ("[" * 5_000 + "]" * 5_000, ""),
        ("[" * 400_000, ""),
    ):
        for path in (reading, ignoring):
            for headers in (JSON, JSON | {"Idempotency-Key": str(uuid4())}):
                answer = await mall.manager.post(path, content=content, headers=headers)
                must_refuse(answer, 422, "invalid_request", pointer=pointer)
    assert len(await mall.entries()) == before


def test_brackets_of_every_depth_are_read_or_refused() -> None:
    for depth in range(1, 5_001):
        lists, objects, unclosed = b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth, b"[" * depth
        if depth <= DEEPEST:
            must_be_plain(lists)
            must_be_plain(objects)
        for body in (lists, objects, unclosed) if depth > DEEPEST else (unclosed,):
            with pytest.raises(RequestValidationError):
                must_be_plain(body)


async def test_json_within_the_bounds_is_read(given: Given) -> None:
    mall = await given.mall()
    name = r'{"id": "Tiket \ud83c\udfab", "en": "Ticket"}'
    body = f'\ufeff{{"code": "NEW", "category": "private", "name": {name}}}'
    made = await mall.manager.post("/agencies", content=body.encode(), headers=JSON)
    assert made.status_code == 201, made.text
    assert made.json()["name"]["id"] == "Tiket \U0001f3ab"
    deep = '{"x":' + "[" * 63 + "]" * 63 + "}"
    answer = await mall.manager.post("/agencies", content=deep, headers=JSON)
    assert "/x" in [each["pointer"] for each in answer.json()["errors"]]


async def test_an_encoded_body_is_refused(given: Given) -> None:
    mall = await given.mall()
    body = b'{"code": "NEW", "category": "private", "name": {"id": "Baru", "en": "New"}}'
    for encoding in ("gzip", "GZIP", "br", "identity, gzip", "unheard-of"):
        for content in (body, gzip.compress(body)):
            headers = JSON | {"Content-Encoding": encoding}
            answer = await mall.manager.post("/agencies", content=content, headers=headers)
            must_refuse(answer, 415, "unsupported_encoding")
    plain = await mall.manager.post("/agencies", content=body, headers=JSON | {"Content-Encoding": "Identity"})
    assert plain.status_code == 201
    form = gzip.compress(b"grant_type=password")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    answer = await given.public.post("//v1/oauth/token", content=form, headers=headers)
    assert code_of(answer) == (415, "unsupported_encoding")


async def test_what_a_request_says_once_it_does_not_say_twice(given: Given) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    once = ("Authorization", f"Bearer {mall.manager.credential}")
    for path in ("/agencies", "/board", "//v1/me", "//metrics", "//health/live"):
        url = path[1:] if path.startswith("//") else mall.path + path
        must_refuse(await mall.http.get(url, headers=[once, once]), 400, "authorization_repeated")
    keys = [once, *[("Idempotency-Key", str(uuid4())) for _ in range(2)]]
    wanted = {"service_id": agency.service, "channel": "kiosk"}
    must_refuse(await mall.http.post(f"{mall.path}/tickets", json=wanted, headers=keys), 422, "idempotency_key_invalid")
    form = "grant_type=password&username=a&username=b&password=c"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
    answer = await given.public.post("//v1/oauth/token", content=form, headers=headers)
    assert code_of(answer) == (400, "invalid_request")
    assert answer.json()["error_description"] == "username: this parameter stands there more than once"


async def test_a_slash_in_disguise_leads_nowhere(given: Given) -> None:
    mall = await given.mall()
    files = ("/docs/assets%2Fpages.css", "/docs%2fassets/pages.css")
    for path in (f"{mall.path}%2Fboard", f"/v1/malls%2f{mall.slug}", *files):
        must_refuse(await given.public.get(f"/{path}"), 404, "not_found")


async def test_head_is_answered_as_get_is_without_the_body(given: Given, app: FastAPI) -> None:
    mall = await given.mall()
    agency = await mall.agency()
    for path in ("/board", "/agencies", f"/agencies/{agency.id}", f"/agencies/{uuid4()}", "//health/live", "//docs"):
        whole, head = await mall.manager.get(path), await mall.manager.ask("HEAD", path)
        assert (head.status_code, head.content) == (whole.status_code, b""), path
        own = {"x-request-id", "content-length"}
        assert set(head.headers) - own == set(whole.headers) - own
        assert head.headers.get("etag") == whole.headers.get("etag")
    known = (await mall.manager.get("/board")).headers["ETag"]
    assert (await mall.manager.ask("HEAD", "/board", headers={"If-None-Match": known})).status_code == 304
    for operation, method, path in published(app):
        if method == "GET":
            assert (await given.public.ask("HEAD", path)).status_code != 405, operation.id


async def test_a_method_that_is_not_there_is_said_with_those_that_are(given: Given) -> None:
    mall = await given.mall()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path, allowed in (
        ("//v1/oauth/token", "POST"),
        ("//v1/oauth/revoke", "POST"),
        ("/agencies", "GET, HEAD, POST"),
        ("/board", "GET, HEAD"),
    ):
        for method in ("TRACE", "PUT", "CONNECT", "OPTIONS", "PROPFIND"):
            for body, headers in ((b"", {}), (b"grant_type=password", form), (b"{", JSON)):
                answer = await mall.public.ask(method, path, content=body, headers=headers)
                assert code_of(answer) == (405, "method_not_allowed"), (method, path)
                assert answer.headers["Allow"] == allowed


ODD_ADDRESSES = (
    'https://x"><script>alert(1)</script>',
    "https://user:pw@kantor.example",
    "https://user@kantor.example/",
    "https://kantor.example@elsewhere.example",
    "https://kantor.example/\u202egnp.exe",
    "https://kantor.example/a b",
    "https://kantor.example\\@elsewhere.example",
    "https://k\u0430ntor.example",
    "https://-kantor.example",
    "https://",
    "javascript:alert(1)",
)


async def test_an_agencys_addresses_lead_where_they_seem_to(given: Given) -> None:
    mall = await given.mall()
    body: Json = {"code": "NEW", "category": "private", "name": names("New")}
    for odd in ODD_ADDRESSES:
        answer = await mall.manager.post("/agencies", {**body, "website": odd})
        must_refuse(answer, 422, "invalid_request", pointer="/website")
    for odd in ("dewi\u202e@kantor.example", "a@b@c.example", '"><b>@kantor.example', "dewi@kantor.example>"):
        answer = await mall.manager.post("/agencies", {**body, "contact": {"name": "Dewi", "email": odd}})
        must_refuse(answer, 422, "invalid_request", pointer="/contact/email")
    for code, good in enumerate(("https://kantor.example", "http://10.1.2.3:8080/a%20b/?q=1&r=(2)#ke-3")):
        made = await mall.manager.does("/agencies", {**body, "code": f"A{code}", "website": good})
        assert made["website"] == good


async def test_a_name_is_made_of_signs_that_can_be_seen(given: Given) -> None:
    mall = await given.mall()
    body: Json = {"code": "NEW", "category": "private"}
    for odd in ("\u0301", "\u2800", "\u3164\u3164", "\u115f", "a" + "\u0301" * 150, "\u200b", "\u202eA", "\u00ad"):
        answer = await mall.manager.post("/agencies", {**body, "name": {"id": "Nama", "en": odd}})
        must_refuse(answer, 422, "invalid_request", pointer="/name/en")
    thai = "\u0e17\u0e35\u0e48\u0e19\u0e35\u0e48"
    for code, good in enumerate(("Cafe\u0301 \u2615\ufe0f", "MM M\u0323\u0302", thai)):
        made = await mall.manager.does("/agencies", {**body, "code": f"B{code}", "name": {"id": good, "en": good}})
        assert made["name"]["en"] == good
