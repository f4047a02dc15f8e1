"""Makes the pictures of `docs/apps.md` of a shop that runs, with Chromium: `make app-pictures`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from subgraphs.user.demo import DEMO_PASSWORD
from tools.browser import FLAGS, NO_BROWSER, find_browser

PICTURES = Path(__file__).parents[1] / "docs" / "images" / "apps"
SIZE: ViewportSize = {"width": 1200, "height": 800}
ADDRESS = "http://127.0.0.1:4000"
QUALITY = 82


def main(arguments: Sequence[str]) -> int:
    """Write one picture for each page, of the shop at the address that is given; returns an exit code."""
    path = find_browser()
    if path is None:
        print(NO_BROWSER, file=sys.stderr)  # noqa: T201
        return 2
    address = arguments[0] if arguments else ADDRESS
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        _storefront(_page(browser, is_dark=False), address)
        _admin(_page(browser, is_dark=True), address)
        browser.close()
    return 0


def _page(browser: Browser, *, is_dark: bool) -> Page:

    context = browser.new_context(viewport=SIZE, color_scheme="dark" if is_dark else "light", locale="en-GB")
    return context.new_page()


def _storefront(page: Page, address: str) -> None:
    _open(page, f"{address}/")
    _take(page, "storefront")
    _open(page, f"{address}/build/COLLAR")
    page.get_by_role("radio", name="Leather").check()
    page.get_by_role("radio", name="Tan").check()
    page.get_by_role("button", name="Add a text").click()
    page.get_by_label("What it says").fill("Rex")
    expect(page.get_by_role("region", name="Price")).to_contain_text("Engraving")
    _take(page, "builder")
    _log_in(page, f"{address}/log-in", "customer")
    page.get_by_role("table").get_by_role("link").first.click()
    _wait_until_loaded(page)
    _take(page, "order")
    _open(page, f"{address}/account/security")
    page.get_by_role("button", name="Add an app with codes").click()
    page.get_by_role("img", name="QR code").scroll_into_view_if_needed()
    _take(page, "account")


def _admin(page: Page, address: str) -> None:
    _log_in(page, f"{address}/admin", "admin")
    page.get_by_role("table").wait_for()
    _wait_until_loaded(page)
    _take(page, "admin-orders")
    page.get_by_role("table").get_by_role("link").first.click()
    _wait_until_loaded(page)
    _take(page, "admin-order")
    _open(page, f"{address}/admin/experiments")
    page.get_by_role("link", name="free shipping").click()
    _wait_until_loaded(page)
    page.get_by_role("figure").scroll_into_view_if_needed()
    _take(page, "admin-experiment")
    _open(page, f"{address}/admin/audit")
    page.get_by_role("button", name="Verify the log").click()
    page.get_by_text("entries are intact").wait_for()
    _take(page, "admin-audit")


def _log_in(page: Page, url: str, name: str) -> None:
    _open(page, url)
    page.get_by_label("E-mail address").fill(f"{name}@allpetplus.example")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Log out").wait_for()


def _open(page: Page, url: str) -> None:
    page.goto(url)
    _wait_until_loaded(page)


def _wait_until_loaded(page: Page) -> None:
    page.locator("h1").first.wait_for()
    expect(page.locator(".skeleton, [aria-busy=true]")).to_have_count(0)


def _take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=QUALITY)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
