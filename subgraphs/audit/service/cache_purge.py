"""Purges the router's cached answers: those that show a type are out of date once something of that type has changed.

The router keeps an answer under the versions that the types it shows had before it was worked out
(`router/gateway/response-cache.mjs`). A new version therefore purges all older answers at once, even one that a
router is still working out while the change is committed.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.backoff import Backoff
from shared.core.errors import Unavailable
from shared.core.ids import new_id
from shared.core.observability import log
from shared.core.tasks import stop
from shared.database.database import Database
from shared.runtime import Runtime
from subgraphs.audit.models import CacheInvalidation
from subgraphs.audit.service.chain import Fact

SHOWN_IN_CACHE = frozenset({"Preset", "Product"})
"""The types of entities that cached answers may show."""

VERSIONS = "petplus:cache:versions"
"""A hash of Redis: the present version of each of those types."""

# A handler of an event may only write rows, so nothing is sent here.
LOOK_SECONDS = 0.2
MOST_AT_ONCE = 500
_BACKOFF = Backoff(first=0.1, longest=2.0)
_waiting = (
    select(CacheInvalidation.id, CacheInvalidation.entity_type)
    .where(CacheInvalidation.purged_at.is_(None))
    .order_by(CacheInvalidation.id)
    .limit(MOST_AT_ONCE)
)


async def order_purges(session: AsyncSession, facts: Iterable[Fact]) -> None:
    """Have all answers purged that may show what facts are about, soon after the session's transaction."""
    purges = [
        {"event_id": fact.event_id, "entity_type": fact.subject_type, "entity_id": fact.subject_id}
        for fact in facts
        if fact.subject_type in SHOWN_IN_CACHE
    ]
    if purges:
        await session.execute(insert(CacheInvalidation).values(purges).on_conflict_do_nothing())


class CachePurger:
    """Carries out the purges that were ordered, at least once each, and notes when."""

    def __init__(self, database: Database, redis: "Redis") -> None:
        self._database = database
        self._redis = redis

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["CachePurger"]:
        """Purge until the end of the block."""
        purger = cls(runtime.database, runtime.redis)
        task = asyncio.create_task(purger._run())
        try:
            yield purger
        finally:
            await stop([task])

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self.purge()
                failures = 0
                await asyncio.sleep(LOOK_SECONDS)
            except (Unavailable, RedisError, OSError) as error:
                failures += 1
                log.warning("cache not purged", error=type(error).__name__, failures=failures)
                await asyncio.sleep(_BACKOFF.delay(failures))

    async def purge(self) -> int:
        """Carry out what is waiting, unless another process is at it, and return how many purges that were."""
        async with self._database.read() as connection:
            if (await connection.execute(_waiting.limit(1))).first() is None:
                return 0
        async with self._database.write() as session:
            rows = (await session.execute(_waiting.with_for_update(skip_locked=True))).all()
            if rows:
                fresh = {row.entity_type: new_id("ver") for row in rows}
                await self._redis.hset(VERSIONS, mapping=fresh)
                done = update(CacheInvalidation).where(CacheInvalidation.id.in_([row.id for row in rows]))
                await session.execute(done.values(purged_at=dt.datetime.now(dt.UTC)))
        return len(rows)
