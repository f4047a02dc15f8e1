"""Changes of orders: who may cause which, versions, timeline and events."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from shared.core.errors import InvalidInput
from shared.core.ids import new_id
from shared.events.event import Envelope
from shared.events.outbox import OUTBOX
from subgraphs.order.enums import OrderStatus
from subgraphs.order.handlers import HANDLERS
from subgraphs.order.models import Order, OrderTimeline
from subgraphs.order.service.placement import NewLine
from subgraphs.user.events import UserDeleted
from tests.order.factories import TO_THE_END, move, place
from tests.support.apps import Identities, Served

ADVANCE = """
mutation ($input: OrderStatusAdvanceInput!) {
  orderStatusAdvance(input: $input) {
    __typename
    ... on OrderStatusAdvanceSuccess { order { status version timeline { version status reason actorKind } } }
    ... on Problem { code message }
    ... on ConflictProblem { currentVersion }
    ... on InvalidInputProblem { fields { path code } }
  }
}
"""
CANCEL = """
mutation ($input: OrderCancelInput!) {
  orderCancel(input: $input) {
    __typename
    ... on OrderCancelSuccess { order { status version cancellable timeline { status reason actorKind } } }
    ... on Problem { code }
    ... on ConflictProblem { currentVersion }
  }
}
"""


async def stored(order: Served, order_id: str) -> tuple[Any, list[Any], list[Any]]:
    """Return an order's row, its timeline and its events as they are stored."""
    async with order.database.read() as connection:
        row = (await connection.execute(select(Order.__table__).where(Order.id == order_id))).one()
        timeline = select(OrderTimeline.__table__).where(OrderTimeline.order_id == order_id)
        entries = (await connection.execute(timeline.order_by(OrderTimeline.version))).all()
        published = select(OUTBOX.c.id, OUTBOX.c.type, OUTBOX.c.data).where(OUTBOX.c.subject == order_id)
        events = (await connection.execute(published)).all()
    return row, list(entries), sorted(events, key=lambda event: event.id)


async def advance(order: Served, token: str | None, **given: Any) -> Any:
    return (await order.execute(ADVANCE, token, input=given)).data["orderStatusAdvance"]


async def cancel(order: Served, token: str | None, **given: Any) -> Any:
    return (await order.execute(CANCEL, token, input=given)).data["orderCancel"]


async def test_placing_publishes_what_was_ordered(order: Served, customer_id: str) -> None:
    design = new_id("des")
    placed = await place(order, customer_id, design, tax_minor=0)
    row, entries, [event] = await stored(order, placed.id)
    assert (row.status, row.version, row.total_minor) == (OrderStatus.PENDING, 1, 2490 - 500 + 490)
    assert [(entry.version, entry.previous) for entry in entries] == [(1, None)]
    assert event.type == "order.created"
    assert event.data == {
        "order_id": placed.id,
        "number": placed.number,
        "customer_id": customer_id,
        "lines": [{"design_id": design, "quantity": 1, "design_version": None, "preset_id": None}],
        "total_minor": 2480,
        "currency": "EUR",
        "visitor": None,
        "placed_at": row.placed_at.isoformat().replace("+00:00", "Z"),
        "test": False,
    }


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"lines": []}, "order.lines"),
        ({"lines": [NewLine("", 1, 1)]}, "order.lines.0.title"),
        ({"lines": [NewLine("Leash", 0, 100)], "discount_minor": 0}, "order.lines.0.quantity"),
        ({"lines": [NewLine("Leash", 1, -1)], "discount_minor": 0}, "order.lines.0.unitPrice"),
        ({"discount_minor": 8931}, "order.discount"),
        ({"tax_minor": -1}, "order.tax"),
        ({"contact_email": "nobody"}, "order.contactEmail"),
    ],
)
async def test_orders_that_do_not_add_up_are_refused(order: Served, changes: dict[str, Any], path: str) -> None:
    customer_id = new_id("usr")
    with pytest.raises(InvalidInput) as refused:
        await place(order, customer_id, **changes)
    assert path in [field.path for field in refused.value.fields]
    async with order.database.read() as connection:
        assert (await connection.execute(select(Order.id).where(Order.customer_id == customer_id))).all() == []


async def test_staff_move_an_order_to_its_end(order: Served, support: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    for version, to in enumerate(TO_THE_END, start=1):
        moved = await advance(order, support, orderId=placed.id, version=version, to=to.value, reason=" Next.\n")
        assert moved["__typename"] == "OrderStatusAdvanceSuccess"
    assert moved["order"]["timeline"][-1] == {
        "version": 6,
        "status": "DELIVERED",
        "reason": "Next.",
        "actorKind": "STAFF",
    }
    row, entries, events = await stored(order, placed.id)
    assert (row.version, row.status) == (6, OrderStatus.DELIVERED)
    assert row.paid_at == entries[1].at
    assert [entry.version for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert Counter(event.type for event in events) == {
        "order.created": 1,
        "order.status_changed": 5,
        "order.shipped": 1,
        "order.delivered": 1,
    }
    assert events[1].data == {
        "order_id": placed.id,
        "customer_id": customer_id,
        "version": 2,
        "previous": "PENDING",
        "status": "PAID",
    }


@pytest.mark.parametrize("to", ["PENDING", "IN_PRODUCTION", "SHIPPED", "DELIVERED", "REFUNDED", "RETURNED"])
async def test_an_illegal_step_changes_nothing(order: Served, admin: str, to: str) -> None:
    placed = await place(order, None)
    before = await stored(order, placed.id)
    refused = await advance(order, admin, orderId=placed.id, version=1, to=to)
    assert refused == {
        "__typename": "IllegalStateProblem",
        "code": "ILLEGAL_STATE",
        "message": f"An order that is PENDING cannot become {to} here; allowed: CANCELLED or ON_HOLD or PAID.",
    }
    assert await stored(order, placed.id) == before


async def test_a_held_order_goes_on_from_where_it_was_stopped(order: Served, support: str) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID, OrderStatus.ON_HOLD)
    refused = await advance(order, support, orderId=placed.id, version=3, to="IN_PRODUCTION")
    assert refused["code"] == "ILLEGAL_STATE"
    released = await advance(order, support, orderId=placed.id, version=3, to="PAID")
    assert (released["order"]["status"], released["order"]["version"]) == ("PAID", 4)


async def test_an_unpaid_order_is_never_refunded(order: Served, support: str) -> None:
    unpaid, paid = await place(order, None), await place(order, None)
    await move(order, unpaid.id, OrderStatus.CANCELLED)
    await move(order, paid.id, OrderStatus.PAID, OrderStatus.CANCELLED)
    assert (await advance(order, support, orderId=unpaid.id, version=2, to="REFUNDED"))["code"] == "ILLEGAL_STATE"
    refunded = await advance(order, support, orderId=paid.id, version=3, to="REFUNDED")
    assert refunded["order"]["status"] == "REFUNDED"


@pytest.mark.parametrize("version", [0, -1, 1, 3, 2**31 - 1])
async def test_a_stale_version_is_a_conflict_and_changes_nothing(order: Served, support: str, version: int) -> None:
    placed = await place(order, None)
    await move(order, placed.id, OrderStatus.PAID)
    before = await stored(order, placed.id)
    refused = await advance(order, support, orderId=placed.id, version=version, to="IN_PRODUCTION")
    assert (refused["code"], refused["currentVersion"]) == ("VERSION_CONFLICT", 2)
    assert await stored(order, placed.id) == before


async def test_of_twenty_at_once_exactly_one_wins(order: Served, support: str) -> None:
    placed = await place(order, None)
    given = {"orderId": placed.id, "version": 1, "to": "PAID"}
    answers = await asyncio.gather(*[advance(order, support, **given) for _ in range(20)])
    assert Counter(answer["__typename"] for answer in answers) == {
        "OrderStatusAdvanceSuccess": 1,
        "ConflictProblem": 19,
    }
    assert {answer["currentVersion"] for answer in answers if "currentVersion" in answer} == {2}
    row, entries, events = await stored(order, placed.id)
    assert (row.version, len(entries), len(events)) == (2, 2, 2)


async def test_customers_and_strangers_cannot_advance(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    before = await stored(order, placed.id)
    given = {"orderId": placed.id, "version": 1, "to": "PAID"}
    assert (await order.execute(ADVANCE, customer, input=given)).codes == ["FORBIDDEN"]
    assert (await order.execute(ADVANCE, input=given)).codes == ["UNAUTHENTICATED"]
    assert await stored(order, placed.id) == before


async def test_a_customer_cancels_their_own_order(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    cancelled = (await cancel(order, customer, orderId=placed.id, version=1, reason="Wrong size"))["order"]
    assert (cancelled["status"], cancelled["cancellable"]) == ("CANCELLED", False)
    assert cancelled["timeline"][-1] == {"status": "CANCELLED", "reason": "Wrong size", "actorKind": "CUSTOMER"}
    events = (await stored(order, placed.id))[2]
    assert [event.type for event in events] == ["order.created", "order.status_changed", "order.cancelled"]


async def test_a_customer_cannot_cancel_what_is_being_made(
    order: Served, customer: str, customer_id: str, support: str
) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID, OrderStatus.IN_PRODUCTION)
    before = await stored(order, placed.id)
    assert (await cancel(order, customer, orderId=placed.id, version=3))["code"] == "ILLEGAL_STATE"
    assert await stored(order, placed.id) == before
    assert (await cancel(order, support, orderId=placed.id, version=3))["order"]["status"] == "CANCELLED"


async def test_foreign_and_unknown_orders_cannot_be_cancelled(order: Served, stranger: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    before = await stored(order, placed.id)
    for key in (placed.id, new_id("ord"), "", "💥"):
        for version in (1, 7):
            refused = await cancel(order, stranger, orderId=key, version=version)
            assert refused == {"__typename": "NotFoundProblem", "code": "NOT_FOUND"}
    assert await stored(order, placed.id) == before
    assert (await order.execute(CANCEL, input={"orderId": placed.id, "version": 1})).codes == ["UNAUTHENTICATED"]


@pytest.mark.parametrize(
    ("changes", "code"), [({"reason": "x" * 501}, "TOO_LONG"), ({"reason": "a\x1bb"}, "CONTROL_CHARACTER")]
)
async def test_hostile_reasons_are_refused(order: Served, support: str, changes: dict[str, str], code: str) -> None:
    placed = await place(order, None)
    refused = await advance(order, support, orderId=placed.id, version=1, to="PAID", **changes)
    assert refused["fields"] == [{"path": "input.reason", "code": code}]
    assert (await stored(order, placed.id))[0].version == 1


@pytest.mark.parametrize(
    "changes", [{"version": 2**31}, {"version": "1"}, {"to": "LOST"}, {"to": None}, {"orderId": None}, {"extra": 1}]
)
async def test_inputs_of_wrong_types_are_refused(order: Served, support: str, changes: dict[str, Any]) -> None:
    given = {"orderId": new_id("ord"), "version": 1, "to": "PAID"} | changes
    answer = await order.execute(ADVANCE, support, input=given)
    assert (answer.status, answer.codes) == (200, ["BAD_USER_INPUT"])


async def test_deleting_a_user_erases_who_ordered_and_keeps_the_books(
    order: Served, people: Identities, customer: str, customer_id: str, support: str
) -> None:
    placed, other = await place(order, customer_id), await place(order, new_id("usr"))
    assert (await cancel(order, customer, orderId=placed.id, version=1, reason="I am moving"))["order"]
    untouched = await stored(order, other.id)
    event = UserDeleted(user_id=customer_id)
    about = {"type": "user.deleted", "subject": customer_id, "time": placed.placed_at, "data": event.model_dump()}
    envelope = Envelope(id=new_id("evt"), source="user", **about)
    for _ in range(2):
        for handler in HANDLERS[UserDeleted]:
            async with order.database.write() as session:
                await handler(session, event, envelope)
    row, entries, _ = await stored(order, placed.id)
    texts = [str(value) for record in (row, *entries) for value in record]
    erased = {customer_id, "anna@example.com", "Anna Muster", "Hauptstraße 1", "Wien", "1010", "I am moving"}
    assert erased & set(texts) == set()
    assert (row.total_minor, row.number, row.version) == (placed.total_minor, placed.number, 2)
    assert await stored(order, other.id) == untouched
    query = "query ($id: ID!) { order(id: $id) { number } }"
    assert (await order.execute(query, customer, id=placed.id)).data == {"order": None}
