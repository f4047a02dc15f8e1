"""The relay: carries a subgraph's outbox to the broker, at least once, in the order of the rows' ids.

One relay of a subgraph leads, by an advisory lock on the connection that it reads with; the others wait to replace
it. It asks for rows that are unpublished and never for ids above the last one, since transactions commit in another
order than they take their ids.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Sequence

import orjson
from redis.exceptions import OutOfMemoryError
from sqlalchemy import ARRAY, BigInteger, bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.backoff import Backoff, keep_running
from shared.core.ids import new_id
from shared.core.observability import log
from shared.core.scheduling import Priority, prioritised
from shared.database.advisory_locks import lock_class, lock_connection, transaction, try_lock
from shared.database.database import Database
from shared.database.rows import many
from shared.events.broker import Broker, Message
from shared.events.metrics import OLDEST_UNPUBLISHED, PUBLISHED
from shared.events.outbox import OUTBOX, RETENTION, OutboxRow
from shared.events.wakeup import Wakeup

BATCH = 500
POLL_SECONDS = 1.0
MARK_SECONDS = 0.02
"""How soon what was published is marked when nothing else comes: not at once, since it would delay its effects."""
LEAD_SECONDS = 1.0
PRUNE_SECONDS = 3600.0
PRUNE_ROWS = 5000
_BACKOFF = Backoff(first=0.1, longest=2.0)

_published = bindparam("published", type_=ARRAY(BigInteger))
_mark = update(OUTBOX).where(OUTBOX.c.id == func.any(_published)).values(published_at=func.now())
# In one round trip. The rows are those of before the update, so what it marks is left out by its ids.
_MARK_AND_READ = (
    select(OUTBOX)
    .where(OUTBOX.c.published_at.is_(None), OUTBOX.c.id != func.all(_published))
    .order_by(OUTBOX.c.id)
    .limit(BATCH)
    .add_cte(_mark.cte("marked"))
)
_retained_since = func.now() - bindparam("retention", RETENTION)
_REFILL = (
    update(OUTBOX)
    .where(OUTBOX.c.published_at.is_not(None), OUTBOX.c.occurred_at >= _retained_since)
    .values(published_at=None)
)
_oldest = select(OUTBOX.c.id).order_by(OUTBOX.c.id).limit(PRUNE_ROWS)
_PRUNE = delete(OUTBOX).where(
    OUTBOX.c.id.in_(_oldest), OUTBOX.c.published_at.is_not(None), OUTBOX.c.occurred_at < _retained_since
)


class Relay:
    """One subgraph's relay in one process."""

    def __init__(self, subgraph: str, database: Database, broker: Broker, wakeup: Wakeup) -> None:
        self._subgraph = subgraph
        self._database = database
        self._broker = broker
        self._wakeup = wakeup

    async def run(self) -> None:
        """Publish until cancelled; an outage of database or broker only delays."""
        await keep_running(self._serve, _BACKOFF, "relay interrupted", subgraph=self._subgraph)

    async def _serve(self, on_success: Callable[[], None]) -> None:
        async with lock_connection(self._database, autocommit=True) as connection:
            await self._wait_for_lead(connection)
            await self._lead(connection, on_success)

    async def _wait_for_lead(self, connection: AsyncConnection) -> None:
        # A blocking wait for the lock would hold a snapshot open, and with it back the vacuum of every table.
        while not await try_lock(connection, lock_class("relay", self._subgraph)):
            self._measure_age(None)
            await asyncio.sleep(LEAD_SECONDS)
        # A lost mark means a repeat, which receivers drop: not worth a flush to disk.
        async with transaction(connection):
            await connection.execute(text("SET synchronous_commit TO off"))

    async def _lead(self, connection: AsyncConnection, on_success: Callable[[], None]) -> None:
        epoch = await self._current_epoch(connection)
        prune_at = 0.0
        published: list[int] = []
        while True:
            with prioritised(Priority.EVENT):
                async with transaction(connection):
                    rows = await many(connection, OutboxRow, _MARK_AND_READ, {"published": published})
                self._measure_age(rows[0].occurred_at if rows else None)
                # Without rows too: it is how a wiped broker is noticed.
                taken = await self._publish(epoch, rows)
            if taken is None:
                epoch, published = await self._current_epoch(connection), []
                continue
            on_success()
            published = [row.id for row in taken]
            PUBLISHED.labels(self._subgraph).inc(len(taken))
            if len(taken) < BATCH:
                if time.monotonic() >= prune_at:
                    await self._prune(connection)
                    prune_at = time.monotonic() + PRUNE_SECONDS
                self._measure_age(None)
                await self._wakeup.wait(MARK_SECONDS if published else POLL_SECONDS)

    async def _publish(self, epoch: str, rows: Sequence[OutboxRow]) -> Sequence[OutboxRow] | None:
        """Publish the first of some rows and return them; None says that the epoch has ended.

        They are all rows, or as many as a full broker takes after it has dropped what every group has done with: the
        request itself counts as memory there. Raises OutOfMemoryError when it takes none.
        """
        while True:
            try:
                is_taken = await self._broker.publish(self._subgraph, epoch, map(self._message, rows))
                return rows if is_taken else None
            except OutOfMemoryError:
                await self._broker.drop_handled()
                if len(rows) <= 1:
                    raise
                rows = rows[: len(rows) // 2]

    async def _current_epoch(self, connection: AsyncConnection) -> str:
        """Return the broker's epoch. If it has forgotten, have all that is retained published again before the rest."""
        epoch = await self._broker.epoch(self._subgraph)
        if epoch is not None:
            return epoch
        async with transaction(connection):
            refilled = (await connection.execute(_REFILL)).rowcount
        log.info("broker refilled", subgraph=self._subgraph, events=refilled)
        return await self._broker.begin_epoch(self._subgraph, new_id("epoch"))

    async def _prune(self, connection: AsyncConnection) -> None:
        pruned = PRUNE_ROWS
        while pruned == PRUNE_ROWS:
            async with transaction(connection):
                pruned = (await connection.execute(_PRUNE)).rowcount

    def _message(self, row: OutboxRow) -> Message:
        envelope = {
            "specversion": "1.0",
            "id": row.event_id,
            "source": self._subgraph,
            "type": row.type,
            "subject": row.subject,
            "time": row.occurred_at,
            "dataversion": row.version,
            "traceparent": row.traceparent,
            "requestid": row.request_id,
            "actor": row.actor,
            "data": row.data,
        }
        return Message(row.subject, row.type, orjson.dumps(envelope))

    def _measure_age(self, oldest: dt.datetime | None) -> None:
        age = 0.0 if oldest is None else (dt.datetime.now(dt.UTC) - oldest).total_seconds()
        OLDEST_UNPUBLISHED.labels(self._subgraph).set(max(0.0, age))
