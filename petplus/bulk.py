"""Writes many rows at once: COPY, straight into one subgraph's tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import orjson
from sqlalchemy import make_url

from shared.settings import Settings


async def copy_rows(
    settings: Settings, subgraph: str, tables: Mapping[str, Sequence[Mapping[str, Any]]], before: str | None = None
) -> None:
    """Insert rows into tables of one subgraph, in the given order, in one transaction.

    `before` is a statement to run first. Rows of a table must have the same columns; values are what asyncpg takes,
    JSONB any JSON value.
    """
    url = make_url(settings.database_url_of(subgraph)).set(drivername="postgresql")
    connection = await asyncpg.connect(
        url.render_as_string(hide_password=False), server_settings={"search_path": f'"{subgraph}"'}
    )
    try:
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
    finally:
        await connection.close()


def _jsonb(value: Any) -> bytes:
    # The binary form of jsonb is its text behind a version byte.
    return b"\x01" + orjson.dumps(value)
