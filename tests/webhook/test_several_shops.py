"""Several shops: each order has a number of its shop, and belongs to the shop that told of it first."""

import base64
import datetime as dt
import hmac
from typing import Any

import orjson
import pytest

from shared.security.pseudonyms import Pseudonymizer
from subgraphs.webhook.enums import WebhookSource
from subgraphs.webhook.errors import BadSignature
from subgraphs.webhook.service.intake import Delivery, Outcome, receive
from subgraphs.webhook.service.rejections import Rejections
from subgraphs.webhook.settings import Key, WebhookSecrets
from tests.order.test_guests import look_up
from tests.support.apps import Served
from tests.webhook.public_door import Door
from tests.webhook.senders import SHOP, shopify
from tests.webhook.shop_orders import ShopOrder

OTHER = "other.myshopify.com"
SEARCH = "query ($text: String!) { orders(filter: { text: $text }) { nodes { id } } }"


async def found_by(order: Served, support: str, text: str) -> Any:
    found = (await order.execute(SEARCH, support, text=text)).data["orders"]["nodes"]
    return [node["id"] for node in found]


async def test_the_shops_number_is_shown_searched_and_looked_up(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told())
    found = await sold.shown(order, support)
    assert (found["shopNumber"], found["shop"]) == (sold.number, SHOP)
    assert await found_by(order, support, sold.number) == [found["id"]]
    bare = sold.number.lstrip("#")
    for number in (sold.number, bare, f" {sold.number} "):
        assert (await look_up(order, number, sold.email.upper()))["number"] == found["number"]
    assert await look_up(order, sold.number, "somebody@else.example") is None
    assert await look_up(order, bare[:-1], sold.email) is None


async def test_two_shops_may_have_the_same_number(webhook: Served, order: Served, support: str) -> None:
    door, first, second = Door(webhook, order), ShopOrder(), ShopOrder()
    await door.shopify("orders/create", first.told())
    await door.shopify("orders/create", second.told(name=first.number), shop=OTHER)
    for sold in (first, second):
        expected = await sold.shown(order, support)
        assert (await look_up(order, first.number, sold.email))["number"] == expected["number"]
    assert len(await found_by(order, support, first.number)) == 2


async def test_a_payment_names_its_order_by_the_shops_number(webhook: Served, order: Served, support: str) -> None:
    for metadata in ("order_id", "order_number"):
        for is_first in (True, False):
            door, sold = Door(webhook, order), ShopOrder()
            number = sold.number if metadata == "order_id" else sold.number.lstrip("#")
            payment = {"id": f"pi_{sold.id}", "amount": 5500, "currency": "eur", "metadata": {metadata: number}}
            if is_first:
                await door.stripe("payment_intent.succeeded", payment)
            await door.shopify("orders/create", sold.told())
            if not is_first:
                await door.stripe("payment_intent.succeeded", payment)
            assert (await sold.shown(order, support))["status"] == "PAID"


async def test_a_payment_with_a_number_of_two_orders_pays_neither(webhook: Served, order: Served, support: str) -> None:
    door, first, second = Door(webhook, order), ShopOrder(), ShopOrder()
    await door.shopify("orders/create", first.told())
    await door.shopify("orders/create", second.told(name=first.number), shop=OTHER)
    payment = {"id": f"pi_{first.id}", "amount": 5500, "currency": "eur", "metadata": {"order_id": first.number}}
    await door.stripe("payment_intent.succeeded", payment)
    for sold in (first, second):
        await door.shopify("orders/updated", sold.told(name=first.number), shop=OTHER if sold is second else SHOP)
        assert (await sold.shown(order, support))["status"] == "PENDING"


async def test_an_order_belongs_to_the_shop_that_told_of_it_first(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told(financial_status="paid"))
    before = await sold.shown(order, support)
    await door.shopify("orders/cancelled", sold.told(cancelled_at=sold.told()["updated_at"]), shop=OTHER)
    sold.document["cancelled_at"] = None
    await door.shopify("orders/updated", sold.told(contact_email="thief@example.org", name="#1"), shop=OTHER)
    await door.shopify("fulfillments/create", sold.fulfillment(), shop=OTHER)
    await door.shopify("refunds/create", sold.refund(1, "55.00"), shop=OTHER)
    await door.shopify("orders/delete", {"id": sold.id}, shop=OTHER)
    found = await sold.shown(order, support)
    assert [note["text"] for note in found.pop("notes")] == [
        f"The shop {OTHER} reported this order, which is of {SHOP}: nothing was applied."
    ]
    assert before.pop("notes") == []
    assert found == before


async def test_what_another_shop_told_before_does_not_take_the_order_of_its_shop(
    webhook: Served, order: Served, support: str
) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/delete", {"id": sold.id}, shop=OTHER)
    await door.shopify("orders/create", sold.told(financial_status="paid"))
    found = await sold.shown(order, support)
    assert (found["status"], found["shop"]) == ("PAID", SHOP)


async def test_a_deleted_order_is_cancelled(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told())
    await door.shopify("orders/delete", {"id": sold.id})
    assert (await sold.shown(order, support))["status"] == "CANCELLED"


async def test_the_content_that_was_sent_last_counts_where_two_have_the_same_second(
    webhook: Served, order: Served, support: str
) -> None:
    for first in range(2):
        door, sold = Door(webhook, order), ShopOrder()
        at = sold.told()["updated_at"]
        reports = [("2026-11-20T08:15:30.1Z", "old@example.org"), ("2026-11-20T08:15:30.2Z", "new@example.org")]
        for place in (first, 1 - first):
            sent_at, email = reports[place]
            document = sold.told(contact_email=email) | {"updated_at": at}
            await door.shopify("orders/updated", document, x_shopify_triggered_at=sent_at)
        assert (await sold.shown(order, support))["contactEmail"] == "new@example.org"


async def test_an_order_is_looked_up_by_any_spelling_of_its_address(
    webhook: Served, order: Served, support: str
) -> None:
    for written in ("pat@xn--bcher-kva.example", "Pat@Bücher.example"):
        door, sold = Door(webhook, order), ShopOrder()
        await door.shopify("orders/create", sold.told(contact_email=written))
        for spelt in ("pat@bücher.example", "PAT@xn--bcher-kva.example"):
            assert (await look_up(order, sold.number, spelt)) is not None


async def test_an_order_of_500_lines_is_taken(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    line = sold.lines[0] | {"properties": [{"name": f"Engraving {each}", "value": "x" * 400} for each in range(8)]}
    lines = [line | {"id": sold.id * 1000 + place, "quantity": 1, "current_quantity": 1} for place in range(500)]
    document = sold.told(line_items=lines, total_price="10005.00")
    assert len(orjson.dumps(document)) > 2 * 2**20
    assert (await door.shopify("orders/create", document)).status_code == 200
    found = await sold.shown(order, support)
    assert (len(found["lines"]), found["total"]["amount"]) == (500, "10005.00")


async def test_a_secret_of_one_shop_signs_for_no_other(webhook: Served, order: Served) -> None:
    keys = [Key(b"secret of pets", SHOP), Key(b"secret of other", OTHER), Key(b"secret of an app")]
    secrets, runtime, body = WebhookSecrets({"SHOPIFY": keys}), webhook.runtime, orjson.dumps(ShopOrder().told())
    for key, shop, is_taken in (
        (b"secret of pets", SHOP, True),
        (b"secret of pets", SHOP.upper(), True),
        (b"secret of pets", OTHER, False),
        (b"secret of other", SHOP, False),
        (b"secret of other", OTHER, True),
        (b"secret of an app", OTHER, True),
        (b"secret of pets", "third.myshopify.com", False),
    ):
        signature = base64.b64encode(hmac.digest(key, body, "sha256")).decode()
        headers = shopify(body, x_shopify_shop_domain=shop, x_shopify_hmac_sha256=signature)
        taken = receive(
            webhook.database,
            secrets,
            runtime.resource(Pseudonymizer),
            runtime.resource(Rejections),
            Delivery(WebhookSource.SHOPIFY, headers, body),
            dt.datetime.now(dt.UTC),
        )
        if is_taken:
            assert await taken is Outcome.RECEIVED
        else:
            with pytest.raises(BadSignature):
                await taken
