"""Shops for the tests of backups: one with demo data, and empty databases to restore to."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from petplus import registry, seeding
from petplus.backup.dump import back_up
from petplus.backup.manifest import Manifest
from petplus.backup.restore import Restored, read_backups, restore
from shared.core.settings import Settings
from shared.database.database import create_engine
from tests.support.servers import apart, without_tables

PLAN = seeding.Plan(users=6, designs=15, orders=20)


@asynccontextmanager
async def seeded(settings: Settings) -> AsyncIterator[Settings]:
    """Yield settings of a shop with demo data."""
    async with apart(settings) as made:
        await seeding.seed(made, PLAN, Console(quiet=True))
        yield made


@asynccontextmanager
async def empty(settings: Settings) -> AsyncIterator[Settings]:
    """Yield settings of an empty database, and of the same broker."""
    async with without_tables(settings) as made:
        yield made


async def backup_of(settings: Settings, target: Path, *names: str, passphrase: str | None = None) -> Manifest:
    """Back up some subgraphs, or all of them."""
    return await back_up(settings, target, names or registry.NAMES, passphrase)


async def restored(
    settings: Settings,
    *directories: Path,
    names: Sequence[str] = (),
    passphrase: str | None = None,
    accept_lost_events: bool = False,
) -> Restored:
    """Restore some of what backups hold, or all of it."""
    dumps = read_backups(settings, directories, names, passphrase)
    return await restore(settings, dumps, accept_lost_events=accept_lost_events)


async def rows_of(settings: Settings, statement: str, **parameters: object) -> list[tuple[object, ...]]:
    """Run a statement as the owner of the database, and return its rows."""
    async with _connected(settings) as connection:
        result = await connection.execute(text(statement), parameters)
        return [tuple(row) for row in result] if result.returns_rows else []


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[AsyncConnection]:
    engine = create_engine(make_url(settings.database_url_of("order")), "public", pool_size=1)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def is_empty(settings: Settings) -> bool:
    """Tell whether a database has nothing of any subgraph, nor a mark of a restore."""
    names = [*registry.NAMES, "petplus_restore"]
    found = "SELECT nspname FROM pg_namespace WHERE nspname = ANY(CAST(:names AS text[]))"
    return await rows_of(settings, found, names=names) == []


async def digests(settings: Settings) -> dict[tuple[object, ...], str]:
    """Return a digest of all rows of each table, but for what a restore adapts."""
    tables = (
        "SELECT nspname, relname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname = ANY(CAST(:names AS text[]))"
    )
    found: dict[tuple[object, ...], str] = {}
    # On one connection: to open one for each table took three quarters of these tests' time.
    async with _connected(settings) as connection:
        listed = await connection.execute(text(tables), {"names": list(registry.NAMES)})
        for schema, table in listed.all():
            adapted = {"outbox": "- 'published_at'", "inbox": "- 'received_at'"}.get(table, "- 'xid'")
            content = f'SELECT (to_jsonb(t) {adapted})::text FROM "{schema}"."{table}" AS t'  # noqa: S608 - names of ours
            lines = sorted(await connection.scalars(text(content)))
            found[schema, table] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found
