"""Ordering again: the same goods for the same money, by the owner alone, once for each key."""

import asyncio
import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import func, select, update

from shared.core.ids import new_id
from shared.events.event import Event
from subgraphs.builder.events import DesignDeleted, PresetArchived, ProductUpdated
from subgraphs.order.enums import OrderLineKind, OrderStatus, SubjectKind
from subgraphs.order.models import Order, OrderLine
from subgraphs.order.service.placement import NewLine
from subgraphs.order.service.reorder import MOST_A_DAY, PRICES_LAST
from tests.order.factories import TO_THE_END, move, place
from tests.order.facts import receive
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
    copied = ("customer_id", "contact_email", "subtotal_minor", "shipping_minor", "city", "recipient")
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


@pytest.mark.parametrize(
    ("discount", "tax", "then"), [(0, 1800, 1800), (500, 1800, 1901), (8485, 95, 957), (8930, 98, 1884), (1, 0, 0)]
)
async def test_a_discount_is_not_granted_again(
    order: Served, customer: str, customer_id: str, discount: int, tax: int, then: int
) -> None:
    placed = await place(order, customer_id, discount_minor=discount, tax_minor=tax)
    await move(order, placed.id, OrderStatus.CANCELLED)
    again = (await operate(order, customer, "orderReorder", orderId=placed.id))["order"]
    row = (await stored(order, again["id"]))[0]
    assert (row.subtotal_minor, row.discount_minor, row.shipping_minor, row.tax_minor) == (8930, 0, 490, then)


async def test_what_cost_nothing_is_not_ordered_again(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id, discount_minor=8930, shipping_minor=0, tax_minor=0)
    await move(order, placed.id, OrderStatus.CANCELLED)
    assert (await operate(order, customer, "orderReorder", orderId=placed.id))["code"] == "ILLEGAL_STATE"
    assert await count(order, customer_id) == 1


async def test_only_goods_that_were_kept_are_ordered_again(order: Served, customer: str, customer_id: str) -> None:
    lines = [NewLine(kind.value, 2, 1000, kind=kind) for kind in OrderLineKind]
    placed = await place(order, customer_id, lines=lines, discount_minor=0, shipping_minor=0, tax_minor=1905)
    await move(order, placed.id, OrderStatus.CANCELLED)
    again = (await operate(order, customer, "orderReorder", orderId=placed.id))["order"]
    row = (await stored(order, again["id"]))[0]
    assert (row.subtotal_minor, row.tax_minor, row.total_minor) == (4000, 762, 4762)
    async with order.database.read() as connection:
        kinds = select(OrderLine.kind).where(OrderLine.order_id == row.id).order_by(OrderLine.position)
        assert list((await connection.execute(kinds)).scalars()) == [OrderLineKind.GOODS, OrderLineKind.NOT_SENT]


async def test_an_order_without_goods_that_were_kept_is_not_ordered_again(
    order: Served, customer: str, customer_id: str
) -> None:
    lines = [NewLine("Tip", 1, 500, kind=OrderLineKind.CHARGE), NewLine("Collar", 1, 900, kind=OrderLineKind.RETURNED)]
    placed = await place(order, customer_id, lines=lines, discount_minor=0)
    await move(order, placed.id, OrderStatus.CANCELLED)
    assert (await operate(order, customer, "orderReorder", orderId=placed.id))["code"] == "ILLEGAL_STATE"
    assert await count(order, customer_id) == 1


@pytest.mark.parametrize("kind", list(SubjectKind))
async def test_goods_that_were_withdrawn_are_refused_by_name(
    order: Served, customer: str, customer_id: str, kind: SubjectKind
) -> None:
    design, preset, product = new_id("des"), new_id("pre"), new_id("kind")
    lines = [
        NewLine("Rex's collar", 1, 2490, design, product=product),
        NewLine("Comet Leash", 1, 1990, preset_id=preset, quoted_version=2),
        NewLine("Ball", 1, 300),
    ]
    placed = await place(order, customer_id, lines=lines)
    await move(order, placed.id, *TO_THE_END)
    events: dict[SubjectKind, Event] = {
        SubjectKind.DESIGN: DesignDeleted(design_id=design, owner_id=customer_id),
        SubjectKind.PRESET: PresetArchived(preset_id=preset, version=3),
        SubjectKind.PRODUCT: ProductUpdated(product_id=new_id("prd"), product=product, active=False),
    }
    await receive(order, events[kind])
    refused = await operate(order, customer, "orderReorder", orderId=placed.id, idempotencyKey="again")
    name = "Comet Leash" if kind is SubjectKind.PRESET else "Rex's collar"
    assert refused["code"] == "ILLEGAL_STATE"
    assert refused["message"] == f"No longer sold: {name}. Order the rest in the shop."
    assert await count(order, customer_id) == 1
    if kind is SubjectKind.PRODUCT:
        await receive(order, ProductUpdated(product_id=new_id("prd"), product=product, active=True))
        again = await operate(order, customer, "orderReorder", orderId=placed.id, idempotencyKey="again")
        assert again["order"]["status"] == "PENDING"


async def age(order: Served, order_id: str, **columns: object) -> None:
    async with order.database.write() as session:
        await session.execute(update(Order).where(Order.id == order_id).values(**columns))


async def test_old_prices_end_and_ordering_again_does_not_renew_them(
    order: Served, customer: str, customer_id: str
) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.CANCELLED)
    almost = dt.datetime.now(dt.UTC) - PRICES_LAST + dt.timedelta(hours=1)
    await age(order, placed.id, placed_at=almost)
    again = (await operate(order, customer, "orderReorder", orderId=placed.id))["order"]
    row = (await stored(order, again["id"]))[0]
    assert row.priced_at == almost
    await move(order, again["id"], OrderStatus.CANCELLED)
    shown = "query ($id: ID!) { order(id: $id) { reorderable } }"
    assert (await order.execute(shown, customer, id=again["id"])).data["order"]["reorderable"] is True
    for key, column in ((placed.id, "placed_at"), (again["id"], "priced_at")):
        await age(order, key, **{column: almost - dt.timedelta(hours=1)})
        assert (await order.execute(shown, customer, id=key)).data["order"]["reorderable"] is False
        assert (await operate(order, customer, "orderReorder", orderId=key))["code"] == "ILLEGAL_STATE"
    assert await count(order, customer_id) == 2


async def test_a_customer_orders_again_a_few_times_a_day(order: Served, customer: str, customer_id: str) -> None:
    placed = [await place(order, customer_id) for _ in range(2)]
    for row in placed:
        await move(order, row.id, OrderStatus.CANCELLED)
    sent = [operate(order, customer, "orderReorder", orderId=placed[n % 2].id) for n in range(MOST_A_DAY + 5)]
    answers = await asyncio.gather(*sent)
    assert Counter(it["__typename"] for it in answers) == {"OrderReorderSuccess": MOST_A_DAY, "IllegalStateProblem": 5}
    assert await count(order, customer_id) == MOST_A_DAY + 2
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    async with order.database.write() as session:
        mine = (Order.customer_id == customer_id, Order.priced_at.is_not(None))
        await session.execute(update(Order).where(*mine).values(placed_at=yesterday))
    assert (await operate(order, customer, "orderReorder", orderId=placed[0].id))["order"]["status"] == "PENDING"


async def test_an_order_without_an_address_is_not_ordered_again(order: Served, customer: str, customer_id: str) -> None:
    placed = await place(order, customer_id)
    await move(order, placed.id, *TO_THE_END)
    async with order.database.write() as session:
        await session.execute(update(Order).where(Order.id == placed.id).values(recipient=None, address_line1=None))
    assert (await operate(order, customer, "orderReorder", orderId=placed.id))["code"] == "ILLEGAL_STATE"
    assert await count(order, customer_id) == 1
