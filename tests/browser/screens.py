"""A screen of `examples/` in the browser, and what must never be wrong with it."""

from importlib.resources import files

from playwright.async_api import ConsoleMessage, Locator, Page, Route
from playwright.async_api import TimeoutError as Late

from tests.browser.conftest import SCREENSHOTS
from tests.browser.malls import Mall

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
SERIOUS = ("serious", "critical")
PRINTER = "window.printed = 0; window.print = () => { window.printed += 1; };"


class Screen:
    """One page with one of the screens."""

    def __init__(self, page: Page, mall: Mall) -> None:
        self.page, self.mall = page, mall
        self.wrong: list[str] = []
        page.set_default_timeout(30_000)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))

    async def opens(self, path: str) -> None:
        await self.page.goto(f"{self.mall.front.base}/examples/{path}")

    def _said(self, message: ConsoleMessage) -> None:
        """A call that failed is said there, too: that is what these tests are about. All else is wrong."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.wrong.append(f"{message.type}: {message.text}")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    async def says(self, text: str, seconds: float = 30) -> None:
        try:
            await self.page.get_by_text(text).first.wait_for(timeout=seconds * 1000)
        except Late as error:
            raise AssertionError(f"{text} is not in: {await self.page.inner_text('body')}") from error

    async def looks_well(self, name: str) -> None:
        """Axe finds nothing serious; and a picture is kept."""
        await self.page.evaluate(AXE)
        found = await self.page.evaluate("axe.run({resultTypes: ['violations']})")
        bad = [
            f"{each['id']}: {[node['html'] for node in each['nodes']][:3]}"
            for each in found["violations"]
            if each["impact"] in SERIOUS
        ]
        SCREENSHOTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
        assert bad == [], name

    async def loses_the_answer(self, pattern: str, times: int = 1) -> None:
        """The next such acts reach the server and are done; their answers do not come back."""
        left = times

        async def lose(route: Route) -> None:
            nonlocal left
            if route.request.method == "POST" and left:
                left -= 1
                await route.fetch()
                await route.abort()
            else:
                await route.continue_()

        await self.page.route(pattern, lose)

    async def begins_anew(self) -> None:
        """Somebody reloads the page, or the power was away; answers come again."""
        await self.page.unroute_all(behavior="wait")
        await self.page.reload()
