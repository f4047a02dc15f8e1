"""Deliveries in the graph: what staff see and do, and that nobody else does."""

import datetime as dt
from typing import Any

import pytest

from shared.core.ids import new_id
from tests.support.apps import Served
from tests.webhook.senders import count, fixture, stored, take_in

DELIVERY = """
query ($id: ID!) {
  webhookDelivery(id: $id) {
    id source topic shop deliveryId verdict state attempts error occurredAt payload
    attemptLog { number error nextAttemptAt } order { id } discardedBy { id } receivedAt storedAt
  }
}
"""
DISCARD = """
mutation ($id: ID!) {
  webhookDiscard(input: { id: $id }) {
    __typename
    ... on WebhookDiscardSuccess { delivery { id state discardedBy { id } } }
    ... on Problem { code message }
  }
}
"""
LIST = """
query ($filter: WebhookDeliveryFilter, $first: Int, $after: String) {
  webhookDeliveries(filter: $filter, first: $first, after: $after) {
    totalCount nodes { id state payload attemptLog { number } events { eventId } } pageInfo { hasNextPage endCursor }
  }
}
"""
EDGE = """
query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Order { id webhookDeliveries(first: 2) { totalCount nodes { id payload } pageInfo { hasNextPage } } }
    ... on WebhookDelivery { id payload attemptLog { number } }
  }
}
"""


async def set_columns(webhook: Served, delivery_id: str, **columns: Any) -> None:
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    async with webhook.database.read() as connection:
        await connection.exec_driver_sql(
            f"UPDATE webhook_log SET {changes} WHERE id = $1",  # noqa: S608 (names of this file)
            (delivery_id, *columns.values()),
        )


async def add_attempt(webhook: Served, delivery_id: str, number: int, error: str | None) -> None:
    async with webhook.database.read() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO webhook_retry (delivery_id, number, error) VALUES ($1, $2, $3)", (delivery_id, number, error)
        )


async def test_staff_see_a_delivery_with_its_body_and_attempts(webhook: Served, support: str) -> None:
    order_id = new_id("ord")
    key = await take_in(webhook)
    await set_columns(webhook, key, order_id=order_id, state="FAILED", attempts=1, error="No answer.")
    await add_attempt(webhook, key, 1, "No answer.")
    shown = (await webhook.execute(DELIVERY, support, id=key)).data["webhookDelivery"]
    assert shown.pop("deliveryId").startswith("hook_")
    assert dt.datetime.fromisoformat(shown.pop("receivedAt")) < dt.datetime.fromisoformat(shown.pop("storedAt"))
    assert shown == {
        "id": key,
        "source": "SHOPIFY",
        "topic": "orders/create",
        "shop": "pets.myshopify.com",
        "verdict": "VERIFIED",
        "state": "FAILED",
        "attempts": 1,
        "error": "No answer.",
        "occurredAt": "2026-11-20T08:15:30.123456Z",
        "payload": fixture("orders__create.json").decode(),
        "attemptLog": [{"number": 1, "error": "No answer.", "nextAttemptAt": None}],
        "order": {"id": order_id},
        "discardedBy": None,
    }


async def test_customers_and_strangers_see_nothing_on_any_path(webhook: Served, customer: str) -> None:
    key, order_id = await take_in(webhook), new_id("ord")
    await set_columns(webhook, key, order_id=order_id)
    for token, code in ((None, "UNAUTHENTICATED"), (customer, "FORBIDDEN")):
        root = await webhook.execute(DELIVERY, token, id=key)
        assert (root.body["data"], root.codes) == ({"webhookDelivery": None}, [code])
        listed = await webhook.execute(LIST, token)
        assert (listed.body["data"], listed.codes) == ({"webhookDeliveries": None}, [code])
        stats = await webhook.execute("{ webhookStats { total } }", token)
        assert (stats.body["data"], stats.codes) == ({"webhookStats": None}, [code])
        representations = [{"__typename": "Order", "id": order_id}, {"__typename": "WebhookDelivery", "id": key}]
        entities = await webhook.execute(EDGE, token, representations=representations)
        assert entities.body["data"]["_entities"] == [{"id": order_id, "webhookDeliveries": None}, None]
        assert entities.codes == [code]
        refused = await webhook.execute(DISCARD, token, id=key)
        assert (refused.body["data"], refused.codes) == (None, [code])
    async with webhook.database.read() as connection:
        state = await connection.exec_driver_sql("SELECT state FROM webhook_log WHERE id = $1", (key,))
        assert state.scalar_one() == "RECEIVED"


async def test_support_may_read_and_not_discard(webhook: Served, support: str) -> None:
    key = await take_in(webhook)
    assert (await webhook.execute(DISCARD, support, id=key)).codes == ["FORBIDDEN"]
    assert (await webhook.execute(DELIVERY, support, id=key)).data["webhookDelivery"]["state"] == "RECEIVED"


@pytest.mark.parametrize("state", ["RECEIVED", "FAILED", "DEAD"])
async def test_an_administrator_discards_what_was_not_applied(webhook: Served, admin: str, state: str) -> None:
    key = await take_in(webhook)
    await set_columns(webhook, key, state=state)
    done = (await webhook.execute(DISCARD, admin, id=key)).data["webhookDiscard"]
    who = done["delivery"].pop("discardedBy")["id"]
    assert done == {"__typename": "WebhookDiscardSuccess", "delivery": {"id": key, "state": "IGNORED"}}
    async with webhook.database.read() as connection:
        found = await connection.exec_driver_sql(
            "SELECT type, data->>'previous', data->>'state', actor FROM outbox WHERE subject = $1", (key,)
        )
        assert [tuple(row) for row in found] == [("webhook.discarded", state, "IGNORED", who)]


@pytest.mark.parametrize("state", ["PROCESSED", "IGNORED", "REJECTED"])
async def test_what_is_settled_cannot_be_discarded(webhook: Served, admin: str, state: str) -> None:
    key = await take_in(webhook)
    await set_columns(webhook, key, state=state)
    refused = (await webhook.execute(DISCARD, admin, id=key)).data["webhookDiscard"]
    assert (refused["__typename"], refused["code"]) == ("IllegalStateProblem", "ILLEGAL_STATE")
    shown = (await webhook.execute(DELIVERY, admin, id=key)).data["webhookDelivery"]
    assert (shown["state"], shown["discardedBy"]) == (state, None)
    async with webhook.database.read() as connection:
        events = await connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE subject = $1", (key,))
        assert events.scalar_one() == 0


@pytest.mark.parametrize("key", ["", "whd_", "ord_01jd0000000000000000000000", "x" * 5000, "whd_\u00e9", "' OR 1=1 --"])
async def test_an_unknown_id_names_nothing(webhook: Served, admin: str, key: str) -> None:
    assert (await webhook.execute(DELIVERY, admin, id=key)).data == {"webhookDelivery": None}
    refused = (await webhook.execute(DISCARD, admin, id=key)).data["webhookDiscard"]
    assert refused["__typename"] == "NotFoundProblem"
    representations = [{"__typename": "WebhookDelivery", "id": key}, {"__typename": "Order", "id": key}]
    entities = (await webhook.execute(EDGE, admin, representations=representations)).data["_entities"]
    assert entities[0] is None
    assert (entities[1] is None) == (not key.startswith("ord_01"))


async def test_deliveries_are_filtered_and_paged_newest_first(webhook: Served, support: str) -> None:
    shop = f"{new_id('shop')}.example"
    keys = [await take_in(webhook, x_shopify_shop_domain=shop) for _ in range(3)]
    await set_columns(webhook, keys[0], state="DEAD")
    await set_columns(webhook, keys[1], state="FAILED")
    first = (await webhook.execute(LIST, support, filter={"shop": shop}, first=2)).data["webhookDeliveries"]
    assert ([node["id"] for node in first["nodes"]], first["totalCount"]) == ([keys[2], keys[1]], 3)
    after = first["pageInfo"]["endCursor"]
    rest = (await webhook.execute(LIST, support, filter={"shop": shop}, first=2, after=after)).data["webhookDeliveries"]
    assert ([node["id"] for node in rest["nodes"]], rest["pageInfo"]["hasNextPage"]) == ([keys[0]], False)
    troubled = {"shop": shop, "states": ["DEAD", "FAILED"], "source": "SHOPIFY", "topic": "orders/create"}
    found = (await webhook.execute(LIST, support, filter=troubled)).data["webhookDeliveries"]
    assert [node["id"] for node in found["nodes"]] == [keys[1], keys[0]]
    impossible: list[dict[str, Any]] = [
        {"states": []},
        {"receivedFrom": "2999-01-01T00:00:00"},
        {"receivedBefore": "1999-01-01T00:00:00Z"},
    ]
    for nothing in impossible:
        empty = (await webhook.execute(LIST, support, filter={"shop": shop, **nothing})).data["webhookDeliveries"]
        assert (empty["nodes"], empty["totalCount"]) == ([], 0)


@pytest.mark.parametrize(
    "variables",
    [
        {"first": -1},
        {"first": 101},
        {"after": "nonsense"},
        {"after": "WyJyZWNlaXZlZF9hdCIsIjAwMDEtMDEtMDFUMDA6MDA6MDArMTQ6MDAiLCJ4Il0"},
        {"filter": {"receivedFrom": "0001-01-01T00:00:00+14:00"}},
        {"filter": {"receivedFrom": "yesterday"}},
        {"filter": {"receivedFrom": 5}},
        {"filter": {"states": ["LOST"]}},
        {"filter": {"topic": "a\x00b"}},
    ],
)
async def test_a_list_that_cannot_be_is_refused(webhook: Served, support: str, variables: dict[str, Any]) -> None:
    answer = await webhook.execute(LIST, support, **variables)
    assert set(answer.codes) <= {"INVALID_INPUT", "BAD_USER_INPUT", "BAD_REQUEST"}
    assert len(answer.codes) == 1


async def test_statistics_add_up(webhook: Served, support: str) -> None:
    await take_in(webhook)
    query = """
    query ($from: DateTime) {
      webhookStats(receivedFrom: $from) { total byState { state count } bySource { source count } oldestWaitingAt }
    }"""
    stats = (await webhook.execute(query, support)).data["webhookStats"]
    assert stats["total"] == await count(webhook)
    assert sum(each["count"] for each in stats["byState"]) == stats["total"]
    assert sum(each["count"] for each in stats["bySource"]) == stats["total"]
    assert stats["oldestWaitingAt"] is not None
    future = {"from": "2999-01-01T00:00:00Z"}
    nothing = (await webhook.execute(query, support, **future)).data["webhookStats"]
    assert (nothing["total"], nothing["oldestWaitingAt"]) == (0, None)
    assert [each["state"] for each in nothing["byState"]] == [
        "RECEIVED",
        "PROCESSED",
        "FAILED",
        "DEAD",
        "IGNORED",
        "REJECTED",
    ]


async def test_an_order_shows_its_deliveries(webhook: Served, support: str) -> None:
    order_id = new_id("ord")
    keys = [await take_in(webhook) for _ in range(3)]
    for key in keys:
        await set_columns(webhook, key, order_id=order_id)
    answer = await webhook.execute(EDGE, support, representations=[{"__typename": "Order", "id": order_id}])
    shown = answer.data["_entities"][0]["webhookDeliveries"]
    assert [node["id"] for node in shown["nodes"]] == [keys[2], keys[1]]
    assert (shown["totalCount"], shown["pageInfo"]["hasNextPage"]) == (3, True)
    found = (await webhook.execute(LIST, support, filter={"orderId": order_id})).data["webhookDeliveries"]
    assert found["totalCount"] == 3


async def test_statements_do_not_grow_with_the_parents(webhook: Served, support: str) -> None:
    orders = [new_id("ord") for _ in range(100)]
    keys = [await take_in(webhook) for _ in range(10)]
    for order_id, key in zip(orders, keys, strict=False):
        await set_columns(webhook, key, order_id=order_id)
    for size in (1, 10, 100):
        representations = [{"__typename": "Order", "id": key} for key in orders[:size]]
        with webhook.statements() as sent:
            await webhook.execute(EDGE, support, representations=representations)
        assert len(sent) == 3, size
        representations = [{"__typename": "WebhookDelivery", "id": key} for key in (keys * 10)[:size]]
        with webhook.statements() as sent:
            await webhook.execute(EDGE, support, representations=representations)
        assert len(sent) == 3, size
        with webhook.statements() as sent:
            await webhook.execute(LIST, support, first=size)
        assert len(sent) == 4, size


async def test_lists_do_not_read_bodies_that_nobody_asked_for(webhook: Served, support: str) -> None:
    with webhook.statements() as sent:
        await webhook.execute("{ webhookDeliveries { nodes { id } } }", support)
    assert len(sent) == 1
    assert "webhook_log.body" not in sent[0]


async def test_a_rejected_delivery_is_shown_without_its_body(webhook: Served, support: str) -> None:
    delivery_id = new_id("hook")
    headers = {"content-type": "application/json", "x-shopify-webhook-id": delivery_id}
    await webhook.client.post("/webhooks/shopify/orders", content=b"\xff\x00{", headers=headers)
    [row] = await stored(webhook, delivery_id)
    shown = (await webhook.execute(DELIVERY, support, id=row.id)).data["webhookDelivery"]
    assert (shown["payload"], shown["verdict"], shown["topic"]) == ("", "MISSING", None)
