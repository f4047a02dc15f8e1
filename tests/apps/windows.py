"""A window of the browser, which records what it must not do: complain, or send the text of an operation."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Request, expect

from petplus.local.apps import APPS
from tests.support.waiting import TEST_TIMEOUT

PASSWORD = "pets-are-family"
AXE = APPS / "node_modules" / "axe-core" / "axe.min.js"
_FIND = """async (runOnly) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...(runOnly && { runOnly }) });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3).join(" ")}`);
}"""


class Window:
    """A page in a storage of its own."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.faults: list[str] = []
        self.sent: list[str] = []
        self.expects_failures = False
        self.sends_text = False
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", self._check)

    async def open(self, path: str) -> None:
        """Open a path of the shop, and return once the page asks for nothing more but streams."""
        await self.page.goto(f"{self.base}{path}")
        await self.loaded()

    async def loaded(self) -> None:
        """Return once what loads has been loaded: each page has a heading, and nothing grey when it is complete."""
        await self.page.locator("h1").first.wait_for()
        await expect(self.page.locator(".skeleton, [aria-busy=true]")).to_have_count(0)

    async def log_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill in the form of the page that is open."""
        await self.page.get_by_label("E-mail address").fill(email)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Log in", exact=True).click()

    async def violations(self, *rules: str) -> list[str]:
        """Return what axe finds on the page, by some of its rules or by all."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = await self.page.evaluate(_FIND, list(rules) or None)
        return found

    async def scrolls_sideways(self) -> bool:
        """Tell whether the page is wider than the window."""
        wider: bool = await self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return wider

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not self.expects_failures:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _check(self, request: Request) -> None:
        if self.sends_text or request.method != "POST" or not request.url.endswith("/graphql"):
            return
        body: dict[str, Any] = json.loads(request.post_data or "{}")
        self.sent.append(str(body.get("documentId")))
        if "query" in body or not str(body.get("documentId")).startswith("sha256:"):
            self.faults.append(f"{self.page.url}: sends {body}")


@asynccontextmanager
async def open_window(browser: Browser, base: str, **options: Any) -> AsyncIterator[Window]:
    """Open a window for the length of the block; `options` are those of Playwright's contexts."""
    given: dict[str, Any] = {"locale": "en-GB", "viewport": {"width": 1200, "height": 900}, "reduced_motion": "reduce"}
    given |= options
    context = await browser.new_context(**given)
    context.set_default_timeout(TEST_TIMEOUT * 1000)
    try:
        yield Window(await context.new_page(), base)
    finally:
        await context.close()
