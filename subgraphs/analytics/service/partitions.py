"""Makes the months of `analytics_event` before they begin, so that the default partition stays empty."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Date, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.runtime import Runtime

MONTHS_BEHIND = dt.timedelta(days=31)
MONTHS_AHEAD = dt.timedelta(days=92)


class Partitions:
    """Sees to it that a process which starts finds the months around today."""

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["Partitions"]:
        """Make what is missing."""
        today = dt.datetime.now(dt.UTC).date()
        async with runtime.database.write() as session:
            await ensure_partitions(session, today - MONTHS_BEHIND, today + MONTHS_AHEAD)
        yield cls()


async def ensure_partitions(session: AsyncSession, since: dt.date, until: dt.date) -> int:
    """Make the partitions of all months from `since` to `until`, and return how many were missing.

    Events that waited in the default partition move into theirs.
    """
    days = (bindparam(None, since, type_=Date), bindparam(None, until, type_=Date))
    made: int = await session.scalar(select(func.ensure_partitions(*days))) or 0
    return made
