"""The transactional outbox: an event is a row, committed with the change that it reports, or not at all."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, MetaData, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.core.ids import new_id
from shared.core.observability import ORIGIN
from shared.database.after_commit import notify_after_commit
from shared.events.event import Event
from shared.events.inbox import DEAD_LETTER, INBOX

RECORDED = "recorded"
"""The topic by which a commit that has recorded events wakes the relay (`shared.database.after_commit`)."""

RETENTION = dt.timedelta(days=7)
"""How long a published event stays, to refill a broker that forgot it."""

OUTBOX = Table(
    "outbox",
    MetaData(),
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("data", JSONB, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("request_id", Text),
    Column("traceparent", Text),
    Column("actor", Text),
    Column("published_at", DateTime(timezone=True)),
)
Index("outbox_unpublished", OUTBOX.c.id, postgresql_where=OUTBOX.c.published_at.is_(None))


class OutboxRow(NamedTuple):
    """A row of the outbox."""

    id: int
    event_id: str
    type: str
    subject: str
    version: int
    data: dict[str, object]
    occurred_at: dt.datetime
    request_id: str | None
    traceparent: str | None
    actor: str | None
    published_at: dt.datetime | None


NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


def subgraph_metadata() -> MetaData:
    """Return the metadata of a new subgraph: names by convention, and the tables by which it publishes and receives."""
    metadata = MetaData(naming_convention=NAMING)
    for table in (OUTBOX, INBOX, DEAD_LETTER):
        table.to_metadata(metadata)
    return metadata


async def record(session: AsyncSession, *events: Event, ids: Sequence[str] | None = None) -> None:
    """Publish events with the session's transaction. They carry its request id, trace and actor.

    Record after the statement that changes the aggregate's row: its lock puts concurrent changes, and so their
    events, in the order in which they commit. A caller that may report the same again gives the `ids` that the
    events always have (`shared.core.ids.id_of`): what was recorded before is left alone, or dropped by its receivers.
    """
    origin = ORIGIN.get()
    now = dt.datetime.now(dt.UTC)
    rows = [
        {
            "event_id": event_id,
            "type": event.type,
            "subject": event.aggregate_id,
            "data": event.model_dump(mode="json"),
            "occurred_at": now,
            "request_id": origin.request_id,
            "traceparent": origin.traceparent,
            "actor": origin.actor,
        }
        for event_id, event in zip(ids or [new_id("evt") for _ in events], events, strict=True)
    ]
    again = insert(OUTBOX).on_conflict_do_nothing(index_elements=["event_id"])
    await session.execute(insert(OUTBOX) if ids is None else again, rows)
    notify_after_commit(session, RECORDED)
