"""Refunds of orders whose buyer paid in another currency: told in the shop's, or not counted at all."""

from typing import Any

import pytest

from tests.support.apps import Served
from tests.webhook.public_door import Door
from tests.webhook.shop_orders import ShopOrder, both


async def refunded(webhook: Served, order: Served, support: str, refund: Any, sold: ShopOrder, **changes: Any) -> Any:
    """Return the order after it was paid, and its refund told alone."""
    door = Door(webhook, order)
    await door.shopify("orders/create", sold.told(financial_status="paid", **changes))
    await door.shopify("refunds/create", refund)
    return await sold.shown(order, support)


async def test_a_refund_is_counted_in_the_shops_money(webhook: Served, order: Served, support: str) -> None:
    sold = ShopOrder()
    refund = sold.refund(1, "900", "JPY", amount_set=both("5.50", "900", "JPY"))
    found = await refunded(webhook, order, support, refund, sold)
    assert (found["status"], found["refunded"]["amount"]) == ("PAID", "5.50")


async def test_a_refund_is_converted_by_the_prices_of_what_came_back(
    webhook: Served, order: Served, support: str
) -> None:
    sold = ShopOrder()
    refund = sold.refund(1, "2475", "JPY")
    refund["refund_line_items"] = [{"quantity": 1, "subtotal_set": both("15.00", "2475", "JPY")}]
    found = await refunded(webhook, order, support, refund, sold)
    assert (found["status"], found["refunded"]["amount"]) == ("PAID", "15.00")


@pytest.mark.parametrize(
    ("amount", "total", "expected"), [("907.5", "9075", "5.50"), ("9075", "9075", "55.00"), ("1", "3", "18.33")]
)
async def test_a_refund_is_converted_by_the_orders_total(
    webhook: Served, order: Served, support: str, amount: str, total: str, expected: str
) -> None:
    sold, door = ShopOrder(), Door(webhook, order)
    refund = sold.refund(1, amount, "JPY")
    told = {"total_price_set": both("55.00", total, "JPY"), "financial_status": "partially_refunded"}
    await door.shopify("orders/updated", sold.told(refunds=[refund], **told))
    found = await sold.shown(order, support)
    assert found["refunded"]["amount"] == expected
    assert found["status"] == ("REFUNDED" if expected == "55.00" else "PAID")


async def test_a_refund_that_nothing_converts_is_not_counted_until_it_can_be(
    webhook: Served, order: Served, support: str
) -> None:
    sold, door = ShopOrder(), Door(webhook, order)
    refund = sold.refund(1, "907.00", "JPY")
    found = await refunded(webhook, order, support, refund, sold)
    assert (found["status"], found["refunded"]["amount"]) == ("PAID", "0.00")
    assert [note["text"] for note in found["notes"]] == [
        "The shop reported a refund of 907 JPY, which is not the order's currency: enter it by hand."
    ]
    told = sold.told(refunds=[refund], total_price_set=both("55.00", "9075", "JPY"))
    await door.shopify("orders/updated", told)
    assert (await sold.shown(order, support))["refunded"]["amount"] == "5.50"


async def test_an_order_whose_refund_cannot_be_converted_is_refused(webhook: Served, order: Served) -> None:
    sold, door = ShopOrder(), Door(webhook, order)
    await door.shopify(
        "orders/updated", sold.told(refunds=[sold.refund(1, "5", "JPY")]), x_shopify_webhook_id=sold.number
    )
    [row] = await door.deliveries(("state", "error"), delivery_id=sold.number)
    assert (row.state, row.error) == (
        "FAILED",
        "`currency` of a refund is not the order's, and no amount of the order is given in both.",
    )
