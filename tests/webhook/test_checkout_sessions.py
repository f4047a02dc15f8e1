"""Payments of Stripe as they really come: by Checkout Sessions, and of its test mode."""

import datetime as dt
from typing import Any

import orjson
import pytest

from shared.core.ids import new_id
from shared.security.pseudonyms import Pseudonymizer
from subgraphs.order.service.fulfillment import Fulfillment
from subgraphs.webhook.enums import WebhookSource
from subgraphs.webhook.service.intake import Delivery, Outcome, receive
from subgraphs.webhook.service.rejections import Rejections
from subgraphs.webhook.settings import WebhookSecrets, load_secrets
from tests.order.factories import place
from tests.support.apps import Served
from tests.webhook.public_door import Door
from tests.webhook.senders import deliver, shopify, stored, stripe, stripe_event
from tests.webhook.shop_orders import ShopOrder

STATUS = "query ($id: ID!) { order(id: $id) { status } }"


def session_of(intent: str | None, total: int, **changes: Any) -> Any:
    session: Any = {"id": new_id("cs"), "object": "checkout.session", "payment_intent": intent, "metadata": {}}
    return session | {"payment_status": "paid", "amount_total": total, "currency": "eur", **changes}


async def status_of(order: Served, support: str, order_id: str) -> str:
    return str((await order.execute(STATUS, support, id=order_id)).data["order"]["status"])


@pytest.mark.parametrize("named_by", ["metadata", "client_reference_id"])
@pytest.mark.parametrize("first", ["session", "intent"])
async def test_a_checkout_session_pays_its_order(
    webhook: Served, order: Served, support: str, named_by: str, first: str
) -> None:
    door, placed, intent = Door(webhook, order), await place(order, None), new_id("pi")
    name = {"metadata": {"order_id": placed.id}} if named_by == "metadata" else {"client_reference_id": placed.id}
    payment = {"id": intent, "amount": placed.total_minor, "currency": "eur", "metadata": {}}
    reports = [
        ("checkout.session.completed", session_of(intent, placed.total_minor, **name)),
        ("payment_intent.succeeded", payment),
    ]
    for topic, thing in reports if first == "session" else reversed(reports):
        await door.stripe(topic, thing)
    assert await status_of(order, support, placed.id) == "PAID"


async def test_a_session_whose_money_is_still_to_come_pays_once_it_has(
    webhook: Served, order: Served, support: str
) -> None:
    door, placed, intent = Door(webhook, order), await place(order, None), new_id("pi")
    session = session_of(intent, placed.total_minor, metadata={"order_id": placed.id})
    await door.stripe("checkout.session.completed", session | {"payment_status": "unpaid"})
    assert await status_of(order, support, placed.id) == "PENDING"
    await door.stripe("checkout.session.async_payment_succeeded", session)
    assert await status_of(order, support, placed.id) == "PAID"


async def take(webhook: Served, source: WebhookSource, body: bytes, headers: dict[str, str]) -> Outcome:
    """Deliver as to a shop in production."""
    runtime = webhook.runtime
    return await receive(
        webhook.database,
        runtime.resource(WebhookSecrets),
        runtime.resource(Pseudonymizer),
        runtime.resource(Rejections),
        Delivery(source, headers, body),
        dt.datetime.now(dt.UTC),
        takes_tests=False,
    )


async def test_a_test_payment_never_pays_an_order_of_a_production_shop(
    webhook: Served, order: Served, support: str
) -> None:
    placed, door = await place(order, None), Door(webhook, order)
    payment = {"id": new_id("pi"), "amount": placed.total_minor, "currency": "eur", "metadata": {"order_id": placed.id}}
    for is_live, expected in ((False, Outcome.IGNORED), (True, Outcome.RECEIVED)):
        key = new_id("evt")
        event = {"id": key, "type": "payment_intent.succeeded", "livemode": is_live, "data": {"object": payment}}
        body = orjson.dumps(event | {"created": 1_790_000_000})
        assert await take(webhook, WebhookSource.STRIPE, body, stripe(body)) is expected
        await door.process()
        assert await status_of(order, support, placed.id) == ("PAID" if is_live else "PENDING")
        [row] = await stored(webhook, key)
        assert (row.state, row.body == b"") == (("PROCESSED", False) if is_live else ("IGNORED", True))


@pytest.mark.parametrize(("given", "expected"), [("off", "ignored"), ("on", "received")])
async def test_a_production_shop_with_test_keys_takes_stripes_test_mode(
    webhook: Served, monkeypatch: pytest.MonkeyPatch, given: str, expected: str
) -> None:
    monkeypatch.setenv("PETPLUS_STRIPE_TEST_KEYS", given)
    development = webhook.runtime.settings
    monkeypatch.setitem(webhook.runtime.resources, WebhookSecrets, load_secrets(development))
    monkeypatch.setattr(webhook.runtime, "settings", development.model_copy(update={"env": "production"}))
    body = stripe_event()
    answer = await deliver(webhook, "stripe/payment", body, stripe(body))
    assert answer.json() == {"status": expected}


async def test_a_sample_that_the_shops_staff_sends_is_no_order_in_production(webhook: Served) -> None:
    body = orjson.dumps(ShopOrder().told())
    headers = shopify(body, x_shopify_test="true")
    assert await take(webhook, WebhookSource.SHOPIFY, body, headers) is Outcome.IGNORED


async def test_a_test_order_is_marked_and_never_made(webhook: Served, order: Served, support: str) -> None:
    door, sold = Door(webhook, order), ShopOrder()
    await door.shopify("orders/create", sold.told(test=True, financial_status="paid"))
    found = await sold.shown(order, support)
    assert (found["test"], found["status"]) == (True, "PAID")
    eager = Fulfillment(order.database, None, start_after=0, make_for=0)
    await eager.advance(found["id"])
    assert (await sold.shown(order, support))["status"] == "PAID"
    async with order.database.read() as connection:
        told = await connection.exec_driver_sql(
            "SELECT data->'test' FROM outbox WHERE type = 'order.created' AND subject = $1", (found["id"],)
        )
        assert told.scalars().all() == [True]
