"""One batch loader per key, and the lists that staff search."""

from sqlalchemy.sql.elements import ColumnElement

from shared.database.text_search import with_words
from shared.graph.loaders import CountByKey, Listing, RowByKey, SliceByKey
from shared.graph.pagination import Sort
from subgraphs.audit.inputs import AuditEntryFilter
from subgraphs.audit.models import SEARCHED, AuditLog, CacheInvalidation

NEWEST = Sort(AuditLog.sequence, tie_breaker="sequence")


class EntryById(RowByKey[AuditLog]):
    key = AuditLog.id


class EntriesBySubject(SliceByKey[AuditLog]):
    key = AuditLog.subject_id
    sort = NEWEST


class EntryCountBySubject(CountByKey):
    key = AuditLog.subject_id


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
    if wanted.text:
        searched = [AuditLog.__table__.c[name] for name in SEARCHED]
        conditions.append(with_words(AuditLog.id, wanted.text, *searched))
    return conditions


ENTRIES = Listing[AuditLog, AuditEntryFilter](NEWEST, _conditions)
INVALIDATIONS = Listing[CacheInvalidation, str](Sort(CacheInvalidation.id), _of_entity)
