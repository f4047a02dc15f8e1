"""Stores events: those of clients many batches at a time, and ids so that none counts twice.

Clients' batches that wait are written together, by COPY, in one transaction: a thousand small ones cost as few
commits as a large one, and a design that everybody looks at is not fought over. A batch is answered after the commit.
"""

import asyncio
import datetime as dt
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from operator import attrgetter
from typing import cast

import asyncpg
import orjson
from sqlalchemy import CursorResult, Uuid, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.core.tasks import stop
from shared.database.database import Database
from shared.runtime import Runtime
from subgraphs.analytics.enums import EventSource
from subgraphs.analytics.models import AnalyticsEvent, EventBatch, EventKey
from subgraphs.analytics.service import design_counters as facts
from subgraphs.analytics.service.event_parsing import DESIGN_VIEWED, OLDEST, NewEvent
from subgraphs.analytics.service.subjects import forgotten_among

WRITERS = 2
"""While one waits for a commit, the other fills the next transaction."""
MOST_TOGETHER = 5_000
"""About how many events share a transaction."""
KEYS_KEPT = OLDEST + dt.timedelta(days=1)
"""How long an id is known: an event that comes again later is too old by itself."""
KEYS_AT_ONCE = 10_000

_COLUMNS = (
    "id",
    "source",
    "name",
    "subject",
    "design_id",
    "client_event_id",
    "occurred_at",
    "received_at",
    "properties",
    "batch",
)
# Compared as numbers, and not by a method in Python.
_number = attrgetter("int")
_BROKEN = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InterfaceError, OSError)


@dataclass
class _Batch:
    events: Sequence[NewEvent]
    viewer_id: str | None
    stored: "asyncio.Future[list[bool]]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Recorder:
    """Stores what clients send, for one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: asyncio.Queue[_Batch] = asyncio.Queue()

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["Recorder"]:
        """Write until the end of the block; what is not written by then was not answered either."""
        recorder = cls(runtime.database)
        writers = [asyncio.create_task(recorder._write()) for _ in range(WRITERS)]
        try:
            yield recorder
        finally:
            await stop(writers)

    async def record(self, events: Sequence[NewEvent], viewer_id: str | None) -> list[bool]:
        """Store events and return for each whether it is new; what is new is committed. Raises Unavailable."""
        batch = _Batch(events, viewer_id)
        self._waiting.put_nowait(batch)
        return await batch.stored

    async def _write(self) -> None:
        while True:
            group = [await self._waiting.get()]
            size = len(group[0].events)
            while size < MOST_TOGETHER and not self._waiting.empty():
                group.append(self._waiting.get_nowait())
                size += len(group[-1].events)
            await self._resolve(group)

    async def _resolve(self, group: Sequence[_Batch]) -> None:
        try:
            answers = await _store(self._database, group)
        except Exception as error:
            if len(group) > 1 and not isinstance(error, Unavailable):
                # Alone, only the batch that is to blame fails.
                for batch in group:
                    await self._resolve([batch])
                return
            for batch in group:
                if not batch.stored.done():
                    batch.stored.set_exception(error)
            return
        for batch, answer in zip(group, answers, strict=True):
            # Whoever sent it may have left.
            if not batch.stored.done():
                batch.stored.set_result(answer)


async def _store(database: Database, group: Sequence[_Batch]) -> list[list[bool]]:
    first_of: dict[uuid.UUID, tuple[NewEvent, _Batch]] = {}
    for batch in group:
        for event in batch.events:
            first_of.setdefault(event.key, (event, batch))
    async with database.write() as session:
        known = await claim(session, first_of)
        # No other user's id passes the checks, so only callers themselves can have been erased.
        viewers = {batch.viewer_id for batch in group if batch.viewer_id is not None}
        forgotten = await forgotten_among(session, viewers) if viewers else set()
        fresh = [event for key, (event, _) in first_of.items() if key not in known]
        if fresh:
            number = await open_batch(session, len(fresh))
            now = dt.datetime.now(dt.UTC)
            await _copy(session, [_row(event, event.subject in forgotten, now, number) for event in fresh])
            viewed = Counter(cast("str", event.design_id) for event in fresh if event.name == DESIGN_VIEWED)
            await facts.count(session, "views", viewed)
    return [[event.key not in known and first_of[event.key][0] is event for event in batch.events] for batch in group]


async def claim(session: AsyncSession, keys: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Take ids that were never seen before, and return the others. In order, so that batches cannot deadlock."""
    given = bindparam(None, sorted(keys, key=_number), type_=ARRAY(Uuid))
    offered = select(func.unnest(given).label("key")).cte("offered")
    taken = insert(EventKey).from_select(["key"], select(offered.c.key)).on_conflict_do_nothing()
    claimed = taken.returning(EventKey.key).cte("claimed")
    return set(await session.scalars(select(offered.c.key).where(offered.c.key.not_in(select(claimed.c.key)))))


async def open_batch(session: AsyncSession, events: int) -> int:
    """Announce events of this transaction to the aggregation; returns the number that each of them must carry."""
    statement = insert(EventBatch).values(events=events).returning(EventBatch.id)
    number: int = (await session.scalars(statement)).one()
    return number


def _row(event: NewEvent, forgotten: bool, now: dt.datetime, number: int) -> tuple[object, ...]:
    return (
        new_id("evt"),
        EventSource.CLIENT.name,
        event.name,
        None if forgotten else event.subject,
        event.design_id,
        event.client_event_id,
        event.occurred_at,
        now,
        orjson.dumps(event.properties).decode(),
        number,
    )


async def _copy(session: AsyncSession, rows: Sequence[tuple[object, ...]]) -> None:
    """Write rows of events in the session's transaction, which must have begun."""
    raw = await (await session.connection()).get_raw_connection()
    connection = cast("asyncpg.Connection[asyncpg.Record]", raw.driver_connection)
    try:
        await connection.copy_records_to_table(AnalyticsEvent.__tablename__, columns=_COLUMNS, records=rows)
    except _BROKEN as error:
        raise Unavailable from error


async def forget_keys(database: Database, now: dt.datetime) -> int:
    """Delete ids that came long ago, and return how many."""
    old = select(EventKey.key).where(EventKey.received_at < now - KEYS_KEPT)
    some = old.order_by(EventKey.received_at).limit(KEYS_AT_ONCE)
    forgotten = 0
    while True:
        async with database.write() as session:
            gone = cast(
                "CursorResult[tuple[()]]", await session.execute(delete(EventKey).where(EventKey.key.in_(some)))
            )
        forgotten += gone.rowcount
        if gone.rowcount < KEYS_AT_ONCE:
            return forgotten
