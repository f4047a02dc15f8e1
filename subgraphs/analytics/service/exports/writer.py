"""Writes exports: a part is a page of events by key, and is committed with the place that the next one begins at.

So a worker that is killed leaves finished parts behind, each event in one of them, and the next one goes on after
the last.
The row's lock keeps two workers of one export apart, and the eraser of a user's events from both.
"""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import cast

from sqlalchemy import ColumnElement, Tuple, delete, func, insert, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.errors import Unavailable
from shared.core.observability import log
from shared.database.after_commit import notify_after_commit
from shared.database.database import Database
from shared.database.rows import Statement, one, one_or_none
from shared.graph.loaders import in_keys
from shared.live import change_log
from subgraphs.analytics.enums import ExportState
from subgraphs.analytics.loaders import event_conditions
from subgraphs.analytics.models import AnalyticsEvent, Export, ExportPart
from subgraphs.analytics.service.exports.export_feed import ExportFeed
from subgraphs.analytics.service.exports.formats import COLUMNS, FORMATS, EventRow
from subgraphs.analytics.service.exports.job_types import EVENT_EXPORT
from subgraphs.analytics.service.exports.requests import UNFINISHED, locked

PART_ROWS = 20_000
PART_BYTES = 4 * 2**20
"""A part ends with whichever comes first: a worker and a download hold one in memory."""
ROWS_AT_ONCE = 500
"""How many rows are read and formatted together, in about 2 ms: others of this process want the interpreter too."""
SLICE_SECONDS = 60.0
"""After so long the rest of an export queues again behind other jobs."""
UNSETTLED_SECONDS = 0.5
MOST_FAILURES = 5
"""So many failures without a finished part between them, and an export is given up."""

_PLACE = tuple_(AnalyticsEvent.occurred_at, AnalyticsEvent.id)
_BEGINNING: dict[str, object] = {"rows": 0, "bytes": 0, "parts": 0, "last_occurred_at": None, "last_id": None}


async def write_export(database: Database, export_id: str) -> None:
    """Go on with an export, for a while; what is missing then is left to another job."""
    end = time.monotonic() + SLICE_SECONDS
    try:
        while await _step(database, export_id):
            if time.monotonic() > end:
                await _queue_again(database, export_id)
                return
    except Unavailable:
        raise
    except Exception as error:
        if not await _give_up(database, export_id):
            raise
        log.error("export failed", export_id=export_id, exc_info=error)


async def _queue_again(database: Database, export_id: str) -> None:
    async with database.write() as session:
        await EVENT_EXPORT.enqueue(session, {"export_id": export_id})


async def _step(database: Database, export_id: str) -> bool:
    """Begin an export or write its next part; answers whether there is more to do now."""
    async with database.write() as session:
        export = await one_or_none(session, Export, locked(export_id))
        if export is None or export.state not in UNFINISHED:
            return False
        if export.total is not None:
            return await _write_part(session, export)
        if await change_log.xmin_horizon(await session.connection()) <= export.xid:
            await EVENT_EXPORT.enqueue(session, {"export_id": export_id}, delay=UNSETTLED_SECONDS)
            return False
        total = await session.scalar(select(func.count()).select_from(AnalyticsEvent).where(*selected(export)))
        await _change(session, export_id, state=ExportState.RUNNING, total=total)
        return True


async def _write_part(session: AsyncSession, export: Export) -> bool:
    kind, is_first = FORMATS[export.format], export.parts == 0
    head = kind.head if is_first else b""
    part = kind.part(export.bytes + len(head))
    last, count, full = None, 0, False
    found = await session.stream(_next_events(export), execution_options={"yield_per": ROWS_AT_ONCE})
    partitions = cast("AsyncGenerator[Sequence[EventRow], None]", found.partitions())
    async with aclosing(partitions) as pages:
        async for rows in pages:
            await asyncio.to_thread(part.add, rows)
            last, count = rows[-1], count + len(rows)
            full = count == PART_ROWS or part.size >= PART_BYTES
            if full:
                break
    await found.close()
    content, footer = await asyncio.to_thread(part.finish)
    end = b""
    if not full:
        end = await asyncio.to_thread(kind.end, await _footers(session, export.id, footer))
    content = head + content + end
    await session.execute(
        insert(ExportPart).values(
            export_id=export.id, number=export.parts, start=export.bytes, content=content, footer=footer
        )
    )
    changes: dict[str, object] = {
        "rows": export.rows + count,
        "bytes": export.bytes + len(content),
        "parts": export.parts + 1,
        "failures": 0,
    }
    if last is not None:
        changes |= {"last_occurred_at": last.occurred_at, "last_id": last.id}
    if not full:
        changes |= {"state": ExportState.DONE, "finished_at": dt.datetime.now(dt.UTC)}
    await _change(session, export.id, **changes)
    return full


async def _footers(session: AsyncSession, export_id: str, last: bytes | None) -> Sequence[bytes]:
    known = select(ExportPart.footer).where(ExportPart.export_id == export_id).order_by(ExportPart.number)
    return [footer for footer in [*await session.scalars(known), last] if footer is not None]


def _next_events(export: Export) -> Statement:
    statement = select(*COLUMNS.values()).where(*selected(export))
    if export.last_id is not None:
        # The first condition follows from the second, and lets the server pass over months that are done.
        statement = statement.where(AnalyticsEvent.occurred_at >= export.last_occurred_at, _last(export) < _PLACE)
    return statement.order_by(AnalyticsEvent.occurred_at, AnalyticsEvent.id).limit(PART_ROWS)


def selected(export: Export) -> list[ColumnElement[bool]]:
    """Return which events an export is of."""
    return [AnalyticsEvent.batch <= export.last_batch, *event_conditions(export)]


def _last(export: Export) -> Tuple:
    columns = {"last_occurred_at": AnalyticsEvent.occurred_at, "last_id": AnalyticsEvent.id}
    return tuple_(*[literal(getattr(export, name), column.type) for name, column in columns.items()])


async def holds_events_of(session: AsyncSession, export: Export, subjects: Sequence[str]) -> bool:
    """Tell whether the parts of an export that are written hold any event of some subjects."""
    if export.last_id is None:
        return False
    theirs = (in_keys(AnalyticsEvent.subject, subjects), *selected(export), _last(export) >= _PLACE)
    return bool(await session.scalar(select(select(AnalyticsEvent.id).where(*theirs).exists())))


async def begin_anew(session: AsyncSession, export_id: str) -> None:
    """Forget what is written of an export that is not finished."""
    await delete_parts(session, export_id)
    await _change(session, export_id, state=ExportState.QUEUED, total=None, **_BEGINNING)


async def expire(session: AsyncSession, export_id: str) -> None:
    """Delete the file of an export."""
    await delete_parts(session, export_id)
    await _change(session, export_id, state=ExportState.EXPIRED)


async def delete_parts(session: AsyncSession, export_id: str) -> None:
    """Delete what is written of an export."""
    await session.execute(delete(ExportPart).where(ExportPart.export_id == export_id))


async def _give_up(database: Database, export_id: str) -> bool:
    """Count a failure; answers whether it was one too many."""
    async with database.write() as session:
        export = await one(session, Export, locked(export_id))
        if export.failures + 1 < MOST_FAILURES:
            await _change(session, export_id, failures=export.failures + 1)
            return False
        await delete_parts(session, export_id)
        await _change(session, export_id, state=ExportState.FAILED, finished_at=dt.datetime.now(dt.UTC))
        return True


async def _change(session: AsyncSession, export_id: str, **values: object) -> None:
    statement = update(Export).where(Export.id == export_id).values(version=Export.version + 1, **values)
    await session.execute(statement.execution_options(synchronize_session=False))
    notify_after_commit(session, ExportFeed.channel)
