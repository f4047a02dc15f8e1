"""Fulfilments of a shop: a parcel is what has left, one for each tracking number."""

import itertools
from typing import Any

import pytest

from tests.support.apps import Served
from tests.webhook.public_door import Door
from tests.webhook.shop_orders import ShopOrder


def parcels(found: Any) -> list[tuple[str, str]]:
    return [(parcel["trackingNumber"], parcel["status"]) for parcel in found["shipments"]]


async def paid(webhook: Served, order: Served) -> tuple[Door, ShopOrder]:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told(financial_status="paid"))
    return door, sold


@pytest.mark.parametrize("status", ["pending", "open", "cancelled", "error", "failure"])
@pytest.mark.parametrize("topic", ["fulfillments/create", "fulfillments/update", "orders/updated"])
async def test_what_has_not_left_is_no_parcel(
    webhook: Served, order: Served, support: str, status: str, topic: str
) -> None:
    door, sold = await paid(webhook, order)
    parcel = sold.fulfillment(status=status)
    await door.shopify(topic, sold.told(fulfillments=[parcel]) if topic == "orders/updated" else parcel)
    found = await sold.shown(order, support)
    assert (found["status"], found["shipments"]) == ("PAID", [])
    assert len(found["notes"]) == (0 if status in ("pending", "open") else 1)


async def test_a_withdrawn_parcel_is_taken_back_and_noted(webhook: Served, order: Served, support: str) -> None:
    door, sold = await paid(webhook, order)
    await door.shopify("fulfillments/create", sold.fulfillment(1))
    assert len((await sold.shown(order, support))["shipments"]) == 1
    await door.shopify("fulfillments/update", sold.fulfillment(1, status="cancelled"))
    found = await sold.shown(order, support)
    assert found["shipments"] == []
    assert [note["text"] for note in found["notes"]] == [
        f"The shop withdrew the parcel TRACK{sold.id}1: it did not leave."
    ]


async def test_a_parcel_that_replaces_a_withdrawn_one_delivers_the_order_in_any_order_of_arrival(
    webhook: Served, order: Served, support: str
) -> None:
    for places in itertools.permutations(range(3)):
        door, sold = await paid(webhook, order)
        reports = [
            sold.fulfillment(1),
            sold.fulfillment(1, status="cancelled"),
            sold.fulfillment(2, shipment_status="delivered"),
        ]
        for place in places:
            await door.shopify("fulfillments/update", reports[place])
        found = await sold.shown(order, support)
        assert (found["status"], parcels(found)) == ("DELIVERED", [(f"TRACK{sold.id}2", "DELIVERED")])


async def test_pieces_of_a_withdrawn_parcel_are_not_counted(webhook: Served, order: Served, support: str) -> None:
    door, sold = await paid(webhook, order)
    await door.shopify("fulfillments/create", sold.fulfillment(1, pieces=(0, 2), status="cancelled"))
    await door.shopify("fulfillments/create", sold.fulfillment(2, pieces=(1, 0)))
    assert (await sold.shown(order, support))["status"] == "PARTIALLY_SHIPPED"


async def test_each_tracking_number_is_a_parcel_with_its_own_link(webhook: Served, order: Served, support: str) -> None:
    door, sold = await paid(webhook, order)
    numbers, urls = ["P1", "P2", "P3"], [f"https://track.example/{number}" for number in (1, 2, 3)]
    await door.shopify("fulfillments/create", sold.fulfillment(tracking_numbers=numbers, tracking_urls=urls))
    found = await sold.shown(order, support)
    assert sorted(parcels(found)) == [(number, "IN_TRANSIT") for number in numbers]
    assert [entry["status"] for entry in found["timeline"]] == ["PENDING", "PAID", "IN_PRODUCTION", "SHIPPED"]
    async with order.database.read() as connection:
        links = await connection.exec_driver_sql(
            "SELECT tracking_url FROM shipment_tracking WHERE order_id = $1 ORDER BY tracking_number", (found["id"],)
        )
        assert list(links.scalars()) == urls


async def test_a_tracking_number_that_is_taken_out_takes_its_parcel_with_it(
    webhook: Served, order: Served, support: str
) -> None:
    door, sold = await paid(webhook, order)
    await door.shopify("fulfillments/create", sold.fulfillment(tracking_numbers=["P1", "P2"]))
    await door.shopify("fulfillments/update", sold.fulfillment(tracking_numbers=["P1"], shipment_status="delivered"))
    found = await sold.shown(order, support)
    assert (found["status"], parcels(found)) == ("DELIVERED", [("P1", "DELIVERED")])
