"""Ordering again: the same goods for the same money, by the owner alone, once for each key."""

import asyncio

import pytest
from sqlalchemy import func, select

from shared.core.ids import new_id
from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import Order
from tests.order.factories import TO_THE_END, move, place
from tests.order.operations import operate
from tests.order.test_transitions import stored
from tests.support.apps import Served


async def count(order: Served, customer_id: str) -> int:
    async with order.database.read() as connection:
        return await connection.scalar(select(func.count()).where(Order.customer_id == customer_id)) or 0


async def test_the_owner_orders_again(order: Served, customer: str, customer_id: str) -> None:
    designs = [new_id("des"), new_id("des")]
    placed = await place(order, customer_id, *designs)
    await move(order, placed.id, *TO_THE_END)
    again = (await operate(order, customer, "orderReorder", orderId=placed.id))["order"]
    assert (again["status"], again["version"], again["reorderable"]) == ("PENDING", 1, False)
    assert again["number"] != placed.number
    row, _, [event] = await stored(order, again["id"])
    copied = ("customer_id", "contact_email", "total_minor", "tax_minor", "discount_minor", "city", "recipient")
    assert [getattr(row, name) for name in copied] == [getattr(placed, name) for name in copied]
    assert [line["design_id"] for line in event.data["lines"]] == designs


async def test_a_key_makes_one_order(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.CANCELLED)
    given = {"orderId": placed.id, "idempotencyKey": "tap"}
    answers = await asyncio.gather(*[operate(order, customer, "orderReorder", **given) for _ in range(6)])
    assert len({answer["order"]["id"] for answer in answers}) == 1
    assert await count(order, customer_id) == 2


@pytest.mark.parametrize("path", [[], [OrderStatus.PAID], [OrderStatus.PAID, OrderStatus.IN_PRODUCTION]])
async def test_what_is_still_to_come_is_not_ordered_again(
    order: Served, customer: str, customer_id: str, path: list[OrderStatus]
) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, *path)
    assert (await operate(order, customer, "orderReorder", orderId=placed.id))["code"] == "ILLEGAL_STATE"
    assert await count(order, customer_id) == 1


async def test_nobody_else_orders_it_again(order: Served, stranger: str, support: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, *TO_THE_END)
    for token in (stranger, support):
        assert (await operate(order, token, "orderReorder", orderId=placed.id))["code"] == "NOT_FOUND"
    assert await count(order, customer_id) == 1
