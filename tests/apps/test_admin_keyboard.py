"""A working day in the admin without a mouse: log in, filter the orders, open one, move it."""

import re

from playwright.async_api import Locator, Page, expect

from tests.apps.conftest import OpenWindow
from tests.support.shop import Shop

PAID = "{ orders(filter: { status: [PAID] }, first: 50) { nodes { id number version } } }"
ORDER = "query ($id: ID!) { order(id: $id) { status version } }"
MOST_TABS = 80
HAS_FOCUS = "element => element === document.activeElement"


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until an element has the focus, which must be visible then."""
    await wanted.wait_for()
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await wanted.evaluate(HAS_FOCUS):
            assert await wanted.evaluate("element => element.matches(':focus-visible')")
            return
    raise AssertionError(f"{wanted} is not reached by {MOST_TABS} presses of Tab")


async def test_an_order_is_found_and_moved_with_the_keyboard_alone(running: Shop, window: OpenWindow) -> None:
    support = await running.log_in("support")
    order = (await running.execute(PAID, support)).data["orders"]["nodes"][-1]
    staff = await window()
    await staff.open("/admin")
    page = staff.page
    await tab_to(page, page.get_by_label("E-mail address"))
    await page.keyboard.type("support@allpetplus.example")
    await tab_to(page, page.get_by_label("Password"))
    await page.keyboard.type("pets-are-family")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Log out").wait_for()
    await staff.loaded()

    # The first stop of a page leads past its head.
    await page.reload()
    await staff.loaded()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_label("Number, e-mail or recipient"))
    await page.keyboard.type(order["number"])
    await expect(page).to_have_url(re.compile(f"text={order['number']}$"))
    await expect(page.get_by_text("1 order", exact=True)).to_be_visible()
    await tab_to(page, page.get_by_role("link", name=order["number"]))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=f"Order {order['number']}")).to_be_visible()
    await tab_to(page, page.get_by_role("button", name="Move to In production"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").get_by_text("In production", exact=True)).to_be_visible()
    after = (await running.execute(ORDER, support, id=order["id"])).data["order"]
    assert after == {"status": "IN_PRODUCTION", "version": order["version"] + 1}

    # A dialog keeps the focus, closes by Escape, and gives it back.
    refund = page.get_by_role("button", name="Refund")
    await tab_to(page, refund)
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Refund")
    await dialog.wait_for()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(refund).to_be_focused()
