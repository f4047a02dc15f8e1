"""Which life of a database this is: places in its logs mean nothing in another one.

A restored schema is another one, as is a server to which a standby was promoted or which was recovered to a point in
time: each may lack transactions that had a number before, and gives their numbers to others.
"""

import hashlib
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

if TYPE_CHECKING:
    Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_SCHEMA = "to_regnamespace(quote_ident(current_schema()))::oid"
# A server's files and a schema have numbers for life; each promotion begins a timeline.
_IDENTITY = (
    f"SELECT concat_ws(':', (SELECT system_identifier FROM pg_control_system()), {_SCHEMA},"  # noqa: S608 - constants
    " CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id::text FROM pg_control_checkpoint())"
    " ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int::text END)"
)
# Of a hosted server that hides the rest.
_LESS = f"SELECT concat_ws(':', (SELECT oid FROM pg_database WHERE datname = current_database()), {_SCHEMA})"  # noqa: S608


async def identity_of(connection: "Connection") -> str:
    """Return a short name for the life of the schema that the connection looks up tables in."""
    try:
        found = await connection.fetchval(_IDENTITY)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedFunctionError, asyncpg.FeatureNotSupportedError):
        found = await connection.fetchval(_LESS)
    return hashlib.sha256(str(found).encode()).hexdigest()[:8]
