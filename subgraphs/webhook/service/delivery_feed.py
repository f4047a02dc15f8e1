"""Follows all deliveries, resumable by cursor: the log in the database is the truth, Redis only carries notifications.

A delivery is sent each time it has changed, as it is by then: changes in quick succession are sent as one. A delivery
that changes again takes a new place behind all readers.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from sqlalchemy import literal, select, tuple_

from shared.database.database import Database
from shared.database.rows import many
from shared.live import change_log
from shared.live.notifier import ChangeFeed
from shared.security.auth import Viewer
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.models import WebhookLog
from subgraphs.webhook.service.filters import SHOWN, conditions


@dataclass(frozen=True)
class Position:
    """A place in the feed: behind the delivery `key` as the transaction `xid` left it."""

    xid: int
    key: str = ""

    def cursor(self, database: Database) -> str:
        """Return it as text for clients."""
        return change_log.write_cursor(database, self.xid, self.key)


async def read_cursor(database: Database, cursor: str) -> Position:
    """Return the position that a cursor names; raises InvalidInput."""
    return Position(*await change_log.read_cursor(database, cursor, "[a-z0-9_]{0,40}"))


class DeliveryFeed(ChangeFeed):
    """Notifies when deliveries have changed."""

    channel = "petplus.webhook.changed"


async def follow_deliveries(
    database: Database, feed: DeliveryFeed, viewer: Viewer, after: Position | None, wanted: WebhookDeliveryFilter | None
) -> AsyncGenerator[tuple[WebhookLog, Position], None]:
    """Yield each delivery that changed after a position, or from now on.

    Raises Unauthenticated at the token's end, and CursorExpired once another database is there.
    """
    position, read = after or await present(database), partial(_next, database, wanted)
    seconds_left = change_log.same_life(database, await database.identify(), viewer.seconds_left)
    async with aclosing(change_log.tail(feed.notifier, position, read, seconds_left)) as rows:
        async for row in rows:
            yield row


async def present(database: Database) -> Position:
    """Return the position behind all changes that are settled by now."""
    async with database.read() as connection:
        return Position(await change_log.xmin_horizon(connection))


async def _next(
    database: Database, wanted: WebhookDeliveryFilter | None, after: Position
) -> tuple[Sequence[tuple[WebhookLog, Position]], Position, bool]:
    """Return the next changed deliveries, the position behind all looked at, and whether some are unsettled."""
    place = tuple_(WebhookLog.xid, WebhookLog.id)
    async with database.read() as connection:
        xmin_horizon = await change_log.xmin_horizon(connection)
        settled = (place > tuple_(literal(after.xid), literal(after.key)), WebhookLog.xid < xmin_horizon)
        statement = select(*SHOWN).where(*settled, *conditions(wanted)).order_by(WebhookLog.xid, WebhookLog.id)
        found = await many(connection, WebhookLog, statement.limit(change_log.BATCH))
        unsettled = await connection.scalar(
            select(select(WebhookLog.id).where(WebhookLog.xid >= xmin_horizon).exists())
        )
    rows = [(row, Position(row.xid, row.id)) for row in found]
    if len(rows) == change_log.BATCH:
        return rows, rows[-1][1], False
    return rows, Position(xmin_horizon) if xmin_horizon > after.xid else after, bool(unsettled)
