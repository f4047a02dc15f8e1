"""Deletes files of exports: when they expire, and with the account of somebody whose events stand in them."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import many
from shared.graph.loaders import in_keys
from subgraphs.analytics.enums import ExportState
from subgraphs.analytics.models import Export
from subgraphs.analytics.service.exports.requests import UNFINISHED, locked
from subgraphs.analytics.service.exports.writer import begin_anew, expire, holds_events_of

KEPT_DAYS = 90
"""How long it is known that there was an export."""
WITH_FILES = (*UNFINISHED, ExportState.DONE)


async def expire_old(database: Database, now: dt.datetime) -> int:
    """Delete the files that have expired, one in a transaction, and return how many."""
    over = select(Export.id).where(Export.state.in_(WITH_FILES), Export.expires_at <= now).order_by(Export.id)
    async with database.read() as connection:
        ids = list(await connection.scalars(over))
    for export_id in ids:
        async with database.write() as session:
            await session.execute(locked(export_id))
            await expire(session, export_id)
    async with database.write() as session:
        before = now - dt.timedelta(days=KEPT_DAYS)
        await session.execute(delete(Export).where(Export.state.not_in(WITH_FILES), Export.expires_at < before))
    return len(ids)


async def forget_in_exports(session: AsyncSession, subjects: Sequence[str], nobody: str) -> None:
    """Delete every file that holds an event of a user, and write those anew that are not finished.

    `subjects` are the user and the visitors that they were. To be called before the events are given the name `nobody`;
    the locks keep parts in hand from bringing the id back.
    """
    files = select(Export.__table__).where(Export.state.in_(WITH_FILES)).order_by(Export.id).with_for_update()
    for export in await many(session, Export, files):
        if await holds_events_of(session, export, subjects):
            finished = export.state is ExportState.DONE
            await (expire(session, export.id) if finished else begin_anew(session, export.id))
    user_id = subjects[0]
    for column, name in ((Export.subject, nobody), (Export.created_by, null())):
        changed = update(Export).where(in_keys(column, subjects)).values({column.key: name})
        await session.execute(changed.execution_options(synchronize_session=False))
    await idempotency.forget(session, user_id)
