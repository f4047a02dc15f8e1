"""Lends reports their connection. What is computed of single events may take only so long.

A replica cancels a report that reads what the primary has removed since. Who asks again may get an answer.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.errors import Unavailable
from subgraphs.analytics.enums import ReportBasis
from subgraphs.analytics.errors import EVENTS_SECONDS, ReportTooSlow
from subgraphs.analytics.service.reports.replica import ReportDatabase

_CANCELLED = "The report was cancelled by a replica of the database: try again in a moment."
_LIMIT = text("SELECT set_config('statement_timeout', :milliseconds, true)")


@asynccontextmanager
async def reading(reports: ReportDatabase, basis: ReportBasis) -> AsyncIterator[AsyncConnection]:
    """Lend a connection for a report.

    Raises ReportTooSlow where single events are too many to be asked in time, and Unavailable where a replica cancels
    the report.
    """
    database = await reports.choose()
    try:
        if basis is ReportBasis.AGGREGATES:
            async with database.read() as connection:
                yield connection
            return
        # The limit ends with the transaction; set for the connection, the next borrower would have it too.
        async with database.write() as session:
            await session.execute(_LIMIT, {"milliseconds": str(int(EVENTS_SECONDS * 1000))})
            yield await session.connection()
    except DBAPIError as error:
        reason = error.orig.__cause__ if error.orig is not None else None
        if isinstance(reason, asyncpg.SerializationError):
            raise Unavailable(_CANCELLED) from error
        if basis is ReportBasis.EVENTS and isinstance(reason, asyncpg.QueryCanceledError):
            raise ReportTooSlow from error
        raise
