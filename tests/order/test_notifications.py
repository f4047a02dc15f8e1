"""Notifications of the status feed: one for each change of an order, after its commit, and none for anything else."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from shared.database.rows import one
from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import Order
from subgraphs.order.service.status_feed import CHANNEL
from subgraphs.order.service.transitions import change_status
from tests.order.factories import STAFF, move, place
from tests.order.operations import operate
from tests.order.test_staff import MADE, parcel, scan
from tests.support.apps import Served


@pytest.fixture
def notified(order: Served) -> Iterator[list[str]]:
    """The ids of which the subgraph notifies, instead of Redis."""
    hooks = order.database.hooks
    ids: list[str] = []
    usual = hooks[CHANNEL]
    hooks[CHANNEL] = ids.append
    yield ids
    hooks[CHANNEL] = usual


async def test_each_change_of_status_is_notified_once(
    order: Served, notified: list[str], support: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    assert notified == [placed.id]
    await operate(order, support, "orderHold", orderId=placed.id, version=1)
    await operate(order, support, "orderRelease", orderId=placed.id, version=2)
    assert notified == [placed.id] * 3


async def test_two_changes_in_one_transaction_are_one_notification_for_an_order(
    order: Served, notified: list[str], support: str, customer_id: str
) -> None:
    first, second = await place(order, customer_id), await place(order, customer_id)
    await move(order, first.id, *MADE)
    shipment_id = await parcel(order, support, first.id)
    notified.clear()
    scanned = await scan(order, support, shipment_id, "DELIVERED")
    assert (scanned["order"]["status"], scanned["order"]["version"]) == ("DELIVERED", 5)
    assert notified == [first.id]
    async with order.database.write() as session:
        for placed in (second, first):
            row = await one(session, Order, select(Order.__table__).where(Order.id == placed.id))
            to = OrderStatus.PAID if row.id == second.id else OrderStatus.RETURNED
            await change_status(session, row, row.version, to, STAFF, None)
    assert notified == [first.id, second.id, first.id]


async def test_a_partial_refund_is_notified_once(
    order: Served, notified: list[str], support: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID)
    notified.clear()
    part = await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="1.00")
    assert part["refund"]["amount"]["amount"] == "1.00"
    assert notified == [placed.id]


async def test_what_is_refused_or_undone_is_not_notified(
    order: Served, notified: list[str], support: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID)
    notified.clear()
    refused = await operate(order, support, "orderHold", orderId=placed.id, version=1)
    assert refused["code"] == "VERSION_CONFLICT"
    with pytest.raises(ZeroDivisionError):
        await change_in_vain(order, placed.id)
    assert notified == []
    await operate(order, support, "orderNoteAdd", orderId=placed.id, text="Call back.", visibility="INTERNAL")
    assert notified == [placed.id]


async def change_in_vain(order: Served, order_id: str) -> None:
    async with order.database.write() as session:
        row = await one(session, Order, select(Order.__table__).where(Order.id == order_id))
        await change_status(session, row, row.version, OrderStatus.IN_PRODUCTION, STAFF, None)
        raise ZeroDivisionError


async def test_a_notification_that_fails_costs_the_mutation_nothing(
    order: Served, notified: list[str], support: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)

    async def fail(_order_id: str) -> None:
        await asyncio.sleep(0)
        raise ConnectionError

    order.database.hooks[CHANNEL] = fail
    held = await operate(order, support, "orderHold", orderId=placed.id, version=1)
    assert (held["order"]["status"], held["order"]["version"]) == ("ON_HOLD", 2)
