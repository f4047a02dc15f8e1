"""Migrations of one subgraph: its own schema, its own role, its own revisions in one Alembic environment for all.

The owner (the user of `PETPLUS_DATABASE_URL`) makes the role and the tables; the subgraph logs in as the role and
may only read and write rows.

A database may be ahead of the code: while a release is rolled out or taken back, processes of the version before start
on it. Migrations only expand (CONTRIBUTING.md), so they find all that they need.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, MetaData, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.core.errors import OperationRefused
from shared.core.observability import log
from shared.core.settings import Settings
from shared.database.database import create_engine, role_of, role_password, role_url
from shared.database.job_tables import TABLES
from shared.database.restored import require_finished
from shared.database.startup import wait_for_database

_ENVIRONMENT = Path(__file__).parent / "alembic"
# Roles belong to the whole server: two migrations at once must not both create one.
_PROVISIONING_LOCK = 0x70657470
_MIGRATION_LOCK = 0x70657471
_PAUSE_SECONDS = 0.1
LOCK_SECONDS = 2.0
"""How long a migration waits for a lock at a time: all that come to the table after it wait as long."""
LOCK_ATTEMPTS = 15
LOCK_PAUSE_SECONDS = 2.0
_LOCK_NOT_AVAILABLE = "55P03"
_INVALID = text(
    "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
    " WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = to_regnamespace(quote_ident(current_schema()))"
)
_OLDEST_TRANSACTION = text(
    "SELECT pid, application_name, extract(epoch FROM now() - xact_start)::integer AS seconds FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
    " ORDER BY xact_start LIMIT 1"
)


class MigratedSubgraph(Protocol):
    """What migrations need to know of a subgraph."""

    @property
    def name(self) -> str:
        """Return the name of its schema."""

    @property
    def metadata(self) -> MetaData:
        """Return its tables."""

    @property
    def migrations(self) -> Path:
        """Return the directory of its revisions."""

    @property
    def grants(self) -> Mapping[str, str]:
        """Return what its role may do with a table, where that is less than everything."""


@dataclass(frozen=True)
class Revisions:
    """The newest migration of a database, and the newest that this version has."""

    database: str | None
    code: str
    is_known: bool
    """Whether this version has the database's."""

    @property
    def is_current(self) -> bool:
        """Whether nothing is to be done."""
        return self.database == self.code or self.is_ahead

    @property
    def is_ahead(self) -> bool:
        """Whether a later version has migrated the database."""
        return not self.is_known and self.database is not None and self.database > self.code

    def __str__(self) -> str:
        if self.is_ahead:
            return f"ahead of this version, which is fine: {self.database}, and this version has up to {self.code}"
        return "up to date" if self.is_current else "old tables"


class MigrationBlocked(OperationRefused):
    """A migration did not get a lock, because others hold it for long. Nothing of it was done."""


async def migrate(subgraph: MigratedSubgraph, settings: Settings) -> Revisions:
    """Create the role and schema of a subgraph where they are missing, and bring its tables up to date.

    Several processes may do so at once. A database that is ahead of the code stays as it is. Raises UnfinishedRestore
    and MigrationBlocked.
    """
    url = make_url(settings.database_url_of(subgraph.name))
    engine = create_engine(url, subgraph.name, pool_size=1)
    try:
        async with engine.connect() as connection:
            await require_finished(connection, subgraph.name)
        await _provision(engine, subgraph, settings)
        async with engine.connect() as connection:
            await _lock(connection, subgraph)
            found = await _revisions(connection, subgraph)
            await connection.commit()
            if not found.is_ahead:
                if not found.is_current:
                    await _upgrade_when_free(connection, subgraph)
                await connection.run_sync(_grant, subgraph)
                found = await _revisions(connection, subgraph)
                await connection.commit()
            return found
    finally:
        await engine.dispose()  # with the connection its lock ends


async def migrate_if_needed(subgraph: MigratedSubgraph, settings: Settings) -> None:
    """Migrate a subgraph where anything is to be done; waits for a database that is away, and then raises Unavailable.

    A start of many processes at once, or in the middle of the server's own restart, needs no order.
    """

    async def attempt() -> None:
        found = await current_revisions(subgraph, settings) or await migrate(subgraph, settings)
        if found.is_ahead:
            log.warning(
                "database ahead of this version", subgraph=subgraph.name, database=found.database, code=found.code
            )

    await wait_for_database(attempt, subgraph.name)


async def current_revisions(subgraph: MigratedSubgraph, settings: Settings) -> Revisions | None:
    """Return the revisions if a subgraph's own role can log in and nothing is to be done; None otherwise.

    It saves a start most of the time that `migrate` takes to find the same out.
    """
    try:
        found = await _revisions_at(subgraph, role_url(settings, subgraph.name))
    except (SQLAlchemyError, asyncpg.PostgresError, OSError):
        return None
    return found if found.is_current else None


async def revisions(subgraph: MigratedSubgraph, settings: Settings) -> Revisions:
    """Return how the migrations of a subgraph's database and of the code compare."""
    return await _revisions_at(subgraph, make_url(settings.database_url_of(subgraph.name)))


async def _revisions_at(subgraph: MigratedSubgraph, url: URL) -> Revisions:
    engine = create_engine(url, subgraph.name, pool_size=1)
    try:
        async with engine.connect() as connection:
            return await _revisions(connection, subgraph)
    finally:
        await engine.dispose()


async def _revisions(connection: AsyncConnection, subgraph: MigratedSubgraph) -> Revisions:
    scripts = ScriptDirectory.from_config(alembic_config(subgraph))
    known = {script.revision for script in scripts.walk_revisions()}
    found = None
    if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is not None:
        found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return Revisions(found, scripts.get_current_head() or "", found in known)


async def _lock(connection: AsyncConnection, subgraph: MigratedSubgraph) -> None:
    """Wait until no other process migrates the subgraph; without a snapshot, for which concurrent indexes wait."""
    acquire = text("SELECT pg_try_advisory_lock(:kind, hashtext(:name))")
    while not await connection.scalar(acquire, {"kind": _MIGRATION_LOCK, "name": subgraph.name}):
        await connection.rollback()
        await asyncio.sleep(_PAUSE_SECONDS)
    await connection.commit()


async def _provision(engine: AsyncEngine, subgraph: MigratedSubgraph, settings: Settings) -> None:
    role, schema = role_of(subgraph.name), f'"{subgraph.name}"'
    password = role_password(settings, subgraph.name)
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PROVISIONING_LOCK})
        exists = await connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
        verb = "ALTER" if exists else "CREATE"
        # Neither names nor the derived password (base64) can hold a quote; DDL takes no parameters.
        await connection.execute(text(f"{verb} ROLE {role} LOGIN PASSWORD '{password}'"))
        await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        await connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {role}"))


async def _upgrade_when_free(connection: AsyncConnection, subgraph: MigratedSubgraph) -> None:
    """Run the migrations, and again those that did not get a lock in time."""
    for attempt in range(1, LOCK_ATTEMPTS + 1):
        try:
            await _drop_invalid_indexes(connection)
            return await connection.run_sync(_upgrade, subgraph)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            statement = " ".join((error.statement or "").split())[:80]
            await connection.rollback()
        holder = (await connection.execute(_OLDEST_TRANSACTION)).one_or_none()
        await connection.rollback()
        oldest = "" if holder is None else f"{holder.application_name} (pid {holder.pid}), open for {holder.seconds} s"
        log.warning("migration waits for a lock", subgraph=subgraph.name, statement=statement, oldest=oldest)
        if attempt < LOCK_ATTEMPTS:
            await asyncio.sleep(LOCK_PAUSE_SECONDS)
    raise MigrationBlocked(
        f"{subgraph.name} cannot be migrated now, since others hold a lock that `{statement}` needs: end long "
        f"transactions and run `petplus migrate` again. The oldest is that of {oldest or 'none any more'}."
    )


async def _drop_invalid_indexes(connection: AsyncConnection) -> None:
    """Drop indexes whose making was interrupted: a revision that finds one by its name would leave it as it is."""
    for name in await connection.scalars(_INVALID):
        log.warning("unfinished index dropped", index=name)
        await connection.run_sync(limit_waits)
        await connection.execute(text(f'DROP INDEX "{name}"'))
    await connection.commit()


def limit_waits(connection: Connection) -> None:
    """Let the transaction that begins wait for locks for `LOCK_SECONDS` at most; outside of one it has no effect."""
    cursor = connection.connection.cursor()
    cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    cursor.close()


def _upgrade(connection: Connection, subgraph: MigratedSubgraph) -> None:
    command.upgrade(alembic_config(subgraph, connection), "head")


def alembic_config(subgraph: MigratedSubgraph, connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for a subgraph's revisions."""
    config = Config(attributes={"connection": connection, "metadata": subgraph.metadata})
    # `%` begins an interpolation in Alembic's configuration.
    for option, value in {
        "script_location": str(_ENVIRONMENT),
        "version_locations": str(subgraph.migrations),
        "path_separator": "newline",
        "file_template": "%(rev)s_%(slug)s",
    }.items():
        config.set_main_option(option, value.replace("%", "%%"))
    return config


def _grant(connection: Connection, subgraph: MigratedSubgraph) -> None:
    role, schema = role_of(subgraph.name), f'"{subgraph.name}"'
    everything = "SELECT, INSERT, UPDATE, DELETE"
    connection.execute(text(f"GRANT {everything} ON ALL TABLES IN SCHEMA {schema} TO {role}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"))
    made = set(inspect(connection).get_table_names(subgraph.name))
    for table, allowed in subgraph.grants.items():
        if table not in made:
            continue  # its revision is about to be written
        connection.execute(text(f"REVOKE ALL ON {table} FROM {role}"))
        connection.execute(text(f"GRANT {allowed} ON {table} TO {role}"))


def known_to_models(connection: Connection) -> Callable[[str | None, str, Any], bool]:
    """Return Alembic's `include_name`: it leaves out partitions, which are made as time goes by, and the job queue."""
    partitions = set(connection.scalars(text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")))
    left_out = partitions | set(TABLES)
    return lambda name, kind, _parents: kind != "table" or name not in left_out


def new_revision(subgraph: MigratedSubgraph, connection: Connection, message: str) -> Path:
    """Write the revision that brings the tables of a migrated database up to the models."""
    config = alembic_config(subgraph, connection)
    scripts = ScriptDirectory.from_config(config)
    number = len(list(scripts.walk_revisions())) + 1
    script = command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
    assert script is not None  # noqa: S101
    assert not isinstance(script, list)  # noqa: S101
    return Path(script.path)
