"""The display of `examples/`: read from afar, heard, and back by itself after whatever happens."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.malls import Mall
from tests.browser.screens import Screen
from tests.given import Json

SERVICE = "PASPOR-BARU"
HEARD = """
window.heard = [];
window.Audio = class { constructor(address) { this.address = address; }
  play() { window.heard.push(this.address); setTimeout(() => this.onended()); return Promise.resolve(); } };
"""
SMALLEST = """() => Array.from(document.querySelectorAll('body *'))
  .filter((each) => each.offsetParent)
  .filter((each) => Array.from(each.childNodes).some((node) => node.nodeType === 3 && node.data.trim()))
  .map((each) => parseFloat(getComputedStyle(each).fontSize) / innerHeight * 100)
  .reduce((one, other) => Math.min(one, other))"""


@pytest.fixture
async def display(browser: Browser, mall: Mall) -> AsyncIterator[Screen]:
    """A screen on the wall."""
    await mall.is_well()
    context = await browser.new_context(viewport={"width": 1920, "height": 1080}, locale="id-ID")
    await context.add_init_script(HEARD)
    screen = Screen(await context.new_page(), mall)
    await screen.opens("display/")
    await screen.page.locator("#queues > *").wait_for()
    yield screen
    await context.close()
    assert screen.wrong == []


@pytest.fixture
async def counter(mall: Mall) -> AsyncIterator[Json]:
    """A counter where somebody calls."""
    service = await mall.service(SERVICE)
    found = (await mall.counters(service))[0]
    await mall.asks("POST", f"/counters/{found['id']}/opening")
    yield found
    await mall.nobody_waits_at(service)
    await mall.asks("POST", f"/counters/{found['id']}/closing", body={"force": True})


async def called(mall: Mall, counter: Json, language: str = "id") -> Json:
    ticket = await mall.takes(await mall.service(SERVICE), language=language)
    found: Json = await mall.asks("POST", f"/counters/{counter['id']}/calls", body={"ticket_id": ticket["id"]})
    return found


async def heard(display: Screen, last: str) -> list[str]:
    """The recordings that were played, until this one."""
    await display.page.locator("body").evaluate(
        """(_, last) => new Promise((done) => { const watch = setInterval(() => {
            if (window.heard.some((each) => each.endsWith(last))) { clearInterval(watch); done(); } }, 50); })""",
        last,
    )
    found: list[str] = await display.page.evaluate("window.heard")
    return [each.removeprefix("sounds/").removesuffix(".mp3") for each in found]


async def says(display: Screen, tokens: list[str]) -> None:
    """Wait until these recordings were played one after another, whatever else is called at the same time."""
    said = " ".join(f"sounds/{each}.mp3" for each in tokens)
    await display.page.wait_for_function("said => window.heard.join(' ').includes(said)", arg=said)


async def test_a_call_is_seen_from_afar_and_heard_word_by_word(display: Screen, mall: Mall, counter: Json) -> None:
    for code in ("KK", "PASPOR-GANTI", "PASPOR-GANTI", "KTP-BARU", "KTP-BARU"):
        await mall.takes(await mall.service(code))
    desk = (await mall.counters(await mall.service("KTP-BARU")))[0]
    for verb in ("opening", "calls"):
        await mall.asks("POST", f"/counters/{desk['id']}/{verb}", "petugas.disdukcapil.1")
    ticket = await called(mall, counter)
    first = display.page.locator(".call.first .number")
    await first.get_by_text(ticket["number"]).wait_for()
    tokens = (await mall.asks("GET", "/board", "public"))["recently_called"][0]["text"]["id"]["tokens"]
    await says(display, [f"id/{each}" for each in tokens])
    size = await first.evaluate("each => parseFloat(getComputedStyle(each).fontSize) / innerHeight")
    assert size > 0.15
    assert await display.page.evaluate(SMALLEST) > 2.7
    await display.looks_well("display-1-call")
    await mall.asks("POST", f"/counters/{desk['id']}/closing", body={"force": True})


async def test_a_visitor_who_speaks_english_hears_english_first(display: Screen, mall: Mall, counter: Json) -> None:
    await called(mall, counter, language="en")
    assert (await heard(display, "id/nomor.mp3"))[0] == "en/ticket"


async def test_a_recall_sounds_again_and_a_reload_does_not(display: Screen, mall: Mall, counter: Json) -> None:
    ticket = await called(mall, counter)
    await heard(display, "id/nomor.mp3")
    await display.page.reload()
    await display.says(ticket["number"])
    assert await display.page.evaluate("window.heard") == []
    await mall.asks("POST", f"/tickets/{ticket['id']}/recall")
    assert (await heard(display, "id/nomor.mp3"))[0] == "id/nomor"


async def test_closures_are_said_with_their_reason(display: Screen, mall: Mall) -> None:
    service = await mall.service("KK")
    why = {"id": "Printer rusak", "en": "The printer is broken"}
    closure = {"reason": why, "service_id": service["id"], "waiting_tickets": "serve"}
    made = await mall.asks("POST", "/closures", body=closure)
    await display.says("The printer is broken")
    await display.looks_well("display-2-closure")
    await mall.asks("POST", f"/closures/{made['id']}/ending")


async def test_it_comes_back_by_itself_after_502_and_a_pulled_cable(display: Screen, mall: Mall, counter: Json) -> None:
    await mall.server_ends()
    await display.says("Sambungan terputus")
    await display.looks_well("display-3-lost")
    await mall.server_starts()
    ticket = await called(mall, counter)
    await display.says(ticket["number"])
    mall.front.cut()
    await display.says("Sambungan terputus")
    await mall.asks("POST", f"/tickets/{ticket['id']}/recall")  # while nobody hears it
    mall.front.mend()
    await display.page.locator("#connection .banner").wait_for(state="detached")
    last = await heard(display, "id/nomor.mp3")
    assert last.count("id/nomor") >= 1
