"""Finds out whether a pooler stands before a server that gives each transaction another session.

The shop's locks belong to sessions (`shared/database/advisory_locks.py`), as do its prepared statements and the schema
in which names are looked up. PgBouncer in transaction mode would lose all three without a word.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Protocol

import asyncpg
from sqlalchemy import URL

from shared.core.errors import OperationRefused

_TRIES = 5
_STATEMENTS_ARE_POOLED = "statement pooling mode"
"""What PgBouncer says to whoever begins a transaction."""
_SESSION = "SELECT pg_backend_pid()"
# What SQLAlchemy's dialect keeps for itself.
_OF_DIALECT = ("prepared_statement_cache_size", "prepared_statement_name_func")


class UnsupportedPooler(OperationRefused):
    """The database is behind a pooler that pools transactions or statements."""


class Session(Protocol):
    """What is needed of a connection: a transaction that reads which session of the server it has."""

    async def begin(self) -> int:
        """Begin a transaction, and return the number of its session."""

    async def end(self) -> None:
        """End it."""

    async def close(self) -> None:
        """Close the connection."""


class DriverSession:
    """A connection of asyncpg, without statements that a pooler may not know in the next session."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection
        self._transaction = connection.transaction()

    @classmethod
    async def open(cls, url: URL) -> "DriverSession":
        _, given = url.get_dialect()().create_connect_args(url)
        for name in _OF_DIALECT:
            given.pop(name, None)
        return cls(await asyncpg.connect(**given, statement_cache_size=0, timeout=10))

    async def begin(self) -> int:
        self._transaction = self._connection.transaction()
        await self._transaction.start()
        return int(await self._connection.fetchval(_SESSION))

    async def end(self) -> None:
        await self._transaction.rollback()

    async def close(self) -> None:
        self._connection.terminate()


async def require_sessions(url: URL, variable: str) -> None:
    """Raise UnsupportedPooler unless each connection to a database has a session of its own.

    `variable` is the setting that names the database.
    """
    try:
        shared = await shares_sessions(lambda: DriverSession.open(url))
    except asyncpg.PostgresConnectionError as error:
        if _STATEMENTS_ARE_POOLED not in str(error):
            raise
        shared = True
    if shared:
        raise UnsupportedPooler(
            f"{variable} leads to a pooler that gives each transaction another session, and locks would be lost: "
            "set its pool_mode to session, or name the server itself."
        )


async def shares_sessions(open_session: Callable[[], Awaitable[Session]]) -> bool:
    """Tell whether a connection gets the session of another one that is still open, or its own changes."""
    async with AsyncExitStack() as stack:
        first, second = await open_session(), None
        stack.push_async_callback(first.close)
        for _ in range(_TRIES):
            session = await first.begin()
            await first.end()
            if second is None:
                second = await open_session()
                stack.push_async_callback(second.close)
            # A pooler gives away what was used last, unless somebody else was quicker.
            if await second.begin() == session:
                return True
            changed = await first.begin() != session
            await first.end()
            await second.end()
            if changed:
                return True
    return False
