"""Presets by what was sold of them: counted from the payment of an order until it is cancelled, each piece once."""

from typing import Any

import pytest
from sqlalchemy import select

from shared.core.ids import new_id
from shared.events.event import Event
from subgraphs.builder.models import BuilderPreset, PresetOrder
from subgraphs.order.events import OrderContentChanged, OrderCreated, OrderedLine, OrderStatusChanged
from tests.builder.support import run
from tests.builder.test_handlers import receive
from tests.builder.test_preset_search import LIST, listed
from tests.builder.test_presets import make_preset
from tests.support.apps import Served

CHANGED = {"designs_added": [], "designs_removed": [], "previous_total_minor": 1, "previous_currency": "EUR"}


def order_of(*lines: OrderedLine, test: bool = False) -> OrderCreated:
    return OrderCreated(
        order_id=new_id("ord"),
        number="1001",
        customer_id=None,
        lines=list(lines),
        total_minor=1000,
        currency="EUR",
        test=test,
    )


def off_the_shelf(preset_id: str, quantity: int) -> OrderedLine:
    return OrderedLine(design_id=None, quantity=quantity, preset_id=preset_id)


def moved(order: OrderCreated, previous: str, status: str) -> OrderStatusChanged:
    return OrderStatusChanged(order_id=order.order_id, customer_id=None, version=2, previous=previous, status=status)


async def sold(builder: Served, *preset_ids: str) -> dict[str, int]:
    """Return the counts of presets, without those that are 0."""
    async with builder.database.read() as connection:
        counts = select(BuilderPreset.id, BuilderPreset.units_sold).where(
            BuilderPreset.id.in_(preset_ids), BuilderPreset.units_sold != 0
        )
        return {row.id: row.units_sold for row in await connection.execute(counts)}


async def test_pieces_count_from_the_payment_until_the_cancellation(builder: Served, admin: str) -> None:
    one, two = [(await make_preset(builder, admin))["id"] for _ in range(2)]
    order = order_of(off_the_shelf(one, 2), off_the_shelf(one, 1), off_the_shelf(two, 1), off_the_shelf("", 7))
    await receive(builder, order)
    assert await sold(builder, one, two) == {}
    for previous, status, expected in (
        ("PENDING", "ON_HOLD", {}),
        ("ON_HOLD", "PAID", {one: 3, two: 1}),
        ("PAID", "ON_HOLD", {one: 3, two: 1}),
        ("ON_HOLD", "CANCELLED", {}),
        ("CANCELLED", "REFUNDED", {}),
    ):
        event = moved(order, previous, status)
        for _ in range(2):
            await receive(builder, event)
            assert await sold(builder, one, two) == expected


async def test_a_piece_of_a_design_counts_for_the_preset_that_it_started_with(
    builder: Served, admin: str, customer: str
) -> None:
    preset_id = (await make_preset(builder, admin))["id"]
    design = (await run(builder, "designCreateFromPreset", customer, presetId=preset_id))["design"]["id"]
    copy = (await run(builder, "designDuplicate", customer, id=design))["design"]["id"]
    order = order_of(*[OrderedLine(design_id=key, quantity=2) for key in (design, copy, new_id("des"))])
    await receive(builder, order)
    await receive(builder, moved(order, "PENDING", "PAID"))
    assert await sold(builder, preset_id) == {preset_id: 4}


@pytest.mark.parametrize("is_paid_first", [True, False])
async def test_an_edited_order_counts_for_what_it_holds_now(builder: Served, admin: str, is_paid_first: bool) -> None:
    one, two, three = [(await make_preset(builder, admin))["id"] for _ in range(3)]
    order = order_of(off_the_shelf(one, 3), off_the_shelf(two, 2))
    lines = [off_the_shelf(two, 1), off_the_shelf(three, 5)]
    edited = OrderContentChanged.model_validate(order.model_dump() | CHANGED | {"lines": lines})
    events: list[Event] = [order, *([moved(order, "PENDING", "PAID"), edited][:: 1 if is_paid_first else -1])]
    for event in events:
        await receive(builder, event)
    assert await sold(builder, one, two, three) == {two: 1, three: 5}


async def test_a_test_order_counts_for_nothing(builder: Served, admin: str) -> None:
    preset_id = (await make_preset(builder, admin))["id"]
    order = order_of(off_the_shelf(preset_id, 3), test=True)
    await receive(builder, order)
    await receive(builder, moved(order, "PENDING", "PAID"))
    assert await sold(builder, preset_id) == {}
    async with builder.database.read() as connection:
        kept = select(PresetOrder.units).where(PresetOrder.order_id == order.order_id)
        assert (await connection.execute(kept)).scalar_one() == {}


async def test_the_list_shows_what_is_sold_most_first_and_its_cursors_hold_while_counts_change(
    builder: Served, admin: str
) -> None:
    made = [(await make_preset(builder, admin))["id"] for _ in range(5)]
    order = order_of(*[off_the_shelf(key, count) for key, count in zip(made, (101, 103, 103, 105, 102), strict=True)])
    await receive(builder, order)
    await receive(builder, moved(order, "PENDING", "PAID"))
    tied = sorted(made[1:3], reverse=True)
    with builder.statements() as sent:
        first = await listed(builder, sort="POPULAR", first=2)
    assert [node["id"] for node in first["nodes"]] == [made[3], tied[0]]
    more = order_of(off_the_shelf(made[0], 500))
    await receive(builder, more)
    await receive(builder, moved(more, "PENDING", "PAID"))
    seen: list[Any] = []
    page = first
    while page["pageInfo"]["hasNextPage"]:
        page = await listed(builder, sort="POPULAR", first=2, after=page["pageInfo"]["endCursor"])
        seen += [node["id"] for node in page["nodes"]]
    # What has overtaken the cursor is on the first page of a reader who starts again, and on none of this one's.
    assert seen[:2] == [tied[1], made[4]]
    assert made[0] not in seen
    assert len(seen) == len(set(seen)) == page["totalCount"] - 3
    with builder.statements() as again:
        assert (await listed(builder, sort="POPULAR", first=50))["nodes"][0]["id"] == made[0]
    assert len(again) == len(sent) == 2
    assert (await builder.execute(LIST, sort="NEWEST", after=page["pageInfo"]["endCursor"])).codes == ["INVALID_INPUT"]
