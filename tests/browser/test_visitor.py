"""The visitor's page of `examples/`, on a phone: where the number stands, and what its visitor may do."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser

from tests.browser.malls import Mall
from tests.browser.screens import Screen
from tests.given import Json

SERVICE = "KTP-RUSAK"


@dataclass
class Phone:
    """A phone with the page of a ticket."""

    screen: Screen
    ticket: Json
    service: Json


@pytest.fixture
async def phone(browser: Browser, mall: Mall) -> AsyncIterator[Phone]:
    """The second in the queue looks at their number."""
    await mall.is_well()
    service = await mall.service(SERVICE)
    await mall.nobody_waits_at(service)
    await mall.takes(service)
    ticket = await mall.takes(service)
    context = await browser.new_context(viewport={"width": 390, "height": 760}, locale="id-ID")
    screen = Screen(await context.new_page(), mall)
    await screen.opens(f"visitor/#{ticket['claim_code']}")
    await screen.says(ticket["number"])
    yield Phone(screen, ticket, service)
    await context.close()
    assert screen.wrong == []


async def test_it_shows_the_position_and_where_to_go_when_called(phone: Phone, mall: Mall) -> None:
    screen = phone.screen
    await screen.says("1 orang sebelum Anda")
    await screen.looks_well("visitor-1-waiting")
    counter = (await mall.counters(phone.service))[0]
    await mall.asks("POST", f"/counters/{counter['id']}/opening")
    await mall.asks("POST", f"/counters/{counter['id']}/calls", body={"ticket_id": phone.ticket["id"]})
    await screen.says("Giliran Anda!")
    await screen.says(f"Silakan ke {counter['name']['id']}")
    await screen.looks_well("visitor-2-called")
    await mall.asks("POST", f"/counters/{counter['id']}/closing", body={"force": True})


async def test_others_go_first_once_even_where_the_answer_is_lost(phone: Phone, mall: Mall) -> None:
    await mall.takes(phone.service)
    await mall.takes(phone.service)
    await phone.screen.loses_the_answer("**/postponement")
    await phone.screen.button("Biarkan orang lain dulu").click()
    await phone.screen.looks_well("visitor-3-others")
    await phone.screen.button(
        "1 orang",
    ).click()
    await phone.screen.says("2 orang sebelum Anda")
    await phone.screen.says("Masih bisa 1 kali")


async def test_it_is_cancelled_after_a_question(phone: Phone, mall: Mall) -> None:
    await phone.screen.button("Batalkan antrean").click()
    await phone.screen.page.keyboard.press("Escape")
    await phone.screen.button("Batalkan antrean").click()
    await phone.screen.button("Ya, batalkan").click()
    await phone.screen.page.locator(".status", has_text="Dibatalkan").wait_for()
    assert (await mall.asks("GET", f"/tickets/{phone.ticket['id']}"))["closed_by"] == "visitor"


async def test_a_lost_network_is_said_and_the_page_goes_on_by_itself(phone: Phone, mall: Mall) -> None:
    mall.front.cut()
    await phone.screen.says("Sambungan terputus")
    await mall.asks("POST", f"/tickets/{phone.ticket['id']}/cancellation", body={"reason": "Loket tutup"})
    mall.front.mend()
    await phone.screen.says("Loket tutup")
    assert not await phone.screen.page.locator("#connection .banner").count()


async def test_a_wrong_code_is_said_and_another_one_may_be_typed(phone: Phone) -> None:
    await phone.screen.opens("visitor/#0000000000000000")
    await phone.screen.page.locator("#notice .bad").wait_for()
    await phone.screen.looks_well("visitor-4-code")
    code = phone.ticket["claim_code"]
    await phone.screen.page.get_by_label("Kode").fill(f"{code[:8].lower()}-{code[8:]}")
    await phone.screen.page.keyboard.press("Enter")
    await phone.screen.says("1 orang sebelum Anda")


async def test_it_speaks_english_too(phone: Phone) -> None:
    await phone.screen.button("English").click()
    await phone.screen.says("People before you: 1")
    assert await phone.screen.page.evaluate("document.documentElement.lang") == "en"
