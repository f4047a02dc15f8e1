"""Stripe's adapter, through the official SDK, against a server that answers in the SDK's forms."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
import stripe

from subgraphs.order.enums import PaymentState
from subgraphs.order.payments.port import PaymentRequest, ProviderAway, ProviderRefused, RefundRequest
from subgraphs.order.payments.stripe import StripeProvider
from subgraphs.order.service.payments import Payments, start_payment
from subgraphs.order.service.refund_sending import RefundSender
from tests.order.factories import place
from tests.order.operations import operate
from tests.order.payments import (
    CONFIRMED,
    DECLINED,
    DISPUTED,
    at_provider,
    pay,
    receive_webhook,
    start,
    take_jobs,
    webhooks_of,
    work,
)
from tests.order.stripe_server import StripeServer, assert_form, stripe_server
from tests.order.test_ledger import money
from tests.support.apps import Served
from tests.support.shop import free_ports

REQUEST = PaymentRequest("stripe.ord_1.10720", "ord_1", "AP-1", 10720, "EUR", "anna@example.com", test=False)
REFUND = RefundRequest("rfd_1", "ord_1", "rfd_1", "pi_1", 500, "EUR")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[StripeServer]:
    async with stripe_server() as opened:
        yield opened


@pytest_asyncio.fixture
async def provider(server: StripeServer) -> AsyncIterator[StripeProvider]:
    made = StripeProvider("sk_test_1", "pk_test_1", server.url, retries=0)
    yield made
    await made.close()


def test_the_server_answers_in_the_forms_of_the_sdk() -> None:
    server = StripeServer()
    given = {"amount": "1", "currency": "eur", "description": "Order", "payment_intent": "pi_1"}
    given |= {"metadata[order_id]": "ord_1", "metadata[refund_id]": "rfd_1"}
    assert_form(stripe.PaymentIntent, server.intent(given))
    assert_form(stripe.Refund, server.refund(given))


async def test_a_payment_is_asked_for_with_all_that_its_webhooks_need(
    server: StripeServer, provider: StripeProvider
) -> None:
    made = await provider.create(REQUEST)
    [(path, key, given)] = server.asked
    assert (path, key) == ("/v1/payment_intents", REQUEST.key)
    assert given == {
        "amount": "10720",
        "currency": "eur",
        "automatic_payment_methods[enabled]": "true",
        "description": "Order AP-1",
        "metadata[order_id]": "ord_1",
        "receipt_email": "anna@example.com",
    }
    assert (made.client_secret, made.state) == (f"{made.id}_secret_abc", PaymentState.OPEN)
    assert (await provider.create(REQUEST)).id == made.id
    assert (provider.url_of(made), provider.publishable_key) == (None, "pk_test_1")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("requires_action", PaymentState.OPEN),
        ("processing", PaymentState.TAKEN),
        ("succeeded", PaymentState.TAKEN),
        ("canceled", PaymentState.CANCELLED),
    ],
)
async def test_a_payment_is_found_in_its_state(
    server: StripeServer, provider: StripeProvider, status: str, state: PaymentState
) -> None:
    made = await provider.create(REQUEST)
    server.intents[made.id]["status"] = status
    assert (await provider.find(made.id)).state is state
    # What is cancelled stays so, and what is paid cannot be cancelled.
    assert await provider.cancel(made.id) is (state is not PaymentState.TAKEN)


async def test_a_refund_is_made_once_also_when_the_key_is_forgotten(
    server: StripeServer, provider: StripeProvider
) -> None:
    made = await provider.create(REQUEST)
    asked = replace(REFUND, payment_id=made.id)
    first = await provider.refund(asked)
    path, key, given = server.asked[-1]
    assert (path, key, given["payment_intent"]) == ("/v1/refunds", "rfd_1", made.id)
    assert (given["amount"], given["metadata[refund_id]"], given["metadata[order_id]"]) == ("500", "rfd_1", "ord_1")
    server.by_key.clear()
    assert (await provider.refund(asked)).id == first.id
    assert len(server.refunds) == 1


SECRET = "what the customer typed"
ERRORS: Mapping[str, tuple[int, dict[str, Any], type[Exception]]] = {
    "declined": (402, {"type": "card_error", "code": "card_declined"}, ProviderRefused),
    "invalid": (400, {"type": "invalid_request_error", "code": "amount_too_small"}, ProviderRefused),
    "other parameters": (400, {"type": "idempotency_error"}, ProviderRefused),
    "in use": (409, {"type": "idempotency_error", "code": "idempotency_key_in_use"}, ProviderAway),
    "too many": (429, {"type": "invalid_request_error", "code": "rate_limit"}, ProviderAway),
    "wrong key": (401, {"type": "invalid_request_error"}, ProviderAway),
    "not allowed": (403, {"type": "invalid_request_error"}, ProviderAway),
    "broken": (500, {"type": "api_error"}, ProviderAway),
}


@pytest.mark.parametrize("name", ERRORS)
async def test_what_stripe_answers_is_a_typed_error_without_its_text(
    server: StripeServer, provider: StripeProvider, name: str
) -> None:
    status, error, expected = ERRORS[name]
    server.failures.append((status, {"error": error | {"message": SECRET}}))
    with pytest.raises(expected) as raised:
        await provider.create(REQUEST)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


async def test_a_server_that_is_away_or_slow_is_away() -> None:
    away = StripeProvider("sk_test_1", "pk_test_1", f"http://127.0.0.1:{free_ports()}", retries=0)
    with pytest.raises(ProviderAway):
        await away.find("pi_1")
    await away.close()


async def test_an_error_of_the_network_is_repeated_with_the_same_key(server: StripeServer) -> None:
    provider = StripeProvider("sk_test_1", "pk_test_1", server.url, retries=2)
    server.failures.append((500, {"error": {"type": "api_error"}}))
    await provider.create(REQUEST)
    await provider.close()
    assert [key for _, key, _ in server.asked] == [REQUEST.key] * 2


async def test_a_test_order_takes_no_real_money(server: StripeServer) -> None:
    live = StripeProvider("sk_live_1", "pk_live_1", server.url, retries=0)
    with pytest.raises(ProviderRefused, match="test_order"):
        await live.create(replace(REQUEST, test=True))
    await live.close()
    assert server.asked == []


async def test_an_order_is_paid_and_refunded_by_stripe(
    order: Served, server: StripeServer, provider: StripeProvider, support: str
) -> None:
    placed = await place(order, None)
    payments = Payments.only(provider)
    started = await start_payment(order.database, payments, placed)
    assert (started.publishable_key, started.url, started.amount_minor) == ("pk_test_1", None, 10720)
    assert await start_payment(order.database, payments, placed) == started
    [intent] = server.intents.values()
    intent |= {"status": "succeeded", "amount_received": 10720, "latest_charge": f"ch_{placed.serial}"}
    event = {"id": f"evt_{placed.serial}", "created": intent["created"], "type": "payment_intent.succeeded"}
    await receive_webhook(order, {**event, "data": {"object": intent}})
    assert (await money(order, support, placed.id))["status"] == "PAID"
    await take_jobs(order, "order-refund-sending")
    await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="7.20")
    [payload] = await take_jobs(order, "order-refund-sending")
    await RefundSender(order.database, payments).send(payload["refund_id"])
    [refund] = server.refunds.values()
    assert (refund["amount"], refund["metadata"]["refund_id"]) == (720, payload["refund_id"])
    assert (await money(order, support, placed.id))["refunds"][0]["state"] == "PENDING"
    event = {"id": f"evt_r{placed.serial}", "created": refund["created"], "type": "refund.updated"}
    await receive_webhook(order, {**event, "data": {"object": refund}})
    assert (await money(order, support, placed.id))["refunds"][0]["state"] == "SUCCEEDED"


async def test_the_simulated_provider_tells_in_the_forms_of_the_sdk(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    events = []
    for card in (DECLINED, CONFIRMED):
        await at_provider(order, payment, card=card)
    await at_provider(order, payment, answer="refuse")
    events += await webhooks_of(order)
    await pay(order, payment)
    await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="7.20")
    await work(order, "order-refund-sending")
    events += await webhooks_of(order)
    other = await start(order, customer, (await place(order, customer_id)).id)
    await at_provider(order, other, card=DISPUTED)
    events += await webhooks_of(order)
    assert [event["type"] for event in events] == [
        "payment_intent.payment_failed",
        "payment_intent.payment_failed",
        "charge.refunded",
        "refund.updated",
        "payment_intent.succeeded",
        "charge.dispute.created",
    ]
    kinds: dict[str, type[stripe.StripeObject]] = {
        "payment_intent": stripe.PaymentIntent,
        "charge": stripe.Charge,
        "refund": stripe.Refund,
        "dispute": stripe.Dispute,
    }
    for event in events:
        about = event["data"]["object"]
        assert_form(stripe.Event, event)
        assert_form(kinds[about["object"]], about)
        made = kinds[about["object"]].construct_from(about, "sk_test_1")
        assert (type(made), made["id"]) == (kinds[about["object"]], about["id"])
