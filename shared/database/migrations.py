"""Migrations of one subgraph: its own schema, its own role, its own revisions in one Alembic environment for all.

The owner (the user of `PETPLUS_DATABASE_URL`) makes the role and the tables; the subgraph logs in as the role and
may only read and write rows.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, MetaData, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.core.settings import Settings
from shared.database.database import create_engine, role_of, role_password, role_url
from shared.database.job_tables import TABLES
from shared.database.startup import wait_for_database

_ENVIRONMENT = Path(__file__).parent / "alembic"
# Roles belong to the whole server: two migrations at once must not both create one.
_PROVISIONING_LOCK = 0x70657470


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


async def migrate(subgraph: MigratedSubgraph, settings: Settings) -> None:
    """Create the role and schema of a subgraph where they are missing, and bring its tables up to date."""
    url = make_url(settings.database_url_of(subgraph.name))
    engine = create_engine(url, subgraph.name, pool_size=1)
    try:
        await _provision(engine, subgraph, settings)
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, subgraph)
            await connection.run_sync(_grant, subgraph)
    finally:
        await engine.dispose()


async def migrate_if_needed(subgraph: MigratedSubgraph, settings: Settings) -> None:
    """Migrate a subgraph where anything is to be done; waits for a database that is away, and then raises Unavailable.

    A start of many processes at once, or in the middle of the server's own restart, needs no order.
    """

    async def attempt() -> None:
        if not await is_current(subgraph, settings):
            await migrate(subgraph, settings)

    await wait_for_database(attempt, subgraph.name)


async def is_current(subgraph: MigratedSubgraph, settings: Settings) -> bool:
    """Tell whether a subgraph's own role can log in and finds its tables up to date, so that nothing is to be done.

    It saves a start most of the time that `migrate` takes to find the same out.
    """
    try:
        return await _is_up_to_date(subgraph, role_url(settings, subgraph.name))
    except (SQLAlchemyError, asyncpg.PostgresError, OSError):
        return False


async def pending(subgraph: MigratedSubgraph, settings: Settings) -> bool:
    """Tell whether a subgraph's database lacks migrations."""
    return not await _is_up_to_date(subgraph, make_url(settings.database_url_of(subgraph.name)))


async def _is_up_to_date(subgraph: MigratedSubgraph, url: URL) -> bool:
    head = ScriptDirectory.from_config(_config(subgraph)).get_current_head()
    engine = create_engine(url, subgraph.name, pool_size=1)
    try:
        async with engine.connect() as connection:
            if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
                return False
            return bool(await connection.scalar(text("SELECT version_num FROM alembic_version")) == head)
    finally:
        await engine.dispose()


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


def _upgrade(connection: Connection, subgraph: MigratedSubgraph) -> None:
    command.upgrade(_config(subgraph, connection), "head")


def _config(subgraph: MigratedSubgraph, connection: Connection | None = None) -> Config:
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
    config = _config(subgraph, connection)
    scripts = ScriptDirectory.from_config(config)
    number = len(list(scripts.walk_revisions())) + 1
    script = command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
    assert script is not None  # noqa: S101
    assert not isinstance(script, list)  # noqa: S101
    return Path(script.path)
