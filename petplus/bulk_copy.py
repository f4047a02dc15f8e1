"""Talks to a subgraph's tables as their owner, without loading it: asks for users, copies rows."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson

from shared.core.settings import Settings


@asynccontextmanager
async def _owner(settings: Settings, subgraph: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    dsn = settings.database_url_of(subgraph).replace("postgresql+asyncpg:", "postgresql:", 1)
    connection = await asyncpg.connect(dsn, server_settings={"search_path": f'"{subgraph}"'})
    try:
        yield connection
    finally:
        await connection.close()


async def has_users(settings: Settings) -> bool:
    """Tell whether somebody has an account already; the tables must exist."""
    async with _owner(settings, "user") as connection:
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM user_profile)"))


async def copy_rows(
    settings: Settings, subgraph: str, tables: Mapping[str, Sequence[Mapping[str, Any]]], before: str | None = None
) -> None:
    """Insert rows into tables of one subgraph, in the given order, in one transaction.

    `before` is a statement to run first. Rows of a table must have the same columns; values are what asyncpg takes,
    JSONB any JSON value.
    """
    async with _owner(settings, subgraph) as connection:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_jsonb, decoder=bytes, format="binary")
        async with connection.transaction():
            if before is not None:
                await connection.execute(before)
            for table, rows in tables.items():
                if rows:
                    columns = list(rows[0])
                    records = [tuple(row[column] for column in columns) for row in rows]
                    await connection.copy_records_to_table(
                        table, schema_name=subgraph, columns=columns, records=records
                    )


def _jsonb(value: Any) -> bytes:
    # The binary form of jsonb is its text behind a version byte.
    return b"\x01" + orjson.dumps(value)
