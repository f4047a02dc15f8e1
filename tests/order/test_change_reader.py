"""The reader of changes: one for all who follow, from which nothing is missed and nothing comes twice."""

import asyncio
import contextlib
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from shared.core.errors import Unauthenticated
from shared.core.ids import new_id
from shared.database.rows import one
from shared.live.change_reader import MOST_WAITING
from shared.live.entity_changes import Place
from shared.security.auth import Viewer
from subgraphs.order.enums import OrderStatus
from subgraphs.order.loaders import READ
from subgraphs.order.models import Order
from subgraphs.order.service.order_changes import OrderChanged, OrderChanges, follow_order, follow_own
from subgraphs.order.service.status_feed import StatusFeed
from subgraphs.order.service.subscribers import Subscriber
from subgraphs.order.service.transitions import change_status
from tests.order.factories import STAFF, move, place
from tests.order.test_order_changes import settled
from tests.support.apps import Served
from tests.support.waiting import eventually, in_time, soon


def caller(user_id: str, **given: Any) -> Subscriber:
    return Subscriber(Viewer(user_id, **given))


async def read(
    changes: OrderChanges, user_id: str, after: Place, count: int, per_turn: int = 1000
) -> list[tuple[str, str, int | None]]:
    """Follow a customer's orders until there were so many changes, beginning anew after each few."""
    seen: list[tuple[str, str, int | None]] = []
    while len(seen) < count:
        stream = follow_own(changes, caller(user_id), after)
        async with contextlib.aclosing(stream):
            async for each in stream:
                after = each.change.place
                seen.append((each.change.entity_id, each.change.kind, each.change.version))
                if len(seen) % per_turn == 0 or len(seen) == count:
                    break
    return seen


async def test_readers_that_come_and_go_see_every_change_once(order: Served) -> None:
    customer_id, changes = new_id("usr"), order.runtime.resource(OrderChanges)
    orders = [await place(order, customer_id) for _ in range(5)]
    start = await settled(order)
    total = 5 * 6

    async def change(order_id: str) -> None:
        await move(order, order_id, *[OrderStatus.ON_HOLD, OrderStatus.PENDING] * 3)

    async with in_time():
        changing = asyncio.gather(*[change(placed.id) for placed in orders])
        seen_by = await asyncio.gather(*[read(changes, customer_id, start, total, each) for each in (1, 7, 100)])
        await changing
    for seen in seen_by:
        assert len(seen) == len(set(seen)) == total
        for placed in orders:
            assert [version for key, _, version in seen if key == placed.id] == list(range(2, 8))
    assert changes.followed == 0


async def test_a_change_that_commits_late_is_told_in_its_place(order: Served) -> None:
    customer_id, changes = new_id("usr"), order.runtime.resource(OrderChanges)
    slow, quick = await place(order, customer_id), await place(order, customer_id)
    start = await settled(order)
    reading = asyncio.create_task(read(changes, customer_id, start, 2))
    async with order.database.write() as session:
        row = await one(session, Order, select(Order.__table__).where(Order.id == slow.id))
        await change_status(session, row, 1, OrderStatus.ON_HOLD, STAFF, None)
        await move(order, quick.id, OrderStatus.ON_HOLD)
        done, _ = await asyncio.wait([reading], timeout=0.3)
        assert done == set()
    assert [key for key, _, _ in await soon(reading)] == [slow.id, quick.id]


async def test_the_versions_of_an_order_keep_their_order_whichever_transaction_began_first(order: Served) -> None:
    customer_id, changes = new_id("usr"), order.runtime.resource(OrderChanges)
    placed = await place(order, customer_id)
    start = await settled(order)
    async with order.database.write() as session:
        # It has its number now, and changes the order after another has.
        await session.execute(select(func.pg_current_xact_id()))
        await move(order, placed.id, OrderStatus.ON_HOLD)
        row = await one(session, Order, select(Order.__table__).where(Order.id == placed.id))
        await change_status(session, row, 2, OrderStatus.PENDING, STAFF, None)
    assert [version for _, _, version in await soon(read(changes, customer_id, start, 2))] == [2, 3]


async def test_who_reads_slowly_gets_every_change_from_the_database(order: Served) -> None:
    customer_id, changes = new_id("usr"), order.runtime.resource(OrderChanges)
    placed = await place(order, customer_id)
    start, count = await settled(order), MOST_WAITING + 20
    stream = follow_own(changes, caller(customer_id), start)
    async with contextlib.aclosing(stream), in_time():
        await move(order, placed.id, OrderStatus.ON_HOLD)
        seen = [(await anext(stream)).change.version]
        for _ in range(count // 2):
            await move(order, placed.id, OrderStatus.PENDING, OrderStatus.ON_HOLD)
        await settled(order)
        while len(seen) < 1 + count:
            seen.append((await anext(stream)).change.version)
    assert seen == list(range(2, 3 + count))


async def test_a_thousand_customers_cost_as_many_statements_as_two(order: Served) -> None:
    costs = []
    for crowd in (2, 1000):
        customers = [new_id("usr") for _ in range(crowd)]
        placed = [await place(order, each) for each in customers[:2]]
        changes = OrderChanges(order.database, order.runtime.resource(StatusFeed))
        await settled(order)
        moved = asyncio.Queue[OrderChanged]()

        async def follow(user_id: str) -> None:
            # From before the first change, so that each of them reads what there was, once.
            async for each in follow_own(changes, caller(user_id), Place(1)):  # noqa: B023 (it is awaited below)
                if each.change.version == 2:
                    moved.put_nowait(each)  # noqa: B023

        async def all_have_read() -> bool:
            return len(_histories(sent)) == crowd  # noqa: B023

        async with changes.running(), in_time():
            with order.statements() as sent:
                following = [asyncio.create_task(follow(each)) for each in customers]
                await eventually(all_have_read)
            await move(order, placed[0].id, OrderStatus.ON_HOLD)
            assert (await moved.get()).change.entity_id == placed[0].id
            with order.statements() as sent:
                await move(order, placed[1].id, OrderStatus.ON_HOLD)
                assert (await moved.get()).change.entity_id == placed[1].id
            for task in following:
                task.cancel()
            await asyncio.gather(*following, return_exceptions=True)
        loads = [each for each in sent if "order_meta.id = ANY" in each]
        costs.append((len(loads), _histories(sent)))
        assert changes.followed == 0
    assert costs == [(1, [])] * 2


def _histories(sent: list[str]) -> list[str]:
    return [each for each in sent if "entity_change.owner_id =" in each]


async def test_a_stream_ends_with_the_token(order: Served) -> None:
    placed = await place(order, customer_id := new_id("usr"))
    changes, after = order.runtime.resource(OrderChanges), await settled(order)
    ends = {"expires_at": time.time() + 0.2}
    for stream in (
        follow_own(changes, caller(customer_id, **ends), after),
        follow_order(changes, caller(new_id("usr"), scopes=frozenset({READ}), **ends), placed.id, after),
    ):
        async with in_time(), contextlib.aclosing(stream):
            with pytest.raises(Unauthenticated):
                await anext(stream)
    assert changes.followed == 0
