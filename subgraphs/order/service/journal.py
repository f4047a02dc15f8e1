"""Follows the changes of all orders, resumable by cursor, none missed and none twice."""

import asyncio
import base64
import binascii
import contextlib
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, literal, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.errors import InvalidInput, Unavailable
from shared.loaders import matches
from subgraphs.order.inputs import OrderFeedFilter
from subgraphs.order.models import Order, OrderTimeline
from subgraphs.order.service.feed import POLL_SECONDS, Change, StatusFeed
from subgraphs.order.service.following import Follower

BATCH = 100
UNSETTLED_SECONDS = 0.05
_CURSOR = re.compile(r"[0-9]{1,18}:[0-9]{1,18}", re.ASCII)

# Changes commit in another order than they take their numbers, so the last number seen says nothing of what is still
# to come below it. A transaction's number does: below the snapshot's xmin all have ended. Read by (xid, seq) up to
# there, a change can only appear behind the reader's place, never before it. A transaction may take its number and then
# wait for another that changes the same order first: so a change carries no lower xid than the order's change before
# it. A transaction that writes for long, anywhere on the server, delays the feed and costs it nothing.
_HORIZON = select(literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger))


@dataclass(frozen=True)
class Position:
    """A place between two changes: behind the change `seq` of transaction `xid`, or before all of that transaction."""

    xid: int
    seq: int = 0

    def cursor(self) -> str:
        """Return it as text for clients."""
        return base64.urlsafe_b64encode(f"{self.xid}:{self.seq}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Position:
    """Return the position that a cursor names; raises InvalidInput."""
    try:
        text = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True).decode()
        if _CURSOR.fullmatch(text):
            return Position(*map(int, text.split(":")))
    except (ValueError, binascii.Error):
        pass
    raise InvalidInput.field("afterCursor", "INVALID_CURSOR", "`afterCursor` is not a cursor of this feed.")


async def present(database: Database) -> Position:
    """Return the position behind all changes that are settled by now."""
    async with database.read() as connection:
        return Position(await _horizon(connection))


async def follow_all(
    database: Database, feed: StatusFeed, follower: Follower, after: Position | None, wanted: OrderFeedFilter | None
) -> AsyncGenerator[tuple[Change, Position], None]:
    """Yield each change after a position, or from now on, with its own position.

    Nothing is buffered: who reads slowly is told slowly. Raises Unauthenticated when the access token expires.
    """
    position = after or await present(database)
    with feed.bell() as bell:
        while True:
            bell.clear()
            try:
                changes, position, unsettled = await _next(database, position, wanted)
            except Unavailable:
                await _wait(bell, follower, POLL_SECONDS)
                continue
            for change in changes:
                follower.seconds_left()
                yield change, Position(change.entry.xid, change.entry.seq)
            if len(changes) < BATCH:
                await _wait(bell, follower, UNSETTLED_SECONDS if unsettled else POLL_SECONDS)


async def _wait(bell: asyncio.Event, follower: Follower, longest: float) -> None:
    left = follower.seconds_left()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(longest if left is None else min(longest, left)):
            await bell.wait()
    follower.seconds_left()


async def _next(
    database: Database, after: Position, wanted: OrderFeedFilter | None
) -> tuple[Sequence[Change], Position, bool]:
    """Return the next settled changes, the position behind all that was looked at, and whether some are unsettled."""
    async with database.read() as connection:
        horizon = await _horizon(connection)
        entries = (await connection.execute(_settled(after, horizon, wanted))).all()
        ids = sorted({entry.order_id for entry in entries})
        orders = await connection.execute(select(Order.__table__).where(matches(Order.id, ids))) if ids else ()
        of_order = {order.id: order for order in orders}
        unsettled = await connection.scalar(
            select(select(OrderTimeline.id).where(OrderTimeline.xid >= horizon).exists())
        )
    changes = [Change(entry, of_order[entry.order_id]) for entry in entries]
    if len(entries) == BATCH:
        return changes, Position(entries[-1].xid, entries[-1].seq), False
    return changes, Position(max(horizon, after.xid), after.seq if after.xid >= horizon else 0), bool(unsettled)


def _settled(after: Position, horizon: int, wanted: OrderFeedFilter | None) -> Any:
    place = tuple_(OrderTimeline.xid, OrderTimeline.seq)
    statement = select(OrderTimeline.__table__).where(
        place > tuple_(literal(after.xid), literal(after.seq)), OrderTimeline.xid < horizon
    )
    if wanted is not None and wanted.status is not None:
        statement = statement.where(matches(OrderTimeline.status, [status.value for status in wanted.status]))
    if wanted is not None and wanted.customer_id is not None:
        theirs = select(Order.id).where(Order.customer_id == wanted.customer_id)
        statement = statement.where(OrderTimeline.order_id.in_(theirs))
    return statement.order_by(OrderTimeline.xid, OrderTimeline.seq).limit(BATCH)


async def _horizon(connection: AsyncConnection) -> int:
    return (await connection.execute(_HORIZON)).scalar_one()
