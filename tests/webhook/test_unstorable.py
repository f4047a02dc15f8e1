"""Signed deliveries that the database does not take: they fail where staff can see it, and are not stuck."""

import datetime as dt
from collections.abc import Mapping

import pytest

from shared.core.ids import new_id
from shared.events.event import Event
from shared.security.sealing import Sealer
from subgraphs.webhook.enums import WebhookSource
from subgraphs.webhook.events import WebhookPaymentFailed
from subgraphs.webhook.service import processing
from subgraphs.webhook.service.retention import bury_stuck
from subgraphs.webhook.service.translation.source import Source
from tests.support.apps import Served
from tests.webhook.public_door import Door
from tests.webhook.senders import take_in
from tests.webhook.shop_orders import ShopOrder


@pytest.mark.parametrize("kind", ["Order", "Fulfillment", "Product"])
async def test_a_null_character_in_an_id_fails_visibly(webhook: Served, order: Served, kind: str) -> None:
    door, sold, key = Door(webhook, order), ShopOrder(), new_id("hook")
    topics = {"Order": "orders/create", "Fulfillment": "fulfillments/create", "Product": "products/create"}
    document = sold.told() if kind == "Order" else sold.fulfillment()
    document |= {"admin_graphql_api_id": f"gid://shopify/{kind}/1\u0000", "title": "x"}
    await door.shopify(topics[kind], document, x_shopify_webhook_id=key)
    [row] = await door.deliveries(("state", "attempts", "error"), delivery_id=key)
    assert (row.state, row.attempts, row.error) == ("FAILED", 1, "`admin_graphql_api_id` is not an id.")


async def test_a_delivery_that_nobody_tries_to_apply_is_shown_as_dead_after_a_day(webhook: Served) -> None:
    now, keys = dt.datetime.now(dt.UTC), []
    for hours in (25, 23):
        key = await take_in(webhook)
        async with webhook.database.read() as connection:
            at = now - dt.timedelta(hours=hours)
            await connection.exec_driver_sql("UPDATE webhook_log SET received_at = $2 WHERE id = $1", (key, at))
        keys.append(key)
    assert await bury_stuck(webhook.database, webhook.runtime.resource(Sealer)) >= 1
    rows = [(await Door(webhook).deliveries(("state", "error"), id=key))[0] for key in keys]
    assert [row.state for row in rows] == ["DEAD", "RECEIVED"]
    assert rows[0].error == "No attempt to apply it was made within a day; see `petplus jobs webhook`."


async def test_what_the_database_refuses_fails_visibly(
    webhook: Served, order: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unstorable(source: Source, _document: Mapping[str, object]) -> list[Event]:
        return [WebhookPaymentFailed(delivery_id=source.delivery_id, source="SHOPIFY", external_payment_id="\u0000")]

    monkeypatch.setitem(processing.TRANSLATORS, WebhookSource.SHOPIFY, unstorable)
    door, key = Door(webhook, order), new_id("hook")
    await door.shopify("orders/create", ShopOrder().told(), x_shopify_webhook_id=key)
    [row] = await door.deliveries(("state", "attempts", "error"), delivery_id=key)
    assert (row.state, row.attempts) == ("FAILED", 1)
    assert row.error == "The database refused what it says (SQLSTATE 22021)."
