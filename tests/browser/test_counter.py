"""The counter of `examples/`: an officer's work, of which nothing is done twice."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.browser.malls import Mall
from tests.browser.screens import Screen
from tests.given import Json

OFFICER = "petugas.disdukcapil.1"
SERVICE = "KTP-BARU"


@pytest.fixture
async def desk(browser: Browser, mall: Mall) -> AsyncIterator[Screen]:
    """An officer at an open counter."""
    await mall.is_well()
    await mall.nobody_waits_at(await mall.service(SERVICE))
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="id-ID")
    screen = Screen(await context.new_page(), mall)
    await screen.opens("counter/")
    await signs_in(screen)
    await screen.says("Pilih loket Anda")
    counter = (await mall.counters(await mall.service(SERVICE)))[0]
    await screen.button(f"Buka {counter['name']['id']}").click()
    await screen.button("Panggil berikutnya").wait_for()
    yield screen
    await context.close()
    await mall.asks("POST", f"/counters/{counter['id']}/closing", body={"force": True})
    assert screen.wrong == []


async def signs_in(screen: Screen) -> None:
    await screen.page.get_by_label("Nama pengguna").fill(OFFICER)
    await screen.page.get_by_label("Kata sandi").fill(screen.mall.demo.account(OFFICER)["password"])
    await screen.page.keyboard.press("Enter")


async def number_at(screen: Screen) -> str:
    return await screen.page.locator(".here .number").inner_text()


async def calls_next(screen: Screen) -> Json:
    """Somebody waits, and is called. Who it is."""
    await screen.mall.takes(await screen.mall.service(SERVICE))
    await screen.button("Panggil berikutnya").click()
    return await ticket_at(screen)


async def ticket_at(screen: Screen) -> Json:
    await screen.page.locator(".here .number").wait_for()
    found: Json = (await screen.mall.asks("GET", f"/tickets?number={await number_at(screen)}"))["data"][0]
    return found


async def test_an_officer_works_by_keyboard_alone(desk: Screen) -> None:
    service = await desk.mall.service(SERVICE)
    for each in ("elderly", "none", "none"):
        await desk.mall.takes(service, priority_class=each)
    await desk.says("Menunggu (3)")
    await desk.looks_well("counter-1-queue")
    for name in ("Panggil berikutnya", "Panggil ulang", "Mulai melayani"):
        await desk.button(name).focus()
        await desk.page.keyboard.press("Enter")
        await desk.page.locator("body:not(.busy)").wait_for()
    first = await ticket_at(desk)
    assert (first["status"], first["call_count"]) == ("serving", 2)
    await desk.looks_well("counter-2-serving")
    await desk.button("Selesai, panggil berikutnya").press("Enter")
    await desk.page.locator(f".here .number:not(:text('{first['number']}'))").wait_for()
    second = await ticket_at(desk)
    assert second["number"] != first["number"]
    assert (await desk.mall.asks("GET", f"/tickets/{first['id']}"))["status"] == "completed"


async def test_a_call_whose_answer_is_lost_is_made_once(desk: Screen) -> None:
    await desk.loses_the_answer("**/calls")
    called = await calls_next(desk)
    await desk.loses_the_answer("**/recall")
    await desk.button("Panggil ulang").click()
    await desk.says("2 kali dipanggil")
    assert (await ticket_at(desk))["id"] == called["id"]
    assert (await ticket_at(desk))["call_count"] == 2


async def test_a_reload_finishes_what_was_not_answered(desk: Screen) -> None:
    await calls_next(desk)
    await desk.loses_the_answer("**/recall", times=99)
    await desk.button("Panggil ulang").click()
    await desk.says("Belum ada jawaban")
    await desk.looks_well("counter-3-no-answer")
    await desk.begins_anew()
    await desk.says("2 kali dipanggil")
    assert await desk.page.evaluate("sessionStorage.getItem('mpp.counter.act')") is None


async def test_an_expired_token_is_renewed_and_the_act_done_once(desk: Screen) -> None:
    called = await calls_next(desk)
    spoil = "JSON.stringify(Object.assign(JSON.parse(sessionStorage['mpp.session']), {access_token: 'over'}))"
    await desk.page.evaluate(f"sessionStorage['mpp.session'] = {spoil}")
    await desk.button("Mulai melayani").click()
    await desk.says("Dilayani")
    assert (await ticket_at(desk))["id"] == called["id"]


async def test_who_must_sign_in_again_goes_on_where_the_work_was(desk: Screen) -> None:
    called = await calls_next(desk)
    await desk.page.evaluate("sessionStorage['mpp.session'] = JSON.stringify({username: 'petugas.disdukcapil.1'})")
    await desk.button("Mulai melayani").click()
    await signs_in(desk)
    await desk.says("Dilayani")
    assert (await ticket_at(desk))["id"] == called["id"]


async def test_a_cut_network_and_a_new_server_lose_nothing(desk: Screen) -> None:
    called = await calls_next(desk)
    desk.mall.front.cut()
    await desk.button("Mulai melayani").click()
    await desk.says("Belum ada jawaban")
    await desk.mall.server_ends()
    desk.mall.front.mend()  # now the proxy says 502
    await desk.mall.server_starts()
    await desk.says("Dilayani", seconds=60)
    assert (await ticket_at(desk))["id"] == called["id"]
    assert not await desk.page.locator("#connection .banner").count()


async def test_a_refusal_is_said_in_the_officers_language(desk: Screen) -> None:
    await calls_next(desk)
    await desk.button("English").click()
    await desk.button("No-show").click()
    await desk.page.locator("#notice .bad").wait_for()
    said = await desk.page.locator("#notice").inner_text()
    assert "called" in said.lower()
    await desk.button("Bahasa Indonesia").click()


async def test_a_ticket_is_held_called_again_and_transferred(desk: Screen) -> None:
    called = await calls_next(desk)
    await desk.button("Mulai melayani").click()
    await desk.button("Tunda").click()
    await desk.says("Ditunda (1)")
    await desk.button(f"Panggil {called['number']}").click()
    await desk.button("Alihkan").click()
    await desk.page.get_by_label("Layanan", exact=True).select_option(
        label=(await desk.mall.service("KK"))["name"]["id"]
    )
    await desk.looks_well("counter-4-transfer")
    await desk.page.locator("#do-it").click()
    await desk.button("Panggil berikutnya").wait_for()
    moved = await desk.mall.asks("GET", f"/tickets/{called['id']}")
    assert (moved["status"], moved["service_id"]) == ("waiting", (await desk.mall.service("KK"))["id"])


async def test_a_break_says_why_and_until_when(desk: Screen) -> None:
    await desk.button("Istirahat").click()
    await desk.page.get_by_label("Alasan").select_option(label="Salat")
    await desk.page.locator("#do-it").click()
    await desk.says("Loket sedang istirahat sampai")
    await desk.looks_well("counter-5-break")
    await desk.button("Lanjut melayani").click()
    await desk.button("Panggil berikutnya").wait_for()


async def test_a_late_visitor_is_found_by_number_and_comes_back(desk: Screen) -> None:
    late = await calls_next(desk)
    for times in range(2, late["call_count"] + 3):
        await desk.button("Panggil ulang").click()
        await desk.says(f"{times} kali dipanggil")
    await desk.button("Tidak hadir").click()
    await desk.button("Panggil berikutnya").wait_for()
    await desk.page.get_by_label("Cari nomor").fill(late["number"])
    await desk.page.keyboard.press("Enter")
    await desk.button(f"Kembalikan {late['number']}").click()
    await desk.says(f"{late['number']}: menunggu")
