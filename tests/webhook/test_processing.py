"""Deliveries applied: what they tell, how failures are repeated, and that nothing is told twice."""

import datetime as dt
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from shared.core.ids import new_id
from shared.core.settings import Settings, SettingsError
from shared.events.event import Envelope
from shared.events.outbox import OUTBOX
from subgraphs.order.events import OrderDeliveryTaken
from subgraphs.webhook.enums import WebhookSource
from subgraphs.webhook.handlers import HANDLERS
from subgraphs.webhook.service.processing import JITTER, SCHEDULE, Processor
from subgraphs.webhook.service.retention import forget_old
from subgraphs.webhook.settings import WebhookSettings, load_secrets
from tests.support.apps import Served
from tests.webhook.processing import queued, work
from tests.webhook.senders import deliver, fixture, internal, shopify, stored, stripe, stripe_event, take_in

DELIVERY = """
query ($id: ID!) {
  webhookDelivery(id: $id) {
    state attempts error processedAt events { eventId type subject } attemptLog { number error nextAttemptAt }
  }
}
"""


async def take(webhook: Served, path: str, body: bytes, headers: dict[str, str]) -> str:
    """Deliver something and return the id under which it is stored."""
    key = headers.get("x-shopify-webhook-id") or headers.get("webhook-id") or orjson.loads(body)["id"]
    assert (await deliver(webhook, path, body, headers)).json() == {"status": "received"}
    return str((await stored(webhook, key))[0].id)


async def take_product(webhook: Served, **changes: Any) -> str:
    body = orjson.dumps(orjson.loads(fixture("products__update.json")) | changes)
    return await take(webhook, "shopify/products", body, shopify(body, x_shopify_topic="products/update"))


async def reported(webhook: Served, delivery_id: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the events that a delivery told: id, type and data."""
    async with webhook.database.read() as connection:
        rows = await connection.execute(
            select(OUTBOX).where(OUTBOX.c.data["delivery_id"].astext == delivery_id).order_by(OUTBOX.c.id)
        )
        return [(row.event_id, row.type, row.data) for row in rows]


async def shown(webhook: Served, token: str, delivery_id: str) -> Any:
    return (await webhook.execute(DELIVERY, token, id=delivery_id)).data["webhookDelivery"]


async def test_an_order_is_told_exactly_and_without_who_it_is(webhook: Served, support: str) -> None:
    key = await take_in(webhook)
    await work(webhook, key)
    [(event_id, kind, data)] = await reported(webhook, key)
    assert (kind, data["external_order_id"]) == ("webhook.order_created", "gid://shopify/Order/820982911946154508")
    content = data["order"]["content"]
    assert [line["unit_price_minor"] for line in content["lines"]] == [8999, 1999, 2499, 15999, 11999]
    amounts = [content[name] for name in ("discount_minor", "shipping_minor", "tax_minor")]
    assert (amounts, content["currency"]) == ([2000, 1000, 0], "USD")
    for word in ("jon@", "john", "Steve", "Shipper", "Street", "Kentucky", "555-555", "40003"):
        assert word.lower() not in orjson.dumps(data).decode().lower()
    found = await shown(webhook, support, key)
    assert (found["state"], found["attempts"], found["error"]) == ("PROCESSED", 1, None)
    assert found["processedAt"] is not None
    assert found["events"] == [{"eventId": event_id, "type": kind, "subject": data["external_order_id"]}]
    assert found["attemptLog"] == [{"number": 1, "error": None, "nextAttemptAt": None}]


async def test_payments_products_and_own_messages_are_told(webhook: Served) -> None:
    payment = stripe_event()
    own = b'{"type":"payment.failed","data":{"payment_id":"p1","order_id":"AP-7","reason":"expired_card"}}'
    keys = [
        await take(webhook, "stripe/payment", payment, stripe(payment)),
        await take_product(webhook),
        await take(webhook, "internal", own, internal(own, new_id("msg"))),
    ]
    await work(webhook, *keys)
    [paid], [product], [failed] = [await reported(webhook, key) for key in keys]
    thing = orjson.loads(payment)["data"]["object"]
    assert (paid[1], paid[2]["external_payment_id"], paid[2]["amount_minor"], paid[2]["currency"]) == (
        "webhook.payment_succeeded",
        thing["id"],
        thing["amount_received"],
        "USD",
    )
    names = ("external_product_id", "handle", "title", "description", "active", "occurred_at")
    assert (product[1], *[product[2][name] for name in names]) == (
        "webhook.product_updated",
        "gid://shopify/Product/788032119674292922",
        "example-t-shirt",
        "Example T-Shirt",
        "An example T-Shirt",
        True,
        "2022-01-01T00:00:00Z",
    )
    assert (failed[1], failed[2]["external_order_id"], failed[2]["reason"]) == (
        "webhook.payment_failed",
        "AP-7",
        "expired_card",
    )


async def test_a_delivery_learns_which_order_it_is_about(webhook: Served, support: str) -> None:
    key, order_id = await take_in(webhook), new_id("ord")
    event = OrderDeliveryTaken(order_id=order_id, delivery_id=key)
    envelope = Envelope(
        id=new_id("evt"),
        source="order",
        type=event.type,
        subject=order_id,
        time=dt.datetime.now(dt.UTC),
        data=event.model_dump(mode="json"),
    )
    for _ in range(2):
        async with webhook.database.write() as session:
            for handler in HANDLERS[OrderDeliveryTaken]:
                await handler(session, event, envelope)
    query = "query ($id: ID!) { webhookDelivery(id: $id) { order { id webhookDeliveries { nodes { id } } } } }"
    found = (await webhook.execute(query, support, id=key)).data["webhookDelivery"]
    assert found["order"] == {"id": order_id, "webhookDeliveries": {"nodes": [{"id": key}]}}


async def test_a_poisoned_delivery_is_repeated_by_the_schedule_and_then_dead(webhook: Served, support: str) -> None:
    poisoned, sound = await take_product(webhook, id="none", admin_graphql_api_id=None), await take_product(webhook)
    assert SCHEDULE == (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    for attempt, seconds in enumerate(SCHEDULE, start=1):
        [(queued_attempt, wait)] = await queued(webhook, poisoned)
        assert queued_attempt == attempt
        assert abs(wait - seconds) <= seconds * JITTER + 0.5
        assert (await shown(webhook, support, poisoned))["state"] == ("RECEIVED" if attempt == 1 else "FAILED")
        await work(webhook, poisoned)
    assert await queued(webhook, poisoned) == []
    found = await shown(webhook, support, poisoned)
    assert (found["state"], found["attempts"], found["events"]) == ("DEAD", 10, [])
    assert found["error"] == "`id` is not an id of a Product."
    assert [attempt["number"] for attempt in found["attemptLog"]] == list(range(1, 11))
    assert [attempt["nextAttemptAt"] is None for attempt in found["attemptLog"]] == [False] * 9 + [True]
    assert await reported(webhook, poisoned) == []
    await work(webhook, sound)
    assert (await shown(webhook, support, sound))["state"] == "PROCESSED"


async def test_a_bug_of_ours_is_repeated_too_and_tells_nothing_of_the_body(
    webhook: Served, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await take_product(webhook)

    def broken(*_: Any) -> None:
        raise KeyError("jon@example.com")

    monkeypatch.setattr(Processor, "_translate", broken)
    await work(webhook, key)
    found = await shown(webhook, support, key)
    assert (found["state"], found["error"]) == ("FAILED", "Internal error: KeyError.")
    monkeypatch.undo()
    await work(webhook, key)
    assert (await shown(webhook, support, key))["state"] == "PROCESSED"


async def test_a_job_that_is_done_twice_tells_once(webhook: Served, support: str) -> None:
    key = await take_product(webhook)
    for attempt in (1, 1, 2):
        await webhook.runtime.resource(Processor).process(key, attempt)
    assert len(await reported(webhook, key)) == 1
    assert (await shown(webhook, support, key))["attempts"] == 1


async def test_old_deliveries_go_and_those_that_wait_stay(webhook: Served) -> None:
    ages = {"PROCESSED": 91, "IGNORED": 91, "REJECTED": 31, "DEAD": 400, "FAILED": 400}
    young = {"PROCESSED": 89, "REJECTED": 29}
    keys = {}
    for state, days in [*ages.items(), *young.items()]:
        key = await take_product(webhook)
        keys[state, days] = key
        async with webhook.database.read() as connection:
            await connection.exec_driver_sql(
                "UPDATE webhook_log SET state = $2, received_at = $3 WHERE id = $1",
                (key, state, dt.datetime.now(dt.UTC) - dt.timedelta(days=days)),
            )
    assert await forget_old(webhook.database, 90) >= 3
    async with webhook.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT id FROM webhook_log WHERE id = ANY($1)", (list(keys.values()),))
        left = set(rows.scalars())
    assert {name for name, key in keys.items() if key in left} == {
        ("DEAD", 400),
        ("FAILED", 400),
        ("PROCESSED", 89),
        ("REJECTED", 29),
    }


def test_ids_of_senders_are_kept_for_thirty_days_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETPLUS_WEBHOOK_RETENTION_DAYS", "29")
    with pytest.raises(SettingsError, match="PETPLUS_WEBHOOK_RETENTION_DAYS"):
        WebhookSettings.load()
    monkeypatch.setenv("PETPLUS_WEBHOOK_RETENTION_DAYS", "30")
    assert WebhookSettings.load().webhook_retention_days == 30


def test_the_secret_of_one_shop_does_not_speak_for_another(
    base_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETPLUS_SHOPIFY_WEBHOOK_SECRETS", "a.example=one, a.example=two, b.example=three, both==")
    secrets = load_secrets(base_settings)
    assert secrets.of(WebhookSource.SHOPIFY, "a.example") == [b"one", b"two", b"both=="]
    assert secrets.of(WebhookSource.SHOPIFY, "b.example") == [b"three", b"both=="]
    assert secrets.of(WebhookSource.SHOPIFY) == [b"both=="]
