"""Talks to subgraphs' tables as their owner, without loading them: asks for users, copies rows into empty tables."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import asyncpg
import orjson
from sqlalchemy import make_url

from petplus.local.process import ServiceError
from shared.core.settings import Settings
from shared.database.database import role_url

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]

Tables: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table. Rows of a table have the same columns; values are what asyncpg takes, JSONB any JSON value."""


class NotEmpty(ServiceError):
    """Rows were to be copied into a table that has rows."""


class Copy:
    """Copies rows into the tables of several subgraphs, within a transaction of each database; see `open_copy`."""

    def __init__(self, connections: "Mapping[str, Connection]") -> None:
        self._connections = connections

    async def mark(self, subgraph: str) -> str | None:
        """Return the text that `fill` left with a subgraph's tables, or None."""
        connection = await self._entered(subgraph)
        found: str | None = await connection.fetchval(
            "SELECT obj_description(current_schema()::regnamespace, 'pg_namespace')"
        )
        return found

    async def fill(self, subgraph: str, tables: Tables, mark: str, before: str | None = None) -> None:
        """Run the statement `before`, insert rows into empty tables of a subgraph in the given order, and mark it.

        Nobody else writes into these tables until the transaction ends. Raises NotEmpty where one has rows.
        """
        connection = await self._entered(subgraph)
        if before is not None:
            await connection.execute(before)
        await connection.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
        for table in tables:
            if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):  # noqa: S608 (a name of the models)
                raise NotEmpty(
                    f"There are rows in {subgraph}.{table} already: demo data go into empty databases only "
                    "(see `make clean`)."
                )
        await _insert(connection, subgraph, tables)
        text = await connection.fetchval("SELECT quote_literal($1)", mark)
        await connection.execute(f'COMMENT ON SCHEMA "{subgraph}" IS {text}')

    async def _entered(self, subgraph: str) -> "Connection":
        connection = self._connections[subgraph]
        await connection.execute(f'SET LOCAL search_path TO "{subgraph}"')
        return connection


@asynccontextmanager
async def open_copy(settings: Settings, subgraphs: Iterable[str]) -> AsyncIterator[Copy]:
    """Begin a transaction on each database of the subgraphs; all commit at the end of the block, or none.

    The database of the first subgraph commits last. Only a process that dies between two commits leaves some
    databases filled and others not.
    """
    opened: dict[str, Connection] = {}
    async with AsyncExitStack() as stack:
        connections = {}
        for subgraph in subgraphs:
            dsn = _dsn(settings, subgraph)
            if dsn not in opened:
                opened[dsn] = await stack.enter_async_context(_connection(dsn))
                await stack.enter_async_context(opened[dsn].transaction())
            connections[subgraph] = opened[dsn]
        yield Copy(connections)


async def has_users(settings: Settings) -> bool:
    """Tell whether somebody has an account already; there may be no tables yet."""
    async with _connection(_dsn(settings, "user")) as connection:
        if await connection.fetchval("""SELECT to_regclass('"user".user_profile')""") is None:
            return False
        return bool(await connection.fetchval('SELECT EXISTS (SELECT FROM "user".user_profile)'))


class Credential(NamedTuple):
    """Whom a password hash belongs to."""

    user_id: str
    email: str
    password_hash: str


async def credentials_of(settings: Settings, emails: Sequence[str]) -> list[Credential]:
    """Return the credentials of the accounts with some addresses; there may be no tables yet.

    An address without a user is not the owner's: the subgraph's own role logs in then, which migrations make.
    """
    url = make_url(settings.database_url_of("user"))
    if url.username is None:
        url = role_url(settings, "user")
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        async with _connection(dsn) as connection:
            if await connection.fetchval("""SELECT to_regclass('"user".user_credential')""") is None:
                return []
            rows = await connection.fetch(
                'SELECT user_id, email, password_hash FROM "user".user_credential '
                'JOIN "user".user_profile ON id = user_id WHERE email = ANY($1) ORDER BY email',
                list(emails),
            )
    except asyncpg.InvalidAuthorizationSpecificationError:
        raise ServiceError(
            f"{url.username} cannot log in to the database: run `petplus migrate` with the same PETPLUS_SECRET_KEY, or "
            "correct the user and the password of the database's URL."
        ) from None
    return [Credential(*row) for row in rows]


async def copy_rows(settings: Settings, subgraph: str, tables: Tables) -> None:
    """Insert rows into tables of one subgraph, in the given order, in one transaction; they need not be empty."""
    async with _connection(_dsn(settings, subgraph)) as connection, connection.transaction():
        await _insert(connection, subgraph, tables)


def _dsn(settings: Settings, subgraph: str) -> str:
    return settings.database_url_of(subgraph).replace("postgresql+asyncpg:", "postgresql:", 1)


@asynccontextmanager
async def _connection(dsn: str) -> "AsyncIterator[Connection]":
    connection = await asyncpg.connect(dsn)
    try:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_jsonb, decoder=bytes, format="binary")
        yield connection
    finally:
        await connection.close()


async def _insert(connection: "Connection", subgraph: str, tables: Tables) -> None:
    for table, rows in tables.items():
        if rows:
            columns = list(rows[0])
            records = [tuple(row[column] for column in columns) for row in rows]
            await connection.copy_records_to_table(table, schema_name=subgraph, columns=columns, records=records)


def _jsonb(value: Any) -> bytes:
    # The binary form of jsonb is its text behind a version byte.
    return b"\x01" + orjson.dumps(value)
