"""Searches all that is stored: every column of every table of every subgraph, and every key of the broker."""

from collections.abc import Iterable, Sequence
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import ARRAY, Text, bindparam, text

from tests.support.apps import Served

TABLES = text(
    "SELECT c.table_name, array_agg(c.column_name || ' ' || c.data_type) AS columns"
    " FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)"
    " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' GROUP BY c.table_name"
)


async def tables_holding(subgraphs: Iterable[Served], words: Sequence[str]) -> dict[str, set[str]]:
    """Return the columns (`subgraph.table.column`) that hold each of some words, whatever its case."""
    found: dict[str, set[str]] = {}
    for subgraph in subgraphs:
        async with subgraph.database.read() as connection:
            for table in await connection.execute(TABLES):
                columns = [column.partition(" ") for column in table.columns]
                shown = [
                    f"encode({name}, 'escape')" if kind == "bytea" else f'"{name}"::text' for name, _, kind in columns
                ]
                holding = ", ".join(f"bool_or(strpos(lower({each}), lower(word)) > 0)" for each in shown)
                statement = text(
                    f"SELECT word, ARRAY[{holding}] AS holding"  # noqa: S608 (names from the catalogue)
                    f' FROM "{table.table_name}", unnest(:words) AS word GROUP BY word'
                ).bindparams(bindparam("words", type_=ARRAY(Text)))
                for row in await connection.execute(statement, {"words": list(words)}):
                    for (name, _, _), holds in zip(columns, row.holding, strict=True):
                        if holds:
                            found.setdefault(row.word, set()).add(f"{subgraph.subgraph.name}.{table.table_name}.{name}")
    return found


async def words_in_broker(redis: "Redis", words: Sequence[str]) -> set[str]:
    """Return those words that stand anywhere in the broker: in a key, or in what it holds."""
    everything = ""
    async for key in redis.scan_iter(count=1000):
        everything += key.decode(errors="replace") + await _content(redis, key)
    return {word for word in words if word.lower() in everything.lower()}


async def _content(redis: Any, key: bytes) -> str:
    kind = (await redis.type(key)).decode()
    if kind == "stream":
        return str(await redis.xrange(key))
    if kind == "hash":
        return str(await redis.hgetall(key))
    if kind == "list":
        return str(await redis.lrange(key, 0, -1))
    if kind == "zset":
        return str(await redis.zrange(key, 0, -1))
    if kind == "string":
        return str(await redis.get(key))
    if kind == "none":  # it has expired since it was found
        return ""
    raise AssertionError(f"{key!r} is a {kind}: say how to read it")
