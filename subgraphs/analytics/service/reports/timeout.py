"""Lends reports their connection. What is computed of single events may take only so long."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.analytics.enums import ReportBasis
from subgraphs.analytics.errors import EVENTS_SECONDS, ReportTooSlow
from subgraphs.analytics.service.reports.replica import ReportDatabase

_LIMIT = text("SELECT set_config('statement_timeout', :milliseconds, true)")


@asynccontextmanager
async def reading(reports: ReportDatabase, basis: ReportBasis) -> AsyncIterator[AsyncConnection]:
    """Lend a connection for a report; raises ReportTooSlow where single events are too many to be asked in time."""
    database = await reports.choose()
    if basis is ReportBasis.AGGREGATES:
        async with database.read() as connection:
            yield connection
        return
    # The limit ends with the transaction; set for the connection, the next borrower would have it too.
    async with database.write() as session:
        await session.execute(_LIMIT, {"milliseconds": str(int(EVENTS_SECONDS * 1000))})
        try:
            yield await session.connection()
        except DBAPIError as error:
            if error.orig is not None and isinstance(error.orig.__cause__, asyncpg.QueryCanceledError):
                raise ReportTooSlow from error
            raise
