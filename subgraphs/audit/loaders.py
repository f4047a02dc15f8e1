"""One batch loader per key, and the list that staff search."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from shared.graph.loaders import CountByKey, RowByKey, SliceByKey
from shared.graph.pagination import Page, Slice, Sort, order_by, slice_of
from subgraphs.audit.inputs import AuditEntryFilter
from subgraphs.audit.models import AuditLog, CacheInvalidation

ENTRIES = Sort(AuditLog.sequence, tie_breaker="sequence")
INVALIDATIONS = Sort(CacheInvalidation.id)


class EntryById(RowByKey):
    key = AuditLog.id


class EntriesBySubject(SliceByKey):
    key = AuditLog.subject_id
    sort = ENTRIES


class EntryCountBySubject(CountByKey):
    key = AuditLog.subject_id


async def page_of_entries(connection: AsyncConnection, wanted: AuditEntryFilter | None, page: Page) -> Slice:
    """Fetch one page of all entries."""
    statement = select(AuditLog.__table__).where(*_conditions(wanted))
    rows = (await connection.execute(order_by(statement, ENTRIES, page))).all()
    return slice_of(rows, page)


async def count_entries(connection: AsyncConnection, wanted: AuditEntryFilter | None) -> int:
    """Count the entries that a filter lets pass."""
    statement = select(func.count(AuditLog.id)).where(*_conditions(wanted))
    count: int = await connection.scalar(statement) or 0
    return count


async def page_of_invalidations(connection: AsyncConnection, entity_id: str | None, page: Page) -> Slice:
    """Fetch one page of the purges of cached answers, of one entity or all."""
    statement = select(CacheInvalidation.__table__).where(*_of_entity(entity_id))
    rows = (await connection.execute(order_by(statement, INVALIDATIONS, page))).all()
    return slice_of(rows, page)


async def count_invalidations(connection: AsyncConnection, entity_id: str | None) -> int:
    """Count the purges of one entity or all."""
    statement = select(func.count(CacheInvalidation.id)).where(*_of_entity(entity_id))
    count: int = await connection.scalar(statement) or 0
    return count


def _of_entity(entity_id: str | None) -> list[ColumnElement[bool]]:
    return [] if entity_id is None else [CacheInvalidation.entity_id == entity_id]


def _conditions(wanted: AuditEntryFilter | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    conditions: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (AuditLog.actor_id, wanted.actor_id),
            (AuditLog.actor_kind, wanted.actor_kind),
            (AuditLog.subject_type, wanted.subject_type),
            (AuditLog.subject_id, wanted.subject_id),
        )
        if value is not None
    ]
    if wanted.actions is not None:
        conditions.append(AuditLog.action.in_(wanted.actions))
    if wanted.at_from is not None:
        conditions.append(AuditLog.at >= wanted.at_from)
    if wanted.at_before is not None:
        conditions.append(AuditLog.at < wanted.at_before)
    return conditions
