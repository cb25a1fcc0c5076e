"""The pages in a real browser: complete without a network, and the docs page good for working a counter."""

import json
from typing import Any

import pytest
from playwright.async_api import Locator

from tests.browser.conftest import Visitor
from tests.servers import Demo

OFFICER = "petugas.disdukcapil.1"
PAGES = {"/": "front", "/docs": "docs", "/docs/roles": "roles", "/problems": "problems"}


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_complete_without_a_network(visitor: Visitor, path: str) -> None:
    await visitor.visits(path)
    assert await visitor.page.locator("h1, h2").first.inner_text()
    await visitor.shows(PAGES[path], whole=path != "/docs")


@pytest.mark.parametrize("path", ["/", "/docs/roles"])
async def test_a_page_fits_a_phone_in_the_dark(visitor: Visitor, path: str) -> None:
    await visitor.page.emulate_media(color_scheme="dark")
    await visitor.page.set_viewport_size({"width": 390, "height": 844})
    await visitor.visits(path)
    wide: int = await visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    await visitor.shows(f"{PAGES[path]}-phone")


async def test_the_role_page_leads_to_an_operation(visitor: Visitor) -> None:
    await visitor.visits("/docs")
    link = visitor.page.get_by_role("link", name="Siapa boleh apa")
    assert await link.evaluate("each => each.href") == f"{visitor.base}/docs/roles"
    await visitor.visits("/docs/roles")
    await visitor.page.get_by_role("link", name="cancel_own_ticket", exact=True).click()
    await visitor.page.locator(f"{operation('own ticket', 'cancel_own_ticket')}.is-open").wait_for()


def operation(tag: str, name: str) -> str:
    """Where Swagger UI has an operation."""
    return f"[id='operations-{tag.replace(' ', '_')}-{name}']"


async def tried(visitor: Visitor, tag: str, name: str, body: Any = None, **fields: str) -> Any:
    """Fill an operation's fields in, execute it, and read the answer off the page."""
    block, of_tag = visitor.page.locator(operation(tag, name)), visitor.page.locator(f"[id='operations-tag-{tag}']")
    await of_tag.wait_for()
    if await of_tag.get_attribute("data-is-open") != "true":
        await of_tag.click()
    await block.locator(".opblock-summary-control").click()
    for field, value in fields.items():
        await block.locator(f"tr[data-param-name='{field}'] input").fill(value)
    if body is not None:
        await block.locator("textarea.body-param__text").fill(json.dumps(body))
    await block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table")
    await answer.wait_for()
    status = await answer.locator(".response-col_status").last.inner_text()
    assert status.split()[0] in ("200", "201"), await answer.inner_text()
    await answer.evaluate("each => each.scrollIntoView({block: 'center'})")
    await visitor.shows(f"tried-{name}")
    return json.loads(await _text(answer))


async def _text(answer: Locator) -> str:
    return await answer.locator(".response-col_description .highlight-code pre, .microlight").first.inner_text()


async def test_an_officer_signs_in_and_calls_the_ticket_that_a_visitor_took(visitor: Visitor, demo: Demo) -> None:
    mall, officer = demo.cast["mall"], demo.account(OFFICER)
    services = (await demo.http.get(f"/v1/malls/{mall}/services", params={"code": "KTP-BARU"})).json()["data"]
    service = services[0]
    where = {"agency_id": service["agency_id"]}
    counter = (await demo.http.get(f"/v1/malls/{mall}/counters", params=where)).json()["data"][0]
    await visitor.visits("/docs")

    wanted = {"service_id": service["id"], "channel": "web"}
    ticket = await tried(visitor, "tickets", "issue_ticket", wanted, mall=mall)

    await visitor.page.locator("button.authorize").first.click()
    await visitor.page.locator("#oauth_username").fill(officer["username"])
    await visitor.page.locator("#oauth_password").fill(officer["password"])
    await visitor.page.locator(".auth-container").first.locator("button.authorize").click()
    await visitor.page.locator(".auth-container").first.get_by_text("Authorized", exact=True).wait_for()
    await visitor.shows("authorized")
    kept = "JSON.stringify([localStorage, sessionStorage]) + document.cookie"
    assert await visitor.page.evaluate(kept) == "[{},{}]"
    await visitor.page.locator(".modal-ux .close-modal").click()

    opened = await tried(visitor, "counters", "open_counter", mall=mall, counter_id=counter["id"])
    assert (opened["status"], opened["waiting"]) == ("open", 1)
    called = await tried(visitor, "counters", "call_next_ticket", mall=mall, counter_id=counter["id"])
    assert (called["id"], called["number"], called["status"]) == (ticket["id"], ticket["number"], "called")
    board = await tried(visitor, "board", "get_board", mall=mall)
    assert [each["number"] for each in board["now_serving"]] == [ticket["number"]]
