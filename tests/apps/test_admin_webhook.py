"""The way of a webhook as the admin draws it: from its signature to the frame that the page gets, with times."""

import datetime as dt
import random
import re
from collections.abc import Sequence
from typing import Any

from playwright.async_api import Locator, expect

from petplus import registry
from shared.core.ids import new_id
from shared.core.settings import Settings
from tests.apps.admin import open_admin
from tests.apps.conftest import OpenWindow
from tests.apps.windows import Window
from tests.support.http import http_client
from tests.support.shop import Shop
from tests.support.waiting import eventually
from tests.webhook.senders import fixture, shopify
from tests.webhook.webhook_story import Life, Posting

FIND = """
query ($filter: WebhookDeliveryFilter) {
  webhookDeliveries(filter: $filter, first: 1) {
    nodes { id state order { id number } timeline { version status recordedAt } }
  }
}"""
STEPS = ("Signature", "Stored", "Event", "Change", "Pushed frame")


def a_life() -> Life:
    """Return an order that no other test and no run before knows."""
    return Life(random.Random(7), random.SystemRandom().randrange(10_000, 10**9), begin=dt.datetime.now(dt.UTC))


async def deliver(running: Shop, path: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a delivery to the shop, and return the status of the answer."""
    port = registry.port_of("webhook", Settings(home=running.home, port=running.port))
    async with http_client() as sender:
        url = f"http://127.0.0.1:{port}/webhooks/{path}"
        return (await sender.post(url, content=body, headers=headers)).status_code


async def deliver_all(running: Shop, postings: Sequence[Posting]) -> None:
    for each in postings:
        assert await deliver(running, each.path, each.body, each.headers()) == 200


async def found(running: Shop, token: str, **filter: Any) -> Any:
    """Return the newest delivery of a filter, once it is applied or refused."""
    newest = None

    async def is_there() -> bool:
        nonlocal newest
        nodes = (await running.execute(FIND, token, filter=filter)).data["webhookDeliveries"]["nodes"]
        newest = nodes[0] if nodes and nodes[0]["state"] != "RECEIVED" else None
        return newest is not None

    await eventually(is_there)
    return newest


def steps_of(staff: Window) -> Locator:
    return staff.page.get_by_role("region", name="The way of this delivery").get_by_role("listitem")


async def times_of(steps: Locator) -> list[str]:
    times: list[str] = await steps.locator("time").evaluate_all("times => times.map((time) => time.dateTime)")
    return times


async def test_a_delivery_that_made_an_order_has_a_time_at_each_step(running: Shop, window: OpenWindow) -> None:
    admin = await running.log_in("admin")
    [posting] = a_life().created()
    await deliver_all(running, [posting])
    delivery: Any = None

    async def has_made_an_order() -> bool:
        nonlocal delivery
        delivery = await found(running, admin, deliveryId=posting.key)
        # Which order it is about becomes known a moment after the order has changed.
        return bool(delivery["timeline"]) and delivery["order"] is not None

    await eventually(has_made_an_order)
    staff = await open_admin(window, "/webhooks")
    await staff.page.get_by_role("table", name="Webhooks").get_by_role("link", name="orders/create").first.click()
    await staff.open(f"/admin/webhooks/{delivery['id']}")
    steps = steps_of(staff)
    await expect(steps).to_have_count(len(STEPS))
    for place, name in enumerate(STEPS):
        await expect(steps.nth(place)).to_contain_text(name)
        await expect(steps.nth(place)).to_contain_text("done")
    await expect(steps.nth(2)).to_contain_text("webhook.")
    await expect(steps.nth(3)).to_contain_text("Awaiting payment, version 1")
    # The page was opened after the order was made.
    await expect(steps.nth(4)).to_contain_text("Anew")
    times = await times_of(steps)
    assert times == sorted(times)
    assert len(times) == len(STEPS)
    assert times[3] == delivery["timeline"][0]["recordedAt"]
    await staff.page.get_by_role("link", name=f"Order {delivery['order']['number']}").click()
    timeline = staff.page.get_by_role("region", name="Timeline")
    await timeline.get_by_role("link", name="by Shopify: orders/create").click()
    await expect(staff.page).to_have_url(re.compile(f"/webhooks/{delivery['id']}$"))


async def test_a_page_that_is_open_gets_the_change_as_it_is_pushed(running: Shop, window: OpenWindow) -> None:
    admin = await running.log_in("admin")
    life = a_life()
    created, [payment, _] = life.created(), life.paid()
    # A payment waits for its order.
    await deliver_all(running, [payment])
    delivery = await found(running, admin, deliveryId=payment.key)
    assert delivery["timeline"] == []
    staff = await open_admin(window, f"/webhooks/{delivery['id']}")
    steps = steps_of(staff)
    await expect(steps.nth(2)).to_contain_text("done")
    await expect(steps.nth(3)).to_contain_text("not yet")
    await expect(steps.nth(4)).to_contain_text("not yet")
    await deliver_all(running, created)
    await expect(steps.nth(3)).to_contain_text("Paid, version 2")
    await expect(steps.nth(4)).to_contain_text("done")
    await expect(steps.nth(4)).to_contain_text(re.compile(r"\+ [\d.]+ (ms|sec)"))
    times = await times_of(steps)
    assert times == sorted(times)


async def test_the_way_of_a_forged_delivery_ends_at_its_signature(running: Shop, window: OpenWindow) -> None:
    admin = await running.log_in("admin")
    body, key = fixture("orders__create.json"), new_id("hook")
    headers = shopify(body, x_shopify_webhook_id=key, x_shopify_hmac_sha256="YmFk")
    assert await deliver(running, "shopify/orders", body, headers) == 401
    delivery = await found(running, admin, states=["REJECTED"], deliveryId=key)
    staff = await open_admin(window, f"/webhooks/{delivery['id']}", viewport={"width": 360, "height": 800})
    steps = steps_of(staff)
    await expect(steps.nth(0)).to_contain_text("Not made with a valid secret")
    for place in (2, 3, 4):
        await expect(steps.nth(place)).to_contain_text("not reached")
    await expect(staff.page.get_by_role("button", name="Replay")).to_have_count(0)
    assert await staff.violations() == []
    assert not await staff.scrolls_sideways()
