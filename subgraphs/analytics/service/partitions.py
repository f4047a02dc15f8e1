"""Makes the months of `analytics_event` before they begin, so that the default partition stays empty; drops the old."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Date, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database.database import Database
from shared.runtime import Runtime
from subgraphs.analytics.models import EventRetention

MONTHS_BEHIND = dt.timedelta(days=31)
MONTHS_AHEAD = dt.timedelta(days=92)


class Partitions:
    """Sees to it that a process which starts finds the months around today."""

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["Partitions"]:
        """Make what is missing."""
        await make_ahead(runtime.database, dt.datetime.now(dt.UTC).date())
        yield cls()


async def make_ahead(database: Database, today: dt.date) -> int:
    """Make the months around a day, and return how many were missing."""
    async with database.write() as session:
        return await ensure_partitions(session, today - MONTHS_BEHIND, today + MONTHS_AHEAD)


async def ensure_partitions(session: AsyncSession, since: dt.date, until: dt.date) -> int:
    """Make the partitions of all months from `since` to `until`, and return how many were missing.

    Events that waited in the default partition move into theirs.
    """
    days = (bindparam(None, since, type_=Date), bindparam(None, until, type_=Date))
    made: int = await session.scalar(select(func.ensure_partitions(*days))) or 0
    return made


async def drop_old(database: Database, today: dt.date, days: int) -> int:
    """Drop the months that ended more than some days ago, and return how many."""
    first_kept = today - dt.timedelta(days=days)
    before = bindparam(None, first_kept, type_=Date)
    async with database.write() as session:
        dropped: int = await session.scalar(select(func.drop_partitions(before))) or 0
        note = insert(EventRetention).values(kept_since=first_kept)
        latest = func.greatest(EventRetention.kept_since, note.excluded.kept_since)
        await session.execute(note.on_conflict_do_update(index_elements=["id"], set_={"kept_since": latest}))
    return dropped


async def kept_since(session: AsyncSession) -> dt.date:
    """Return the day from which on all events are kept; the first day of the calendar where none were dropped."""
    return await session.scalar(select(EventRetention.kept_since)) or dt.date.min
