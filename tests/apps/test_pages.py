"""Every page: readable by everybody in light and in dark, narrow, quiet, and light to load."""

import gzip
from pathlib import Path
from typing import Literal

import pytest

from petplus.local.apps import APPS
from tests.apps.conftest import OpenWindow
from tests.support.shop import Shop

# A scheme changes colours and nothing else.
SCHEMES: dict[Literal["light", "dark"], tuple[str, ...]] = {"light": (), "dark": ("color-contrast",)}
NARROW = {"width": 360, "height": 800}
PUBLIC = ("/", "/build/COLLAR", "/cart", "/track", "/log-in", "/register", "/forgot-password", "/nothing-here")
MAILED = ("/open-account#token=x", "/verify-email#token=x", "/reset-password#token=x")
CUSTOMERS = (
    "/account/orders",
    "/account/designs",
    "/account/addresses",
    "/account/pets",
    "/account/profile",
    "/account/preferences",
    "/account/security",
    "/account/sessions",
    "/account/data",
    "/cart",
    "/checkout",
)
ADMINS = (
    "/admin/search?text=AP-1",
    "/admin/orders?status=PAID",
    "/admin/catalogue",
    "/admin/users",
    "/admin/webhooks",
    "/admin/analytics?days=365",
    "/admin/experiments",
    "/admin/exports",
    "/admin/audit",
    "/admin/system",
)
BUDGETS = {"web": 170_000, "admin": 220_000, "mobile": 160_000}
PRESET = "{ presets(first: 1) { nodes { id } } }"
STAFF = """
{
  experiments(filter: { status: STOPPED }, first: 1) { nodes { id } }
  webhookDeliveries(filter: { states: [PROCESSED] }, first: 1) { nodes { id } }
  me { id }
}"""
ORDER = "{ me { orders(first: 1) { nodes { id } } } }"


async def check(window: OpenWindow, paths: tuple[str, ...], email: str | None = None, log_in: str = "/log-in") -> None:
    """Open pages in one window, and compare what is wrong with them with nothing."""
    opened = await window(viewport=NARROW)
    if email is not None:
        await opened.open(log_in)
        await opened.log_in(email)
        await opened.page.get_by_role("button", name="Log out").wait_for()
    wrong: list[str] = []
    for path in paths:
        await opened.open(path)
        await opened.page.locator("h1, h2").first.wait_for()
        for scheme, rules in SCHEMES.items():
            await opened.page.emulate_media(color_scheme=scheme)
            wrong += [f"{path} in {scheme}: {each}" for each in await opened.violations(*rules)]
        if await opened.scrolls_sideways():
            wrong.append(f"{path} is wider than 360 pixels")
    assert "\n".join(wrong) == ""


async def test_pages_for_everybody_have_no_barriers(running: Shop, window: OpenWindow) -> None:
    [preset] = (await running.execute(PRESET)).data["presets"]["nodes"]
    await check(window, (*PUBLIC, f"/presets/{preset['id']}", *MAILED))


async def test_pages_of_customers_have_no_barriers(running: Shop, window: OpenWindow) -> None:
    [order] = (await running.execute(ORDER, await running.log_in("customer"))).data["me"]["orders"]["nodes"]
    await check(window, (*CUSTOMERS, f"/orders/{order['id']}"), "customer@allpetplus.example")


async def test_pages_of_staff_have_no_barriers(running: Shop, window: OpenWindow) -> None:
    [order] = (await running.execute(ORDER, await running.log_in("customer"))).data["me"]["orders"]["nodes"]
    found = (await running.execute(STAFF, await running.log_in("admin"))).data
    [experiment], [delivery] = found["experiments"]["nodes"], found["webhookDeliveries"]["nodes"]
    pages = (
        *ADMINS,
        f"/admin/orders/{order['id']}",
        f"/admin/users/{found['me']['id']}",
        f"/admin/experiments/{experiment['id']}",
        f"/admin/webhooks/{delivery['id']}",
    )
    await check(window, pages, "admin@allpetplus.example", log_in="/admin")


@pytest.mark.parametrize("app", BUDGETS)
def test_the_scripts_of_an_app_keep_to_their_budget(running: Shop, app: str) -> None:
    scripts = [path.read_bytes() for path in Path(APPS / app / "dist").rglob("*.js")]
    assert 50_000 < sum(len(gzip.compress(script)) for script in scripts) < BUDGETS[app]


async def test_the_storefront_speaks_the_language_of_the_browser_or_another(window: OpenWindow) -> None:
    german = await window(locale="de-DE")
    await german.open("/build/COLLAR")
    await german.page.get_by_role("heading", name="Entwerfen Sie: Halsband").wait_for()
    assert await german.page.evaluate("document.documentElement.lang") == "de"
    total = await german.page.get_by_role("region", name="Preis").inner_text()
    assert "21,90\u00a0€" in total
    for label, language, title in (
        ("Sprache", "fr", "Dessinez\u00a0: Collier"),
        ("Langue", "nl", "Ontwerp: Halsband"),
        ("Taal", "en", "Design your Collar"),
    ):
        await german.page.get_by_label(label).select_option(language)
        await german.page.get_by_role("heading", name=title).wait_for()
