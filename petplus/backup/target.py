"""The databases of a restore: marked while it runs, so that it is done whole or begun again."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection

from petplus.backup.errors import TargetInUse, TargetNotEmpty, ToolFailed
from shared.database.database import create_engine, role_of
from shared.database.restored import MARK

_LOCK = 0x70657472
LOADING_LOCK = _LOCK + 1
"""Held by each transaction that loads: one of a restore that was killed may still commit."""
_SCHEMA = MARK.partition(".")[0]
_RELATIONS = text("SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(:schema)")
_CONNECTED = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = ANY(:roles)")


@dataclass(frozen=True)
class Target:
    """One database, and the subgraphs that are restored to it. Each statement on `connection` is a transaction."""

    url: URL
    names: Sequence[str]
    postgres: int
    connection: AsyncConnection

    async def states(self) -> dict[str, str]:
        """Return how far an earlier restore came, by subgraph: `loading` or `loaded`."""
        if await self.connection.scalar(text("SELECT to_regclass(:mark)"), {"mark": MARK}) is None:
            return {}
        rows = await self.connection.execute(text(f"SELECT subgraph, state FROM {MARK}"))  # noqa: S608 - a constant
        return {row.subgraph: row.state for row in rows}

    async def require_unused(self) -> None:
        """Raise TargetInUse while a subgraph's processes are connected."""
        roles = [role_of(name) for name in self.names]
        if await self.connection.scalar(_CONNECTED, {"roles": roles}):
            raise TargetInUse("Processes of the shop are connected to the database: stop them first.")

    async def require_empty(self) -> None:
        """Raise TargetNotEmpty where a subgraph has anything."""
        for name in self.names:
            if await self.connection.scalar(_RELATIONS, {"schema": f'"{name}"'}):
                raise TargetNotEmpty(
                    f"{name} has tables in its database already: restore to an empty PETPLUS_HOME or database, "
                    f'or drop its schema first (DROP SCHEMA "{name}" CASCADE).'
                )

    async def mark(self) -> None:
        """Mark all subgraphs as `loading`, in one transaction."""
        values = ", ".join(f"('{name}', 'loading')" for name in self.names)
        await self._at_once(
            f"CREATE SCHEMA {_SCHEMA}",
            f"CREATE TABLE {MARK} (subgraph text PRIMARY KEY, state text NOT NULL)",
            f"INSERT INTO {MARK} VALUES {values}",  # noqa: S608 - names of ours
        )

    async def mark_loaded(self) -> None:
        """Mark all subgraphs as `loaded`."""
        await self.connection.execute(text(f"UPDATE {MARK} SET state = 'loaded'"))  # noqa: S608 - a constant

    async def unmark(self) -> None:
        """Remove the marks: what was restored is whole."""
        await self.connection.execute(text(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE"))

    async def clear(self) -> None:
        """Remove what a restore has loaded that did not end, and the marks with it."""
        names = await self.states()
        await self._at_once(
            *(f'DROP SCHEMA IF EXISTS "{name}" CASCADE' for name in names), f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE"
        )

    async def _at_once(self, *statements: str) -> None:
        # In autocommit, a block is one statement to the server.
        await self.connection.execute(text("DO $$ BEGIN " + "; ".join(statements) + "; END $$"))


@asynccontextmanager
async def targets(databases: Mapping[URL, Sequence[str]]) -> AsyncIterator[list[Target]]:
    """Connect to the databases, alone among restores; raises BackupError."""
    async with AsyncExitStack() as stack:
        found = []
        for url, names in databases.items():
            engine = create_engine(url, "pg_catalog", pool_size=1)
            stack.push_async_callback(engine.dispose)
            connection = await stack.enter_async_context(engine.connect())
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            if not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
                raise TargetInUse("Another restore to the same database is running.")
            for wait in ("pg_advisory_lock", "pg_advisory_unlock"):
                await connection.execute(text(f"SELECT {wait}(:key)"), {"key": LOADING_LOCK})
            number = int(await connection.scalar(text("SHOW server_version_num")) or 0)
            found.append(Target(url, names, number // 10_000, connection))
        yield found


def require_readable(target: Target, name: str, postgres: int) -> None:
    """Raise ToolFailed for a dump of a newer PostgreSQL than the target's."""
    if postgres > target.postgres:
        raise ToolFailed(
            f"{name} was dumped from PostgreSQL {postgres}, and the server is {target.postgres}: use a newer server."
        )
