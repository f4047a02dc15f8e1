"""Follows the changes of all orders, resumable by cursor, none missed and none twice."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from sqlalchemy import literal, select, tuple_

from shared.database.database import Database
from shared.database.rows import Statement, many
from shared.graph.loaders import in_keys
from shared.live import change_log
from subgraphs.order.inputs import OrderFeedFilter
from subgraphs.order.models import Order, OrderTimeline
from subgraphs.order.service.status_feed import Change, StatusFeed
from subgraphs.order.service.subscribers import Subscriber


@dataclass(frozen=True)
class Position:
    """A place between two changes: behind the change `seq` of transaction `xid`, or before all of that transaction.

    A transaction may take its number and then wait for another that changes the same order first: so a change carries
    no lower xid than the order's change before it (`service/transitions.py`).
    """

    xid: int
    seq: int = 0

    def cursor(self, database: Database) -> str:
        """Return it as text for clients."""
        return change_log.write_cursor(database, self.xid, self.seq)


async def read_cursor(database: Database, cursor: str) -> Position:
    """Return the position that a cursor names; raises InvalidInput."""
    xid, seq = await change_log.read_cursor(database, cursor, "[0-9]{1,18}")
    return Position(xid, int(seq))


async def present(database: Database) -> Position:
    """Return the position behind all changes that are settled by now."""
    async with database.read() as connection:
        return Position(await change_log.xmin_horizon(connection))


async def follow_all(
    database: Database, feed: StatusFeed, follower: Subscriber, after: Position | None, wanted: OrderFeedFilter | None
) -> AsyncGenerator[tuple[Change, Position], None]:
    """Yield each change after a position, or from now on, with its own position.

    Raises Unauthenticated when the access token expires, and CursorExpired once another database is there.
    """
    position, read = after or await present(database), partial(_next, database, wanted)
    seconds_left = change_log.same_life(database, await database.identify(), follower.seconds_left)
    async with aclosing(change_log.tail(feed.notifier, position, read, seconds_left)) as changes:
        async for change in changes:
            yield change


async def _next(
    database: Database, wanted: OrderFeedFilter | None, after: Position
) -> tuple[Sequence[tuple[Change, Position]], Position, bool]:
    """Return the next settled changes, the position behind all that was looked at, and whether some are unsettled."""
    async with database.read() as connection:
        xmin_horizon = await change_log.xmin_horizon(connection)
        entries = await many(connection, OrderTimeline, _visible(after, xmin_horizon, wanted))
        ids = sorted({entry.order_id for entry in entries})
        orders = await many(connection, Order, select(Order.__table__).where(in_keys(Order.id, ids))) if ids else []
        of_order = {order.id: order for order in orders}
        unsettled = await connection.scalar(
            select(select(OrderTimeline.id).where(OrderTimeline.xid >= xmin_horizon).exists())
        )
    changes = [(Change(entry, of_order[entry.order_id]), Position(entry.xid, entry.seq)) for entry in entries]
    if len(entries) == change_log.BATCH:
        return changes, changes[-1][1], False
    return (
        changes,
        Position(max(xmin_horizon, after.xid), after.seq if after.xid >= xmin_horizon else 0),
        bool(unsettled),
    )


def _visible(after: Position, xmin_horizon: int, wanted: OrderFeedFilter | None) -> Statement:
    place = tuple_(OrderTimeline.xid, OrderTimeline.seq)
    statement = select(OrderTimeline.__table__).where(
        place > tuple_(literal(after.xid), literal(after.seq)), OrderTimeline.xid < xmin_horizon
    )
    if wanted is not None and wanted.status is not None:
        statement = statement.where(in_keys(OrderTimeline.status, [status.value for status in wanted.status]))
    if wanted is not None and wanted.customer_id is not None:
        theirs = select(Order.id).where(Order.customer_id == wanted.customer_id)
        statement = statement.where(OrderTimeline.order_id.in_(theirs))
    return statement.order_by(OrderTimeline.xid, OrderTimeline.seq).limit(change_log.BATCH)
