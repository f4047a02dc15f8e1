"""Takes requests for exports, and fixes what each of them holds.

An event carries the number of its batch, and a batch takes its number after its transaction has begun to write. So all
batches up to the highest that is visible belong to transactions that are older than the export's own: once the
horizon has passed that one (`shared.live.change_log`), these batches are complete, and no later event is among them.
"""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import is_id, new_id
from shared.core.validation import Checks
from shared.database import idempotency
from shared.database.database import Database
from shared.database.rows import Statement, one, one_or_none
from shared.events.outbox import record
from subgraphs.analytics.enums import ExportState
from subgraphs.analytics.errors import MOST_UNFINISHED_EXPORTS, TooManyExports, unknown_export
from subgraphs.analytics.events import ExportCreated
from subgraphs.analytics.inputs import EventFilter, ExportCreateInput
from subgraphs.analytics.models import AnalyticsEvent, Export
from subgraphs.analytics.service.exports.job_types import EVENT_EXPORT
from subgraphs.analytics.service.subjects import ERASED, LONGEST_SUBJECT, unless_forgotten

CONDITIONS = ("name", "subject", "design_id", "source", "since", "until")
UNFINISHED = (ExportState.QUEUED, ExportState.RUNNING)
LONGEST_NAME = 200


async def create_export(database: Database, staff_id: str, given: ExportCreateInput, retention_days: int) -> Export:
    """Ask for a file of the events received until now, and return the row; raises InvalidInput and TooManyExports."""
    conditions = _checked(given)
    async with database.read() as connection:
        # Before this export's transaction has a number.
        last_batch = await connection.scalar(select(func.max(AnalyticsEvent.batch))) or 0
    export_id, now = new_id("xpt"), dt.datetime.now(dt.UTC)
    async with database.write() as session:
        first = await idempotency.claim(session, staff_id, "exportCreate", given.idempotency_key, given, export_id)
        if first is not None:
            return await _known(session, first)
        await _check_capacity(session, staff_id)
        subject = given.filter.subject if given.filter is not None else None
        if subject is not None and await unless_forgotten(session, subject) is None:
            # No event has this name: the id of somebody who was erased does not come back as a filter.
            conditions["subject"] = new_id(ERASED)
        values = {
            "id": export_id,
            "created_by": staff_id,
            "format": given.format,
            "state": ExportState.QUEUED,
            "last_batch": last_batch,
            "created_at": now,
            "expires_at": now + dt.timedelta(days=retention_days),
        }
        row = await one(session, Export, insert(Export).values(values | conditions).returning(*Export.__table__.c))
        await EVENT_EXPORT.enqueue(session, {"export_id": export_id})
        await record(session, ExportCreated(export_id=export_id, format=given.format.value))
    return row


def locked(export_id: str) -> Statement:
    """Return the SELECT of an export that keeps others from changing it until the transaction ends."""
    return select(Export.__table__).where(Export.id == export_id).with_for_update()


async def _known(session: AsyncSession, export_id: str) -> Export:
    row = await one_or_none(session, Export, select(Export.__table__).where(Export.id == export_id))
    if row is None:
        raise unknown_export()
    return row


async def _check_capacity(session: AsyncSession, staff_id: str) -> None:
    # Two requests at the same moment may both pass: the limit is there for millions of rows, not for six.
    unfinished = (Export.created_by == staff_id, Export.state.in_(UNFINISHED))
    if (await session.scalar(select(func.count(Export.id)).where(*unfinished)) or 0) >= MOST_UNFINISHED_EXPORTS:
        raise TooManyExports


def _checked(given: ExportCreateInput) -> dict[str, object]:
    checks = Checks()
    idempotency.check_key(checks, given.idempotency_key)
    wanted = given.filter or EventFilter()
    if wanted.name is not None:
        checks.text("filter.name", wanted.name, longest=LONGEST_NAME)
    if wanted.subject is not None:
        checks.text("filter.subject", wanted.subject, longest=LONGEST_SUBJECT)
    if wanted.design_id is not None and not is_id("des", wanted.design_id):
        checks.refuse("filter.designId", "INVALID_ID", "This must be the id of a design, `des_…`.")
    if wanted.since is not None and wanted.until is not None and wanted.since >= wanted.until:
        checks.refuse("filter.until", "OUT_OF_RANGE", "`until` must be after `since`.")
    checks.raise_if_any()
    return {name: getattr(wanted, name) for name in CONDITIONS}
