"""Orders that a shop edits, or takes goods back of: what is left is made, and no discount is invented."""

from typing import Any

import pytest

from shared.core.ids import new_id
from tests.builder.support import config, run
from tests.order.test_corrected_contact import verify
from tests.support.apps import Identities, Served
from tests.webhook.public_door import Door
from tests.webhook.shop_orders import ShopOrder


def lines_of(found: Any) -> list[tuple[str, int, str]]:
    return [(line["title"], line["quantity"], line["kind"]) for line in found["lines"]]


def sums_of(found: Any) -> list[str]:
    return [found[name]["amount"] for name in ("subtotal", "discount", "shipping", "total")]


async def test_a_line_that_is_removed_is_not_made_and_leaves_no_discount(
    webhook: Served, order: Served, support: str
) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told(financial_status="paid"))
    sold.lines[1]["current_quantity"] = 0
    await door.shopify("orders/updated", sold.told(total_price="25.00"))
    found = await sold.shown(order, support)
    assert lines_of(found) == [("Collar", 1, "GOODS")]
    assert sums_of(found) == ["20.00", "0.00", "5.00", "25.00"]
    await door.shopify("fulfillments/create", sold.fulfillment(pieces=(1, 0)))
    assert (await sold.shown(order, support))["status"] == "SHIPPED"


async def test_a_reduced_quantity_is_shown_as_what_is_left(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told())
    sold.lines[1]["current_quantity"] = 1
    await door.shopify("orders/updated", sold.told(total_price="40.00"))
    found = await sold.shown(order, support)
    assert lines_of(found) == [("Collar", 1, "GOODS"), ("Leash", 1, "GOODS")]
    assert sums_of(found) == ["35.00", "0.00", "5.00", "40.00"]


async def test_a_shop_that_does_not_tell_what_is_left_is_believed_its_quantity(
    webhook: Served, order: Served, support: str
) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    for line in sold.lines:
        del line["current_quantity"]
    await door.shopify("orders/create", sold.told())
    assert lines_of(await sold.shown(order, support)) == [("Collar", 1, "GOODS"), ("Leash", 2, "GOODS")]


@pytest.mark.parametrize("total", ["0.00", "5.00", "55.00"])
@pytest.mark.parametrize("discounts", ["0.00", "10.00"])
@pytest.mark.parametrize("first", ["orders/create", "orders/updated"])
async def test_an_order_with_nothing_left_is_told_and_adds_up(
    webhook: Served, order: Served, support: str, total: str, discounts: str, first: str
) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    if first == "orders/create":
        await door.shopify("orders/create", sold.told())
    for line in sold.lines:
        line["current_quantity"] = 0
    await door.shopify("orders/updated", sold.told(total_price=total, total_discounts=discounts))
    found = await sold.shown(order, support)
    assert found["total"]["amount"] == total
    assert not [line for line in found["lines"] if line["kind"] == "GOODS"]
    assert [row.state for row in await door.deliveries(topic="orders/updated", shop="pets.myshopify.com")][-1] == (
        "PROCESSED"
    )


async def test_goods_taken_back_stay_in_the_total_and_are_not_made(
    webhook: Served, order: Served, support: str
) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told(financial_status="paid"))
    refund = sold.refund(1, "15.00")
    refund["refund_line_items"] = [{"id": 1, "line_item_id": sold.lines[1]["id"], "quantity": 1}]
    sold.lines[1]["current_quantity"] = 1
    await door.shopify("orders/updated", sold.told(refunds=[refund], financial_status="partially_refunded"))
    found = await sold.shown(order, support)
    assert lines_of(found) == [("Collar", 1, "GOODS"), ("Leash", 1, "GOODS"), ("Leash", 1, "REMOVED")]
    assert sums_of(found) == ["50.00", "0.00", "5.00", "55.00"]
    assert found["refunded"]["amount"] == "15.00"
    await door.shopify("fulfillments/create", sold.fulfillment(pieces=(1, 1)))
    assert (await sold.shown(order, support))["status"] == "SHIPPED"


async def test_goods_that_come_back_after_they_left_do_not_complete_the_order(
    webhook: Served, order: Served, support: str
) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told(financial_status="paid"))
    parcel = sold.fulfillment(pieces=(1, 0))
    await door.shopify("fulfillments/create", parcel)
    refund = sold.refund(1, "20.00")
    refund["refund_line_items"] = [{"id": 1, "line_item_id": sold.lines[0]["id"], "quantity": 1}]
    sold.lines[0]["current_quantity"] = 0
    changes = {"refunds": [refund], "fulfillments": [parcel], "financial_status": "partially_refunded"}
    await door.shopify("orders/updated", sold.told(**changes))
    found = await sold.shown(order, support)
    assert lines_of(found) == [("Collar", 1, "RETURNED"), ("Leash", 2, "GOODS")]
    assert found["status"] == "PARTIALLY_SHIPPED"


async def test_tips_and_gift_cards_are_no_pieces(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    sold.lines[1] |= {"name": "Gift card", "requires_shipping": False, "gift_card": True}
    await door.shopify("orders/create", sold.told(financial_status="paid", total_price="58.00"))
    found = await sold.shown(order, support)
    assert lines_of(found) == [("Collar", 1, "GOODS"), ("Gift card", 2, "NOT_SENT"), ("Other charges", 1, "CHARGE")]
    await door.shopify("fulfillments/create", sold.fulfillment(pieces=(1, 0)))
    found = await sold.shown(order, support)
    assert [entry["status"] for entry in found["timeline"]] == ["PENDING", "PAID", "IN_PRODUCTION", "SHIPPED"]


async def test_a_design_that_an_edit_adds_is_told_to_its_makers(webhook: Served, order: Served) -> None:
    door, sold, added = Door(webhook, order), ShopOrder(), new_id("des")
    await door.shopify("orders/create", sold.told())
    sold.lines[0]["properties"] = [{"name": "_design_id", "value": added}]
    await door.shopify("orders/updated", sold.told())
    async with order.database.read() as connection:
        told = await connection.exec_driver_sql(
            "SELECT data->'lines' FROM outbox WHERE type = 'order.content_changed' AND subject = $1",
            (await sold.key(order),),
        )
        [lines] = told.scalars().all()
    assert lines[0] == {"design_id": added, "quantity": 1, "design_version": None, "preset_id": None}


async def test_a_design_that_an_edit_adds_can_no_longer_be_changed(
    webhook: Served, order: Served, builder: Served, people: Identities
) -> None:
    door, sold = Door(webhook, order, builder), ShopOrder()
    customer_id = await verify(order, sold.email)
    token = people.token(customer_id)
    made = (await run(builder, "designCreate", token, name="Rex", config=config()))["design"]
    await door.shopify("orders/create", sold.told())
    change = {"id": made["id"], "name": "Max"}
    assert (await run(builder, "designUpdate", token, version=1, **change))["__typename"] == "DesignUpdateSuccess"
    sold.lines[0]["properties"] = [{"name": "_design_id", "value": made["id"]}]
    await door.shopify("orders/updated", sold.told())
    await door.process()
    refused = await run(builder, "designUpdate", token, version=3, **change)
    assert (refused["__typename"], refused["message"]) == (
        "IllegalStateProblem",
        "The design was ordered and can no longer be changed; duplicate it and change the copy.",
    )
