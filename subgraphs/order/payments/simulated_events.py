"""What the simulated provider tells by webhooks: objects and events in Stripe's form, signed and delivered as Stripe's.

https://docs.stripe.com/api/events, https://docs.stripe.com/webhooks. An event is stored with the change that it tells
of, and delivered by a job until the webhook subgraph has taken it.
"""

import datetime as dt
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import orjson
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.database.database import Database
from shared.runtime import Runtime
from subgraphs.order.enums import SimulatedPaymentState
from subgraphs.order.payment_models import SimulatedEvent, SimulatedPayment, SimulatedRefund
from subgraphs.order.service.job_types import SIMULATED_DELIVERY
from subgraphs.order.settings import SimulatedPaymentSettings

API_VERSION = "2025-03-31.basil"
SECONDS = 10.0


class NotTaken(Exception):
    """The webhook subgraph has not taken a delivery."""


def payment_intent(payment: SimulatedPayment) -> dict[str, object]:
    """Return a payment as Stripe's PaymentIntent."""
    succeeded = payment.state is SimulatedPaymentState.SUCCEEDED
    return {
        "id": payment.id,
        "object": "payment_intent",
        "amount": payment.amount_minor,
        "amount_received": payment.amount_minor if succeeded else 0,
        "capture_method": "automatic",
        "confirmation_method": "automatic",
        "created": _seconds(payment.created_at),
        "currency": payment.currency.value.lower(),
        "description": f"Order {payment.number}",
        "last_payment_error": _last_error(payment.failure),
        "latest_charge": payment.charge_id if succeeded else None,
        "livemode": False,
        "metadata": {"order_id": payment.order_id},
        "payment_method_types": ["card"],
        "status": payment.state.value,
    }


def charge(payment: SimulatedPayment) -> dict[str, object]:
    """Return what a payment took, as Stripe's Charge."""
    return {
        "id": payment.charge_id,
        "object": "charge",
        "amount": payment.amount_minor,
        "amount_captured": payment.amount_minor,
        "amount_refunded": payment.refunded_minor,
        "captured": True,
        "created": _seconds(payment.created_at),
        "currency": payment.currency.value.lower(),
        "livemode": False,
        "metadata": {"order_id": payment.order_id},
        "paid": True,
        "payment_intent": payment.id,
        "refunded": payment.refunded_minor == payment.amount_minor,
        "status": "succeeded",
    }


def refund(payment: SimulatedPayment, given: SimulatedRefund) -> dict[str, object]:
    """Return a refund as Stripe's Refund."""
    return {
        "id": given.id,
        "object": "refund",
        "amount": given.amount_minor,
        "charge": payment.charge_id,
        "created": _seconds(given.created_at),
        "currency": payment.currency.value.lower(),
        "metadata": {"order_id": payment.order_id, "refund_id": given.refund_id},
        "payment_intent": payment.id,
        "reason": None,
        "status": "succeeded",
    }


def dispute(payment: SimulatedPayment) -> dict[str, object]:
    """Return what the bank of a payer asks back, as Stripe's Dispute."""
    return {
        "id": payment.charge_id.replace("ch_", "dp_", 1),
        "object": "dispute",
        "amount": payment.amount_minor,
        "charge": payment.charge_id,
        "created": int(time.time()),
        "currency": payment.currency.value.lower(),
        "livemode": False,
        "metadata": {"order_id": payment.order_id},
        "payment_intent": payment.id,
        "reason": "fraudulent",
        "status": "needs_response",
    }


def _last_error(code: str | None) -> dict[str, object] | None:
    if code is None:
        return None
    declined = code == "card_declined"
    return {
        "code": code,
        "decline_code": "generic_decline" if declined else None,
        "message": "Your card was declined." if declined else "The payment was not confirmed.",
        "type": "card_error" if declined else "invalid_request_error",
    }


async def publish(session: AsyncSession, topic: str, about: dict[str, object], *, delay: float = 0.0) -> None:
    """Have an event told within the transaction of its change, once `delay` seconds have passed."""
    event_id = new_id("evt")
    body = {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(time.time() + delay),
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": topic,
    }
    await session.execute(insert(SimulatedEvent).values(id=event_id, body=body))
    await SIMULATED_DELIVERY.enqueue(session, {"event_id": event_id}, delay=delay)


def signature(secret: str, body: bytes, at: int) -> str:
    """Return the header `Stripe-Signature` of a body that is sent at a time in Unix seconds."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class SimulatedDeliveries:
    """Delivers events to an address."""

    def __init__(self, database: Database, client: httpx.AsyncClient, url: str, secret: str) -> None:
        self._database = database
        self._client = client
        self._url = url
        self._secret = secret

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> "AsyncIterator[SimulatedDeliveries]":
        """Open a client for the webhook subgraph of this shop."""
        host, port = runtime.settings.host, runtime.settings.port_of("webhook")
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            url = f"http://{host}:{port}/webhooks/stripe/payment"
            yield cls(runtime.database, client, url, SimulatedPaymentSettings.load().secret)

    async def deliver(self, event_id: str) -> None:
        """Deliver an event, unless it was; raises NotTaken or an error of the network."""
        table = SimulatedEvent.__table__
        async with self._database.read() as connection:
            body = await connection.scalar(select(table.c.body).where(table.c.id == event_id))
        if body is None:
            return
        content = orjson.dumps(body)
        headers = {
            "content-type": "application/json; charset=utf-8",
            "stripe-signature": signature(self._secret, content, int(time.time())),
            "user-agent": "Stripe/1.0 (simulated)",
        }
        answer = await self._client.post(self._url, content=content, headers=headers)
        if not answer.is_success:
            raise NotTaken(f"the webhook subgraph answered {answer.status_code}")
        async with self._database.write() as session:
            await session.execute(delete(table).where(table.c.id == event_id))


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())
