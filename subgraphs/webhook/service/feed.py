"""Follows all deliveries, resumable by cursor: the log in the database is the truth, Redis is only the doorbell.

A delivery is told of each time it changed, as it is by then: changes in quick succession are told as one.
"""

import asyncio
import base64
import binascii
import contextlib
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import BigInteger, literal, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.auth import Viewer
from shared.database import Database
from shared.errors import InvalidInput, Unauthenticated
from shared.loaders import columns_of
from shared.observability import log
from shared.runtime import Runtime
from shared.tasks import stop
from subgraphs.webhook.inputs import WebhookDeliveryFilter
from subgraphs.webhook.models import WebhookLog
from subgraphs.webhook.service.filtering import WIDE, conditions

CHANNEL = "petplus.webhook.changed"
POLL_SECONDS = 2.0
UNSETTLED_SECONDS = 0.05
RING_SECONDS = 0.5
RECONNECT_SECONDS = 0.5
BATCH = 100
_CURSOR = re.compile(r"([0-9]{1,18}):([a-z0-9_]{0,40})", re.ASCII)

# Below the snapshot's xmin all transactions have ended, so nothing can appear before a place that is below it; see
# the order room's journal for the whole argument. A delivery that changes again takes a new place behind all readers.
_HORIZON = select(literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger))


@dataclass(frozen=True)
class Position:
    """A place in the feed: behind the delivery `key` as the transaction `xid` left it."""

    xid: int
    key: str = ""

    def cursor(self) -> str:
        """Return it as text for clients."""
        return base64.urlsafe_b64encode(f"{self.xid}:{self.key}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Position:
    """Return the position that a cursor names; raises InvalidInput."""
    try:
        text = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True).decode()
        if found := _CURSOR.fullmatch(text):
            return Position(int(found[1]), found[2])
    except (ValueError, binascii.Error):
        pass
    raise InvalidInput.field("afterCursor", "INVALID_CURSOR", "`afterCursor` is not a cursor of this feed.")


class DeliveryFeed:
    """Rings the doorbell, and wakes the followers in this process."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._bells: set[asyncio.Event] = set()

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["DeliveryFeed"]:
        """Listen until the end of the block."""
        feed = cls(runtime.redis)
        listening = asyncio.create_task(feed._listen())
        try:
            yield feed
        finally:
            await stop([listening])

    async def ring(self) -> None:
        """Tell every process that deliveries have changed. Best effort: followers also look by themselves."""
        try:
            async with asyncio.timeout(RING_SECONDS):
                await self._redis.publish(CHANNEL, "")
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("doorbell lost", error=type(error).__name__)

    @contextlib.contextmanager
    def bell(self) -> Iterator[asyncio.Event]:
        """Lend an event that is set whenever a delivery has changed, or may have."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    self._ring_bells()
                    async for _ in pubsub.listen():
                        self._ring_bells()
            except (RedisError, OSError) as error:
                log.warning("doorbell out of order, polling", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    def _ring_bells(self) -> None:
        for bell in self._bells:
            bell.set()


async def follow_deliveries(
    database: Database,
    feed: DeliveryFeed,
    viewer: Viewer,
    after: Position | None,
    wanted: WebhookDeliveryFilter | None,
) -> AsyncGenerator[tuple[Any, Position], None]:
    """Yield each delivery that changed after a position, or from now on; raises Unauthenticated at the token's end."""
    position = after or await present(database)
    with feed.bell() as bell:
        while True:
            bell.clear()
            rows, position, unsettled = await _next(database, position, wanted)
            for row in rows:
                _seconds_left(viewer)
                yield row, Position(row.xid, row.id)
            if len(rows) < BATCH:
                await _wait(bell, viewer, UNSETTLED_SECONDS if unsettled else POLL_SECONDS)


async def present(database: Database) -> Position:
    """Return the position behind all changes that are settled by now."""
    async with database.read() as connection:
        return Position(await _horizon(connection))


async def _next(
    database: Database, after: Position, wanted: WebhookDeliveryFilter | None
) -> tuple[Sequence[Any], Position, bool]:
    """Return the next changed deliveries, the position behind all looked at, and whether some are unsettled."""
    place = tuple_(WebhookLog.xid, WebhookLog.id)
    async with database.read() as connection:
        horizon = await _horizon(connection)
        settled = (place > tuple_(literal(after.xid), literal(after.key)), WebhookLog.xid < horizon)
        statement = select(*columns_of(WebhookLog.id, WIDE)).where(*settled, *conditions(wanted))
        rows = (await connection.execute(statement.order_by(WebhookLog.xid, WebhookLog.id).limit(BATCH))).all()
        unsettled = await connection.scalar(select(select(WebhookLog.id).where(WebhookLog.xid >= horizon).exists()))
    if len(rows) == BATCH:
        return rows, Position(rows[-1].xid, rows[-1].id), False
    return rows, Position(horizon) if horizon > after.xid else after, bool(unsettled)


async def _horizon(connection: AsyncConnection) -> int:
    return (await connection.execute(_HORIZON)).scalar_one()


async def _wait(bell: asyncio.Event, viewer: Viewer, longest: float) -> None:
    left = _seconds_left(viewer)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(longest if left is None else min(longest, left)):
            await bell.wait()
    _seconds_left(viewer)


def _seconds_left(viewer: Viewer) -> float | None:
    if viewer.expires_at is None:
        return None
    left = viewer.expires_at - time.time()
    if left <= 0:
        raise Unauthenticated("The token has expired; subscribe with a new one, and where you were.")
    return left
