"""Counts the SQL statements of a request, by PostgreSQL's own log: whoever sends them, none is overlooked."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from benchmarks.hot_path.queries import Request
from benchmarks.hot_path.servers import Contender, Testbed, place_of

TRIED = 3
_MARKS = ("LOG:  execute ", "LOG:  statement: ")

Counts = dict[tuple[str, str], int]
"""Statements, those that begin and end transactions included, by contender and request."""


async def count(testbed: Testbed, contenders: Sequence[Contender]) -> Counts:
    """Send each request to each contender, whose connections are warm, and count what arrives at the database."""
    log = testbed.settings.home / "logs" / "postgres.log"
    await _log_statements(testbed, "all")
    try:
        return {
            (each.name, request.name): await asyncio.to_thread(_count, each, request, log)
            for each in contenders
            for request in testbed.requests
        }
    finally:
        await _log_statements(testbed, "none")


def _count(contender: Contender, request: Request, log: Path) -> int:
    connection = contender.connect(request)
    connection.send()
    found = []
    for _ in range(TRIED):
        before = log.stat().st_size
        connection.send()
        with log.open("rb") as file:
            file.seek(before)
            text = file.read().decode(errors="replace")
        found.append(sum(text.count(mark) for mark in _MARKS))
    connection.close()
    # Others may send something meanwhile, such as a pool that looks after its connections; never less.
    return min(found)


async def _log_statements(testbed: Testbed, which: str) -> None:
    connection = await asyncpg.connect(**place_of(testbed.settings))
    try:
        await connection.execute(f"ALTER SYSTEM SET log_statement = '{which}'")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()
