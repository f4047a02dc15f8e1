"""Follows one export: the row in the database is the truth, Redis is only the doorbell.

It is told of each time it has changed, as it is by then: changes in quick succession are told as one.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import select

from shared import journal
from shared.auth import Viewer
from shared.bells import Bells
from shared.database import Database
from shared.runtime import Runtime
from shared.tasks import stop
from subgraphs.analytics.enums import ExportState
from subgraphs.analytics.errors import unknown_export
from subgraphs.analytics.models import Export

CHANNEL = "petplus.analytics.export"
ENDED = frozenset({ExportState.DONE, ExportState.FAILED, ExportState.EXPIRED})


class ExportFeed:
    """Rings the doorbell, and wakes the followers in this process."""

    def __init__(self, redis: "Redis") -> None:
        self.bells = Bells(redis, CHANNEL)

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["ExportFeed"]:
        """Listen until the end of the block."""
        feed = cls(runtime.redis)
        listening = asyncio.create_task(feed.bells.listen())
        try:
            yield feed
        finally:
            await stop([listening])

    async def ring(self) -> None:
        """Tell every process that exports have changed. Best effort: followers also look by themselves."""
        await self.bells.ring()


async def follow_export(
    database: Database, feed: ExportFeed, viewer: Viewer, export_id: str
) -> AsyncGenerator[Any, None]:
    """Yield an export as it is, then whenever it has changed, until nothing more can become of its file.

    Raises NotFound for an export that does not exist, or no longer does, and Unauthenticated at the token's end.
    """
    changes = journal.follow(feed.bells, 0, partial(_changed, database, export_id), viewer.seconds_left)
    async with aclosing(changes) as rows:
        async for row, _ in rows:
            yield row
            if row.state in ENDED:
                return


async def _changed(database: Database, export_id: str, seen: int) -> tuple[Sequence[tuple[Any, int]], int, bool]:
    """Return the export with its version as its place, unless that was seen."""
    async with database.read() as connection:
        row = (await connection.execute(select(Export.__table__).where(Export.id == export_id))).one_or_none()
    if row is None:
        raise unknown_export()
    return [(row, row.version)] if row.version != seen else [], row.version, False
