"""What an operator can see of the bus: what waits to be published, what waits to be received, what failed and why."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Row, func, or_, select, update

from shared.database.database import Database
from shared.events.broker import PARTITIONS, Broker
from shared.events.inbox import DEAD_LETTER, INBOX
from shared.events.outbox import OUTBOX


@dataclass(frozen=True)
class Unpublished:
    """How many events the broker has not taken yet, and the age of the oldest in seconds; 0 where there is none."""

    count: int
    oldest_seconds: float


@dataclass(frozen=True)
class Parked:
    """An event in a subgraph's custody, and how many later events of its aggregate wait behind it.

    `state` is "dead" (only an operator brings it back), "retrying" (it failed and is tried again), or "waiting" (it
    has not been tried, since an earlier event of its aggregate is parked).
    """

    event_id: str
    type: str
    source: str
    subject: str
    state: str
    attempts: int
    error: str | None
    parked_at: dt.datetime
    retry_at: dt.datetime | None
    behind: int


@dataclass(frozen=True)
class Recorded:
    """An event as its subgraph recorded it; `published_at` is None until the broker has taken it."""

    event_id: str
    type: str
    source: str
    subject: str
    occurred_at: dt.datetime
    published_at: dt.datetime | None
    actor: str | None


async def unpublished(database: Database) -> Unpublished:
    """Look at a subgraph's outbox."""
    age = func.extract("epoch", func.now() - func.min(OUTBOX.c.occurred_at))
    statement = select(func.count(), func.coalesce(age, 0)).where(OUTBOX.c.published_at.is_(None))
    async with database.read() as connection:
        count, oldest = (await connection.execute(statement)).one()
    return Unpublished(count, max(0.0, float(oldest)))


async def group_lag(broker: Broker, subgraph: str) -> int:
    """Return how many entries of the streams a subgraph has yet to handle, those that it will only skip included."""
    return sum([await broker.lag(subgraph, partition) for partition in range(PARTITIONS)])


async def parked(database: Database, event_id: str | None = None) -> list[Parked]:
    """Return the events that a subgraph has parked, oldest first, or the one with this id."""
    same = (DEAD_LETTER.c.source, DEAD_LETTER.c.subject)
    behind = func.count().over(partition_by=same) - func.row_number().over(partition_by=same, order_by=DEAD_LETTER.c.id)
    inner = select(DEAD_LETTER, behind.label("behind")).subquery()
    statement = select(inner).order_by(inner.c.id)
    if event_id is not None:
        statement = statement.where(inner.c.event_id == event_id)
    async with database.read() as connection:
        rows = (await connection.execute(statement)).all()
    return [_parked(row) for row in rows]


def _parked(row: Row[tuple[object, ...]]) -> Parked:
    state = "dead" if row.retry_at is None else "waiting" if row.error is None else "retrying"
    type_ = row.envelope["type"]
    return Parked(
        row.event_id,
        type_,
        row.source,
        row.subject,
        state,
        row.attempts,
        row.error,
        row.parked_at,
        row.retry_at,
        row.behind,
    )


async def recorded(database: Database, subgraph: str, name: str, most: int) -> list[Recorded]:
    """Return a subgraph's retained events by an event's id or an aggregate's, newest first, `most` at most."""
    chosen = or_(OUTBOX.c.event_id == name, OUTBOX.c.subject == name)
    statement = select(OUTBOX).where(chosen).order_by(OUTBOX.c.id.desc()).limit(most)
    async with database.read() as connection:
        rows = (await connection.execute(statement)).all()
    return [
        Recorded(row.event_id, row.type, subgraph, row.subject, row.occurred_at, row.published_at, row.actor)
        for row in rows
    ]


async def received_at(database: Database, event_id: str) -> dt.datetime | None:
    """Return when a subgraph received an event, or None."""
    statement = select(INBOX.c.received_at).where(INBOX.c.event_id == event_id)
    async with database.read() as connection:
        return await connection.scalar(statement)


async def replay_all(database: Database) -> int:
    """Have every dead event of a subgraph tried again, with all its attempts; returns how many there are."""
    dead = DEAD_LETTER.c.retry_at.is_(None)
    statement = update(DEAD_LETTER).where(dead).values(attempts=0, retry_at=func.now()).returning(DEAD_LETTER.c.id)
    async with database.write() as session:
        return len((await session.execute(statement)).all())
