"""The screens of the mobile app, in a browser as narrow as a phone."""

import re

from playwright.async_api import Page, Route, expect

from tests.apps.conftest import OpenWindow
from tests.apps.test_live import HOLD, RELEASE, change
from tests.apps.test_pages import NARROW, SCHEMES
from tests.apps.windows import Window
from tests.support.shop import Shop

# The customer of the demo shop owns both; only paid orders can be held.
OWN = """
{ me { designs(first: 1) { nodes { id name } } orders(first: 50) { nodes { id number version status } } } }"""
KEPT = "localStorage.getItem('petplus-mobile-answers') ?? ''"


async def barriers(window: Window) -> list[str]:
    """Return what is wrong with the screen, in light and in dark."""
    found: list[str] = ["wider than 360 pixels"] if await window.scrolls_sideways() else []
    for scheme in SCHEMES:
        await window.page.emulate_media(color_scheme=scheme)
        found += [f"{window.page.url} in {scheme}: {each}" for each in await window.violations()]
    return found


async def cut_the_graph(page: Page) -> None:
    """Answer no request to the graph; the files of the app, which a device has, still come."""

    async def refuse(route: Route) -> None:
        await route.abort("connectionfailed")

    await page.route("**/graphql", refuse)


async def test_a_phone_follows_an_order_and_starts_without_a_network(running: Shop, window: OpenWindow) -> None:
    me = (await running.execute(OWN, await running.log_in("customer"))).data["me"]
    [design] = me["designs"]["nodes"]
    order = next(each for each in me["orders"]["nodes"] if each["status"] in {"PAID", "IN_PRODUCTION"})
    support = await running.log_in("support")
    phone = await window(viewport=NARROW)
    page = phone.page
    await phone.open("/mobile/log-in")
    wrong = await barriers(phone)
    await phone.log_in("customer@allpetplus.example")
    await expect(page.get_by_role("heading", name="My orders")).to_be_visible()
    wrong += await barriers(phone)
    await page.get_by_role("link", name=re.compile(f"^{re.escape(design['name'])}")).first.click()
    await expect(page.get_by_text("Total")).to_be_visible()
    wrong += await barriers(phone)

    await phone.open(f"/mobile/orders/{order['id']}")
    status = page.get_by_role("main").get_by_role("status")
    await expect(page.get_by_role("heading", name=f"Order {order['number']}")).to_be_visible()
    await change(running, support, HOLD, order)
    await expect(status).to_have_text("On hold")
    await expect(page.get_by_role("listitem").filter(has_text=re.compile("^On hold"))).to_be_visible()
    wrong += await barriers(phone)
    assert wrong == []

    phone.expects_failures = True
    await cut_the_graph(page)
    await page.reload()
    await expect(page.get_by_text("This is as of")).to_be_visible()
    await expect(status).to_have_text("On hold")
    await change(running, support, RELEASE, order)
    await page.unroute("**/graphql")
    await expect(page.get_by_text("This is as of")).to_be_hidden()
    await expect(status).not_to_have_text("On hold")

    await page.get_by_role("link", name="Log out").click()
    await expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert order["number"] not in await page.evaluate(KEPT)
