"""Snapshots of several databases at one moment, so that no subgraph knows of an event that its publisher does not have.

While they are taken, no subgraph can note events as received: a lock on the inboxes holds that up for milliseconds.
What was received before was published before, so each outbox that is dumped has it.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from petplus.backup.errors import NoBackup, TargetInUse
from shared.database.database import create_engine

_LOCK_TIMEOUT = "5s"
_ATTEMPTS = 5
# Partitions count with their parents.
_TABLES = text(
    "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema)"
    " AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname"
)


@dataclass(frozen=True)
class Snapshot:
    """One database as it was at `moment`; `name` is what `pg_dump --snapshot` takes."""

    url: URL
    name: str
    moment: dt.datetime
    postgres: int
    connection: AsyncConnection


@dataclass(frozen=True)
class Content:
    """What a snapshot holds of a subgraph."""

    revision: str
    rows: dict[str, int]
    unpublished: int


@asynccontextmanager
async def snapshots(databases: Mapping[URL, Sequence[str]]) -> AsyncIterator[dict[URL, Snapshot]]:
    """Take snapshots of databases that hold some subgraphs each, for the length of the block; raises BackupError."""
    async with AsyncExitStack() as stack:
        engines = {url: await _open(url, stack) for url in databases}
        for url, names in databases.items():
            await _require_tables(engines[url], names)
        async with AsyncExitStack() as locks:
            for url, names in databases.items():
                await _lock_inboxes(await locks.enter_async_context(engines[url].connect()), names)
            taken = {url: await _snapshot(url, engine, stack) for url, engine in engines.items()}
        yield taken


async def content_of(snapshot: Snapshot, subgraph: str) -> Content:
    """Look at a subgraph's tables as the snapshot has them."""
    connection, schema = snapshot.connection, f'"{subgraph}"'
    names = list(await connection.scalars(_TABLES, {"schema": schema}))
    rows = await count_rows(connection, subgraph, names)
    version = text(f"SELECT version_num FROM {schema}.alembic_version")  # noqa: S608 - a name of ours
    unpublished = text(f"SELECT count(*) FROM {schema}.outbox WHERE published_at IS NULL")  # noqa: S608 - a name of ours
    return Content(str(await connection.scalar(version)), rows, int(await connection.scalar(unpublished) or 0))


async def count_rows(connection: AsyncConnection, subgraph: str, tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows each table of a subgraph has."""
    counts = {}
    for table in tables:
        statement = text(f'SELECT count(*) FROM "{subgraph}"."{table}"')  # noqa: S608 - names of ours
        counts[table] = int(await connection.scalar(statement) or 0)
    return counts


async def _open(url: URL, stack: AsyncExitStack) -> AsyncEngine:
    engine = create_engine(url, "pg_catalog", pool_size=1)
    stack.push_async_callback(engine.dispose)
    return engine


async def _require_tables(engine: AsyncEngine, names: Sequence[str]) -> None:
    async with engine.connect() as connection:
        for name in names:
            found = await connection.scalar(text("SELECT to_regclass(:name)"), {"name": f'"{name}".alembic_version'})
            if found is None:
                raise NoBackup(f"{name} has no tables in its database: there is nothing to back up.")


async def _lock_inboxes(connection: AsyncConnection, names: Sequence[str]) -> None:
    inboxes = ", ".join(f'"{name}".inbox' for name in names)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            await connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
            await connection.execute(text(f"LOCK TABLE {inboxes} IN SHARE MODE"))
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03":
                raise
            await connection.rollback()
            await asyncio.sleep(attempt)
    raise TargetInUse("The inboxes are in use for long, so no moment can be chosen: try again when less happens.")


async def _snapshot(url: URL, engine: AsyncEngine, stack: AsyncExitStack) -> Snapshot:
    connection = await stack.enter_async_context(engine.connect())
    await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    statement = text(
        "SELECT pg_export_snapshot() AS name, clock_timestamp() AS moment,"
        " current_setting('server_version_num')::integer / 10000 AS postgres"
    )
    row = (await connection.execute(statement)).one()
    return Snapshot(url, row.name, row.moment, row.postgres, connection)
