"""Speaks as the senders of webhooks do: signs bodies with the development secrets and delivers them."""

import base64
import hashlib
import hmac
import time
from pathlib import Path
from typing import Any

import httpx
import orjson

from shared.core.ids import new_id
from tests.support.apps import Served

FIXTURES = Path(__file__).parent / "fixtures"
SHOPIFY_SECRET = b"development-shopify-webhook-secret"
STRIPE_SECRET = b"whsec_development-stripe-webhook-secret"
INTERNAL_SECRET = b"development-internal-webhook-secret"
SHOP = "pets.myshopify.com"


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def shopify(body: bytes, **changes: str) -> dict[str, str]:
    """Return the headers of a Shopify delivery; `changes` by name with underscores."""
    digest = hmac.new(SHOPIFY_SECRET, body, hashlib.sha256).digest()
    headers = {
        "content-type": "application/json",
        "x-shopify-topic": "orders/create",
        "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
        "x-shopify-shop-domain": SHOP,
        "x-shopify-webhook-id": new_id("hook"),
        "x-shopify-event-id": new_id("event"),
        "x-shopify-triggered-at": "2026-11-20T08:15:30.123456789Z",
    }
    return headers | {name.replace("_", "-"): value for name, value in changes.items()}


def stripe(body: bytes, at: int | None = None) -> dict[str, str]:
    """Return the headers of a Stripe delivery that was signed at a time; now unless told."""
    seconds = int(time.time()) if at is None else at
    digest = hmac.new(STRIPE_SECRET, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return {"content-type": "application/json; charset=utf-8", "stripe-signature": f"t={seconds},v1={digest}"}


def internal(body: bytes, delivery_id: str, at: int | None = None) -> dict[str, str]:
    """Return the headers of a Standard Webhooks delivery that was signed at a time; now unless told."""
    seconds = int(time.time()) if at is None else at
    digest = hmac.new(INTERNAL_SECRET, f"{delivery_id}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def stripe_event(**changes: Any) -> bytes:
    """Return a payment event of its own id; `changes` replace its fields."""
    return orjson.dumps(orjson.loads(fixture("payment_intent.succeeded.json")) | {"id": new_id("evt")} | changes)


async def deliver(webhook: Served, path: str, body: bytes, headers: dict[str, Any]) -> httpx.Response:
    return await webhook.client.post(f"/webhooks/{path}", content=body, headers=headers)


async def stored(webhook: Served, delivery_id: str) -> list[Any]:
    """Return the rows that a sender's delivery left, oldest first."""
    async with webhook.database.read() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT * FROM webhook_log WHERE delivery_id = $1 ORDER BY received_at", (delivery_id,)
        )
        return list(rows)


async def count(webhook: Served) -> int:
    """Return how many deliveries are stored."""
    async with webhook.database.read() as connection:
        return int((await connection.exec_driver_sql("SELECT count(*) FROM webhook_log")).scalar_one())


async def take_in(webhook: Served, **changes: str) -> str:
    """Deliver an order of the shop and return the id under which it is stored."""
    body = fixture("orders__create.json")
    headers = shopify(body, **changes)
    assert (await deliver(webhook, "shopify/orders", body, headers)).status_code == 200
    return str((await stored(webhook, headers["x-shopify-webhook-id"]))[0].id)
