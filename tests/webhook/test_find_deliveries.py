"""Deliveries are found by whatever names them, in both orders, and lead to the request that brought them."""

from typing import Any

from sqlalchemy import select, text

from shared.core.ids import new_id
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.models import WebhookLog
from subgraphs.webhook.service.filters import conditions
from tests.support.apps import Served
from tests.support.plans import plan_without_scans
from tests.webhook.public_door import Door
from tests.webhook.senders import fixture, shopify, take_in
from tests.webhook.shop_orders import ShopOrder

LIST = """
query ($filter: WebhookDeliveryFilter, $sort: WebhookDeliverySort! = NEWEST, $first: Int, $after: String) {
  webhookDeliveries(filter: $filter, sort: $sort, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor }
  }
}"""
REQUEST = "query ($id: ID!) { webhookDelivery(id: $id) { requestId traceId attemptLog { number durationMs } } }"
TRACE = "0af7651916cd43dd8448eb211c80319c"
MANY = """
INSERT INTO webhook_log SELECT (jsonb_populate_record(one, jsonb_build_object(
  'id', 'whd_' || n, 'delivery_id', 'dlv_' || n, 'event_id', 'evt_' || n,
  'received_at', now() - n * interval '1 minute'))).*
FROM webhook_log AS one, generate_series(1, 20000) AS n WHERE one.id = :like
"""


async def found(webhook: Served, token: str, **wanted: Any) -> list[str]:
    page = (await webhook.execute(LIST, token, filter=wanted)).data["webhookDeliveries"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["id"] for node in page["nodes"]]


async def test_a_delivery_is_found_by_each_of_its_ids(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    named = {"x_shopify_webhook_id": f"delivery {sold.id}", "x_shopify_event_id": f"event {sold.id}"}
    await door.shopify("orders/create", sold.told(), **named)
    other = await take_in(webhook, x_shopify_webhook_id=new_id("any"))
    [row] = await door.deliveries(("id", "order_id"), delivery_id=named["x_shopify_webhook_id"])
    assert row.order_id == await sold.key(order)
    for reference in (row.id, row.order_id, *named.values()):
        assert await found(webhook, support, reference=reference) == [row.id]
    assert await found(webhook, support, reference=other) == [other]
    # An id is whole, and another condition still counts.
    for wanted in ({"reference": row.id[:-1]}, {"reference": ""}, {"reference": row.id, "source": "STRIPE"}):
        assert await found(webhook, support, **wanted) == []


async def test_the_oldest_come_first_where_that_is_asked_for(webhook: Served, support: str) -> None:
    shop = f"{new_id('any')}.myshopify.com"
    keys = [await take_in(webhook, x_shopify_webhook_id=new_id("any"), x_shopify_shop_domain=shop) for _ in range(3)]
    assert await found(webhook, support, shop=shop) == keys[::-1]
    seen: list[str] = []
    after = None
    for _ in keys:
        given = {"filter": {"shop": shop}, "sort": "OLDEST", "first": 1, "after": after}
        page = (await webhook.execute(LIST, support, **given)).data["webhookDeliveries"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (seen, page["pageInfo"]["hasNextPage"]) == (keys, False)


async def test_no_reference_is_looked_up_by_a_scan(webhook: Served) -> None:
    key = await take_in(webhook)
    statement = select(WebhookLog.id).where(*conditions(WebhookDeliveryFilter(reference="abc")))
    async with webhook.database.write() as session:
        # In a table as small as the tests' any index would do.
        await session.execute(text(MANY), {"like": key})
        await session.execute(text("ANALYZE webhook_log"))
        newest_first = statement.order_by(WebhookLog.received_at.desc(), WebhookLog.id.desc())
        plan = await plan_without_scans(session, newest_first.limit(21))
        await session.rollback()
    assert "Seq Scan" not in plan, plan
    assert "webhook_log_received_at_id_idx" not in plan, plan


async def test_a_delivery_leads_to_its_request_and_its_trace(webhook: Served, support: str, customer: str) -> None:
    door, body, key = Door(webhook), fixture("orders__create.json"), new_id("any")
    traced = {"x-request-id": f"req-{key}", "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    answer = await door.post("shopify/orders", body, shopify(body, x_shopify_webhook_id=key) | traced)
    assert answer.headers["x-request-id"] == f"req-{key}"
    [row] = await door.deliveries(delivery_id=key)
    shown = (await webhook.execute(REQUEST, support, id=row.id)).data["webhookDelivery"]
    assert (shown["requestId"], shown["traceId"]) == (f"req-{key}", TRACE)
    [attempt] = shown["attemptLog"]
    assert attempt["number"] == 1
    assert 0 <= attempt["durationMs"] < 600_000
    hidden = await webhook.execute(REQUEST, customer, id=row.id)
    assert hidden.body["data"] == {"webhookDelivery": None}


async def test_a_delivery_without_a_trace_has_the_request_alone(webhook: Served, support: str) -> None:
    key = await take_in(webhook, x_shopify_webhook_id=new_id("any"))
    shown = (await webhook.execute(REQUEST, support, id=key)).data["webhookDelivery"]
    assert shown["requestId"].startswith("req_")
    assert (shown["traceId"], shown["attemptLog"]) == (None, [])
