"""The kiosk of `examples/`: a number is taken once, its paper reported, and a reason said where there is none."""

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from playwright.async_api import Browser

from tests.browser.malls import Mall
from tests.browser.screens import PRINTER, Screen
from tests.given import Json

AGENCY = "Kantor Imigrasi"


@pytest.fixture
async def kiosk(browser: Browser, mall: Mall) -> AsyncIterator[Screen]:
    """A kiosk with its key, waiting for somebody."""
    await mall.is_well()
    context = await browser.new_context(viewport={"width": 1280, "height": 1024}, locale="id-ID")
    await context.add_init_script(PRINTER)
    screen = Screen(await context.new_page(), mall)
    await screen.opens(f"kiosk/#key={quote(await mall.demo.credential('kiosk') or '')}")
    await screen.says("Selamat datang")
    yield screen
    await context.close()
    assert screen.wrong == []


async def chooses(kiosk: Screen, language: str = "Ambil nomor antrean") -> None:
    """A visitor's way to the last question."""
    await kiosk.button(language).click()
    await kiosk.page.locator("button.choice").filter(has_text=AGENCY).first.click()
    await kiosk.page.locator("button.choice:not(.closed)").first.click()


async def number_on(kiosk: Screen) -> str:
    return await kiosk.page.locator("main .number").inner_text()


async def ticket_of(mall: Mall, number: str) -> Json:
    found: Json = (await mall.asks("GET", f"/tickets?number={number}"))["data"][0]
    return found


async def given_today(mall: Mall) -> int:
    return len((await mall.asks("GET", "/tickets?limit=100"))["data"])


async def test_a_visitor_takes_a_number_with_priority_and_gets_the_paper(kiosk: Screen, mall: Mall) -> None:
    await kiosk.looks_well("kiosk-1-welcome")
    await kiosk.button("Take a queue number").click()
    await kiosk.says("Which office do you need?")
    await kiosk.looks_well("kiosk-2-agencies")
    await kiosk.page.locator("button.choice").filter(has_text="Immigration").first.click()
    await kiosk.says("Which service do you need?")
    await kiosk.looks_well("kiosk-3-services")
    await kiosk.page.locator("button.choice:not(.closed)").first.click()
    await kiosk.looks_well("kiosk-4-priority")
    await kiosk.button("Elderly").click()
    await kiosk.says("Your queue number")
    await kiosk.looks_well("kiosk-5-ticket")
    ticket = await ticket_of(mall, await number_on(kiosk))
    assert (ticket["priority_class"], ticket["language"], ticket["channel"]) == ("elderly", "en", "kiosk")
    assert await kiosk.page.evaluate("window.printed") == 1
    await kiosk.page.emulate_media(media="print")
    assert await kiosk.page.locator("#paper .number").is_visible()
    assert await kiosk.page.locator("#paper img").evaluate("each => each.complete && each.naturalWidth > 0")
    await kiosk.page.emulate_media(media="screen")
    await kiosk.button("I have my paper").click()
    await kiosk.says("Selamat datang")
    assert (await ticket_of(mall, ticket["number"]))["print_count"] == 1


async def test_no_number_is_taken_twice_where_the_answer_is_lost(kiosk: Screen, mall: Mall) -> None:
    before = await given_today(mall)
    await chooses(kiosk)
    await kiosk.loses_the_answer("**/tickets")
    await kiosk.button("Tidak").click()
    await kiosk.says("Nomor antrean Anda")
    assert await given_today(mall) == before + 1


async def test_a_kiosk_that_is_started_anew_in_the_middle_gives_the_same_number(kiosk: Screen, mall: Mall) -> None:
    before = await given_today(mall)
    await chooses(kiosk)
    await kiosk.loses_the_answer("**/tickets", times=99)
    await kiosk.button("Tidak").click()
    await kiosk.says("Anjungan ini sedang tidak tersambung")
    await kiosk.begins_anew()
    await kiosk.says("Nomor antrean Anda")
    assert await given_today(mall) == before + 1


async def test_a_kiosk_cut_off_says_so_and_goes_on_by_itself(kiosk: Screen, mall: Mall) -> None:
    mall.front.cut()
    await kiosk.button("Ambil nomor antrean").click()
    await kiosk.says("Anjungan ini sedang tidak tersambung")
    mall.front.mend()
    await kiosk.says("Anda ke instansi mana?")
    assert not await kiosk.page.locator("#trouble .banner").count()


async def test_a_number_without_paper_leaves_the_queue(kiosk: Screen, mall: Mall) -> None:
    await chooses(kiosk)
    await kiosk.button("Ya, tanpa menyebut alasan").click()
    number = await number_on(kiosk)
    await kiosk.button("Kertas tidak keluar").click()
    await kiosk.says(f"Nomor {number} dibatalkan")
    ticket = await ticket_of(mall, number)
    assert (ticket["status"], ticket["closed_by"]) == ("cancelled", "not_printed")


async def test_a_closed_service_says_why_and_gives_no_number(kiosk: Screen, mall: Mall) -> None:
    service = await mall.service("KK")
    why = {"id": "Printer rusak", "en": "The printer is broken"}
    closure = {"reason": why, "service_id": service["id"], "waiting_tickets": "serve"}
    made = await mall.asks("POST", "/closures", body=closure)
    await kiosk.button("Ambil nomor antrean").click()
    await kiosk.page.locator("button.choice").filter(has_text="Kependudukan").first.click()
    closed = kiosk.page.locator("button.choice.closed").filter(has_text="Printer rusak")
    assert await closed.get_attribute("aria-disabled") == "true"
    await closed.click(force=True)  # who cannot see it may press it all the same
    await kiosk.says("Layanan apa yang Anda perlukan?")
    await mall.asks("POST", f"/closures/{made['id']}/ending")


async def test_a_key_that_is_none_is_asked_for_again(kiosk: Screen) -> None:
    await kiosk.page.evaluate("localStorage.clear()")
    await kiosk.opens("kiosk/#key=mpk_wrong")
    await kiosk.page.get_by_label("Kunci perangkat").wait_for()
    await kiosk.looks_well("kiosk-6-key")
