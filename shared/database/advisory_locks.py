"""Leases: session-level advisory locks of PostgreSQL, held on the very connection that does the leased work.

So a lease cannot outlive its holder, nor a holder its lease: with the connection both the lock and the open
transaction are gone, and no clock or fencing token is needed
(https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS). A connection pooler between us and the
server must pool sessions, not transactions.
"""

import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.database import Database

# A host that vanished is noticed within 5 s; a process that died, at once. Unix sockets ignore the first three.
_LOCK_SETTINGS = {
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "2",
    "lock_timeout": "10s",
    "statement_timeout": "60s",
}


class LockLost(Exception):
    """The connection broke, and with it all leases on it: SQLAlchemy would silently go on with a fresh one."""


def lock_class(purpose: str, subgraph: str) -> int:
    """Return the first half of an advisory lock's key."""
    return zlib.crc32(f"petplus {purpose} {subgraph}".encode()) & 0x7FFFFFFF


@asynccontextmanager
async def lock_connection(database: Database, *, autocommit: bool = False) -> AsyncIterator[AsyncConnection]:
    """Lend a connection to hold leases on; they end with the block, however it ends.

    With `autocommit` each statement is a transaction, which spares the round trips of BEGIN and COMMIT.
    """
    async with database.engine.connect() as connection:
        if autocommit:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in _LOCK_SETTINGS.items())
            async with connection.begin():
                await connection.execute(text(f"SELECT {settings}"))
            yield connection
        finally:
            # Returned to the pool, it would keep the locks.
            await connection.invalidate()


@asynccontextmanager
async def transaction(connection: AsyncConnection) -> AsyncIterator[None]:
    """Run a transaction under the connection's leases; raises LockLost where they are gone."""
    if connection.invalidated:
        raise LockLost
    async with connection.begin():
        yield


async def try_lock(connection: AsyncConnection, kind: int, number: int = 0) -> bool:
    """Take a lease if nobody holds it."""
    async with transaction(connection):
        statement = text("SELECT pg_try_advisory_lock(:kind, :number)")
        return bool(await connection.scalar(statement, {"kind": kind, "number": number}))
