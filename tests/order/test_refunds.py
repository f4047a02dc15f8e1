"""Refunds: exact, booked once, and never more than was paid."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import OrderRefund
from tests.order.factories import move, place
from tests.order.operations import operate
from tests.order.test_transitions import stored
from tests.support.apps import Served


async def booked(order: Served, order_id: str) -> tuple[int, int]:
    """Return the number of an order's refunds and their sum in cents."""
    of_order = OrderRefund.order_id == order_id
    async with order.database.read() as connection:
        statement = select(func.count(), func.coalesce(func.sum(OrderRefund.amount_minor), 0)).where(of_order)
        count, total = (await connection.execute(statement)).one()
    return count, int(total)


async def paid(order: Served, *further: OrderStatus) -> Any:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID, *further)
    assert placed.total_minor == 10720
    return placed


async def test_parts_add_up_to_the_whole(order: Served, support: str) -> None:
    placed = await paid(order)
    part = await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="7.19", reason="A flaw.")
    assert part["refund"]["amount"] == {"amount": "7.19", "currencyCode": "EUR"}
    assert (part["order"]["status"], part["order"]["version"], part["order"]["refunded"]) == (
        "PAID",
        2,
        {"amount": "7.19"},
    )
    rest = await operate(order, support, "orderRefund", orderId=placed.id, version=2)
    assert (rest["refund"]["amount"]["amount"], rest["order"]["refunded"]) == ("100.01", {"amount": "107.20"})
    assert (rest["order"]["status"], rest["order"]["timeline"][-1]["status"]) == ("REFUNDED", "REFUNDED")
    events = [event.data for event in (await stored(order, placed.id))[2] if event.type == "order.refunded"]
    assert [(event["amount_minor"], event["refunded_minor"]) for event in events] == [(719, 719), (10001, 10720)]
    again = await operate(order, support, "orderRefund", orderId=placed.id, version=3)
    assert again["code"] == "ILLEGAL_STATE"
    assert await booked(order, placed.id) == (2, 10720)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "OUT_OF_RANGE"),
        ("-1", "OUT_OF_RANGE"),
        ("0.001", "TOO_PRECISE"),
        ("107.205", "TOO_PRECISE"),
        ("107.21", "TOO_LARGE"),
        ("9" * 28, "TOO_LARGE"),
    ],
)
async def test_amounts_that_cannot_be_are_refused(order: Served, support: str, amount: str, code: str) -> None:
    placed = await paid(order)
    before = await stored(order, placed.id)
    refused = await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount=amount)
    assert refused["fields"] == [{"path": "input.amount", "code": code}]
    assert await stored(order, placed.id) == before


async def test_what_was_not_paid_is_not_refunded(order: Served, support: str) -> None:
    placed = await place(order, None)
    refused = await operate(order, support, "orderRefund", orderId=placed.id, version=1, amount="1")
    assert refused["code"] == "ILLEGAL_STATE"
    assert await booked(order, placed.id) == (0, 0)


async def test_the_whole_goes_back_only_where_that_is_legal(order: Served, support: str) -> None:
    placed = await paid(order, OrderStatus.IN_PRODUCTION, OrderStatus.SHIPPED)
    refused = await operate(order, support, "orderRefund", orderId=placed.id, version=4)
    assert refused["code"] == "ILLEGAL_STATE"
    part = await operate(order, support, "orderRefund", orderId=placed.id, version=4, amount="107.19")
    assert part["order"]["status"] == "SHIPPED"
    assert await booked(order, placed.id) == (1, 10719)


async def test_moving_to_refunded_books_what_is_left(order: Served, support: str) -> None:
    placed = await paid(order)
    await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="100")
    await move(order, placed.id, OrderStatus.REFUNDED)
    assert await booked(order, placed.id) == (2, 10720)
    assert (await stored(order, placed.id))[0].refunded_minor == 10720


async def test_at_once_no_more_goes_back_than_was_paid(order: Served, support: str) -> None:
    placed = await paid(order)
    given = {"orderId": placed.id, "version": 2, "amount": "30"}
    answers = await asyncio.gather(*[operate(order, support, "orderRefund", **given) for _ in range(10)])
    assert Counter(answer["__typename"] for answer in answers) == {"OrderRefundSuccess": 3, "InvalidInputProblem": 7}
    assert await booked(order, placed.id) == (3, 9000)


async def test_a_retried_refund_is_one(order: Served, support: str) -> None:
    placed = await paid(order)
    given = {"orderId": placed.id, "version": 2, "amount": "5", "idempotencyKey": "again"}
    answers = await asyncio.gather(*[operate(order, support, "orderRefund", **given) for _ in range(5)])
    assert len({answer["refund"]["id"] for answer in answers}) == 1
    assert await booked(order, placed.id) == (1, 500)
    other = await operate(order, support, "orderRefund", **given | {"amount": "6"})
    assert other["fields"] == [{"path": "input.idempotencyKey", "code": "KEY_REUSED"}]
