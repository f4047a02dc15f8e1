"""Refunds: exact, booked once, and never more than was paid."""

import asyncio
import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from shared.core.ids import new_id
from shared.graph.money import CurrencyCode
from shared.security.auth import MONEY_AGE
from subgraphs.order.enums import OrderStatus
from subgraphs.order.models import OrderRefund
from subgraphs.order.service.fulfillment import Fulfillment
from subgraphs.order.service.status_feed import StatusFeed
from tests.order.factories import move, place
from tests.order.facts import deliver
from tests.order.operations import operate
from tests.order.test_transitions import stored
from tests.support.apps import Identities, Served, authenticated_ago
from tests.support.waiting import soon
from tests.webhook.webhook_story import Life


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
        3,
        {"amount": "7.19"},
    )
    counted = {"version": 3, "status": "PAID", "reason": "A flaw.", "actorKind": "STAFF"}
    assert part["order"]["timeline"][-1] == counted
    rest = await operate(order, support, "orderRefund", orderId=placed.id, version=3)
    assert (rest["refund"]["amount"]["amount"], rest["order"]["refunded"]) == ("100.01", {"amount": "107.20"})
    assert (rest["order"]["status"], rest["order"]["timeline"][-1]["status"]) == ("REFUNDED", "REFUNDED")
    events = [event.data for event in (await stored(order, placed.id))[2] if event.type == "order.refunded"]
    assert [(event["amount_minor"], event["refunded_minor"]) for event in events] == [(719, 719), (10001, 10720)]
    again = await operate(order, support, "orderRefund", orderId=placed.id, version=4)
    assert again["code"] == "ILLEGAL_STATE"
    assert await booked(order, placed.id) == (2, 10720)


async def test_yen_are_refunded_whole(order: Served, support: str) -> None:
    placed = await place(order, None, currency=CurrencyCode.JPY)
    await move(order, placed.id, OrderStatus.PAID)
    before = await stored(order, placed.id)
    refused = await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="7.5")
    assert refused["fields"] == [{"path": "input.amount", "code": "TOO_PRECISE"}]
    assert await stored(order, placed.id) == before
    made = await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="719")
    assert made["refund"]["amount"] == {"amount": "719", "currencyCode": "JPY"}


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


PRODUCTION, SHIPPED = OrderStatus.IN_PRODUCTION, OrderStatus.SHIPPED
HELD: dict[str, tuple[OrderStatus, ...]] = {
    "IN_PRODUCTION": (PRODUCTION,),
    "PARTIALLY_SHIPPED": (PRODUCTION, OrderStatus.PARTIALLY_SHIPPED),
    "SHIPPED": (PRODUCTION, SHIPPED),
    "OUT_FOR_DELIVERY": (PRODUCTION, SHIPPED, OrderStatus.OUT_FOR_DELIVERY),
    "READY_FOR_PICKUP": (PRODUCTION, SHIPPED, OrderStatus.READY_FOR_PICKUP),
    "RETURNED": (PRODUCTION, SHIPPED, OrderStatus.RETURNED),
    "ON_HOLD": (OrderStatus.ON_HOLD,),
    "CANCELLED": (OrderStatus.CANCELLED,),
}


@pytest.mark.parametrize("name", HELD)
async def test_the_whole_goes_back_from_any_status_in_which_money_is_held(
    order: Served, support: str, name: str
) -> None:
    placed = await paid(order, *HELD[name])
    version = 2 + len(HELD[name])
    done = await operate(order, support, "orderRefund", orderId=placed.id, version=version)
    assert (done["order"]["status"], done["order"]["refunded"]) == ("REFUNDED", {"amount": "107.20"})
    assert done["order"]["timeline"][-2]["status"] == name
    assert await booked(order, placed.id) == (1, 10720)


async def test_moving_to_refunded_books_what_is_left(order: Served, support: str) -> None:
    placed = await paid(order)
    await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="100")
    await move(order, placed.id, OrderStatus.REFUNDED)
    assert await booked(order, placed.id) == (2, 10720)
    assert (await stored(order, placed.id))[0].refunded_minor == 10720


MONEY = {
    "orderRefund of a part": ("orderRefund", {"amount": "5.00"}, 500),
    "orderRefund of the rest": ("orderRefund", {}, 10720),
    "orderStatusAdvance": ("orderStatusAdvance", {"to": "REFUNDED"}, 10720),
}
"""Every mutation that gives money back: what is sent, and the cents that go."""


@pytest.mark.parametrize("way", MONEY)
async def test_an_old_authentication_refunds_nothing(order: Served, people: Identities, way: str) -> None:
    placed = await paid(order)
    name, given, cents = MONEY[way]
    member = new_id("usr")
    old = people.token_of(member, authenticated_ago(MONEY_AGE + 60), "SUPPORT")
    refused = await operate(order, old, name, orderId=placed.id, version=2, **given)
    assert (refused["__typename"], refused["code"]) == ("ReauthenticationProblem", "INSUFFICIENT_USER_AUTHENTICATION")
    assert await booked(order, placed.id) == (0, 0)
    assert (await stored(order, placed.id))[0].version == 2
    recent = people.token_of(member, authenticated_ago(MONEY_AGE - 60), "SUPPORT")
    await operate(order, recent, name, orderId=placed.id, version=2, **given)
    assert await booked(order, placed.id) == (1, cents)


@pytest.mark.parametrize("way", MONEY)
async def test_of_equal_requests_at_once_one_pays(order: Served, support: str, way: str) -> None:
    placed = await paid(order)
    name, given, minor = MONEY[way]
    sent = {"orderId": placed.id, "version": 2} | given
    answers = await asyncio.gather(*[operate(order, support, name, **sent) for _ in range(5)])
    assert Counter(answer["__typename"] for answer in answers) == {
        f"{name[0].upper()}{name[1:]}Success": 1,
        "ConflictProblem": 4,
    }
    assert await booked(order, placed.id) == (1, minor)
    before = await stored(order, placed.id)
    late = await operate(order, support, name, **sent)
    assert (late["code"], late["currentVersion"]) == ("VERSION_CONFLICT", 3)
    assert await stored(order, placed.id) == before


async def test_a_refund_reported_by_the_shop_refuses_one_based_on_the_order_before_it(
    order: Served, support: str
) -> None:
    story = Life(random.Random(1), 4001)
    await deliver(order, [*story.created(), *story.paid()])
    async with order.database.read() as connection:
        of_shop = "SELECT id, version FROM order_meta WHERE external_id = $1"
        read = (await connection.exec_driver_sql(of_shop, (story.external_id,))).one()
    await deliver(order, story.refund(100))
    given = {"orderId": read.id, "amount": "1.00"}
    refused = await operate(order, support, "orderRefund", version=read.version, **given)
    assert (refused["code"], refused["currentVersion"]) == ("VERSION_CONFLICT", read.version + 1)
    assert await booked(order, read.id) == (1, 100)
    again = await operate(order, support, "orderRefund", version=read.version + 1, **given)
    assert again["order"]["refunded"] == {"amount": "2.00"}


async def test_a_partial_refund_reaches_subscribers_and_does_not_stop_production(order: Served, support: str) -> None:
    placed = await paid(order)
    fulfillment = Fulfillment(order.database, None, start_after=0, make_for=0)
    seen = (await stored(order, placed.id))[0]
    feed = order.runtime.resource(StatusFeed)
    with feed.subscribe(placed.id, seen.version) as changes:
        await operate(order, support, "orderRefund", orderId=placed.id, version=2, amount="5")
        change = await soon(changes.next())
    assert change is not None
    assert (change.entry.version, change.entry.status, change.order.refunded_minor) == (3, OrderStatus.PAID, 500)
    await fulfillment._begin(seen)  # read before the refund, and written after it
    assert (await stored(order, placed.id))[0].status is OrderStatus.IN_PRODUCTION


async def test_a_retried_refund_is_one(order: Served, support: str) -> None:
    placed = await paid(order)
    given = {"orderId": placed.id, "version": 2, "amount": "5", "idempotencyKey": "again"}
    answers = await asyncio.gather(*[operate(order, support, "orderRefund", **given) for _ in range(5)])
    assert len({answer["refund"]["id"] for answer in answers}) == 1
    assert await booked(order, placed.id) == (1, 500)
    other = await operate(order, support, "orderRefund", **given | {"amount": "6"})
    assert other["fields"] == [{"path": "input.idempotencyKey", "code": "KEY_REUSED"}]
