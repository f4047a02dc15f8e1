"""The list of orders in a shop of 10,000: few rows in the browser wherever one scrolls, and twenty moved at once."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from petplus.local.apps import APPS
from petplus.local.node import ensure_modules
from tests.apps.admin import open_admin
from tests.apps.conftest import OpenWindow
from tests.support.shop import Shop, reachable, shop

pytestmark = pytest.mark.long

ORDERS = 10_000
MOST_ROWS = 200
MOVED = 20
PAID = """
query ($first: Int!) { orders(filter: { status: [PAID] }, first: $first) { totalCount nodes { id number } } }"""
STATUS = "query ($ids: [ID!]) { orders(filter: { ids: $ids }, first: 20) { nodes { status } } }"
COUNT_OF_ROWS = "document.querySelectorAll('tr[aria-rowindex]').length"
LAST_ROW = "Math.max(...[...document.querySelectorAll('tr[aria-rowindex]')].map((row) => Number(row.ariaRowIndex)))"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of 10,000 orders."""
    ensure_modules(APPS, "what builds and checks the apps", for_tests=True)
    with shop(reachable(tmp_path_factory.mktemp("large")), "--no-seed") as up:
        up.seed(users=200, designs=600, orders=ORDERS)
        yield up


async def test_ten_thousand_orders_are_few_rows_wherever_one_scrolls(large: Shop, window: OpenWindow) -> None:
    staff = await open_admin(window, "/orders", base=large.url.removesuffix("/graphql"))
    page = staff.page
    await expect(page.get_by_role("table", name="Orders")).to_have_attribute("aria-rowcount", str(ORDERS + 1))
    most = last = 0
    while last < ORDERS + 1:
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await staff.loaded()
        most = max(most, await page.evaluate(COUNT_OF_ROWS))
        reached: int = await page.evaluate(LAST_ROW)
        last = max(last, reached)
    assert most <= MOST_ROWS
    await expect(page.get_by_text("These are all.")).to_be_visible()
    for share in (0.5, 0.1, 0.9, 0):
        await page.evaluate("share => scrollTo(0, document.body.scrollHeight * share)", share)
        await staff.loaded()
        assert 0 < await page.evaluate(COUNT_OF_ROWS) <= MOST_ROWS
    await expect(page.locator("tr[aria-rowindex='2']")).to_be_visible()


async def test_twenty_orders_are_moved_at_once(large: Shop, window: OpenWindow) -> None:
    support = await large.log_in("support")
    paid = (await large.execute(PAID, support, first=MOVED)).data["orders"]
    assert len(paid["nodes"]) == MOVED < paid["totalCount"]
    staff = await open_admin(window, "/orders?status=PAID", base=large.url.removesuffix("/graphql"))
    page = staff.page
    for order in paid["nodes"]:
        await page.get_by_role("checkbox", name=f"Select {order['number']}").check()
    bulk = page.get_by_role("region", name="Selected orders")
    await expect(bulk).to_contain_text("20 orders selected")
    await bulk.get_by_label("Move to").select_option("IN_PRODUCTION")
    await bulk.get_by_role("button", name="Move them").click()
    dialog = page.get_by_role("dialog", name="20 of 20 moved")
    for order in paid["nodes"]:
        await expect(dialog.get_by_role("row", name=re.compile(order["number"]))).to_contain_text("Moved")
    await dialog.get_by_role("button", name="Close").last.click()
    await expect(page.get_by_text(f"{paid['totalCount'] - MOVED:,} orders", exact=True)).to_be_visible()
    ids = [each["id"] for each in paid["nodes"]]
    after = (await large.execute(STATUS, support, ids=ids)).data["orders"]["nodes"]
    assert [each["status"] for each in after] == ["IN_PRODUCTION"] * MOVED
