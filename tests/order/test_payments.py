"""Payments of orders at the simulated provider: who may pay, once whatever happens, and again after a decline."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, update

from shared.graph.money import CurrencyCode, to_amount
from subgraphs.order.enums import OrderStatus, PaymentState
from subgraphs.order.models import Order
from subgraphs.order.payment_models import OrderPayment, SimulatedPayment
from subgraphs.order.service.discount_codes import use_discount
from subgraphs.order.service.guests import GuestLookup
from subgraphs.order.service.payments import MOST_CANCELLED, Payments, close_payments
from tests.order.factories import move, place
from tests.order.operations import operate
from tests.order.payments import (
    CONFIRMED,
    DECLINED,
    DISPUTED,
    ScriptedProvider,
    at_provider,
    deliver_webhooks,
    id_of,
    pay,
    start,
    webhooks_of,
    work,
)
from tests.order.test_discount_codes import counted, now, stored, use
from tests.order.test_ledger import entries, money, open_tasks
from tests.support.apps import Served


async def begun(order: Served, order_id: str) -> list[Any]:
    """Return the rows of an order's payments, here and at the provider."""
    async with order.database.read() as connection:
        here = select(OrderPayment.__table__).where(OrderPayment.order_id == order_id).order_by(OrderPayment.id)
        there = select(func.count()).where(SimulatedPayment.order_id == order_id)
        return [*(await connection.execute(here)).all(), await connection.scalar(there)]


async def status_of(order: Served, order_id: str) -> str:
    async with order.database.read() as connection:
        found = await connection.scalar(select(Order.status).where(Order.id == order_id))
    return str(found.value) if found is not None else ""


async def test_a_customer_pays_their_order(order: Served, customer: str, customer_id: str, support: str) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    assert (payment["provider"], payment["publishableKey"]) == ("SIMULATED", None)
    assert payment["amount"] == {"amount": "107.20", "currencyCode": "EUR"}
    assert payment["url"].endswith(f"/simulated-payments/{id_of(payment)}?secret={payment['clientSecret']}")
    assert await pay(order, payment) == {"id": id_of(payment), "status": "succeeded", "error": None}
    paid = await money(order, support, placed.id)
    assert (paid["status"], paid["owed"], entries(paid)) == (
        "PAID",
        {"amount": "0.00"},
        [("CHARGE", "SUCCEEDED", "107.20")],
    )
    refused = await start(order, customer, placed.id)
    assert (refused["code"], refused["message"]) == ("ILLEGAL_STATE", "An order that is PAID cannot be paid.")


async def test_a_guest_pays_with_the_tracking_token_of_the_order_alone(order: Served, stranger: str) -> None:
    placed, other = await place(order, None), await place(order, None)
    lookup = order.runtime.resource(GuestLookup)
    token, of_other = lookup.issue(placed.id)[0], lookup.issue(other.id)[0]
    refusals = [
        (await start(order, None, placed.id))["code"],
        (await start(order, None, placed.id, of_other))["code"],
        (await start(order, None, placed.id, "forged"))["code"],
        (await start(order, stranger, placed.id))["code"],
        (await start(order, None, "ord_none", of_other))["code"],
    ]
    assert refusals == ["UNAUTHENTICATED", "NOT_FOUND", "UNAUTHENTICATED", "NOT_FOUND", "NOT_FOUND"]
    assert await begun(order, placed.id) == [0]
    assert (await start(order, None, placed.id, token))["provider"] == "SIMULATED"


async def test_staff_cannot_have_the_payment_of_a_customer(order: Served, customer_id: str, support: str) -> None:
    placed = await place(order, customer_id)
    assert (await start(order, support, placed.id))["code"] == "NOT_FOUND"
    assert await begun(order, placed.id) == [0]


async def test_whoever_asks_again_or_at_once_gets_the_same_payment(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    payments = await asyncio.gather(*[start(order, customer, placed.id) for _ in range(8)])
    payments.append(await start(order, customer, placed.id))
    assert len({id_of(payment) for payment in payments}) == 1
    [row, there] = await begun(order, placed.id)
    assert (row.provider_id, row.state, there) == (id_of(payments[0]), PaymentState.OPEN, 1)


async def test_a_crash_after_the_answer_of_the_provider_makes_no_second_payment(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    first = await start(order, customer, placed.id)
    # As if the process had been killed before it could commit what the provider had answered.
    async with order.database.write() as session:
        of_order = update(OrderPayment).where(OrderPayment.order_id == placed.id)
        await session.execute(of_order.values(provider_id=None))
    assert id_of(await start(order, customer, placed.id)) == id_of(first)
    [row, there] = await begun(order, placed.id)
    assert (row.provider_id, there) == (id_of(first), 1)


async def test_a_declined_card_leaves_the_order_to_be_paid_with_another(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    declined = await pay(order, payment, DECLINED)
    assert declined == {"id": id_of(payment), "status": "requires_payment_method", "error": {"code": "card_declined"}}
    found = await money(order, support, placed.id)
    total = str(to_amount(placed.total_minor, placed.currency))
    assert (found["status"], entries(found)) == ("PENDING", [("CHARGE", "FAILED", total)])
    assert [note["text"] for note in found["notes"]] == ["A payment did not go through: generic decline."]
    again = await start(order, customer, placed.id)
    assert id_of(again) == id_of(payment)
    await pay(order, again)
    assert await status_of(order, placed.id) == "PAID"


@pytest.mark.parametrize("answer", ["approve", "refuse"])
async def test_a_payment_that_must_be_confirmed_is_made_once_it_is(
    order: Served, customer: str, customer_id: str, answer: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    assert (await pay(order, payment, CONFIRMED))["status"] == "requires_action"
    assert await status_of(order, placed.id) == "PENDING"
    answered = (await at_provider(order, payment, answer=answer)).json()
    topics = await deliver_webhooks(order)
    if answer == "approve":
        assert (answered["status"], topics) == ("succeeded", ["payment_intent.succeeded"])
        assert await status_of(order, placed.id) == "PAID"
    else:
        assert answered["error"] == {"code": "payment_intent_authentication_failure"}
        assert (topics, await status_of(order, placed.id)) == (["payment_intent.payment_failed"], "PENDING")


async def test_a_dispute_that_comes_later_is_a_task_for_staff(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    assert (await at_provider(order, payment, card=DISPUTED)).json()["status"] == "succeeded"
    assert await deliver_webhooks(order) == ["payment_intent.succeeded", "charge.dispute.created"]
    found = await money(order, support, placed.id)
    assert (found["status"], open_tasks(found)) == ("ON_HOLD", [("DISPUTED", "107.20")])
    assert entries(found) == [("CHARGE", "SUCCEEDED", "107.20"), ("DISPUTE", "PENDING", "107.20")]


async def test_doubled_and_shuffled_webhooks_change_nothing_more(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    for card in (DECLINED, DISPUTED):
        await at_provider(order, payment, card=card)
    assert await deliver_webhooks(order, times=2) == [
        "payment_intent.payment_failed",
        "payment_intent.succeeded",
        "charge.dispute.created",
    ]
    found = await money(order, support, placed.id)
    assert ([step["status"] for step in found["timeline"]], entries(found)) == (
        ["PENDING", "PAID", "ON_HOLD"],
        [("CHARGE", "SUCCEEDED", "107.20"), ("DISPUTE", "PENDING", "107.20")],
    )


async def test_a_payment_that_the_provider_has_cancelled_is_begun_anew(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    first = await start(order, customer, placed.id)
    provider = order.runtime.resource(Payments).current
    assert provider is not None
    assert await provider.cancel(id_of(first))
    second = await start(order, customer, placed.id)
    assert id_of(second) != id_of(first)
    [old, new, _] = await begun(order, placed.id)
    assert [(row.provider_id, row.state) for row in (old, new)] == [
        (id_of(first), PaymentState.CANCELLED),
        (id_of(second), PaymentState.OPEN),
    ]
    await pay(order, second)
    assert await status_of(order, placed.id) == "PAID"


async def test_payments_that_are_cancelled_again_and_again_come_to_an_end(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    provider = order.runtime.resource(Payments).current
    assert provider is not None
    for _ in range(MOST_CANCELLED):
        await provider.cancel(id_of(await start(order, customer, placed.id)))
    assert (await start(order, customer, placed.id))["code"] == "ILLEGAL_STATE"
    assert len(await begun(order, placed.id)) == MOST_CANCELLED + 1


async def test_a_cancelled_order_cannot_be_paid_any_more(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    await move(order, placed.id, OrderStatus.CANCELLED)
    assert (await start(order, customer, placed.id))["code"] == "ILLEGAL_STATE"
    await work(order, "order-payment-closing")
    assert (await at_provider(order, payment, card="4242424242424242")).json()["status"] == "canceled"
    [row, _] = await begun(order, placed.id)
    assert (row.state, await webhooks_of(order)) == (PaymentState.CANCELLED, [])


async def test_a_payment_that_overtakes_the_cancellation_is_entered_and_due_to_go_back(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    await at_provider(order, payment, card="4242424242424242")
    await move(order, placed.id, OrderStatus.CANCELLED)
    await work(order, "order-payment-closing")
    await deliver_webhooks(order)
    found = await money(order, support, placed.id)
    assert (found["status"], open_tasks(found)) == ("CANCELLED", [("REFUND_DUE", "107.20")])
    assert (await begun(order, placed.id))[0].state is PaymentState.TAKEN


@pytest.mark.parametrize("is_used_up", [False, True])
async def test_a_payment_after_the_cancellation_uses_the_discount_code_again(
    order: Served, customer: str, customer_id: str, support: str, *, is_used_up: bool
) -> None:
    code = await stored(order, most_uses=1)
    placed = await place(order, customer_id)
    async with order.database.write() as session:
        await use_discount(session, code.code, placed.id, CurrencyCode.EUR, 9000, now(), customer_id, "theirs")
    payment = await start(order, customer, placed.id)
    await at_provider(order, payment, card="4242424242424242")
    await move(order, placed.id, OrderStatus.CANCELLED)
    assert await counted(order, code) == (0, 0)
    if is_used_up:
        await use(order, code.code, digest="somebody else's")
    await work(order, "order-payment-closing")
    await deliver_webhooks(order, 2)
    found = await money(order, support, placed.id)
    assert await counted(order, code) == (1, 1)
    lacking = [("DISCOUNT_USED_UP", None)] if is_used_up else []
    assert (found["status"], sorted(open_tasks(found))) == ("CANCELLED", [*lacking, ("REFUND_DUE", "107.20")])


async def test_an_order_that_staff_mark_as_paid_cannot_be_paid_twice(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    await move(order, placed.id, OrderStatus.PAID)
    await work(order, "order-payment-closing")
    assert (await at_provider(order, payment, card="4242424242424242")).json()["status"] == "canceled"
    assert await webhooks_of(order) == []


async def test_a_payment_that_was_reported_is_not_cancelled(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await pay(order, await start(order, customer, placed.id))
    no_calls = Payments.only(ScriptedProvider(order, cancellation=AssertionError("the provider was asked")))
    await close_payments(order.database, no_calls, placed.id)
    assert (await begun(order, placed.id))[0].state is PaymentState.TAKEN


async def test_an_order_that_is_placed_again_is_paid_here(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.CANCELLED)
    again = (await operate(order, customer, "orderReorder", orderId=placed.id))["order"]
    payment = await start(order, customer, again["id"])
    # Without the discount: the tax was 17.6471 % of 102.20 and is the same of 107.20.
    assert payment["amount"]["amount"] == again["total"]["amount"]
    await pay(order, payment)
    assert await status_of(order, again["id"]) == "PAID"


async def test_only_what_is_still_owed_is_asked_for(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    whole = await start(order, customer, placed.id)
    await move(order, placed.id, OrderStatus.ON_HOLD)
    assert (await start(order, customer, placed.id))["code"] == "ILLEGAL_STATE"
    await move(order, placed.id, OrderStatus.PENDING)
    async with order.database.write() as session:
        await session.execute(update(Order).where(Order.id == placed.id).values(received_minor=5000, returned_minor=0))
    rest = await start(order, customer, placed.id)
    assert (rest["amount"]["amount"], id_of(rest) != id_of(whole)) == ("57.20", True)
    await work(order, "order-payment-closing")
    states = {row.amount_minor: row.state for row in (await begun(order, placed.id))[:2]}
    assert states == {10720: PaymentState.CANCELLED, 5720: PaymentState.OPEN}
