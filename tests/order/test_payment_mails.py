"""Mails about orders that are paid online: none before the payment, and the confirmation with it."""

from pathlib import Path

from subgraphs.order.enums import OrderStatus
from subgraphs.order.service.payment_expiry import PaymentExpiry
from tests.order.factories import move, place
from tests.order.mails import mails_of
from tests.order.payments import DECLINED, pay, start, take_jobs
from tests.order.test_payment_expiry import aged
from tests.order.test_transitions import cancel
from tests.support.apps import Served


async def subjects(order: Served, order_id: str, directory: Path) -> list[str]:
    mails = await mails_of(order, order_id, directory, takes_payments=True)
    return [str(mail["Subject"]) for mail in mails]


async def test_an_order_is_confirmed_when_it_is_paid_and_not_before(
    order: Served, customer: str, customer_id: str, tmp_path: Path
) -> None:
    placed = await place(order, customer_id)
    payment = await start(order, customer, placed.id)
    await pay(order, payment, DECLINED)
    assert await subjects(order, placed.id, tmp_path) == []
    await pay(order, payment)
    assert await subjects(order, placed.id, tmp_path) == [f"Your payment has arrived: {placed.number}"]


async def test_where_staff_take_the_payments_an_order_is_confirmed_when_it_is_placed(
    order: Served, tmp_path: Path
) -> None:
    placed = await place(order, None)
    [mail] = await mails_of(order, placed.id, tmp_path)
    assert mail["Subject"] == f"We have your order: {placed.number}"


async def test_a_checkout_that_was_given_up_mails_nobody(order: Served, customer_id: str, tmp_path: Path) -> None:
    placed = await aged(order, customer_id)
    await order.runtime.resource(PaymentExpiry).look(placed.id)
    assert await subjects(order, placed.id, tmp_path) == []
    await take_jobs(order, "order-payment-expiry")


async def test_a_customer_who_cancels_an_unpaid_order_is_told_so(
    order: Served, customer: str, customer_id: str, tmp_path: Path
) -> None:
    placed = await place(order, customer_id)
    await cancel(order, customer, orderId=placed.id, version=1)
    assert await subjects(order, placed.id, tmp_path) == [f"Your order is cancelled: {placed.number}"]


async def test_a_paid_order_that_is_cancelled_is_told_of(order: Served, customer_id: str, tmp_path: Path) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID)
    assert await subjects(order, placed.id, tmp_path) == [f"Your payment has arrived: {placed.number}"]
    await move(order, placed.id, OrderStatus.CANCELLED)
    assert await subjects(order, placed.id, tmp_path) == [f"Your order is cancelled: {placed.number}"]
