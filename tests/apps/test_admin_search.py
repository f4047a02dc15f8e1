"""The search of the admin: words and ids find orders, users, designs and deliveries, with the keyboard alone."""

import re

from playwright.async_api import expect

from tests.apps.admin import instead_of_an_answer, open_admin
from tests.apps.conftest import OpenWindow
from tests.support.shop import Shop

ANY = """
{
  orders(first: 1) { nodes { id number } }
  users(filter: { search: "sam support" }, first: 1) { nodes { id } }
  allDesigns(first: 1) { nodes { id name owner { id } } }
  webhookDeliveries(filter: { states: [PROCESSED] }, first: 1) { nodes { id } }
}"""
SEARCH = "Find anything"


async def test_words_and_ids_find_what_they_name(running: Shop, window: OpenWindow) -> None:
    found = (await running.execute(ANY, await running.log_in("admin"))).data
    [order], [design], [delivery] = (found[name]["nodes"] for name in ("orders", "allDesigns", "webhookDeliveries"))
    staff = await open_admin(window, "/search")
    page = staff.page
    for text, part, href in (
        (order["number"], "Orders", f"/admin/orders/{order['id']}"),
        ("sam supp", "Users", f"/admin/users/{found['users']['nodes'][0]['id']}"),
        (design["id"], "Designs", f"/admin/users/{design['owner']['id']}"),
        (delivery["id"], "Webhooks", f"/admin/webhooks/{delivery['id']}"),
    ):
        await page.get_by_label(SEARCH).fill(text)
        links = page.get_by_role("region", name=part).get_by_role("link")
        await expect(links.first).to_have_attribute("href", href)
        await expect(page.get_by_role("status").filter(has_text=re.compile("found"))).to_be_visible()
    # What there is more of is shown in the list itself.
    await page.get_by_label(SEARCH).fill("AP-")
    await page.get_by_role("region", name="Orders").get_by_role("link", name="Show all").click()
    await expect(page.get_by_label("Number, e-mail or recipient")).to_have_value("AP-")


async def test_the_search_is_used_with_the_keyboard_alone(running: Shop, window: OpenWindow) -> None:
    [order] = (await running.execute(ANY, await running.log_in("admin"))).data["orders"]["nodes"]
    staff = await open_admin(window, "/search")
    page = staff.page
    await expect(page.get_by_label(SEARCH)).to_be_focused()
    await page.keyboard.type(order["number"])
    link = page.get_by_role("region", name="Orders").get_by_role("link", name=order["number"])
    await link.wait_for()
    await page.keyboard.press("ArrowDown")
    await expect(link).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_label(SEARCH)).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=f"Order {order['number']}")).to_be_visible()


async def test_what_is_too_short_or_not_there_is_said_so(window: OpenWindow) -> None:
    staff = await open_admin(window, "/search?text=A")
    page = staff.page
    await expect(page.get_by_text("Type one more character.")).to_be_visible()
    asked = len(staff.sent)
    await page.get_by_label(SEARCH).fill("nobody-is-called-this")
    await expect(page.get_by_role("heading", name="Nothing is found for “nobody-is-called-this”")).to_be_visible()
    assert len(staff.sent) == asked + 1
    await page.get_by_label(SEARCH).fill("")
    await expect(page.get_by_role("heading", name=re.compile("Nothing"))).to_have_count(0)


async def test_a_part_that_does_not_answer_is_said_so_and_the_others_are_shown(
    running: Shop, window: OpenWindow
) -> None:
    [order] = (await running.execute(ANY, await running.log_in("admin"))).data["orders"]["nodes"]
    staff = await open_admin(window, "/search")
    page = staff.page
    nothing = {"nodes": [], "pageInfo": {"__typename": "PageInfo", "hasNextPage": False}}
    answer = {
        "orders": None,
        "users": nothing | {"__typename": "UserConnection"},
        "allDesigns": nothing | {"__typename": "DesignConnection"},
        "webhookDeliveries": nothing | {"__typename": "WebhookDeliveryConnection"},
    }
    await instead_of_an_answer(staff, order["number"], answer)
    await page.get_by_label(SEARCH).fill(order["number"])
    part = page.get_by_role("region", name="Orders")
    await expect(part.get_by_role("alert")).to_be_visible()
    await part.get_by_role("button", name="Try again").click()
    await expect(part.get_by_role("link", name=order["number"])).to_be_visible()
