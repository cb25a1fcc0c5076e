"""The pages that people read say what the program does, and lead somewhere."""

import re
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import httpx
import pytest
from fastapi import FastAPI

from app.domain.roles import TABLE, Permission, Reach
from app.main import create_app
from app.settings import Settings
from app.texts.pages import PARTS, PERMISSIONS
from app.web.context import context_of
from app.web.problems import all_facts
from app.web.routing import operations
from tests.contract import Contract

PAGES = ("/", "/docs/roles", "/problems")
SHOWN = {Reach.ALL: ["ya", "yes"], Reach.OWN: ["miliknya", "own"], None: ["tidak", "no"]}


async def page(http: httpx.AsyncClient, path: str) -> ET.Element:
    """A page's elements: it is written so plainly that it also reads as XML."""
    answer = await http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    text = answer.text.removeprefix("<!doctype html>")
    return ET.fromstring(re.sub(r"<((?:meta|link)\b[^>]*)>", r"<\1/>", text))  # noqa: S314  # our own page


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_asks_nothing_from_outside_and_runs_no_script(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert "//" not in answer.text
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
async def test_every_link_of_a_page_leads_somewhere(http: httpx.AsyncClient, path: str) -> None:
    targets = {each.get("href", "") for each in (await page(http, path)).iter() if each.get("href")}
    assert len(targets) > 4
    for target in {urljoin(path, each.partition("#")[0]) for each in targets}:
        assert (await http.get(target)).status_code == 200, target


async def test_the_docs_page_leaves_no_credentials_in_the_browser(http: httpx.AsyncClient) -> None:
    start = (await http.get("/docs/assets/init.js")).text
    assert "persistAuthorization: false," in start


async def test_the_front_page_says_where_to_go_in_both_languages(http: httpx.AsyncClient) -> None:
    front = await page(http, "/")
    links = {each.get("href") for each in front.iter("a")}
    assert links == {"docs", "docs/roles", "problems", "openapi.json", "health/live", "health/ready"}
    said = [each.get("lang") for each in front.iter("p")]
    assert said.count("id") == said.count("en") == len(said) / 2
    commands = [each.text for each in front.iter("code")]
    assert commands == [".venv/bin/python -m app demo accounts", ".venv/bin/python -m app demo day"]


async def test_the_screens_to_copy_are_served_where_it_is_said_and_nowhere_else(
    http: httpx.AsyncClient, app: FastAPI, settings: Settings, database_url: str, contract: Contract
) -> None:
    assert (await http.get("/examples/")).status_code == 404
    clock = context_of(app).database.clock
    made = create_app(
        settings.model_copy(update={"examples": True}), database_url, context_of(app).server_key, clock=clock
    )
    async with made.router.lifespan_context(made), contract.client(made) as client:
        assert "examples/" in {each.get("href") for each in (await page(client, "/")).iter("a")}
        for path in ("", "kiosk/", "counter/", "display/", "visitor/", "shared/api.js"):
            answer = await client.get(f"/examples/{path}")
            assert answer.status_code == 200, path
            assert answer.headers["Cache-Control"] == "no-cache"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
        for path in ("shared/../../pyproject.toml", "shared/%2e%2e/%2e%2e/pyproject.toml"):
            assert (await client.get(f"/examples/{path}")).status_code == 404, path


async def test_in_production_the_front_page_speaks_of_no_demo(
    http: httpx.AsyncClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context_of(app), "development", False)
    monkeypatch.setattr(context_of(app), "pages", {})
    assert "demo" not in (await http.get("/")).text


async def test_every_cell_of_the_role_page_is_the_tables(http: httpx.AsyncClient) -> None:
    table = (await page(http, "/docs/roles")).find(".//table")
    assert table is not None
    parts = [each.text for each in table.findall("./thead/tr/th/code")]
    assert parts == list(PARTS)
    assert set(parts) == {part for row in TABLE.values() for part in row}
    shown = {
        row.findtext("./th/code"): [["".join(text.itertext()) for text in cell] for cell in row.findall("./td")]
        for row in table.findall("./tbody/tr")
    }
    assert set(shown) == set(Permission) == set(PERMISSIONS)
    for verb in Permission:
        assert shown[verb] == [SHOWN[TABLE[verb].get(part)] for part in PARTS], verb


async def test_the_role_page_names_every_operation_where_it_is_guarded(http: httpx.AsyncClient, app: FastAPI) -> None:
    roles = await page(http, "/docs/roles")
    published = {each.id: each for each in operations(app) if each.route.include_in_schema}
    named: dict[str | None, str | None] = {}
    for row in roles.findall(".//tbody/tr"):
        for link in row.findall("./th/small/a"):
            named[link.text] = row.findtext("./th/code")
            assert link.text
            tag = published[link.text].route.tags[0]
            assert link.get("href") == f"../docs#/{str(tag).replace(' ', '%20')}/{link.text}"
    assert named == {name: each.markers.permission for name, each in published.items() if each.markers.permission}
    free = [each.text for each in roles.findall(".//section/small/a")]
    assert sorted(filter(None, free)) == sorted(set(published) - set(named))


async def test_the_problem_page_has_every_code(http: httpx.AsyncClient) -> None:
    listed = [each.text for each in (await page(http, "/problems")).findall(".//tbody/tr/th/a")]
    assert listed == sorted(kind.code for kind in all_facts())


async def test_the_docs_introduction_leads_to_the_role_page(app: FastAPI) -> None:
    assert "(docs/roles)" in app.openapi()["info"]["description"]


@pytest.mark.parametrize("path", ["/", "/docs/roles", "/problems", "/openapi.json"])
async def test_a_page_is_tagged_and_not_sent_to_who_has_it(http: httpx.AsyncClient, path: str) -> None:
    first = await http.get(path)
    again = await http.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["Cache-Control"] == "no-cache"
    assert again.status_code == 304
    assert again.content == b""
    for name in ("ETag", "Cache-Control", "Content-Security-Policy"):
        assert again.headers[name] == first.headers[name]
