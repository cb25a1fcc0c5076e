"""What every answer carries, and the pages that the program serves about itself."""

import re

import httpx
from fastapi import FastAPI

from app.web.context import context_of
from tests.given import Given, must_refuse, must_show

FOREIGN_ADDRESS = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")


async def test_every_answer_carries_the_requests_id_and_the_headers_of_a_careful_api(given: Given) -> None:
    mall = await given.mall()
    mine = await mall.public.get("/board", headers={"X-Request-Id": "kiosk-7.request_42"})
    assert mine.headers["X-Request-Id"] == "kiosk-7.request_42"
    for odd in ("short", "with spaces in it", "x" * 65):
        made = await mall.public.get("/board", headers={"X-Request-Id": odd})
        assert re.fullmatch(r"[0-9a-f]{32}", made.headers["X-Request-Id"])
    lost = await mall.public.get("/nowhere")
    assert lost.json()["request_id"] == lost.headers["X-Request-Id"]
    for each in (mine, lost):
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert each.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in each.headers["Content-Security-Policy"]
    assert lost.headers["Cache-Control"] == "no-store"


async def test_browsers_of_named_origins_may_ask_and_read_what_they_need(given: Given) -> None:
    mall = await given.mall()
    origin = {"Origin": "https://kiosk.example"}
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "idempotency-key,authorization"}
    flight = await mall.public.http.request("OPTIONS", f"{mall.path}/tickets", headers={**origin, **asked})
    assert flight.status_code == 200
    assert flight.headers["Access-Control-Allow-Origin"] == "https://kiosk.example"
    answer = await mall.public.get("/board", headers=origin)
    exposed = {each.strip() for each in answer.headers["Access-Control-Expose-Headers"].split(",")}
    assert {"ETag", "Location", "Link", "Retry-After", "X-Request-Id", "Idempotency-Replayed"} <= exposed
    refused = await mall.public.get("/nowhere", headers=origin)
    assert refused.headers["Access-Control-Allow-Origin"] == "https://kiosk.example"
    stranger = await mall.public.get("/board", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


async def test_the_program_says_whether_it_lives_and_is_ready(http: httpx.AsyncClient, app: FastAPI) -> None:
    assert (await http.get("/health/live")).json() == {"status": "pass"}
    ready = await http.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["status"] == "pass"
    head = context_of(app).migration_head
    context_of(app).migration_head = "another"
    try:
        behind = await http.get("/health/ready")
    finally:
        context_of(app).migration_head = head
    assert behind.status_code == 503
    assert behind.json()["checks"]["migration"] == "fail"


async def test_the_docs_page_asks_nothing_of_any_other_address(http: httpx.AsyncClient) -> None:
    page = await http.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert not FOREIGN_ADDRESS.search(page.text)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for asset in re.findall(r'(?:src|href)="(docs/assets/[^"]+)"', page.text):
        assert (await http.get(f"/{asset}")).status_code == 200, asset
    document = await http.get("/openapi.json")
    assert document.json()["openapi"].startswith("3.1")
    known = await http.get("/openapi.json", headers={"If-None-Match": document.headers["ETag"]})
    assert known.status_code == 304


async def test_every_code_is_explained_in_both_languages(http: httpx.AsyncClient, app: FastAPI) -> None:
    declared = re.findall(r"'x-codes': \[([^]]*)\]", str(app.openapi()))
    codes = {code for each in declared for code in re.findall(r"\w+", each)}
    assert {"quota_exhausted", "internal_error", "busy", "payload_too_large"} < codes
    for code in codes:
        said = (await http.get(f"/problems/{code}")).json()
        assert said["code"] == code
        assert all(said["detail"][language] for language in ("id", "en")), code
    said = (await http.get("/problems/quota_exhausted")).json()
    must_show(said, code="quota_exhausted", status=409)
    assert said["title"]["id"] != said["title"]["en"]
    lost = await http.get("/problems/unheard_of")
    must_refuse(lost, 404, "not_found")
    assert (await http.get(lost.json()["type"])).json()["code"] == "not_found"
