"""Deliveries that come again: the same is applied once and counted, other news of the same event are applied."""

from dataclasses import replace
from typing import Any

import pytest

from subgraphs.webhook.enums import WebhookSource
from subgraphs.webhook.service.intake import _counted
from subgraphs.webhook.service.sources import Claims
from tests.support.apps import Served
from tests.webhook.public_door import Door
from tests.webhook.shop_orders import ShopOrder

REPEATS = "query ($id: ID!) { webhookDelivery(id: $id) { repeats state } }"


async def test_two_parcels_of_one_event_are_both_applied(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told(financial_status="paid"))
    for number, pieces in ((1, (1, 0)), (2, (0, 2))):
        event = {"x_shopify_event_id": f"one click {sold.id}"}
        answer = await door.shopify("fulfillments/create", sold.fulfillment(number, pieces), **event)
        assert answer.json() == {"status": "received"}
    found = await sold.shown(order, support)
    assert (len(found["shipments"]), found["status"]) == (2, "SHIPPED")


@pytest.mark.parametrize("by", ["x_shopify_webhook_id", "x_shopify_event_id"])
async def test_the_same_is_applied_once_and_counted(webhook: Served, order: Served, support: str, by: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    document, key = sold.told(), f"again {sold.id}"
    answers = [(await door.shopify("orders/create", document, **{by: key})).json()["status"] for _ in range(3)]
    assert answers == ["received", "duplicate", "duplicate"]
    column = "delivery_id" if by == "x_shopify_webhook_id" else "event_id"
    rows: Any = await door.deliveries(("id", "repeats"), **{column: key})
    assert [row.repeats for row in rows] == [2]
    shown = await webhook.execute(REPEATS, support, id=rows[0].id)
    assert shown.data["webhookDelivery"] == {"repeats": 2, "state": "PROCESSED"}


async def test_counting_a_repeat_reads_an_index_for_each_way_to_know_it(webhook: Served) -> None:
    claims = Claims(topic="b", delivery_id="c", shop="a", event_id="d")
    for part in (claims, replace(claims, shop=None)):
        counted = _counted(WebhookSource.SHOPIFY, part, "e").compile(dialect=webhook.database.engine.dialect)
        async with webhook.database.write() as session:
            connection = await session.connection()
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            values = tuple(counted.params[name] for name in counted.positiontup or ())
            values = tuple(getattr(value, "value", value) for value in values)
            plan = "\n".join((await connection.exec_driver_sql(f"EXPLAIN {counted}", values)).scalars())
            wanted = "SELECT indexdef FROM pg_indexes WHERE indexname = 'webhook_log_event_key'"
            [of_events] = (await connection.exec_driver_sql(wanted)).scalars()
        assert "webhook_log_delivery_key" in plan
        assert "Seq Scan" not in plan
        # In a table as small as the tests' the one index may be chosen for both ways.
        assert "event_id, body_digest" in of_events
