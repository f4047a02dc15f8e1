"""Appends to the log, one writer at a time."""

from collections.abc import Sequence

import orjson
from sqlalchemy import ARRAY, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from subgraphs.audit.models import AuditHead, AuditLog, Base
from subgraphs.audit.service.chain import GENESIS, Entry, Fact, Head, link

# From this many rows on, COPY is worth its two extra round trips.
COPY_FROM_ROWS = 100
_COLUMNS = [column.key for column in AuditLog.__table__.columns]

_LOG, _HEAD = (Base.metadata.tables[kind.__tablename__] for kind in (AuditLog, AuditHead))
# Prepared once, since they stand between each event and its entry. The update changes nothing: it locks the row,
# whether it was there or has just been made.
_LOCKED_HEAD = (
    insert(_HEAD)
    .values(id=1, sequence=0, hash=GENESIS)
    .on_conflict_do_update(index_elements=["id"], set_={"id": 1})
    .returning(AuditHead.sequence, AuditHead.hash)
)
_events = bindparam("events", type_=ARRAY(Text))
_KNOWN = select(_LOG.c.event_id).where(_LOG.c.event_id == func.any(_events))
_INSERT = insert(_LOG)
_MOVE_HEAD = update(_HEAD).values(sequence=bindparam("sequence"), hash=bindparam("hash"))


async def append(session: AsyncSession, facts: Sequence[Fact]) -> int:
    """Append facts in the session's transaction and return how many were new.

    A fact whose event is in the log already is left out. Writers wait for each other from here to their commit.
    """
    head = (await session.execute(_LOCKED_HEAD)).one()
    known = set((await session.execute(_KNOWN, {"events": [fact.event_id for fact in facts]})).scalars())
    fresh = {fact.event_id: fact for fact in facts if fact.event_id not in known}
    rows = list(link(fresh.values(), Head(head.sequence, head.hash)))
    if not rows:
        return 0
    if len(rows) < COPY_FROM_ROWS:
        await session.execute(_INSERT, rows)
    else:
        await _copy(session, rows)
    await session.execute(_MOVE_HEAD, {"sequence": rows[-1]["sequence"], "hash": rows[-1]["hash"]})
    return len(rows)


async def _copy(session: AsyncSession, rows: Sequence[Entry]) -> None:
    connection = await (await session.connection()).get_raw_connection()
    driver = connection.driver_connection
    assert driver is not None  # noqa: S101 (a connection in a transaction has one)
    stored = ({**row, "changed": orjson.dumps(row["changed"]).decode()} for row in rows)
    records = [tuple(row[name] for name in _COLUMNS) for row in stored]
    await driver.copy_records_to_table("audit_log", records=records, columns=_COLUMNS)
