"""Chromium without a network but the loopback, and a folder of what it saw."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response, async_playwright

from tests.browser.fronts import Front
from tests.browser.malls import Mall
from tests.conftest import demo_of_ones_own
from tests.contract import Contract
from tests.given import Json
from tests.servers import Demo

SCREENSHOTS = Path(__file__).parent / "screenshots"
CHROMIUM = os.environ.get("MPP_CHROMIUM", "chromium")
ALONE = [
    "--no-sandbox",  # the step runs as root, and visits only our own pages
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

HARMLESS = "escaping deep link whitespace with `_`"
"""Swagger UI says so of any operation id with an underscore in the address: it takes it for an old way to write ' '."""


class Visitor:
    """A page in the browser, and everything about it that should not be."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.wrong: list[str] = []
        page.on("request", self._asked)
        page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))

    async def visits(self, path: str) -> None:
        """Go to a page of ours, and wait until it has asked for all it needs."""
        await self.page.goto(self.base + path, wait_until="networkidle")

    async def shows(self, name: str, *, whole: bool = False) -> None:
        """Keep what is seen."""
        SCREENSHOTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.base + "/", "data:")):
            self.wrong.append(f"outside: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and HARMLESS not in message.text:
            self.wrong.append(f"{message.type}: {message.text}")


@pytest.fixture(scope="session")
async def demo(demo_template: tuple[str, Json], server_url: str, contract: Contract) -> AsyncIterator[Demo]:
    """One demo for all who look at it."""
    async with demo_of_ones_own(demo_template, server_url, contract) as made:
        yield made


@pytest.fixture(scope="session")
async def mall(demo_template: tuple[str, Json], server_url: str, contract: Contract) -> AsyncIterator[Mall]:
    """Another one for those who work there, behind a proxy, with the screens of `examples/`."""
    async with demo_of_ones_own(demo_template, server_url, contract, MPP_EXAMPLES="true") as made, Front() as front:
        yield Mall(made, front)


@pytest.fixture(scope="session")
async def browser(anyio_backend: object) -> AsyncIterator[Browser]:
    """The browser that `make test-browser` has installed."""
    found = shutil.which(CHROMIUM)
    assert found, f"there is no {CHROMIUM}: `make test-browser` installs it on Debian, MPP_CHROMIUM names another"
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=found, args=ALONE)
        yield running
        await running.close()


@pytest.fixture
async def visitor(browser: Browser, demo: Demo) -> AsyncIterator[Visitor]:
    """Somebody at a screen, looking at the demo."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale="id-ID")
    found = Visitor(await context.new_page(), demo.base)
    yield found
    await context.close()
    assert found.wrong == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the screenshots are."""
    for each in sorted(SCREENSHOTS.glob("*.png")):
        terminalreporter.write_line(f"screenshot {each}")
