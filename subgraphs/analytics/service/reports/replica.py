"""Reads reports from a replica of the database, where there is one that is not far behind."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url, text

from shared.core.errors import Unavailable
from shared.core.observability import log
from shared.database.database import Database, create_engine, role_of, role_password
from shared.runtime import Runtime
from subgraphs.analytics.settings import AnalyticsSettings

PAUSE_SECONDS = 30.0
"""How long a replica that is away is not asked again: each report would wait for it."""
# Of a server that takes writes it is null, and of a replica that has replayed nothing yet.
_LAG = text("SELECT extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8")


class ReportDatabase:
    """The database that reports read: the replica, or the primary while that is away, behind, or not there."""

    def __init__(self, primary: Database, replica: Database | None, most_lag: float) -> None:
        """`most_lag` are the seconds that the replica may be behind."""
        self._primary = primary
        self._replica = replica
        self._most_lag = most_lag
        self._asked_again = 0.0
        self._was_used = True

    @classmethod
    @asynccontextmanager
    async def open(cls, runtime: Runtime) -> AsyncIterator["ReportDatabase"]:
        """Open the connections of a running subgraph; raises SettingsError."""
        own = AnalyticsSettings.load()
        replica = None
        if own.analytics_replica_url is not None:
            # Roles and passwords are the primary's.
            password = role_password(runtime.settings, runtime.name)
            address = make_url(own.analytics_replica_url).set(drivername="postgresql+asyncpg")
            url = address.set(username=role_of(runtime.name), password=password)
            replica = Database(create_engine(url, runtime.name, pool_size=runtime.settings.database_pool_size))
        try:
            yield cls(runtime.database, replica, own.analytics_replica_lag)
        finally:
            if replica is not None:
                await replica.close()

    async def choose(self) -> Database:
        """Return the database for one report.

        The lag counts from the last transaction that the replica has replayed, so a replica of a primary to which
        nobody writes is passed by too: that costs nothing there, and no report is older than was permitted.
        """
        if self._replica is None or time.monotonic() < self._asked_again:
            return self._primary
        try:
            async with self._replica.read() as connection:
                lag = await connection.scalar(_LAG)
        except Unavailable:
            self._asked_again = time.monotonic() + PAUSE_SECONDS
            lag = None
        is_used = lag is not None and lag <= self._most_lag
        if is_used != self._was_used:
            self._was_used = is_used
            log.info("reports from replica" if is_used else "reports from primary", lag_seconds=lag)
        return self._replica if is_used else self._primary
