"""What moves by itself: streams that outlive the network, conflicts shown as differences, sessions of several tabs."""

import json
import re
from typing import Any

from playwright.async_api import Route, expect

from subgraphs.user.mutations.session_cookie import NAME
from tests.apps.conftest import OpenWindow
from tests.apps.proxy import network_to
from tests.support.shop import Shop

PAID = """
{ orders(filter: { status: [PAID, IN_PRODUCTION] }, sort: OLDEST, first: 5) { nodes { id number version } } }"""
HOLD = """
mutation ($id: ID!, $version: Int!) {
  orderHold(input: { orderId: $id, version: $version, reason: "Checked" }) {
    __typename ... on OrderHoldSuccess { order { version } }
  }
}"""
RELEASE = """
mutation ($id: ID!, $version: Int!) {
  orderRelease(input: { orderId: $id, version: $version }) {
    __typename ... on OrderReleaseSuccess { order { version } }
  }
}"""
COOKIE = {"name": NAME, "httpOnly": True, "secure": True, "sameSite": "Strict", "path": "/"}
STORED = "JSON.stringify([...Object.entries(localStorage), ...Object.entries(sessionStorage)])"


async def open_order(running: Shop, token: str, place: int) -> Any:
    """Return an order of the demo shop that can be held, and that nothing else changes; each test takes another."""
    return (await running.execute(PAID, token)).data["orders"]["nodes"][place]


async def change(running: Shop, token: str, mutation: str, order: Any) -> None:
    """Change an order behind the back of whoever looks at it."""
    [result] = (await running.execute(mutation, token, id=order["id"], version=order["version"])).data.values()
    assert result["__typename"].endswith("Success"), result
    order["version"] = result["order"]["version"]


async def test_a_page_whose_network_was_cut_shows_each_change_once(running: Shop, window: OpenWindow) -> None:
    support = await running.log_in("support")
    order = await open_order(running, support, 0)
    async with network_to(running.port) as (network, base):
        staff = await window(base=base)
        await staff.open(f"/admin/orders/{order['id']}")
        await staff.log_in("support@allpetplus.example")
        timeline = staff.page.get_by_role("region", name="Timeline").get_by_role("listitem")
        await timeline.first.wait_for()
        before = await timeline.count()
        await change(running, support, HOLD, order)
        await expect(staff.page.get_by_role("status").get_by_text("On hold")).to_be_visible()

        staff.expects_failures = True
        network.cut()
        await expect(staff.page.get_by_text("Reconnecting.")).to_be_visible()
        await change(running, support, RELEASE, order)
        await change(running, support, HOLD, order)
        network.mend()
        await expect(timeline).to_have_count(before + 3)
        await expect(staff.page.get_by_text("Reconnecting.")).to_be_hidden()
        await change(running, support, RELEASE, order)
        await expect(timeline).to_have_count(before + 4)


async def test_the_list_of_orders_moves_and_keeps_its_filter_in_the_address(running: Shop, window: OpenWindow) -> None:
    support = await running.log_in("support")
    order = await open_order(running, support, 1)
    staff = await window()
    await staff.open("/admin/orders")
    await staff.log_in("support@allpetplus.example")
    await staff.page.get_by_label("Number, e-mail or recipient").fill(order["number"])
    await expect(staff.page).to_have_url(re.compile(f"text={order['number']}"))
    row = staff.page.get_by_role("row", name=re.compile(order["number"]))
    await row.wait_for()
    await change(running, support, HOLD, order)
    await expect(row).to_contain_text("On hold")
    await staff.page.reload()
    await expect(staff.page.get_by_label("Number, e-mail or recipient")).to_have_value(order["number"])
    await expect(row).to_contain_text("On hold")


async def test_a_conflict_is_shown_as_a_difference_and_can_be_overruled(running: Shop, window: OpenWindow) -> None:
    support = await running.log_in("support")
    order = await open_order(running, support, 2)
    staff = await window()

    async def without_streams(route: Route) -> None:
        # The page does not learn of the change before it acts.
        is_stream = "event-stream" in (await route.request.all_headers()).get("accept", "")
        await (route.abort() if is_stream else route.continue_())

    staff.expects_failures = True
    await staff.page.route("**/graphql", without_streams)
    await staff.open(f"/admin/orders/{order['id']}")
    await staff.log_in("support@allpetplus.example")
    cancel = staff.page.get_by_role("button", name="Move to Cancelled")
    await cancel.wait_for()
    await change(running, support, HOLD, order)
    await cancel.click()
    dialog = staff.page.get_by_role("dialog", name="Somebody else changed this order")
    await expect(dialog.get_by_role("row", name=re.compile("^Status"))).to_contain_text("On hold")
    await dialog.get_by_role("button", name="Do mine all the same").click()
    await expect(staff.page.get_by_role("status").get_by_text("Cancelled", exact=True)).to_be_visible()


async def test_two_tabs_are_one_session_and_no_token_is_stored_in_the_open(running: Shop, window: OpenWindow) -> None:
    one = await window()
    await one.open("/log-in")
    await one.log_in("customer@allpetplus.example")
    await expect(one.page.get_by_role("heading", name="My account")).to_be_visible()
    other = await one.page.context.new_page()
    await other.goto(f"{one.base}/account/sessions")
    await expect(other.get_by_text("This device")).to_be_visible()
    stored: str = await one.page.evaluate(STORED)
    assert "token" not in stored.lower()
    assert not any(part in stored for part in ("eyJ", "ses_")), json.loads(stored)
    [cookie] = await one.page.context.cookies()
    assert {name: cookie[name] for name in COOKIE} == COOKIE  # type: ignore[literal-required]
    assert await one.page.evaluate("document.cookie") == ""
    await one.page.reload()
    await expect(one.page.get_by_role("heading", name="My account")).to_be_visible()
    await other.get_by_role("button", name="Log out", exact=True).first.click()
    await expect(one.page.get_by_role("heading", name="Log in")).to_be_visible()
    assert await one.page.context.cookies() == []


async def test_the_picture_in_the_builder_follows_each_choice(window: OpenWindow) -> None:
    visitor = await window()
    await visitor.open("/build/COLLAR")
    picture = visitor.page.get_by_role("img", name="Picture of My Collar")
    seen = set()
    for choice in ("Leather", "Biothane"):
        await visitor.page.get_by_role("radio", name=choice).check()
        await visitor.loaded()
        seen.add(await picture.get_attribute("src"))
    await visitor.page.get_by_role("button", name="Add a text").click()
    words = visitor.page.get_by_label("What it says")
    await words.fill("Rex")
    await expect(visitor.page.get_by_role("region", name="Price")).to_contain_text("Engraving")
    await visitor.loaded()
    seen.add(await picture.get_attribute("src"))
    assert len(seen) == 3
    # What is refused is told at its field, and the picture stays.
    await words.fill("Rex " * 20)
    await expect(words).to_have_attribute("aria-invalid", "true")
    assert await picture.get_attribute("src") in seen


async def test_what_a_role_may_not_see_is_absent(window: OpenWindow) -> None:
    staff, customer = await window(), await window()
    await staff.open("/admin/webhooks")
    await staff.log_in("support@allpetplus.example")
    await staff.page.get_by_role("table", name="Webhooks").wait_for()
    await expect(staff.page.get_by_role("button", name="Replay")).to_have_count(0)
    await expect(staff.page.get_by_role("link", name="Catalogue")).to_have_count(0)
    await staff.page.get_by_role("link", name="Users").click()
    await staff.page.get_by_label("Name or e-mail address").fill("support@")
    await staff.page.get_by_role("link", name="Sam Support").click()
    await staff.page.get_by_role("heading", name="Sam Support").wait_for()
    await expect(staff.page.get_by_role("button", name="Set the roles")).to_have_count(0)
    await staff.open("/admin/catalogue")
    await staff.page.get_by_role("heading", name="There is no such page").wait_for()
    await customer.open("/admin/orders")
    await customer.log_in("customer@allpetplus.example")
    await expect(customer.page.get_by_role("heading", name="This account has no access here")).to_be_visible()
    await expect(customer.page.get_by_role("navigation").get_by_role("link")).to_have_count(0)


async def test_a_shop_that_does_not_answer_is_said_so_and_asked_again(running: Shop, window: OpenWindow) -> None:
    async with network_to(running.port) as (network, base):
        visitor = await window(base=base)
        await visitor.open("/track")
        visitor.expects_failures = True
        network.cut()
        await visitor.page.get_by_role("link", name="All Pet Plus").click()
        await expect(visitor.page.get_by_role("alert").first).to_contain_text("does not answer")
        network.mend()
        await visitor.page.get_by_role("button", name="Try again").first.click()
        await visitor.page.get_by_role("link", name=re.compile("^Collar from")).wait_for()
