"""Orders that are not paid in time: cancelled, but never where a payment was made or the customer is about to."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select, update

from subgraphs.order.enums import OrderSource, OrderStatus, PaymentState
from subgraphs.order.models import Order
from subgraphs.order.payments.port import ProviderAway
from subgraphs.order.service.payment_expiry import PaymentExpiry
from subgraphs.order.service.payments import Payments
from tests.order.factories import move, place
from tests.order.payments import ScriptedProvider, at_provider, deliver_webhooks, start, take_jobs, work
from tests.order.test_ledger import money
from tests.order.test_payments import begun, status_of
from tests.support.apps import Served

JOB = "order-payment-expiry"


async def aged(order: Served, customer_id: str, hours: float = 25) -> Any:
    """Place an order, so long ago."""
    placed = await place(order, customer_id)
    await take_jobs(order, JOB)
    async with order.database.write() as session:
        earlier = dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)
        await session.execute(update(Order).where(Order.id == placed.id).values(placed_at=earlier))
    return placed


async def look(order: Served, order_id: str) -> list[dict[str, Any]]:
    """Look at an order as the job does; returns the jobs that are to look again."""
    await order.runtime.resource(PaymentExpiry).look(order_id)
    return await take_jobs(order, JOB)


async def test_an_order_that_is_placed_here_is_looked_at(order: Served, customer_id: str) -> None:
    await take_jobs(order, JOB)
    placed = await place(order, customer_id)
    await place(order, customer_id, source=OrderSource.SHOPIFY, external_id=f"gid://shopify/Order/{placed.serial}")
    assert await take_jobs(order, JOB) == [{"order_id": placed.id}]


async def test_an_order_that_is_not_paid_in_time_is_cancelled_at_the_provider_first(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await aged(order, customer_id)
    payment = await start(order, customer, placed.id)
    assert await look(order, placed.id) == []
    found = await money(order, support, placed.id)
    assert found["timeline"][-1] == {"status": "CANCELLED", "reason": "It was not paid in time."}
    assert (await begun(order, placed.id))[0].state is PaymentState.CANCELLED
    assert (await at_provider(order, payment, card="4242424242424242")).json()["status"] == "canceled"
    assert await look(order, placed.id) == []


async def test_an_order_waits_until_its_time_is_over(order: Served, customer_id: str) -> None:
    placed = await aged(order, customer_id, hours=23)
    assert await look(order, placed.id) == [{"order_id": placed.id}]
    assert await status_of(order, placed.id) == "PENDING"


async def test_an_order_whose_payment_was_made_is_left_to_the_webhook(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await aged(order, customer_id)
    await at_provider(order, await start(order, customer, placed.id), card="4242424242424242")
    assert await look(order, placed.id) == [{"order_id": placed.id}]
    assert await status_of(order, placed.id) == "PENDING"
    await deliver_webhooks(order)
    assert await status_of(order, placed.id) == "PAID"
    assert await look(order, placed.id) == []


async def test_an_order_on_hold_and_one_that_is_paid_in_part_are_left(order: Served, customer_id: str) -> None:
    held, part = await aged(order, customer_id), await aged(order, customer_id)
    await move(order, held.id, OrderStatus.ON_HOLD)
    async with order.database.write() as session:
        await session.execute(update(Order).where(Order.id == part.id).values(received_minor=1, returned_minor=0))
    assert await look(order, held.id) == [{"order_id": held.id}]
    assert await look(order, part.id) == []
    assert [await status_of(order, each.id) for each in (held, part)] == ["ON_HOLD", "PENDING"]


async def test_where_staff_take_the_payments_no_order_is_cancelled(order: Served, customer_id: str) -> None:
    placed = await aged(order, customer_id)
    await PaymentExpiry(order.database, Payments({}, None), 24).look(placed.id)
    assert await status_of(order, placed.id) == "PENDING"


async def test_a_provider_that_is_away_is_asked_again_before_anything_is_cancelled(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await aged(order, customer_id)
    await start(order, customer, placed.id)
    away = Payments.only(ScriptedProvider(order, cancellation=ProviderAway("away")))
    with pytest.raises(ProviderAway):
        await PaymentExpiry(order.database, away, 24).look(placed.id)
    async with order.database.read() as connection:
        status = await connection.scalar(select(Order.status).where(Order.id == placed.id))
    assert (status, (await begun(order, placed.id))[0].state) == (OrderStatus.PENDING, PaymentState.OPEN)
    assert await look(order, placed.id) == []
    assert await status_of(order, placed.id) == "CANCELLED"


async def test_the_job_cancels_what_is_due(order: Served, customer_id: str) -> None:
    await take_jobs(order, JOB)
    placed = await place(order, customer_id)
    async with order.database.write() as session:
        earlier = dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)
        await session.execute(update(Order).where(Order.id == placed.id).values(placed_at=earlier))
    assert await work(order, JOB) == 1
    assert await status_of(order, placed.id) == "CANCELLED"
