"""The feed of all orders: resumable, none missed and none twice, whatever the order in which changes commit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import func, select

from shared.core.ids import new_id
from shared.database.database import Database
from shared.database.rows import one
from shared.security.auth import Viewer
from subgraphs.order.enums import OrderStatus
from subgraphs.order.inputs import OrderFeedFilter
from subgraphs.order.models import Order, OrderTimeline
from subgraphs.order.service.order_feed import Position, follow_all, present, read_cursor
from subgraphs.order.service.status_feed import StatusFeed
from subgraphs.order.service.subscribers import Subscriber
from subgraphs.order.service.transitions import change_status
from tests.order.factories import STAFF, move, place
from tests.order.streams import Stream, Streams
from tests.support.apps import Served
from tests.support.waiting import eventually, in_time, soon

FEED = """
subscription ($after: String, $filter: OrderFeedFilter) {
  orderFeed(afterCursor: $after, filter: $filter) {
    cursor previous actorKind change { version status order { id } }
  }
}
"""


@asynccontextmanager
async def feed(streams: Streams, token: str | None, **variables: Any) -> AsyncIterator[Stream]:
    headers = {"accept": "text/event-stream", **({"authorization": f"Bearer {token}"} if token else {})}
    body = {"query": FEED, "variables": variables}
    async with streams.client.stream("POST", "/graphql", json=body, headers=headers) as response:
        yield Stream(response.aiter_lines())


async def item(stream: Stream) -> Any:
    kind, payload = await stream.event()
    assert (kind, payload.get("errors")) == ("next", None)
    return payload["data"]["orderFeed"]


async def cursor(order: Served, token: str) -> str:
    return str((await order.execute("{ orderFeedCursor }", token)).data["orderFeedCursor"])


async def test_staff_see_each_change_and_resume_where_they_were(order: Served, streams: Streams, support: str) -> None:
    customer_id = new_id("usr")
    start, wanted = await cursor(order, support), {"customerId": customer_id}
    placed = await place(order, customer_id)
    await move(order, placed.id, OrderStatus.PAID)
    await place(order, None)
    seen = []
    async with feed(streams, support, after=start, filter=wanted) as stream:
        seen += [await item(stream) for _ in range(2)]
    await move(order, placed.id, OrderStatus.IN_PRODUCTION)
    async with feed(streams, support, after=seen[-1]["cursor"], filter=wanted) as stream:
        seen.append(await item(stream))
        await move(order, placed.id, OrderStatus.SHIPPED)
        seen.append(await item(stream))
    assert [it["change"] for it in seen] == [
        {"version": version, "status": status, "order": {"id": placed.id}}
        for version, status in enumerate(("PENDING", "PAID", "IN_PRODUCTION", "SHIPPED"), 1)
    ]
    assert [(it["previous"], it["actorKind"]) for it in seen[:2]] == [(None, "CUSTOMER"), ("PENDING", "STAFF")]


async def behind(database: Database, order_id: str) -> Position:
    """Return the position behind an order's changes, once no transaction of another test is older than they are."""
    newest = select(func.max(OrderTimeline.xid)).where(OrderTimeline.order_id == order_id)
    async with database.read() as connection:
        xid = (await connection.execute(newest)).scalar_one()

    async def later() -> Position | None:
        position = await present(database)
        return position if position.xid > xid else None

    position = await eventually(later)
    assert position is not None
    return position


async def test_a_change_that_commits_late_is_told_in_its_place(order: Served) -> None:
    customer_id, status_feed = new_id("usr"), order.runtime.resource(StatusFeed)
    slow, quick = await place(order, customer_id), await place(order, customer_id)
    start = await behind(order.database, quick.id)
    reported: list[tuple[str, str]] = []

    async def read() -> None:
        wanted = OrderFeedFilter(customer_id=customer_id)  # type: ignore[arg-type]
        async for change, position in follow_all(
            order.database, status_feed, Subscriber(Viewer("usr_x")), start, wanted
        ):
            reported.append((change.entry.order_id, position.cursor(order.database)))
            if len(reported) == 2:
                return

    reading = asyncio.create_task(read())
    async with order.database.write() as session:
        row = await one(session, Order, select(Order.__table__).where(Order.id == slow.id))
        await change_status(session, row, 1, OrderStatus.PAID, STAFF, None)
        await move(order, quick.id, OrderStatus.PAID)
        done, _ = await asyncio.wait([reading], timeout=0.5)
        assert (done, reported) == (set(), [])
    await soon(reading)
    assert [order_id for order_id, _ in reported] == [slow.id, quick.id]
    first, second = [await read_cursor(order.database, cursor) for _, cursor in reported]
    assert first.xid < second.xid


async def test_changes_of_one_order_keep_their_order_whichever_transaction_began_first(order: Served) -> None:
    customer_id, status_feed = new_id("usr"), order.runtime.resource(StatusFeed)
    placed = await place(order, customer_id)
    start = await behind(order.database, placed.id)
    async with order.database.write() as session:
        # It has its number now, and changes the order after another has.
        await session.execute(select(func.pg_current_xact_id()))
        await move(order, placed.id, OrderStatus.PAID)
        row = await one(session, Order, select(Order.__table__).where(Order.id == placed.id))
        row = await change_status(session, row, 2, OrderStatus.IN_PRODUCTION, STAFF, None)
        await change_status(session, row, 3, OrderStatus.SHIPPED, STAFF, None)
    wanted = OrderFeedFilter(customer_id=customer_id)  # type: ignore[arg-type]
    changes = follow_all(order.database, status_feed, Subscriber(Viewer("usr_x")), start, wanted)
    async with in_time():
        assert [(await anext(changes))[0].entry.version for _ in range(3)] == [2, 3, 4]
    await changes.aclose()


async def test_readers_that_come_and_go_see_every_change_once(order: Served) -> None:
    customer_id, status_feed = new_id("usr"), order.runtime.resource(StatusFeed)
    orders = [await place(order, customer_id) for _ in range(6)]
    start = await present(order.database)
    wanted = OrderFeedFilter(customer_id=customer_id)  # type: ignore[arg-type]
    total = 6 * 8

    async def read(at_a_time: int) -> list[tuple[str, int]]:
        seen: list[tuple[str, int]] = []
        position = start
        while len(seen) < total:
            changes = follow_all(order.database, status_feed, Subscriber(Viewer("usr_x")), position, wanted)
            async for change, here in changes:
                position = await read_cursor(order.database, here.cursor(order.database))
                if change.entry.version == 1:
                    continue  # placed before, but settled after `start`, while another transaction was older
                seen.append((change.entry.order_id, change.entry.version))
                if len(seen) % at_a_time == 0 or len(seen) == total:
                    break
            await changes.aclose()
        return seen

    async def change(order_id: str) -> None:
        await move(order, order_id, *[OrderStatus.ON_HOLD, OrderStatus.PENDING] * 4)

    async with in_time():
        changing = asyncio.gather(*[change(placed.id) for placed in orders])
        seen_by = await asyncio.gather(*[read(count) for count in (1, 7, 100)])
        await changing
    for seen in seen_by:
        assert sorted(seen) == sorted((placed.id, version) for placed in orders for version in range(2, 10))
        for placed in orders:
            assert [version for key, version in seen if key == placed.id] == list(range(2, 10))


async def test_only_staff_follow_all_orders(order: Served, streams: Streams, customer: str) -> None:
    for token, code in ((customer, "FORBIDDEN"), (None, "UNAUTHENTICATED")):
        async with feed(streams, token) as stream:
            assert await stream.failure() == code
        assert (await order.execute("{ orderFeedCursor }", token)).codes == [code]


@pytest.mark.parametrize("after", ["", "x", "💥", "MTIz", "OTk5OTk5OTk5OTk5OTk5OTk5OTk6", "LTE6"])
async def test_cursors_of_nothing_are_refused(order: Served, streams: Streams, support: str, after: str) -> None:
    async with feed(streams, support, after=after) as stream:
        assert await stream.failure() == "INVALID_INPUT"
