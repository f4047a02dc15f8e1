"""Appends to the log, one writer at a time."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.loaders import matches
from subgraphs.audit.models import AuditHead, AuditLog
from subgraphs.audit.service.chain import GENESIS, Fact, Head, link

# From this many rows on, COPY is worth its two extra round trips.
COPY_FROM_ROWS = 100
_COLUMNS = [column.key for column in AuditLog.__table__.columns]


async def append(session: AsyncSession, facts: Sequence[Fact]) -> int:
    """Append facts in the session's transaction and return how many were new.

    A fact whose event is in the log already is left out. Writers wait for each other from here to their commit.
    """
    head = await _lock_head(session)
    events = [fact.event_id for fact in facts]
    known = set(await session.scalars(select(AuditLog.event_id).where(matches(AuditLog.event_id, events))))
    fresh = {fact.event_id: fact for fact in facts if fact.event_id not in known}
    rows = list(link(fresh.values(), head))
    if not rows:
        return 0
    if len(rows) < COPY_FROM_ROWS:
        await session.execute(insert(AuditLog), rows)
    else:
        await _copy(session, rows)
    await session.execute(update(AuditHead).values(sequence=rows[-1]["sequence"], hash=rows[-1]["hash"]))
    return len(rows)


async def _lock_head(session: AsyncSession) -> Head:
    first = insert(AuditHead).values(id=1, sequence=0, hash=GENESIS)
    # The update changes nothing: it locks the row, whether it was there or has just been made.
    locked = first.on_conflict_do_update(index_elements=[AuditHead.id], set_={"id": 1})
    row = (await session.execute(locked.returning(AuditHead.sequence, AuditHead.hash))).one()
    return Head(row.sequence, row.hash)


async def _copy(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    connection = await (await session.connection()).get_raw_connection()
    driver = connection.driver_connection
    assert driver is not None  # noqa: S101 (a connection in a transaction has one)
    stored = ({**row, "changed": orjson.dumps(row["changed"]).decode()} for row in rows)
    records = [tuple(row[name] for name in _COLUMNS) for row in stored]
    await driver.copy_records_to_table("audit_log", records=records, columns=_COLUMNS)
