"""The log of changes of a subgraph's entities, from which their owners' apps catch up: one row for each change.

Triggers write it, so that no code which changes an entity can forget to, and a row commits with its change. It says
that an entity changed, in which respect and whose it was, and never to what: who reads it looks at the entity as it
is, and checks again whose it is now. It is read by transaction, up to the horizon (`shared/live/change_log.py`), and
kept for `RETENTION`.
"""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    any_,
    bindparam,
    delete,
    exists,
    false,
    func,
    literal,
    literal_column,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from shared.database.database import Database
from shared.database.rows import Statement, many
from shared.live import change_log

RETENTION = dt.timedelta(days=90)
"""How long an app may be offline and still learn what changed, instead of loading all anew."""
PRUNE_ROWS = 5000

_CHANGES = Table(
    "entity_change",
    MetaData(),
    # The transaction that wrote it, or the one of the entity's change before where that is later, and its place among
    # all changes that share it.
    Column("xid", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("entity_id", Text, nullable=False),
    # Whose it was. Null for nobody's, and once the owner is forgotten.
    Column("owner_id", Text),
    Column("kind", Text, nullable=False),
    # The version that the change brought, where it brought one.
    Column("version", Integer),
    Column("staff_only", Boolean, nullable=False, server_default=false()),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("entity_change_owner", "owner_id", "xid", "seq", postgresql_where=text("owner_id IS NOT NULL")),
    Index("entity_change_entity", "entity_id", "xid", "seq"),
)
# One row: the last transaction of which changes were deleted.
_PRUNED = Table(
    "entity_change_pruned",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("xid", BigInteger, nullable=False),
)


class EntityChange(NamedTuple):
    """One row of the log."""

    xid: int
    seq: int
    entity_id: str
    owner_id: str | None
    kind: str
    version: int | None
    staff_only: bool
    at: dt.datetime

    @property
    def place(self) -> "Place":
        return Place(self.xid, self.seq)


class Place(NamedTuple):
    """A place between two changes: behind the change `seq` of transaction `xid`, or before all of that transaction."""

    xid: int
    seq: int = 0

    def cursor(self, database: Database) -> str:
        """Return it as text for clients."""
        return change_log.write_cursor(database, self.xid, self.seq)


_COLUMNS = [_CHANGES.c[name] for name in EntityChange._fields]


def add_tables(metadata: MetaData) -> None:
    """Give a subgraph the log."""
    _CHANGES.to_metadata(metadata)
    _PRUNED.to_metadata(metadata)


async def committed(connection: AsyncConnection) -> tuple[Place, bool]:
    """Return the place behind all changes that are settled, and whether some are unsettled."""
    xid = await change_log.xmin_horizon(connection)
    return Place(xid), bool(await connection.scalar(select(exists().where(_CHANGES.c.xid >= xid))))


async def present(database: Database) -> Place:
    """Return the place behind all changes that are settled by now."""
    async with database.read() as connection:
        return Place(await change_log.xmin_horizon(connection))


async def changes_between(
    connection: AsyncConnection,
    after: Place,
    through: Place,
    *,
    limit: int,
    owner_id: str | None = None,
    entity_id: str | None = None,
) -> list[EntityChange]:
    """Return the first changes behind one place and not behind another: of all, of an entity, or of an owner, without
    those that are for staff alone.
    """
    statement = between(after, through, limit=limit, owner_id=owner_id, entity_id=entity_id)
    return [EntityChange(*row) for row in await many(connection, EntityChange, statement)]


def between(after: Place, through: Place, *, limit: int, owner_id: str | None, entity_id: str | None) -> Statement:
    """Return the SELECT of `changes_between`."""
    place = tuple_(_CHANGES.c.xid, _CHANGES.c.seq)
    wanted = select(*_COLUMNS).where(place > _literal(after), place <= _literal(through))
    if owner_id is not None:
        wanted = wanted.where(_CHANGES.c.owner_id == owner_id, ~_CHANGES.c.staff_only)
    if entity_id is not None:
        wanted = wanted.where(_CHANGES.c.entity_id == entity_id)
    return wanted.order_by(_CHANGES.c.xid, _CHANGES.c.seq).limit(limit)


def _literal(place: Place) -> ColumnElement[tuple[int, int]]:
    return tuple_(literal(place.xid, BigInteger), literal(place.seq, BigInteger))


async def read_place(database: Database, cursor: str, name: str) -> Place:
    """Return the place that a cursor names, sent as the argument `name`; raises InvalidInput."""
    xid, seq = await change_log.read_cursor(database, cursor, "[0-9]{1,18}", name)
    return Place(xid, int(seq))


async def is_expired(connection: AsyncConnection, place: Place) -> bool:
    """Tell whether changes behind a place are not kept any more, or it is none of this database."""
    newest = literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint", BigInteger)
    return bool(await connection.scalar(select((_PRUNED.c.xid >= place.xid) | (newest < place.xid))))


async def checked_place(database: Database, cursor: str, name: str) -> Place:
    """Return the place that a cursor names; raises InvalidInput, also where changes behind it are not kept any more."""
    place = await read_place(database, cursor, name)
    async with database.read() as connection:
        if await is_expired(connection, place):
            raise change_log.CursorExpired(name)
    return place


async def forget_owner(session: AsyncSession, owner_id: str) -> None:
    """Forget whose the entities were that an erased user had."""
    await session.execute(update(_CHANGES).where(_CHANGES.c.owner_id == owner_id).values(owner_id=None))


async def forget_owners(session: AsyncSession, entity_ids: Sequence[str], *, kept: str) -> None:
    """Forget whose some entities were, but for the changes of the kind that tells the owner that they are gone."""
    theirs = _CHANGES.c.entity_id == any_(bindparam(None, list(entity_ids), type_=ARRAY(Text)))
    await session.execute(update(_CHANGES).where(theirs, _CHANGES.c.kind != kept).values(owner_id=None))


async def forget_old(database: Database, age: dt.timedelta = RETENTION) -> int:
    """Delete changes that are older than `age`, oldest first, and note how far; returns how many."""
    deleted = 0
    while True:
        oldest = select(_CHANGES.c.xid, _CHANGES.c.seq, _CHANGES.c.at).order_by(_CHANGES.c.xid, _CHANGES.c.seq)
        batch = oldest.limit(PRUNE_ROWS).subquery()
        old = select(batch.c.xid, batch.c.seq).where(batch.c.at < func.now() - age)
        gone = delete(_CHANGES).where(tuple_(_CHANGES.c.xid, _CHANGES.c.seq).in_(old)).returning(_CHANGES.c.xid)
        async with database.write() as session:
            xids = list(await session.scalars(gone))
            if xids:
                until = insert(_PRUNED).values(id=1, xid=max(xids))
                further = {"xid": func.greatest(_PRUNED.c.xid, until.excluded.xid)}
                await session.execute(until.on_conflict_do_update(index_elements=["id"], set_=further))
        deleted += len(xids)
        if len(xids) < PRUNE_ROWS:
            return deleted
